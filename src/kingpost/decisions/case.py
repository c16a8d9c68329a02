"""A case: one run of a workflow over one record, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from kingpost.model.records.values import Plain
from kingpost.values.business_time import Calendar
from kingpost.values.identity import derive

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """A ledger of the time that a step may take; it survives pauses and restarts.

    budget_ms, consumed_ms: milliseconds of the calendar's open time.
    since:    when it was last started; None while it stands still.
    calendar: id of the calendar whose hours count; empty for plain time, day and night.
    """

    budget_ms: int
    consumed_ms: int
    since: datetime | None
    calendar: str

    def spent_ms(self, now: datetime, calendar: Calendar) -> int:
        """Return what is consumed at `now`."""
        if self.since is None:
            return self.consumed_ms
        return self.consumed_ms + round(calendar.elapsed(self.since, now) * _MILLISECONDS)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """Return when the budget runs out; None while the clock stands still."""
        if self.since is None:
            return None
        left = max(0, self.budget_ms - self.consumed_ms) / _MILLISECONDS
        return calendar.add(self.since, left)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Why a step stands still, since when, and the state that the record returns to."""

    exception: str
    since: datetime
    state_before: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What one of several people who decide together has said.

    post:   whose authority the vote rests on. fields: recorded when the outcome takes effect.
    """

    person: str
    post: str
    outcome: str
    fields: tuple[tuple[str, Plain], ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """A case that a step begins.

    state:  in which it ended, or had begun when nothing more is waited for; empty before that.
    fields: that it brought.
    """

    id: str
    state: str = ""
    fields: tuple[tuple[str, Plain], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """What is to be put right in a case.

    fields:  of the record, in order of name; None empties a field.
    task:    the token that is moved or decided; empty for neither.
    to:      the step of the same block that it is moved to, or `done`; empty for none.
    outcome: that is forced upon the decision there; empty for none.
    """

    fields: tuple[tuple[str, Plain], ...] = ()
    task: str = ""
    to: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits for a second person, and who has proposed it in which post.

    right: id of the appointment of who has proposed it. event: the one that proposes it.
    until: when an override that was asked for lapses; None for a repair.
    """

    repair: Repair
    person: str
    post: str
    right: str
    event: int
    until: datetime | None = None


def lapse_of(case: UUID, proposal: Proposal) -> str:
    """Return the identity of the notice by which an override lapses that was asked for."""
    return str(derive(f"{case}/{proposal.event}/lapse"))


@dataclass(frozen=True, slots=True)
class Review:
    """An override that somebody has to look at afterwards, also when the case has ended.

    step, outcome: which one was taken. event: by which event.
    by:     the post beyond whose authority it was. people: who may not review it.
    post:   that reviews it. since, clock: when it was opened, and how long it may take.
    """

    id: str
    step: str
    outcome: str
    event: int
    by: str
    people: tuple[str, ...]
    post: str
    since: datetime
    clock: Clock


@dataclass(frozen=True, slots=True)
class Token:
    """The case stands at a step. A task, a decision or a wait has its identity from its token.

    parent, branch: the token of the parallel step around it, and which branch; None at the top.
    post:   the post addressed; None for every post that carries the step's role.
    person: who has taken it on, or None.
    clock:  of the time that the step may take. limit: of the time that a wait may last.
    done:   branches of a parallel step that are over.
    votes:  of those who decide together, one for each person, in the order in which they came.
    notices: how many were given about its time, warning and ladder. told: posts, in their order.
    children: the cases that a step begins, in the order of its list.
    unasked: whether the call that is made here could not even be written down.
    """

    id: str
    step: str
    parent: str | None
    branch: str | None
    since: datetime
    post: str | None = None
    person: str | None = None
    clock: Clock | None = None
    suspension: Suspension | None = None
    done: tuple[str, ...] = ()
    limit: Clock | None = None
    votes: tuple[Vote, ...] = ()
    children: tuple[Child, ...] = ()
    notices: int = 0
    told: tuple[str, ...] = ()
    unasked: bool = False


def told_at(tokens: Mapping[str, Token], token: Token) -> tuple[str, ...]:
    """Return the posts that were told that a token is late, or that a block around it is.

    tokens: where the case stands.
    """
    told, around = dict.fromkeys(token.told), token.parent
    while around is not None:
        told |= dict.fromkeys(tokens[around].told)
        around = tokens[around].parent
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Taken:
    """How a case left a decision or a wait last.

    by:     the outcome or message; empty for a wait that ended alone; None since the case came
            there again and has not gone on from there.
    within: the token of the parallel step around it then, or None at the top.
    """

    by: str | None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The state of a case after `version` events.

    model:      version of the model that it runs on.
    head:       hash of its last event's header.
    fields:     the record, as plain values; a field that was never filled is absent.
    tokens:     where it stands: a small tree, by token id. Empty when it is closed.
    entered:    how often it came to each step.
    changed:    how often a filled field got another value.
    performers: who performed each step.
    taken:      how it left each decision and wait last.
    owed:       obligations not yet met, and by when (None for no limit).
    settled:    how obligations ended: `met`, `late`, `missing`, `lifted` or `spared`.
    proposal:   the repair or override that is proposed; whatever changes the case lets it go, but
                for a notice.
    reviews:    the overrides that are to be reviewed, by id, also when the case has ended.
    """

    id: UUID
    number: str
    workflow: str
    model: str
    started_at: datetime
    version: int = 0
    head: str = ""
    closed_at: datetime | None = None
    state: str = ""
    state_since: datetime | None = None
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    tokens: Mapping[str, Token] = field(default_factory=dict[str, Token])
    entered: Mapping[str, int] = field(default_factory=dict[str, int])
    changed: Mapping[str, int] = field(default_factory=dict[str, int])
    performers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    taken: Mapping[str, Taken] = field(default_factory=dict[str, Taken])
    owed: Mapping[str, datetime | None] = field(default_factory=dict[str, "datetime | None"])
    settled: Mapping[str, str] = field(default_factory=dict[str, str])
    proposal: Proposal | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict[str, Review])

    @property
    def is_closed(self) -> bool:
        """Tell whether the case has ended."""
        return self.closed_at is not None

    @property
    def latest(self) -> datetime:
        """Return the latest time that the case knows of; nothing more happens before it."""
        times = [self.started_at, self.state_since or self.started_at]
        times.extend(review.since for review in self.reviews.values())
        for token in self.tokens.values():
            times.append(token.since)
            if token.suspension is not None:
                times.append(token.suspension.since)
            times.extend(
                clock.since for clock in (token.clock, token.limit) if clock and clock.since
            )
        return max(times)

    def work(self, task: str) -> Token | None:
        """Return the token of some work, or None; told is also who was told of a block around."""
        token = self.tokens.get(task)
        if token is None or token.parent is None:
            return token
        told = told_at(self.tokens, token)
        return token if told == token.told else replace(token, told=told)

    def at(self, step: str) -> Token | None:
        """Return the token at a step, or None when the case does not stand there."""
        return next((token for token in self.tokens.values() if token.step == step), None)
