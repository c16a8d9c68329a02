"""Proposals of changes through the API: proposed, discussed, approved, rejected, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from kingpost.api.caller import HolderCaller, PersonCaller
from kingpost.api.commands import Key
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing_such
from kingpost.api.texts import Body, Name, Text
from kingpost.decisions.consenting.judging import NotAgreed, Wish
from kingpost.decisions.consenting.proposal import Happened, Kind
from kingpost.engine.company import Company
from kingpost.engine.plans.saving import NoPlanError, Saved, find_plan, find_plan_to_act_on
from kingpost.engine.proposals.acting import Act, act
from kingpost.engine.proposals.reading import Standing, stands
from kingpost.engine.proposals.waiting import Waits

router = APIRouter(tags=["changes"])

_NO = says_no(401, 403, 404, 409, 413, 422, 503)
# By the kind of a refusal; each other one is a conflict with how the proposal stands.
_STATUS: Mapping[str, int] = {
    "not-asked": HTTPStatus.FORBIDDEN,
    "no-post": HTTPStatus.FORBIDDEN,
    "not-yours": HTTPStatus.FORBIDDEN,
    "own-proposal": HTTPStatus.FORBIDDEN,
    "reason-missing": 422,
    "too-long": 422,
}


class Saying(Body):
    """What is said to a proposal: why it is proposed, approved, rejected or withdrawn, or more."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Missing:
    """Approvals that are missing: so many, of these posts, for these parts of the model."""

    number: int
    posts: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was said to a proposal. posts: for which it was said, where it is an answer.

    kind: `proposed`, `commented`, `approved`, `rejected`, `withdrawn` or `applied`.
    """

    seq: int
    kind: str
    person: str
    name: str
    at: datetime
    reason: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """How a plan stands with those who are to agree to it.

    state:   `open`, `applied`, `rejected` or `withdrawn`. by: who proposed it.
    missing: approvals that nobody gave yet. words: the same in words, with who could give them.
    """

    plan: str
    state: str
    by: str
    missing: tuple[Missing, ...]
    words: tuple[str, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """A change that waits for your approval. posts: for which you may give it."""

    plan: str
    by: str | None
    posts: tuple[str, ...]


@router.get("/proposals/waiting", responses=says_no(401, 403))
def waiting(caller: HolderCaller) -> tuple[WaitingShown, ...]:
    """Read the changes that you may approve now, and whose approval is missing."""
    found = Waits().of(caller.company, caller.person, caller.acting_as)
    return tuple(WaitingShown(each.plan.digest, each.plan.by, each.posts) for each in found)


@router.get("/plans/{plan}/proposal", responses=says_no(401, 403, 404, 422))
def proposal(plan: Name, caller: HolderCaller) -> ProposalShown:
    """Read what was said to a plan that was proposed, and which approvals are missing."""
    item = _plan(caller.company, plan)
    found = stands(caller.company, item)
    if not found.proposal.version:
        raise nothing_such(f"nobody has proposed the plan {item.name}")
    return _shown(found)


@router.post("/plans/{plan}/propose", responses=_NO)
def propose(plan: Name, body: Saying, caller: PersonCaller, key: Key) -> ProposalShown:
    """Propose a plan that was saved, word for word, to those who must approve it."""
    return _said(plan, Kind.PROPOSED, body, caller, key)


@router.post("/plans/{plan}/approve", responses=_NO)
def approve(plan: Name, body: Saying, caller: PersonCaller, key: Key) -> ProposalShown:
    """Approve what was proposed, for every post that is asked and that you answer for.

    You did not propose it. Who applies it does not count among those who approved it.
    """
    return _said(plan, Kind.APPROVED, body, caller, key)


@router.post("/plans/{plan}/reject", responses=_NO)
def reject(plan: Name, body: Saying, caller: PersonCaller, key: Key) -> ProposalShown:
    """Reject what was proposed; it ends when what it needs cannot be reached any more."""
    return _said(plan, Kind.REJECTED, body, caller, key)


@router.post("/plans/{plan}/withdraw", responses=_NO)
def withdraw(plan: Name, body: Saying, caller: PersonCaller, key: Key) -> ProposalShown:
    """Withdraw what you proposed; it is not applied."""
    return _said(plan, Kind.WITHDRAWN, body, caller, key)


@router.post("/plans/{plan}/comment", responses=_NO)
def comment(plan: Name, body: Saying, caller: PersonCaller, key: Key) -> ProposalShown:
    """Say something to what was proposed; it stands in its history."""
    return _said(plan, Kind.COMMENTED, body, caller, key)


def _said(plan: str, kind: Kind, body: Saying, caller: PersonCaller, key: UUID) -> ProposalShown:
    item = _plan(caller.company, plan, to_act=True)
    wish = Wish(kind, body.reason)
    answer = act(caller.company, Act(key, item, caller.person, wish, caller.acting_as))
    if isinstance(answer, NotAgreed):
        status = _STATUS.get(answer.kind, HTTPStatus.CONFLICT)
        raise ProblemError(status, answer.kind, str(answer))
    return _shown(stands(caller.company, item))


def _plan(company: Company, written: str, *, to_act: bool = False) -> Saved:
    try:
        return find_plan_to_act_on(company, written) if to_act else find_plan(company, written)
    except NoPlanError as error:
        raise nothing_such(str(error)) from None


def _shown(found: Standing) -> ProposalShown:
    said = found.proposal
    missing = (Missing(each.number, each.left, each.asked.parts) for each in found.lacks)
    events = (_event(found, each) for each in said.events)
    return ProposalShown(
        said.plan, said.state.value, said.by, tuple(missing), found.words, tuple(events)
    )


def _event(found: Standing, event: Happened) -> Event:
    return Event(
        event.seq,
        event.kind.value,
        event.person,
        found.names.get(event.person, event.person),
        event.at,
        event.body["reason"],
        tuple(each["post"] for each in event.body.get("answers", ())),
    )
