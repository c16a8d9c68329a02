"""Guards: conditions of a workflow, decided over classes of values where that can be done."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import product
from math import prod
from typing import Any, TypeAlias

from kingpost.checks.classes.values import EMPTY, alike, classes
from kingpost.checks.soundness.acts import Answer
from kingpost.checks.soundness.cells import IDLE, Cell, Lens, Shown
from kingpost.expressions import Compiled, Scope, Value, YesNoType, compile_expression
from kingpost.expressions.comparisons import Comparisons, comparisons
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.scope import ENTERED, STATE, post_type
from kingpost.model.workflow import Workflow

# A field with what looks at it: a condition, or FILLED where it matters whether it is empty.
Uses: TypeAlias = frozenset[tuple[int, str]]
FILLED = ""
_NOTHING: Uses = frozenset()

# How often a case came to a step, by class: never, or some time.
_TIMES = (Decimal(0), Decimal(1))
CAME = 1

# Above this many combinations of other fields, classes are taken as told apart.
_COMPARED_MAX = 500


class Open(Enum):
    """The answer of a condition that may hold or not."""

    OPEN = "open"


OPEN = Open.OPEN
Truth: TypeAlias = bool | Open | None


class BrokenConditionError(Exception):
    """A condition does not read; that is reported elsewhere."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition.

    reads: the fields of the cell that it looks at, each with its classes as this condition alone
           tells them apart.
    uses:  the same fields, each with the text of the condition.
    weighed: what decides it; None where it cannot be decided over classes.
    """

    reads: tuple[tuple[int, Shown], ...] = ()
    uses: Uses = frozenset()
    reads_state: bool = False
    weighed: Comparisons | None = None


@dataclass(slots=True)
class Guards:
    """The conditions of one workflow.

    fields:  those that some condition decides on, in the order of a cell.
    counted: the steps of which some condition asks whether a case came there. Each has a place in
             a cell behind those of the fields, and two classes: it never did, and it did.
    values:  of each such field, and of each such step, one value for each class.
    paths:   what conditions call each place of a cell.
    """

    item: BusinessObject
    fields: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    values: tuple[tuple[Any, ...], ...] = ()
    paths: tuple[str, ...] = field(init=False)
    by_text: dict[str, Guard] = field(default_factory=dict[str, Guard])
    _answers: dict[tuple[str, tuple[int, ...], str], Truth] = field(
        default_factory=dict[tuple[str, tuple[int, ...], str], Truth]
    )
    _lenses: dict[Uses, Lens] = field(default_factory=dict[Uses, Lens])
    _shows: dict[tuple[int, tuple[str, ...]], Shown] = field(
        default_factory=dict[tuple[int, tuple[str, ...]], Shown]
    )
    _tells: dict[tuple[str, int], dict[int, int]] = field(
        default_factory=dict[tuple[str, int], dict[int, int]]
    )

    def __post_init__(self) -> None:
        fields = (f"{self.item.id}.{one}" for one in self.fields)
        self.paths = (*fields, *map(_counts, self.counted))

    @property
    def counting(self) -> range:
        """Return the places of a cell that say whether a case came to a step."""
        return range(len(self.fields), len(self.values))

    def come(self, step: str, cell: Cell) -> Cell:
        """Return a record as it is once the case has come to a step."""
        if step not in self.counted:
            return cell
        at = len(self.fields) + self.counted.index(step)
        return (*cell[:at], CAME, *cell[at + 1 :])

    def places(self, steps: Iterable[str]) -> frozenset[int]:
        """Return the places of some steps in a cell; those that nothing asks for have none."""
        found = [self.counted.index(one) for one in steps if one in self.counted]
        return frozenset(len(self.fields) + index for index in found)

    def truth(self, text: str, cell: Cell, state: str) -> Truth:
        """Tell what a condition says of a record. state: empty when it is not known."""
        guard = self.by_text[text]
        if guard.weighed is None or (guard.reads_state and not state):
            return OPEN
        return self._answer(text, tuple([shown[cell[at]] for at, shown in guard.reads]), state)

    def _answer(self, text: str, seen: tuple[int, ...], state: str) -> Truth:
        """Return what a condition says of the classes of the fields that it reads."""
        guard = self.by_text[text]
        assert guard.weighed is not None, "only conditions over classes look at fields"
        key = (text, seen, state if guard.reads_state else "")
        if key not in self._answers:
            given: dict[str, Value] = {f"{self.item.id}.{STATE}": state}
            for (index, _), chosen in zip(guard.reads, seen, strict=True):
                given[self.paths[index]] = self.values[index][chosen]
            self._answers[key] = guard.weighed.answer(given)
        return self._answers[key]

    def uses(self, texts: Iterable[str | None]) -> Uses:
        """Return which fields conditions look at."""
        used = [self.by_text[text].uses for text in texts if text is not None]
        return _NOTHING.union(*used)

    def lens(self, uses: Uses) -> Lens:
        """Return how a record looks to some uses."""
        if uses not in self._lenses:
            texts: list[list[str]] = [[] for _ in self.values]
            for index, text in uses:
                texts[index].append(text)
            shown = (self._shown(index, tuple(sorted(some))) for index, some in enumerate(texts))
            self._lenses[uses] = Lens(tuple(shown))
        return self._lenses[uses]

    def _shown(self, index: int, texts: tuple[str, ...]) -> Shown:
        """Return for each class of a field the one that stands for it."""
        key = (index, texts)
        if key not in self._shows:
            self._shows[key] = self._stand_ins(index, texts)
        return self._shows[key]

    def _stand_ins(self, index: int, texts: tuple[str, ...]) -> Shown:
        if not texts:
            return (IDLE,) * len(self.values[index])
        shown = list(range(len(self.values[index])))
        first: dict[tuple[int, ...], int] = {}
        tellings = [self._telling(text, index) for text in texts]
        for chosen in self.classes_of(index):
            told = tuple([telling[chosen] for telling in tellings])
            shown[chosen] = first.setdefault(told, chosen)
        return tuple(shown)

    def _telling(self, text: str, index: int) -> dict[int, int]:
        """Return by class what a use says of it; what is said alike is one number."""
        key = (text, index)
        if key not in self._tells:
            self._tells[key] = self._told(text, index)
        return self._tells[key]

    def _told(self, text: str, index: int) -> dict[int, int]:
        """Tell classes apart by all that a use says of each, whatever the rest of the record is."""
        every = self.classes_of(index)
        if text == FILLED:
            return {chosen: int(chosen != EMPTY) for chosen in every}
        guard = self.by_text[text]
        choices = [
            (None,)
            if at == index
            else tuple(dict.fromkeys(shown[one] for one in self.classes_of(at)))
            for at, shown in guard.reads
        ]
        shown = next(shown for at, shown in guard.reads if at == index)
        states = [state.id for state in self.item.states] if guard.reads_state else [""]
        if prod(map(len, choices)) * len(states) > _COMPARED_MAX:
            return {chosen: shown[chosen] for chosen in every}
        known: dict[object, int] = {}
        numbers: dict[int, int] = {}
        for chosen in dict.fromkeys(shown[chosen] for chosen in every):
            told = tuple(
                [
                    self._answer(
                        text, tuple([chosen if one is None else one for one in seen]), state
                    )
                    for state in states
                    for seen in product(*choices)
                ]
            )
            numbers[chosen] = known.setdefault(told, len(known))
        return {chosen: numbers[shown[chosen]] for chosen in every}

    def classes_of(self, index: int, *, filled: bool = False) -> tuple[int, ...]:
        """Return the classes of a field, the empty one last, or not at all when it is filled.

        So an example has a value where one will do.
        """
        some = range(EMPTY + 1, len(self.values[index]))
        return tuple(some) if filled else (*some, EMPTY)

    def classes_with(self, index: int, held: Iterable[Value]) -> tuple[int, ...]:
        """Return the classes in which some values are; the last one holds what is not named."""
        known = self.values[index]
        found = (known.index(value) if value in known else len(known) - 1 for value in held)
        return tuple(dict.fromkeys(found))


def read_guards(
    model: Model,
    workflow: Workflow,
    texts: Iterable[str],
    scope: Scope,
    *,
    filled: Iterable[str] = (),
    told: Iterable[Answer] = (),
) -> Guards:
    """Read the conditions of a workflow.

    scope:  the names that they may use.
    filled: fields of which it matters whether they are empty. told: what rules may answer.
    Raises: BrokenConditionError, when one does not read.
    """
    item = model.objects[workflow.object]
    steps = {_counts(step.id): step.id for step in workflow.all_steps()}
    known = {f"{item.id}.{STATE}", *(f"{item.id}.{one.id}" for one in item.fields), *steps}
    weighed = {text: _weighed(text, scope, known, steps) for text in dict.fromkeys(texts)}
    asked = {path for found in weighed.values() if found for path in found.held}
    against: dict[str, list[Value]] = {name: [] for name in filled}
    for found in weighed.values():
        for path, values in found.held.items() if found else ():
            name = path.removeprefix(f"{item.id}.")
            if name != STATE and path not in steps:
                against.setdefault(name, []).extend(values)
    for answer in told:
        if answer.name in against:
            against[answer.name].extend(answer.told or ())
    fields = tuple(one.id for one in item.fields if one.id in against)
    counted = tuple(name for path, name in steps.items() if path in asked)
    values = tuple(_values(model, item, name, against[name]) for name in fields)
    guards = Guards(item, fields, counted, (*values, *[_TIMES] * len(counted)))
    for text, found in weighed.items():
        guards.by_text[text] = _guard(guards, text, found)
    return guards


def _counts(step: str) -> str:
    """Return what conditions call the number of times that a case came to a step."""
    return f"{ENTERED}.{step}"


def _weighed(
    text: str, scope: Scope, known: Container[str], steps: Container[str]
) -> Comparisons | None:
    """Return a condition that can be decided over classes; None when it reads more than those.

    known: the paths that have classes. steps: those of them that count how often a case came to
           a step; of these it is known only whether it ever did.
    """
    compiled = compile_expression(text, scope, YesNoType())
    if not isinstance(compiled, Compiled):
        raise BrokenConditionError(text)
    found = comparisons(compiled)
    if found is None:
        return None
    for path, values in found.held.items():
        if path not in known or (path in steps and any(one != _TIMES[0] for one in values)):
            return None
    return found


def _values(
    model: Model, item: BusinessObject, name: str, against: Iterable[Value]
) -> tuple[Any, ...]:
    found = item.field(name)
    assert found is not None, "the scope has no other fields"
    names = post_type(model).of if found.type is FieldType.POST else found.choices
    return classes(found, names, against)


def _guard(guards: Guards, text: str, weighed: Comparisons | None) -> Guard:
    if weighed is None:
        return Guard()
    held = weighed.held
    reads = tuple(
        (index, alike(guards.values[index], held[path]))
        for index, path in enumerate(guards.paths)
        if path in held
    )
    uses = frozenset((index, text) for index, _ in reads)
    return Guard(reads, uses, f"{guards.item.id}.{STATE}" in held, weighed)
