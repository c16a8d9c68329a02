"""Appointments through the API, by the same right as on the pages."""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, Field

from kingpost.api.caller import Holder, HolderCaller, now_of
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing
from kingpost.api.texts import Body, Name
from kingpost.engine import register
from kingpost.queries.organisation import Appointed, PostPage, read_post

router = APIRouter(tags=["organisation"])

# A moment is written as text: the one type that JSON has no other way to say.
Moment = Annotated[AwareDatetime, Field(strict=False)]


class AppointBody(Body):
    """Whom to appoint. since: now, when it is left out. until: exclusive; null for no end."""

    person: Name
    since: Moment | None = None
    until: Moment | None = None
    kind: Literal["substantive", "acting"] = "substantive"


class EndBody(Body):
    """When to end. at: now, when it is left out; a moment that has passed means now."""

    at: Moment | None = None


@router.get("/organisation/appointable", responses=says_no(401, 403))
def appointable(caller: HolderCaller) -> tuple[str, ...]:
    """Read the posts to which you may appoint now."""
    return tuple(sorted(register.appointable(caller.company, caller.person)))


@router.get("/organisation/posts/{post}/appointments", responses=says_no(401, 403, 404, 422))
def appointments(post: Name, caller: HolderCaller) -> tuple[Appointed, ...]:
    """Read every appointment to a post, ever, the latest first."""
    return _post(caller, post).appointments


@router.post(
    "/organisation/posts/{post}/appointments",
    status_code=HTTPStatus.CREATED,
    responses=says_no(401, 403, 404, 413, 422),
)
def appoint(post: Name, body: AppointBody, caller: HolderCaller, request: Request) -> Appointed:
    """Appoint a person to a post.

    You may by a post above it, or as the custodian of its part of the model. The same appointment
    again changes nothing.
    """
    _post(caller, post)
    since = body.since or now_of(request)
    if body.until is not None and body.until <= since:
        words = "`until` is not later than `since`: correct one of them"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "not-appointed", words)
    wish = register.Appointment(body.person, post, since, body.until, body.kind)
    try:
        made = register.appoint_as(caller.company, caller.person, wish)
    except register.NotAppointedError as error:
        has_right = body.person != caller.person and _may_appoint(caller, post)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if has_right else HTTPStatus.FORBIDDEN
        raise ProblemError(status, "not-appointed", str(error)) from None
    return _find(caller, post, made)


@router.post(
    "/organisation/posts/{post}/appointments/{appointment}/end",
    responses=says_no(401, 403, 404, 409, 413, 422),
)
def end_appointment(
    post: Name, appointment: UUID, body: EndBody, caller: HolderCaller, request: Request
) -> Appointed:
    """End an appointment to a post, now or at a moment; one that has not begun is withdrawn.

    Whoever may appoint to the post may end an appointment to it.
    """
    _find(caller, post, appointment)
    if not _may_appoint(caller, post):
        title = caller.program.model.posts[post].title
        detail = f"you hold no post above `{title}`. Ask a superior of the post."
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-ended", detail)
    at = body.at or now_of(request)
    if not register.end_appointment(caller.company, appointment, at, by=caller.person):
        detail = "this appointment has ended already, or ends before"
        raise ProblemError(HTTPStatus.CONFLICT, "not-ended", detail)
    return _find(caller, post, appointment)


def _post(caller: Holder, post: str) -> PostPage:
    found = read_post(caller.company.database, caller.program, post)
    if found is None:
        raise nothing("post", post)
    return found


def _find(caller: Holder, post: str, appointment: UUID) -> Appointed:
    held = {item.id: item for item in _post(caller, post).appointments}
    if appointment not in held:
        raise nothing("appointment", str(appointment))
    return held[appointment]


def _may_appoint(caller: Holder, post: str) -> bool:
    return register.may_appoint(caller.company, caller.person, post)
