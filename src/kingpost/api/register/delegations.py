"""Delegations through the API, by the same right as on the pages."""

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
from kingpost.engine import delegations as engine
from kingpost.queries.organisation import Delegated, read_post

router = APIRouter(tags=["organisation"])

Reason = Annotated[str, Field(max_length=engine.REASON_LENGTH_MAX)]
Names = Annotated[tuple[Name, ...], Field(max_length=100, strict=False)]
Condition = Annotated[str, Field(max_length=1000)]


class DelegateBody(Body):
    """What to lend. giver: who holds the post; you, when it is left out. since: now, if left out.

    workflows, outcomes: narrow it, outcomes as `workflow/step/outcome`; empty for whatever the post
    may do. when: a further condition of the outcomes.
    """

    person: Name
    until: Moment
    reason: Reason
    giver: Name | None = None
    since: Moment | None = None
    workflows: Names = ()
    outcomes: Names = ()
    when: Condition | None = None


@router.get("/organisation/posts/{post}/delegations", responses=says_no(401, 403, 404, 422))
def delegations(post: Name, caller: HolderCaller) -> tuple[Delegated, ...]:
    """Read what was ever lent of the authority of a post, the latest first."""
    return _of_post(caller, post)


@router.post(
    "/organisation/posts/{post}/delegations",
    status_code=HTTPStatus.CREATED,
    responses=says_no(401, 403, 404, 413, 422),
)
def delegate(post: Name, body: DelegateBody, caller: HolderCaller, request: Request) -> Delegated:
    """Lend the authority of a post that you hold, or of one below yours, to a person for a time.

    The same delegation again changes nothing. What is lent is not passed on, and ends with the
    appointment of the giver.
    """
    _of_post(caller, post)
    giver = body.giver or caller.person
    wish = engine.Delegation(
        giver,
        post,
        body.person,
        body.since or now_of(request),
        body.until,
        body.reason,
        body.workflows,
        body.outcomes,
        body.when,
    )
    try:
        made = engine.delegate_as(caller.company, caller.person, wish)
    except engine.NotDelegatedError as error:
        has_right = engine.may_delegate(caller.company, caller.person, giver, post)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if has_right else HTTPStatus.FORBIDDEN
        raise ProblemError(status, "not-delegated", str(error)) from None
    return _find(caller, post, made)


@router.post(
    "/organisation/posts/{post}/delegations/{delegation}/end",
    responses=says_no(401, 403, 404, 409, 413, 422),
)
def end_delegation(
    post: Name, delegation: UUID, body: EndBody, caller: HolderCaller, request: Request
) -> Delegated:
    """End a delegation, now or at a moment; one that has not begun is withdrawn."""
    found = _find(caller, post, delegation)
    if not engine.may_delegate(caller.company, caller.person, found.giver, post):
        detail = f"only who holds `{found.post_title}`, or a post above it, takes it back"
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-ended", detail)
    at = body.at or now_of(request)
    if not engine.end_delegation(caller.company, delegation, at, by=caller.person):
        detail = "this delegation has ended already, or ends before"
        raise ProblemError(HTTPStatus.CONFLICT, "not-ended", detail)
    return _find(caller, post, delegation)


def _of_post(caller: Holder, post: str) -> tuple[Delegated, ...]:
    found = read_post(caller.company.database, caller.program, post)
    if found is None:
        raise nothing("post", post)
    return found.delegations


def _find(caller: Holder, post: str, delegation: UUID) -> Delegated:
    lent = {item.id: item for item in _of_post(caller, post)}
    if delegation not in lent:
        raise nothing("delegation", str(delegation))
    return lent[delegation]
