"""What may be asked of a case, and the facts from outside that judging it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from kingpost.decisions.allowing.ledgers import Ledger, Used
from kingpost.decisions.case import Plain


@dataclass(frozen=True, slots=True)
class Parent:
    """The case whose step begins another. number: of that case. token: where it stands."""

    case: UUID
    number: str
    workflow: str
    step: str
    token: str


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a case with the fields of its form. parent: the case whose step begins it, or None."""

    fields: Mapping[str, Plain]
    parent: Parent | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Complete a task. task: the token's id. fields: recorded with it."""

    task: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True)
class Decide:
    """Take one outcome of a decision.

    shown: digest of what the person was shown, or None to say: what stands there now.
    """

    task: str
    outcome: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    reason: str = ""
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Save fields at a step that stays open."""

    task: str
    fields: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Assign:
    """Take the work on oneself (person: the actor), or lay it back (None)."""

    task: str
    person: str | None


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise an exception at a task, decision or wait."""

    task: str
    exception: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """End the suspension of a task, decision or wait."""

    task: str
    ending: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Deliver a message to a wait."""

    task: str
    message: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expire:
    """The time limit of a wait is over."""

    task: str


@dataclass(frozen=True, slots=True)
class Notify:
    """A notice about the time of a step falls due. notice: how many were given before it."""

    task: str
    notice: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The system that a call asks has answered.

    members: of the answer, as JSON has them, with numbers as Decimal.
    fence:   of the attempt that it answers; None outside the store. See `Transition`.
    """

    task: str
    members: Mapping[str, Any] = field(default_factory=dict[str, Any])
    fence: int | None = None


@dataclass(frozen=True, slots=True)
class Fail:
    """All attempts of a call are used up, or a case that a step wants cannot begin.

    cause: of the last attempt, a clause. fence: as above. case: which cannot begin.
    """

    task: str
    cause: str
    fence: int | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Let a call be tried again now, with all its attempts: one that pauses, or one that failed."""

    task: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Let a call fail at once, without the attempts that it has left."""

    task: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A case that a step has begun came as far as the step waits for.

    case:   its id. number: of it. state: of its record then. fields: its record, when it has ended.
    """

    task: str
    case: str
    number: str
    state: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True)
class Propose:
    """Propose to put a case right; see `Repair` for what may be."""

    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    task: str = ""
    to: str = ""
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Carry out a repair. proposal: the event that proposes it."""

    proposal: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """Say no, as the second person, to a repair or an override. proposal: the event with it."""

    proposal: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Ask for an outcome of a decision beyond one's authority; another person confirms it."""

    task: str
    outcome: str
    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    reason: str = ""
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmOverride:
    """Let an outcome take effect beyond an authority. asked: the event that asks for it."""

    asked: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Say what comes of the review of an override. task: its id. finding: see `ReviewFinding`."""

    task: str
    finding: str
    reason: str = ""


Command: TypeAlias = (
    Start
    | Complete
    | Decide
    | Record
    | Assign
    | Raise
    | Resolve
    | Deliver
    | Expire
    | Notify
    | Answer
    | Fail
    | Retry
    | GiveUp
    | Report
    | Propose
    | Confirm
    | Decline
    | Override
    | ConfirmOverride
    | Review
)


# The kind of an appointment by which a machine agent holds a post.
AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Delegation:
    """Authority of another person's appointment, lent to the actor.

    giver:    the person who holds the appointment.
    workflows, outcomes: what it is narrowed to, outcomes as `workflow/step/outcome`; empty for
              whatever the post may do.
    when:     a further condition of its outcomes, as the register keeps it, or None.
    """

    id: str
    giver: str
    workflows: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """The person who answers for a machine agent: in which post, by which appointment."""

    post: str
    person: str
    right: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A post in which the actor may act now.

    right:      id of the appointment: the actor's own, or that of the giver of a delegation.
    kind:       of the appointment: substantive, acting, or `AGENT` of a machine agent.
    delegation: None for what the actor holds.
    answering:  of an agent, who answers for it now; None when nobody does.
    held:       the post really held, when `post` is one of an earlier version whose work it has
                taken over; empty where it is the same. roles: what it has taken over; None for all.
    """

    post: str
    right: str
    kind: str = "substantive"
    delegation: Delegation | None = None
    answering: Answering | None = None
    held: str = ""
    roles: tuple[str, ...] | None = None

    def acts_in(self, role: str) -> bool:
        """Tell whether it reaches work of a role; an empty one for what no role does."""
        return self.roles is None or role in self.roles

    def is_called(self, post: str) -> bool:
        """Tell whether a post is the one that it is of, or the one really held."""
        return post in {self.post, self.held}

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Return the appointments that must run while its holder acts by it."""
        return (self.right, self.answering.right) if self.answering else (self.right,)

    @property
    def behind(self) -> str | None:
        """Return who counts as having acted besides the actor: who lent, or who answers."""
        if self.delegation is not None:
            return self.delegation.giver
        return self.answering.person if self.answering else None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with posts, an interface, or (neither) the clock itself.

    acting_as: the post chosen to act in; None lets the first that suffices act.
    """

    person: str | None = None
    interface: str | None = None
    holdings: tuple[Holding, ...] = ()
    acting_as: str | None = None


CLOCK = Actor()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision needs from outside.

    now:      aware, UTC: when it happens.
    recorded: aware, UTC: when it is written down; equal to `now` for live work.
    vacant:   the posts that nobody holds now; None when they have not been looked up yet.
    used:     what the ledgers of allowances come to, without those in which nothing is; None when
              they have not been looked up, and nothing that an allowance bounds may be decided.
    seed:     32 fresh random bytes, from which the salts of personal values are derived; an event
              with personal values cannot be made without them.
    origin:   `live` or `import`.
    left:     whether who proposed a repair or override of the case holds that post no longer.
    unreviewed: the posts of which an override was not reviewed in its time.
    heirs:    to which post goes what is laid on one that the model that runs has no longer.
    """

    now: datetime
    recorded: datetime
    actor: Actor
    vacant: frozenset[str] | None = None
    seed: bytes = b""
    origin: str = "live"
    used: Mapping[Ledger, Used] | None = None
    left: bool = False
    unreviewed: frozenset[str] = frozenset()
    heirs: Mapping[str, str] = field(default_factory=dict[str, str])
