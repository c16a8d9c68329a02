"""Triage of calls over the API: what is in trouble, and acting on one or on many."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kingpost.api.caller import HolderCaller, Person, PersonCaller
from kingpost.api.commands import Key
from kingpost.api.documents import says_no
from kingpost.api.texts import Body, PageNumber, Text
from kingpost.engine.outside.triage import Result, Wish, act_on_calls
from kingpost.engine.perform import Done
from kingpost.queries.trouble.calls import TroubledCalls, read_calls

router = APIRouter(tags=["calls"])

_NO = says_no(401, 403, 422)
_CALLS_MAX = 1000


class CallsBody(Body):
    """Calls to act on, by the ids of their open work, and why."""

    calls: Annotated[
        list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=_CALLS_MAX)
    ]
    reason: Text = ""


class CallResult(BaseModel):
    """What came of one call. refusal: why nothing did, in words; null when it was done."""

    call: UUID
    number: str | None
    refusal: str | None


@router.get("/calls", responses=_NO)
def calls(caller: HolderCaller, page: PageNumber = 1) -> TroubledCalls:
    """Read the calls to other systems that do not run as they should, those that failed first."""
    return read_calls(caller.company.database, caller.company.program, page=page)


@router.post("/calls/retry", responses=says_no(401, 403, 413, 422, 503))
def retry_calls(body: CallsBody, caller: PersonCaller, key: Key) -> list[CallResult]:
    """Let calls be tried again now, with all their attempts; each has a result of its own."""
    return _act(caller, key, body, gives_up=False)


@router.post("/calls/give-up", responses=says_no(401, 403, 413, 422, 503))
def give_up_calls(body: CallsBody, caller: PersonCaller, key: Key) -> list[CallResult]:
    """Let calls fail at once, without the attempts that they have left."""
    return _act(caller, key, body, gives_up=True)


def _act(caller: Person, key: UUID, body: CallsBody, *, gives_up: bool) -> list[CallResult]:
    wish = Wish(
        key,
        tuple(body.calls),
        caller.person,
        gives_up=gives_up,
        reason=body.reason,
        acting_as=caller.acting_as,
    )
    return [_told(result) for result in act_on_calls(caller.company, wish)]


def _told(result: Result) -> CallResult:
    done = result.outcome if isinstance(result.outcome, Done) else None
    refusal = None if done else str(result.outcome)
    return CallResult(call=result.call, number=done.number if done else None, refusal=refusal)
