"""What a succession pack holds."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kingpost.model.organisation import Grant, Post
from kingpost.model.steps.ways import Due
from kingpost.model.workflow import Quorum
from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.objectives import ObjectiveNow
from kingpost.queries.obligations import ObligationNow
from kingpost.queries.organisation import Appointed, Delegated
from kingpost.queries.people import Answering
from kingpost.queries.worklist import Worklist


@dataclass(frozen=True, slots=True)
class Place:
    """Where the post stands.

    answering: who holds it now. acting: who acts while nobody does, or all are away; or None.
    stands_in: the posts that fall to it while they stand empty. empty: titles of those that do.
    """

    unit_title: str
    roles: tuple[Duty, ...]
    reports_to: Answering | None
    below: tuple[Answering, ...]
    answering: Answering
    acting: Answering | None
    stands_in: tuple[Duty, ...]
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lent:
    """Authority of another post that was lent to a holder of this one: it stays with the person."""

    person: str
    name: str
    post: str
    post_title: str
    giver_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Owned:
    """A decision of which the post may take outcomes.

    due:    the time that it may take. needed: how many must agree; None for one alone.
    used:   what the decisions of this period came to, of the allowance; None without one.
    since:  the first day of the period. open: how many stand within reach of the post now.
    """

    address: str
    title: str
    workflow_title: str
    outcomes: tuple[str, ...]
    grant: Grant
    due: Due | None
    quorum: Quorum | None
    separate_from: tuple[str, ...]
    used: Decimal | None
    since: date | None
    open: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A workflow that the post answers for. in_flight: its open cases."""

    id: str
    title: str
    in_flight: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """An exception that the post may raise and end, or whose work is for it.

    works: what work it brings is for a role of the post. open: how many cases it holds now.
    """

    address: str
    title: str
    workflow_title: str
    cause: str
    may_end: bool
    works: bool
    open: int


@dataclass(frozen=True, slots=True)
class Line:
    """A system whose failures are the post's. steps: that ask it. troubled: calls in trouble."""

    id: str
    title: str
    steps: tuple[Duty, ...]
    troubled: int


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation that the post answers for. next_due: when the first case must meet it."""

    now: ObligationNow
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Parts of the model of one kind that the post keeps: it approves what changes in them.

    total: how many there are; `parts` are the first of them.
    """

    kind: str
    parts: tuple[Duty, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken in the post. giver: who lent the authority for it, or None."""

    at: datetime
    number: str
    seq: int
    step: str
    title: str
    workflow_title: str
    outcome: str
    person: str
    name: str
    giver: str | None


@dataclass(frozen=True, slots=True)
class Succession:
    """What somebody who takes over a post takes over, at one moment.

    holders:   everybody who held it, the latest first; holders_total: of how many.
    given:     of its authority, what is lent now or will be. received: see `Lent`.
    work:      the open work that whoever holds it finds, overdue first, without words of records.
    repairs:   workflows whose cases it may repair.
    told:      steps of which it hears when they are late.
    recent:    its latest decisions of `days`, looked for among the latest of each who held it.
    """

    as_at: datetime
    model: str
    post: Post
    place: Place
    holders: tuple[Appointed, ...]
    holders_total: int
    given: tuple[Delegated, ...]
    received: tuple[Lent, ...]
    work: Worklist
    decisions: tuple[Owned, ...]
    workflows: tuple[Flow, ...]
    repairs: tuple[Duty, ...]
    obligations: tuple[Owed, ...]
    exceptions: tuple[Trouble, ...]
    interfaces: tuple[Line, ...]
    kept: tuple[Kept, ...]
    told: tuple[Duty, ...]
    objectives: tuple[ObjectiveNow, ...]
    recent: tuple[Decided, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A pack that somebody may not open.

    could: the posts whose holders could, the post itself first.
    words: a sentence that says so and names them.
    """

    post: str
    could: tuple[Answering, ...]
    words: str
