"""Guards: conditions of a workflow, decided over classes of values where that can be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from math import prod
from typing import Any, TypeAlias

from kingpost.checks.soundness.classes import EMPTY, classes
from kingpost.expressions import Compiled, Scope, Value, YesNoType, compile_expression
from kingpost.expressions.comparisons import comparisons
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.scope import STATE, case_scope
from kingpost.model.workflow import Workflow

# A record as far as conditions can tell it from others: a class for each field that they read.
# IDLE: nothing reads the field any more.
Cell: TypeAlias = tuple[int, ...]
IDLE = -1

# A field with what looks at it: a condition, or FILLED where it matters whether it is empty.
Uses: TypeAlias = frozenset[tuple[int, str]]
FILLED = ""

# For each field, for each of its classes, the class that stands for it.
Lens: TypeAlias = tuple[tuple[int, ...], ...]

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
    """A condition. reads: the fields of the cell that it looks at. closed: it can be decided."""

    compiled: Compiled
    reads: tuple[int, ...]
    reads_state: bool
    closed: bool


@dataclass(slots=True)
class Guards:
    """The conditions of one workflow.

    fields: those that some condition decides on, in the order of a cell.
    values: of each such field one value for each class.
    guessed: fields whose value a rule sets, so that not every class need occur.
    """

    item: BusinessObject
    scope: Scope
    fields: tuple[str, ...] = ()
    values: tuple[tuple[Any, ...], ...] = ()
    by_text: dict[str, Guard] = field(default_factory=dict[str, Guard])
    _answers: dict[tuple[str, tuple[int, ...], str], Truth] = field(
        default_factory=dict[tuple[str, tuple[int, ...], str], Truth]
    )
    _lenses: dict[Uses, Lens] = field(default_factory=dict[Uses, Lens])
    _shows: dict[tuple[int, tuple[str, ...]], tuple[int, ...]] = field(
        default_factory=dict[tuple[int, tuple[str, ...]], tuple[int, ...]]
    )
    _tells: dict[tuple[str, int], dict[int, object]] = field(
        default_factory=dict[tuple[str, int], dict[int, object]]
    )

    def truth(self, text: str, cell: Cell, state: str) -> Truth:
        """Tell what a condition says of a record. state: empty when it is not known."""
        guard = self.by_text[text]
        seen = tuple(cell[index] for index in guard.reads)
        if not guard.closed or (guard.reads_state and not state):
            return OPEN
        key = (text, seen, state if guard.reads_state else "")
        if key not in self._answers:
            self._answers[key] = self._evaluate(guard, seen, state)
        return self._answers[key]

    def _evaluate(self, guard: Guard, seen: tuple[int, ...], state: str) -> Truth:
        record: dict[str, Value] = {STATE: state}
        for index, chosen in zip(guard.reads, seen, strict=True):
            record[self.fields[index]] = self.values[index][chosen]
        answer = guard.compiled.evaluate({self.item.id: record})
        return answer if isinstance(answer, bool) else None

    def uses(self, texts: Iterable[str | None]) -> Uses:
        """Return which fields conditions look at."""
        return frozenset(
            (index, text)
            for text in texts
            if text is not None
            for index in self.by_text[text].reads
        )

    def lens(self, uses: Uses) -> Lens:
        """Return how a record looks to some uses: what none of them tells apart looks alike."""
        if uses not in self._lenses:
            self._lenses[uses] = tuple(
                self._shown(index, tuple(sorted(text for at, text in uses if at == index)))
                for index in range(len(self.fields))
            )
        return self._lenses[uses]

    def _shown(self, index: int, texts: tuple[str, ...]) -> tuple[int, ...]:
        """Return for each class of a field the one that stands for it."""
        key = (index, texts)
        if key not in self._shows:
            self._shows[key] = self._stand_ins(index, texts)
        return self._shows[key]

    def _stand_ins(self, index: int, texts: tuple[str, ...]) -> tuple[int, ...]:
        if not texts:
            return (IDLE,) * len(self.values[index])
        shown = list(range(len(self.values[index])))
        first: dict[tuple[object, ...], int] = {}
        tellings = [self._telling(text, index) for text in texts]
        for chosen in self.classes_of(index):
            told = tuple(telling[chosen] for telling in tellings)
            shown[chosen] = first.setdefault(told, chosen)
        return tuple(shown)

    def _telling(self, text: str, index: int) -> dict[int, object]:
        """Return by class what a use says of it; what is said alike is one number."""
        key = (text, index)
        if key not in self._tells:
            known: dict[object, int] = {}
            self._tells[key] = {
                chosen: known.setdefault(self._told(text, index, chosen), len(known))
                for chosen in self.classes_of(index)
            }
        return self._tells[key]

    def _told(self, text: str, index: int, chosen: int) -> object:
        """Return all that a use says of a class, whatever the rest of the record is."""
        if text == FILLED:
            return chosen == EMPTY
        guard = self.by_text[text]
        others = [self.classes_of(other) for other in guard.reads if other != index]
        states = [state.id for state in self.item.states] if guard.reads_state else [""]
        if prod(map(len, others)) * len(states) > _COMPARED_MAX:
            return chosen
        cell = [IDLE] * len(self.fields)
        cell[index] = chosen
        answers: list[Truth] = []
        for state, *rest in product(states, *others):
            for other, one in zip((at for at in guard.reads if at != index), rest, strict=True):
                cell[other] = int(one)
            answers.append(self.truth(text, tuple(cell), str(state)))
        return tuple(answers)

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
    *,
    filled: Iterable[str],
    told: Iterable[tuple[str, Iterable[Value]]],
) -> Guards:
    """Read the conditions of a workflow.

    filled: fields of which it matters whether they are empty. told: what rules may answer.
    Raises: BrokenConditionError, when one does not read.
    """
    item = model.objects[workflow.object]
    scope = case_scope(model, workflow)
    compiled = {text: _compile(text, scope) for text in dict.fromkeys(texts)}
    held = {text: _held(text, scope, item) for text in compiled}
    against: dict[str, list[Value]] = {name: [] for name in filled}
    for found in held.values():
        for name, values in (found or {}).items():
            if name != STATE:
                against.setdefault(name, []).extend(values)
    for name, values in told:
        if name in against:
            against[name].extend(values)
    fields = tuple(one.id for one in item.fields if one.id in against)
    values = tuple(_values(model, item, name, against[name]) for name in fields)
    guards = Guards(item, scope, fields, values)
    for text, one in compiled.items():
        guards.by_text[text] = _guard(one, held[text], fields)
    return guards


def _compile(text: str, scope: Scope) -> Compiled:
    found = compile_expression(text, scope, YesNoType())
    if not isinstance(found, Compiled):
        raise BrokenConditionError(text)
    return found


def _held(text: str, scope: Scope, item: BusinessObject) -> Mapping[str, tuple[Value, ...]] | None:
    """Return by field what a condition holds it against; None when it reads more than fields."""
    found = comparisons(text, scope)
    known = {f"{item.id}.{one.id}": one.id for one in item.fields} | {f"{item.id}.{STATE}": STATE}
    if found is None or not found.keys() <= known.keys():
        return None
    return {known[path]: values for path, values in found.items()}


def _values(
    model: Model, item: BusinessObject, name: str, against: Iterable[Value]
) -> tuple[Any, ...]:
    found = item.field(name)
    assert found is not None, "the scope has no other fields"
    names = sorted(model.posts) if found.type is FieldType.POST else found.choices
    return classes(found, names, against)


def _guard(
    compiled: Compiled, held: Mapping[str, tuple[Value, ...]] | None, fields: tuple[str, ...]
) -> Guard:
    if held is None:
        return Guard(compiled, (), reads_state=False, closed=False)
    reads = tuple(index for index, name in enumerate(fields) if name in held)
    return Guard(compiled, reads, STATE in held, closed=True)
