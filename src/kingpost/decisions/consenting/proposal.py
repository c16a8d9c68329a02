"""A proposal to change the model: the events of its own chain, and what they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from kingpost.decisions.commands import Holding
from kingpost.decisions.written.times import instant, read_instant
from kingpost.proof.chain import GENESIS, Link, link
from kingpost.values.identity import derive


class Kind(StrEnum):
    """What may happen to a proposal."""

    PROPOSED = "proposed"
    COMMENTED = "commented"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"


class State(StrEnum):
    """How a proposal stands."""

    OPEN = "open"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"


_ENDS: Mapping[Kind, State] = {
    Kind.WITHDRAWN: State.WITHDRAWN,
    Kind.APPLIED: State.APPLIED,
}


@dataclass(frozen=True, slots=True)
class Hand:
    """The right by which a person answers for a post.

    post: that is asked. holding: the right. vacant: the post is vacant, and this one stands in.
    """

    post: str
    holding: Holding
    vacant: bool = False

    @property
    def is_own(self) -> bool:
        """Tell whether the person holds the very post that is asked."""
        return self.holding.delegation is None and not self.vacant

    def members(self) -> dict[str, Any]:
        """Return what the event says of it."""
        lent = self.holding.delegation
        return {
            "post": self.post,
            "held": self.holding.post,
            "right": self.holding.right,
            **({"via": "vacancy"} if self.vacant else {}),
            **({"delegation": lent.id, "delegated-by": lent.giver} if lent else {}),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said for a post.

    own:    by an appointment to that very post. behind: who lent the right, or None.
    """

    seq: int
    approves: bool
    person: str
    post: str
    own: bool
    behind: str | None
    reason: str
    at: datetime

    @property
    def people(self) -> frozenset[str]:
        """Return who counts as having answered: who did, and who lent the right to."""
        return frozenset((self.person, self.behind)) - {None}  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a proposal, as its bytes have it."""

    seq: int
    kind: Kind
    person: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that was proposed, and what came of that so far.

    plan: its digest. version: how many events it has. head: the hash of the latest.
    by:   who proposed it.
    """

    plan: str
    version: int = 0
    head: str = GENESIS
    state: State = State.OPEN
    by: str = ""
    answers: tuple[Answer, ...] = ()
    events: tuple[Happened, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event that is to be recorded, and the proposal after it."""

    proposal: Proposal
    kind: Kind
    person: str
    at: datetime
    link: Link


def chain_of(plan: str) -> str:
    """Return by what name the events of a proposal are chained."""
    return str(derive(f"proposal/{plan}"))


def seal(
    before: Proposal, kind: Kind, person: str, body: Mapping[str, Any], now: datetime
) -> Sealed:
    """Return the event that follows. now: it is never before the event that it follows."""
    at = max(now, before.events[-1].at) if before.events else now
    header = {
        "case": chain_of(before.plan),
        "seq": before.version + 1,
        "kind": kind.value,
        "plan": before.plan,
        "at": instant(at),
    }
    made = link(header, {"actor": {"kind": "person", "person": person}, **body}, before.head)
    happened = Happened(before.version + 1, kind, person, at, body)
    return Sealed(follow(before, happened, made.hash), kind, person, at, made)


def follow(before: Proposal, event: Happened, head: str) -> Proposal:
    """Return a proposal after an event. head: the hash of the event."""
    state = State(event.body.get("comes-to", _ENDS.get(event.kind, before.state)))
    return replace(
        before,
        version=event.seq,
        head=head,
        state=state,
        by=event.person if event.kind is Kind.PROPOSED else before.by,
        answers=(*before.answers, *_answers(event)),
        events=(*before.events, event),
    )


def read_event(header: Mapping[str, Any], body: Mapping[str, Any]) -> Happened:
    """Return the event that bytes tell, once they are read."""
    said = {name: value for name, value in body.items() if name != "actor"}
    person = body["actor"]["person"]
    return Happened(header["seq"], Kind(header["kind"]), person, read_instant(header["at"]), said)


def fold(plan: str, events: Iterable[tuple[Happened, str]]) -> Proposal:
    """Return what events come to, each with its hash."""
    proposal = Proposal(plan)
    for event, head in events:
        proposal = follow(proposal, event, head)
    return proposal


def _answers(event: Happened) -> tuple[Answer, ...]:
    if event.kind not in {Kind.APPROVED, Kind.REJECTED}:
        return ()
    return tuple(
        Answer(
            event.seq,
            event.kind is Kind.APPROVED,
            event.person,
            each["post"],
            "via" not in each and "delegation" not in each,
            each.get("delegated-by"),
            event.body["reason"],
            event.at,
        )
        for each in event.body["answers"]
    )
