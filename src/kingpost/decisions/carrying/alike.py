"""What tells cases apart that stand alike, as far as controls go: of such, one is looked at."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from kingpost.decisions.carrying.placing import Placing, Sides
from kingpost.decisions.case import Case
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.versions.renaming import Part
from kingpost.model.scope import CHANGED, STATE

# Where a token stands: the branches and steps around it, from the outermost on.
_Place = tuple[tuple[str | None, str], ...]
_GONE: _Place = ((None, ""),)


@dataclass(frozen=True, slots=True)
class Alike:
    """Tells which cases have passed alike what a workflow asks, in both versions.

    fields: of the old version, that a condition reads; None when one reads the record whole.
    counts: whether a condition reads how often fields were changed.
    """

    fields: tuple[str, ...] | None
    counts: bool

    @classmethod
    def of(cls, sides: Sides) -> "Alike":
        """Return what tells cases of a workflow apart."""
        paths = {*_read(sides.old), *_read(sides.new)}
        names = {sides.old.object.id, sides.new.object.id}
        split = [path.partition(".") for path in paths]
        read = {field for root, _, field in split if root in names}
        known = sides.old.fields.keys() | sides.new.fields.keys() | {STATE}
        of = sides.names.of[Part.FIELD]
        there = tuple(
            sorted(name for name in sides.old.fields if read & {name, of.get(name, name)})
        )
        counts = any(root == CHANGED for root, _, _ in split)
        return cls(there if read <= known else None, counts)

    def key(self, case: Case, placing: Placing) -> Hashable:
        """Return what is the same of two cases that have passed the same controls.

        Their identities, times and what no condition reads are not in it.
        """
        places = {name: _place_of(case, name) for name in case.tokens}
        fields = case.fields if self.fields is None else _only(case.fields, self.fields)
        return (
            case.state,
            frozenset(
                (places[name], token.step, token.done, _stands(placing, name))
                for name, token in case.tokens.items()
            ),
            frozenset(case.entered.items()),
            frozenset(
                (name, how.by, how.within and places.get(how.within, _GONE))
                for name, how in case.taken.items()
            ),
            frozenset(name for name, people in case.performers.items() if people),
            frozenset(case.settled.items()),
            _hashable(fields),
            frozenset(case.changed.items()) if self.counts else None,
        )


def _read(program: WorkflowProgram) -> Iterable[str]:
    """Yield the paths that conditions read on which it rests where a case may have come."""
    for ways in program.ways.values():
        for way in ways:
            yield from way.when.reads if way.when is not None else ()
    for duty in program.duties.values():
        yield from duty.applies.reads if duty.applies is not None else ()


def _place_of(case: Case, name: str) -> _Place:
    token = case.tokens[name]
    around = _place_of(case, token.parent) if token.parent is not None else ()
    return (*around, (token.branch, token.step))


def _stands(placing: Placing, name: str) -> Hashable:
    placed = placing.kept.get(name)
    kept = (placed.step, placed.branch, placed.done) if placed is not None else None
    return kept, placing.moved.get(name)


def _only(fields: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: fields[name] for name in names if name in fields}


def _hashable(value: Any) -> Hashable:  # noqa: ANN401 - a plain value, with all in it
    """Return plain values so that they can be told apart: `1` is another one than `true`."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return tuple((name, _hashable(members[name])) for name in sorted(members))
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, cast("list[Any]", value)))
    return type(value).__name__, value
