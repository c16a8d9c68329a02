"""Absences through the API."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from kingpost.api.caller import Holder, HolderCaller, now_of
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing
from kingpost.api.register.appointments import EndBody, Moment
from kingpost.api.texts import Body, Name
from kingpost.engine import register as engine
from kingpost.queries.organisation import Away, read_person

router = APIRouter(tags=["organisation"])

Reason = Annotated[str, Field(max_length=engine.REASON_LENGTH_MAX)]


class AbsenceBody(Body):
    """When somebody is away. since: now, if left out. until: exclusive; null for no end yet."""

    since: Moment | None = None
    until: Moment | None = None
    reason: Reason = ""


@router.post(
    "/organisation/people/{person}/absences",
    status_code=HTTPStatus.CREATED,
    responses=says_no(401, 403, 404, 413, 422),
)
def note_absence(person: Name, body: AbsenceBody, caller: HolderCaller, request: Request) -> Away:
    """Note that you, or somebody whom you may appoint, is away.

    While all who hold a post are away, its work falls as if it were vacant.
    """
    _of_person(caller, person)
    wish = engine.Absence(person, body.since or now_of(request), body.until, body.reason)
    try:
        made = engine.note_absence_as(caller.company, caller.person, wish)
    except engine.NotAwayError as error:
        has_right = engine.may_note_absence(caller.company, caller.person, person)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if has_right else HTTPStatus.FORBIDDEN
        raise ProblemError(status, "not-noted", str(error)) from None
    return _find(caller, person, made)


@router.post(
    "/organisation/people/{person}/absences/{absence}/end",
    responses=says_no(401, 403, 404, 409, 413, 422),
)
def end_absence(
    person: Name, absence: UUID, body: EndBody, caller: HolderCaller, request: Request
) -> Away:
    """End an absence, now or at a moment; one that has not begun is withdrawn."""
    _find(caller, person, absence)
    if not engine.may_note_absence(caller.company, caller.person, person):
        detail = f"you hold no post above one of `{person}`. Ask a superior."
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-ended", detail)
    if not engine.end_absence(
        caller.company, absence, body.at or now_of(request), by=caller.person
    ):
        detail = "this absence has ended already, or ends before"
        raise ProblemError(HTTPStatus.CONFLICT, "not-ended", detail)
    return _find(caller, person, absence)


def _of_person(caller: Holder, person: str) -> tuple[Away, ...]:
    found = read_person(caller.company.database, caller.program, person)
    if found is None:
        raise nothing("person", person)
    return found.absences


def _find(caller: Holder, person: str, absence: UUID) -> Away:
    noted = {item.id: item for item in _of_person(caller, person)}
    if absence not in noted:
        raise nothing("absence", str(absence))
    return noted[absence]
