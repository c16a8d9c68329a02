"""How work moves: workflows, their steps, routes, due times and exceptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kingpost.model.steps.deciding import Override, Quorum
from kingpost.model.steps.exceptions import Cause, Ending, Errand
from kingpost.model.steps.ways import Addressee, Due, Route, Rung
from kingpost.values.span import Span

# Where a route may go besides a step of its own block: out of the branch it stands in.
DONE = "done"
# Who is told besides a named post: the one above the post addressed.
SUPERIOR = "superior"
# The nearest post above whose authority suffices; a decision is moved to it.
AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Step:
    """What every step has.

    state:      the record's state from entering it on, or None to leave the state alone.
    due:        the time it may take, or None.
    discharges: obligations whose evidence it makes; it cannot complete without that evidence.
    then:       ordered routes; empty only for an end step and for a decision.
    escalate:   who is told when it is late, in order.
    description: what people are told about it. was: the id that it had before.
    """

    id: str
    title: str
    state: str | None = None
    due: Due | None = None
    discharges: tuple[str, ...] = ()
    then: tuple[Route, ...] = ()
    escalate: tuple[Rung, ...] = ()
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Task(Step):
    """A human does something and records fields.

    role:          what one must do to act here.
    to:            the post addressed.
    records:       fields that may be recorded, saved early or on completing.
    requires:      those of `records` that must be filled on completing.
    separate_from: steps whose performers may not perform this one in the same case.
    """

    role: str = ""
    to: Addressee = field(default_factory=Addressee)
    records: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    separate_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer to a decision.

    records:  fields that may be recorded with it. requires: those that must be.
    reason:   whether a reason must be given.
    then:     ordered routes, at least one.
    """

    id: str
    title: str
    reason: bool = False
    records: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    then: tuple[Route, ...] = ()
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Decision(Step):
    """A validation point: a person judges what is shown and takes one of the outcomes.

    shows:  fields laid before the person; their values are hashed into the decision record.
    quorum: how many people decide together; None for one alone.
    veto:   outcomes that are final as soon as one of them takes it.
    override: who may take an outcome beyond their authority; None for nobody.
    """

    role: str = ""
    to: Addressee = field(default_factory=Addressee)
    shows: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    separate_from: tuple[str, ...] = ()
    quorum: Quorum | None = None
    veto: tuple[str, ...] = ()
    override: Override | None = None

    def outcome(self, name: str) -> Outcome | None:
        """Return the outcome of that name, or None."""
        return next((outcome for outcome in self.outcomes if outcome.id == name), None)

    def needs(self, outcome: str) -> int:
        """Return how many people must vote for an outcome until it takes effect."""
        return 1 if self.quorum is None or outcome in self.veto else self.quorum.needed


@dataclass(frozen=True, slots=True)
class RuleStep(Step):
    """Evaluates a rule, stores its outputs in the fields of the same names, and routes."""

    rule: str = ""


@dataclass(frozen=True, slots=True)
class Mark(Step):
    """Sets the state of the record, and goes on at once."""


@dataclass(frozen=True, slots=True)
class Call(Step):
    """Asks another system through an outbound interface, and goes on with what it answered."""

    interface: str = ""


class Waits(StrEnum):
    """For which of the cases that it began a step waits."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Run(Step):
    """Begins cases of another workflow.

    each:   a field that lists the records, one case for each; None for one case.
    waits:  for which of the cases it waits.
    given:  fields of the other form, each with the expression over this record that fills it in.
    brings: fields of this record, each with the field of the other case that it is filled from
            when that ends; `state` stands for the state in which it ended.
    """

    workflow: str = ""
    each: str | None = None
    waits: Waits = Waits.ALL
    given: tuple[tuple[str, str], ...] = ()
    brings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message that a wait accepts, and the way on when it comes.

    senders: roles and interfaces, written `role/…` or `interface/…`, that may deliver it.
    by:      the field whose value tells for which case a message is; None when the sender says it.
    """

    message: str
    title: str
    senders: tuple[str, ...]
    then: tuple[Route, ...]
    by: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Waits for a message or until a time, whichever comes first.

    messages: each may end the wait.
    limit:    the time after which the wait ends by itself along `then`; None waits for ever.
    until:    the field with the time at which it ends by itself along `then`, or None; a date
              begins with its first hour.
    role, records: who may record which fields meanwhile; empty for nobody.
    """

    messages: tuple[Awaited, ...] = ()
    limit: Span | None = None
    until: str | None = None
    role: str = ""
    records: tuple[str, ...] = ()

    @property
    def may_end_alone(self) -> bool:
        """Tell whether it may end without a message, along `then`."""
        return self.limit is not None or self.until is not None


class JoinKind(StrEnum):
    """When a parallel step is over; what is still open then is withdrawn."""

    ALL = "all"
    ANY = "any"
    NAMED = "named"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the branches of a parallel step: a block of its own. Its first step begins it."""

    id: str
    title: str
    steps: tuple[Step, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Parallel(Step):
    """Branches that run at once.

    join:  ALL branches done, ANY one done, the NAMED ones done, or as many as `count`.
    named: the branches that must be done when `join` is NAMED.
    count: how many must be done when `join` is COUNT; 0 otherwise.
    """

    branches: tuple[Branch, ...] = ()
    join: JoinKind = JoinKind.ALL
    named: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class End(Step):
    """The case is closed. It stands at the top of a workflow only, never in a branch."""


# The steps at which somebody or something is waited for.
OPEN_WORK = (Task, Decision, Wait, Call, Run)


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A named thing that may go wrong in the business, and its effect.

    raised_by:   roles that may raise it, and end the suspension.
    interfaces:  systems that may raise it. failing: steps whose failure raises it.
    steps:       the tasks, decisions and waits in which it may be raised.
    divert:      a step of the same block to go to, or `done`; None when it suspends.
    state:       the record's state while suspended, or None.
    stops_clocks: whether the clocks of the step and of all around it stop while suspended.
    endings:     how a suspension may end; empty for a diversion.
    until:       the work that ends the suspension when it is done, or None.
    lasts:       the time after which the suspension ends by itself, or None.
    moment:      the field with the time at which it ends by itself, or None.
    alongside:   the work that runs beside the case, which goes on; or None.
    """

    id: str
    title: str
    cause: Cause
    raised_by: tuple[str, ...]
    steps: tuple[str, ...]
    divert: str | None = None
    state: str | None = None
    stops_clocks: bool = False
    endings: tuple[Ending, ...] = ()
    interfaces: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    until: Errand | None = None
    alongside: Errand | None = None
    lasts: Span | None = None
    moment: str | None = None
    description: str = ""
    was: str = ""

    @property
    def errand(self) -> Task | Wait | None:
        """Return what is open besides while it lasts, as a step of its own name, or None.

        It is in no block: nothing leads to it but the exception, and nothing on from it.
        """
        asked = self.until or self.alongside
        if asked is not None:
            due = Due(asked.due) if asked.due else None
            return Task(self.id, asked.title, due=due, role=asked.role)
        if self.lasts is not None or self.moment is not None:
            return Wait(self.id, self.title, limit=self.lasts, until=self.moment)
        return None

    @property
    def befalls(self) -> tuple[str, ...]:
        """Return the steps at which it may come over a case: raised, or by their failure."""
        return tuple(dict.fromkeys((*self.steps, *self.failing)))

    def ending(self, name: str) -> Ending | None:
        """Return the ending of that name, or None."""
        return next((ending for ending in self.endings if ending.id == name), None)


# What a failure becomes when its workflow says nothing else. No model declares these ids.
CALL_FAILED = Exceptional(
    "call-failed",
    "The other system does not answer as it should",
    Cause.SYSTEM,
    raised_by=(),
    steps=(),
    endings=(Ending("retry", "Ask again"),),
)
RUN_FAILED = Exceptional(
    "run-failed",
    "Another case cannot be begun as it should",
    Cause.SYSTEM,
    raised_by=(),
    steps=(),
    endings=(Ending("retry", "Begin it again"),),
)
BUILT_IN = (CALL_FAILED, RUN_FAILED)


@dataclass(frozen=True, slots=True)
class Begin:
    """How a case begins: the fields of its form, who may start it, and from which interfaces.

    schedule:  when cases begin by themselves, such as `every Mon at 08:00`; None for never.
    workflows: those whose steps may begin it.
    """

    form: tuple[str, ...]
    roles: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    schedule: str | None = None
    workflows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """An executable unit over one business object.

    prefix: of the case numbers, such as `INC` in `INC-2417`.
    steps:  the top block; its first step begins the case. repaired_by: posts that may repair it.
    """

    id: str
    title: str
    object: str
    owner: str
    prefix: str
    begins: Begin
    steps: tuple[Step, ...]
    exceptions: tuple[Exceptional, ...] = ()
    repaired_by: tuple[str, ...] = ()
    description: str = ""
    was: str = ""
    _every: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _by_id: Mapping[str, Step] = field(init=False, repr=False, compare=False)
    _errands: Mapping[str, Task | Wait] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every check and every decision asks for steps, so they are looked for once.
        every = tuple(step for block in self.blocks() for step in block)
        object.__setattr__(self, "_every", every)
        object.__setattr__(self, "_by_id", {step.id: step for step in reversed(every)})
        found = ((item.id, item.errand) for item in self.exceptions)
        object.__setattr__(self, "_errands", {name: step for name, step in found if step})

    def blocks(self) -> Iterator[tuple[Step, ...]]:
        """Yield every block: the top one and each branch of each parallel step, outermost first."""
        waiting: list[tuple[Step, ...]] = [self.steps]
        while waiting:
            block = waiting.pop(0)
            yield block
            for step in block:
                if isinstance(step, Parallel):
                    waiting.extend(branch.steps for branch in step.branches)

    def all_steps(self) -> tuple[Step, ...]:
        """Return every step of every block."""
        return self._every

    def step(self, name: str) -> Step | None:
        """Return the step of that id in any block, or None."""
        return self._by_id.get(name)

    @property
    def errands(self) -> Mapping[str, Task | Wait]:
        """Return what exceptions open besides, by their ids."""
        return self._errands

    def work(self, name: str) -> Step | None:
        """Return the step of that id, or what the exception of that id opens besides."""
        return self.step(name) or self._errands.get(name)

    def exception(self, name: str) -> Exceptional | None:
        """Return the exception of that id, declared or Kingpost's own, or None."""
        every = (*self.exceptions, *BUILT_IN)
        return next((item for item in every if item.id == name), None)

    def failure(self, step: str) -> Exceptional:
        """Return the exception that the failure of a step raises: of a call, or of a run."""
        own = RUN_FAILED if isinstance(self.step(step), Run) else CALL_FAILED
        return next((item for item in self.exceptions if step in item.failing), own)
