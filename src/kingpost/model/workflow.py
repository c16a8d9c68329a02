"""How work moves: workflows, their steps, routes, due times and exceptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kingpost.values.span import Span

# Where a route may go besides a step of its own block: out of the branch it stands in.
DONE = "done"


@dataclass(frozen=True, slots=True)
class Route:
    """One way on from a step.

    when: expression over the record; None for the `else`, or for the only way.
    go:   a step of the same block, or `done` to leave a branch.
    """

    go: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """How long a step may take, counted from entering it.

    span:   one length for every record; None when it depends on a field.
    field:  a choice field of the object, whose value picks the length.
    spans:  the length for each value of the field, in the order of its choices.
    """

    span: Span | None = None
    field: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """The post to which a step's work is addressed.

    post:  a fixed post, or the fallback when the field is empty; None for any post of the role.
    field: a field of type post on the object, or None.
    """

    post: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What every step has.

    state:      the record's state from entering it on, or None to leave the state alone.
    due:        the time it may take, or None.
    discharges: obligations whose evidence it makes; it cannot complete without that evidence.
    then:       ordered routes; empty only for an end step and for a decision.
    """

    id: str
    title: str
    state: str | None = None
    due: Due | None = None
    discharges: tuple[str, ...] = ()
    then: tuple[Route, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Decision(Step):
    """A validation point: a person judges what is shown and takes one of the outcomes.

    shows: fields laid before the person; their values are hashed into the decision record.
    """

    role: str = ""
    to: Addressee = field(default_factory=Addressee)
    shows: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    separate_from: tuple[str, ...] = ()

    def outcome(self, name: str) -> Outcome | None:
        """Return the outcome of that name, or None."""
        return next((outcome for outcome in self.outcomes if outcome.id == name), None)


@dataclass(frozen=True, slots=True)
class RuleStep(Step):
    """Evaluates a rule, stores its outputs in the fields of the same names, and routes."""

    rule: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message that a wait accepts, and the way on when it comes.

    senders: roles and interfaces, written `role/…` or `interface/…`, that may deliver it.
    """

    message: str
    title: str
    senders: tuple[str, ...]
    then: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Waits for a message or until a time, whichever comes first.

    messages: each may end the wait.
    limit:    the time after which the wait ends by itself along `then`; None waits for ever.
    role, records: who may record which fields meanwhile; empty for nobody.
    """

    messages: tuple[Awaited, ...] = ()
    limit: Span | None = None
    role: str = ""
    records: tuple[str, ...] = ()


class JoinKind(StrEnum):
    """When a parallel step is over; what is still open then is withdrawn."""

    ALL = "all"
    ANY = "any"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the branches of a parallel step: a block of its own. Its first step begins it."""

    id: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Parallel(Step):
    """Branches that run at once.

    join:  ALL branches done, ANY one done, or the NAMED ones done.
    named: the branches that must be done when `join` is NAMED.
    """

    branches: tuple[Branch, ...] = ()
    join: JoinKind = JoinKind.ALL
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End(Step):
    """The case is closed. It stands at the top of a workflow only, never in a branch."""


class Cause(StrEnum):
    """What kind of thing went wrong."""

    PARTY = "party"
    DOCUMENT = "document"
    SYSTEM = "system"
    REGULATION = "regulation"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a suspension may end.

    completes: the step counts as completed by the same act, with all that completing it asks
               for; otherwise the work goes on where it was.
    """

    id: str
    title: str
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A named thing that may go wrong in the business, and its effect.

    raised_by:   roles that may raise it, and end the suspension.
    steps:       the tasks, decisions and waits in which it may be raised.
    divert:      a step of the same block to go to, or `done`; None when it suspends.
    state:       the record's state while suspended, or None.
    stops_clocks: whether the clocks of the step and of all around it stop while suspended.
    endings:     how a suspension may end; empty for a diversion.
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

    def ending(self, name: str) -> Ending | None:
        """Return the ending of that name, or None."""
        return next((ending for ending in self.endings if ending.id == name), None)


@dataclass(frozen=True, slots=True)
class Begin:
    """How a case begins: the fields of its form, who may start it, and from which interfaces."""

    form: tuple[str, ...]
    roles: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """An executable unit over one business object.

    prefix: of the case numbers, such as `INC` in `INC-2417`.
    steps:  the top block; its first step begins the case.
    """

    id: str
    title: str
    object: str
    owner: str
    prefix: str
    begins: Begin
    steps: tuple[Step, ...]
    exceptions: tuple[Exceptional, ...] = ()
    _every: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _by_id: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every check and every decision asks for steps, so they are looked for once.
        every = tuple(step for block in self.blocks() for step in block)
        object.__setattr__(self, "_every", every)
        object.__setattr__(self, "_by_id", {step.id: step for step in reversed(every)})

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

    def exception(self, name: str) -> Exceptional | None:
        """Return the exception of that id, or None."""
        return next((item for item in self.exceptions if item.id == name), None)
