"""One evaluation: what it may spend, what it has found, what went wrong, and what it can tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from kingpost.expressions import Problem, Value
from kingpost.expressions.operators import kind_of
from kingpost.expressions.value import ExhaustedError, Run, UndecidedError
from kingpost.rules.logic import NOWHERE, Spot

REMARKS_MAX = 100
STEPS_KEPT_MAX = 1_000
ITEMS_SHOWN_MAX = 1_000
_TOO_DEEP = "the rules call each other too deeply"


@dataclass(frozen=True, slots=True)
class Site:
    """A part of the logic, as messages call it.

    own:    its own name; may be empty for a part that is only somewhere else.
    around: what it is a part of. Few of the many parts of a table are ever named in a message.
    """

    own: str
    at: Spot = NOWHERE
    around: "Site | None" = None

    @property
    def name(self) -> str:
        """Return its whole name, such as `decision Route, row 3`."""
        around = self.around.name if self.around is not None else ""
        return f"{around}, {self.own}" if around and self.own else around or self.own

    def inside(self, name: str, at: Spot = NOWHERE) -> "Site":
        """Return a part of this part; a part without a name is only somewhere else."""
        if not name and (not at.line or at == self.at):
            return self
        return Site(name, at if at.line else self.at, self)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that became null, or that is wrong in a text.

    offset, length: in characters of the text that begins at the site.
    """

    site: Site
    message: str
    help: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """How a table came to its answer. Rows are counted from 1.

    inputs: what each column tested. tried: how many rows were held against it.
    fired:  the rows that made the answer; empty when the default did.
    """

    inputs: Mapping[str, Value]
    tried: int
    matched: tuple[int, ...]
    fired: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One decision, function, service or table on the way to an answer.

    given: what it read, by name. steps: what it asked for, in the order of asking.
    """

    name: str
    given: Mapping[str, Value]
    result: Value
    hits: Hits | None = None
    steps: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of an evaluation, with everything that became null and how it was found."""

    value: Value
    remarks: tuple[Remark, ...]
    steps: tuple[Step, ...]


class Session:
    """The state of one evaluation.

    run:   what may still be spent.
    steps: where an explanation is gathered, or None when nobody asked for one.
    """

    __slots__ = ("kept", "remarks", "run", "steps")

    def __init__(self, *, explaining: bool = False, strict: bool = False) -> None:
        """Begin an evaluation with full tanks. strict: as in a run."""
        self.run = Run({})
        self.run.strict = strict
        self.remarks: list[Remark] = []
        self.steps: list[Step] | None = [] if explaining else None
        self.kept = 0

    def remark(self, site: Site, message: str) -> None:
        """Note what became null."""
        if len(self.remarks) < REMARKS_MAX:
            self.remarks.append(Remark(site, message))

    def take(self, site: Site, problems: Sequence[Problem]) -> None:
        """Note the warnings of an expression."""
        for one in problems[: REMARKS_MAX - len(self.remarks)]:
            self.remarks.append(Remark(site, one.message, one.help, one.offset, one.length))

    def tell(self, work: Callable[[], Value], name: str, given: Mapping[str, Value]) -> Value:
        """Do a piece of work, and keep it as a step with the steps that it took."""
        if self.steps is None:
            return work()
        around, self.steps = self.steps, []
        try:
            result = work()
        finally:
            inner, self.steps = tuple(self.steps), around
        self.keep(Step(name, given, result, None, inner))
        return result

    def keep(self, step: Step) -> None:
        """Keep a step, while there is room; of values that are too large only what they are."""
        self.kept += 1
        if self.steps is not None and self.kept <= STEPS_KEPT_MAX:
            given = {name: _shown(value) for name, value in step.given.items()}
            hits = replace(step.hits, inputs=given) if step.hits is not None else None
            self.steps.append(replace(step, given=given, result=_shown(step.result), hits=hits))


def _shown(value: Value) -> Value:
    """Return a value, or in words what it is when it holds more than an explanation may keep."""
    waiting, room = [value], ITEMS_SHOWN_MAX
    while waiting and room > 0:
        one = waiting.pop()
        if isinstance(one, str):
            room -= len(one) >> 6
        elif isinstance(one, list):
            room -= 1 + len(one)
            waiting.extend(one[:room])
        elif isinstance(one, dict):
            room -= 1 + len(one)
            waiting.extend(one.values())
    return value if room > 0 else f"({kind_of(value)}, too large to be kept here)"


Values: TypeAlias = dict[str, Value]
Work: TypeAlias = Callable[[Session, Values], Value]


def evaluated(work: Work, session: Session, values: Values, site: Site) -> Value:
    """Return the value of a piece of work; null when it spends too much, or may not go on."""
    try:
        value = work(session, values)
        if isinstance(value, list | dict):
            session.run.measure(value)
    except (ExhaustedError, UndecidedError) as error:
        session.remark(site, str(error))
    except RecursionError:
        session.remark(site, _TOO_DEEP)
    else:
        return value
    return None
