"""What a company claims of its model: scenarios, each a short story of one case with its ending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from kingpost.values.span import Span

# A value as it is written; the type of its field says what it means.
Written: TypeAlias = str | tuple[str, ...]


def _nothing() -> dict[str, Written]:
    return {}


def _no_names() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the holder of a post, a person, or an interface; exactly one of them.

    acting_as: the post in which the person acts; None lets the first that suffices act.
    """

    post: str | None = None
    person: str | None = None
    interface: str | None = None
    acting_as: str | None = None

    def __str__(self) -> str:
        return self.post or self.person or self.interface or ""


# What a call is answered: members of the answer; None when it fails.
Answered: TypeAlias = Mapping[str, Written] | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a story begins with.

    object:  whose record it is. record: what the form of the workflow is filled in with.
    starter: who begins the case; None for whoever comes first among those who may.
    at:      when, in the zone of the company and without one; None for an ordinary Monday.
    people:  persons by name, with the posts that they hold; every other post has one holder.
    vacant:  posts that nobody holds.
    calls:   by step, what comes of asking, each time that it is asked; the last goes on for good.
    cases:   by step, the record with which each case ends that the step begins, in the order of its
             list, and `state`; None for one that cannot begin. The last goes on for good.
    used:    by post and decision, what is used of its allowance in the period in which the story
             begins: an amount and its currency.
    """

    object: str
    record: Mapping[str, Written] = field(default_factory=_nothing)
    starter: Who | None = None
    at: datetime | None = None
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    vacant: tuple[str, ...] = ()
    calls: Mapping[str, tuple[Answered, ...]] = field(
        default_factory=dict[str, "tuple[Answered, ...]"]
    )
    cases: Mapping[str, tuple[Answered, ...]] = field(
        default_factory=dict[str, "tuple[Answered, ...]"]
    )
    used: Mapping[str, Mapping[str, tuple[Decimal, str]]] = field(
        default_factory=dict[str, "Mapping[str, tuple[Decimal, str]]"]
    )


class Deed(StrEnum):
    """What somebody may do; the word by which a scenario writes it."""

    COMPLETE = "does"
    DECIDE = "decides"
    RECORD = "saves"
    TAKE = "takes"
    RAISE = "raises"
    RESOLVE = "resolves"
    DELIVER = "delivers"
    OVERRIDE = "overrides"
    CONFIRM = "confirms"
    DECLINE = "declines"
    REVIEW = "reviews"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something.

    name:   the step; for RAISE and RESOLVE the exception, for DELIVER the message.
    choice: the outcome of a DECIDE or OVERRIDE, the ending of a RESOLVE, the finding of a REVIEW.
    step:   where, when it could be several; None for the one open step that suits.
    """

    who: Who
    deed: Deed
    name: str
    choice: str = ""
    step: str | None = None
    records: Mapping[str, Written] = field(default_factory=_nothing)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Passing:
    """Time passes: a length of it, or until a time in the zone of the company."""

    span: Span | None = None
    until: datetime | None = None


class DutyStatus(StrEnum):
    """How an obligation stands in a case."""

    OWED = "owed"
    MET = "met"
    LATE = "late"
    MISSING = "missing"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be so; what is None or empty is not looked at.

    open:        every task, decision, wait and call that is open, and no other.
    empty:       fields without a value.
    refused:     words of the refusal of the act before.
    decided:     by decision, the outcome taken last.
    due:         by open step, when its term ends, or the limit of a wait that has no term.
    addressed:   by open step, the post that it is addressed to.
    suspended:   by open step, the exception that it stands still for.
    escalated:   by open step, the posts that were told that it is late, in their order.
    reviews:     every decision of which an override is to be reviewed, and no other.
    """

    open: tuple[str, ...] | None = None
    state: str | None = None
    closed: bool | None = None
    record: Mapping[str, Written] = field(default_factory=_nothing)
    empty: tuple[str, ...] = ()
    refused: str | None = None
    decided: Mapping[str, str] = field(default_factory=_no_names)
    obligations: Mapping[str, DutyStatus] = field(default_factory=dict[str, DutyStatus])
    due: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    overdue: tuple[str, ...] = ()
    addressed: Mapping[str, str] = field(default_factory=_no_names)
    suspended: Mapping[str, str] = field(default_factory=_no_names)
    escalated: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    reviews: tuple[str, ...] | None = None


Entry: TypeAlias = Act | Passing | Expectation


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story of one case.

    workflow: which one runs; None for the only one that works on the given object.
    after:    another story that is told first, from what is given here where it differs.
    when:     what happens in order, with what must be so on the way.
    then:     what must be so at the end.
    Source: D. North, given, when, then, for the shape.
    """

    id: str
    title: str
    given: Given
    when: tuple[Entry, ...]
    then: tuple[Expectation, ...]
    workflow: str | None = None
    after: str | None = None


def chain(scenarios: Mapping[str, Scenario], scenario: Scenario) -> tuple[Scenario, ...]:
    """Return a story with those that are told before it, the first one first.

    One that is not there ends the chain, and so does one that would close a circle.
    """
    found = [scenario]
    while (after := found[0].after) is not None and after in scenarios:
        if scenarios[after] in found:
            break
        found.insert(0, scenarios[after])
    return tuple(found)


def given_in(told: tuple[Scenario, ...]) -> Given:
    """Return what a chain of stories begins with: each later one overrules those before it."""
    given = told[0].given
    for later in (scenario.given for scenario in told[1:]):
        given = Given(
            given.object or later.object,
            {**given.record, **later.record},
            later.starter or given.starter,
            later.at or given.at,
            later.people or given.people,
            later.vacant or given.vacant,
            {**given.calls, **later.calls},
            {**given.cases, **later.cases},
            {**given.used, **later.used},
        )
    return given


def workflow_in(told: tuple[Scenario, ...]) -> str | None:
    """Return the workflow that a chain of stories names, or None."""
    return next((item.workflow for item in reversed(told) if item.workflow is not None), None)
