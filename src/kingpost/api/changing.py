"""Changes of the model through the API: deciding of a live case that asks where it goes on."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kingpost.api.caller import PersonCaller
from kingpost.api.commands import Key
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, kebab, refused
from kingpost.api.texts import Body, Name, Text
from kingpost.engine.carrying.deciding import (
    Decided,
    NotCarried,
    NotYourWorkflow,
    Wish,
    decide_case,
)

router = APIRouter(tags=["changes"])

_NO = says_no(401, 403, 404, 409, 413, 422, 503)


class CarryBody(Body):
    """What is to become of a case that another version holds than the one that runs, and why.

    places: steps of the version that runs, by those of its own, where the case goes on.
    stays:  it ends on its version.
    """

    reason: Text
    places: Annotated[dict[Name, Name], Field(default_factory=dict, max_length=100)]
    stays: bool = False


class CarryAnswer(BaseModel):
    """What came of it: `carried`, `unaffected` or `stays`; and what becomes different, in words.

    change: with the receipt.
    """

    change: UUID
    number: str
    outcome: str
    different: tuple[str, ...]


@router.post("/cases/{number}/carry-over", responses=_NO)
def carry_case_over(number: Name, body: CarryBody, caller: PersonCaller, key: Key) -> CarryAnswer:
    """Decide of a live case whether and where it goes over, as who keeps its workflow."""
    wish = Wish(key, number, caller.person, body.reason, body.places, stays=body.stays)
    answer = decide_case(caller.company, wish)
    match answer:
        case Decided():
            return CarryAnswer(
                change=answer.change,
                number=answer.number,
                outcome=answer.outcome,
                different=answer.different,
            )
        case NotYourWorkflow():
            raise ProblemError(HTTPStatus.FORBIDDEN, kebab("NotYourWorkflow"), str(answer))
        case NotCarried():
            raise ProblemError(HTTPStatus.CONFLICT, kebab("NotCarried"), str(answer))
        case _:
            raise refused(answer)
