"""Moves that no record can make, for two states ask for other values of what stays as it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, TypeAlias

from kingpost.checks.classes.constancy import RECORDS_MAX, names_of
from kingpost.checks.classes.values import classes
from kingpost.checks.conditions import Scopes
from kingpost.checks.finding import error, listed, of
from kingpost.checks.workflows.recording import recorded
from kingpost.expressions import Compiled, YesNoType, compile_expression
from kingpost.expressions.comparisons import Comparisons, comparisons
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.scope import STATE
from kingpost.values.diagnostic import Diagnostic

# What a record holds in the fields that nothing changes, one value of a class for each.
_Kept: TypeAlias = frozenset[tuple[Any, ...]]
_NOTHING: _Kept = frozenset()


def check_states_meet(model: Model, scopes: Scopes | None = None) -> Iterator[Diagnostic]:
    """Find moves that no record can make: both states ask for other values of what stays as it is.

    Decided where what must be true in a state only compares fields with written values.
    """
    scopes = scopes or Scopes(model)
    changing: dict[str, set[str]] = {}
    for workflow in model.workflows.values():
        # What the form takes stays as it is, if nothing else fills it.
        recorded_in = (recorded(model, step) for step in workflow.all_steps())
        changing.setdefault(workflow.object, set()).update(*recorded_in)
    for item in model.objects.values():
        if item.id not in changing or not _is_asked_again(item, changing[item.id]):
            continue
        asking = _asking(item, scopes)
        if len(asking) > 1:
            yield from _check(model, _Lifecycle.of(model, item, asking, changing[item.id]))


def _is_asked_again(item: BusinessObject, changing: Collection[str]) -> bool:
    """Tell whether several states may ask for a field that nothing changes, by what is written.

    Most records have none; then no expression is read for it.
    """
    texts = [state.always for state in item.states if state.always]
    names = (one.id.rpartition(".")[2] for one in item.fields if one.id not in changing)
    return any(sum(name in text for text in texts) > 1 for name in names)


def _asking(item: BusinessObject, scopes: Scopes) -> dict[str, Comparisons]:
    """Return what must always be true in each state, where that can be decided."""
    scope = scopes.at(f"object/{item.id}")
    found: dict[str, Comparisons] = {}
    for state in item.states if scope is not None else ():
        asked = compile_expression(state.always, scope or {}, YesNoType()) if state.always else None
        compared = comparisons(asked) if isinstance(asked, Compiled) else None
        if compared is not None:
            found[state.id] = compared
    return found


@dataclass(frozen=True, slots=True)
class _Lifecycle:
    """What records may hold in their states, as far as nothing changes it.

    paths:   of the fields that nothing changes and about which several states ask.
    allowed: by state, what it lets a record hold there. coming: what comes to it along the moves.
    """

    item: BusinessObject
    paths: tuple[str, ...]
    allowed: Mapping[str, _Kept]
    coming: Mapping[str, _Kept]

    @classmethod
    def of(
        cls,
        model: Model,
        item: BusinessObject,
        asking: Mapping[str, Comparisons],
        changing: Collection[str],
    ) -> "_Lifecycle":
        """Follow the records from where they begin to wherever the moves lead."""
        fields = {f"{item.id}.{one.id}": one for one in item.fields}
        held = [one.held for one in asking.values()]
        paths = tuple(
            path
            for path, field in fields.items()
            if field.id not in changing and sum(path in each for each in held) > 1
        )
        values = {
            path: classes(
                field,
                names_of(model, field),
                [value for each in held for value in each.get(path, ())],
            )
            for path, field in fields.items()
            if any(path in each for each in held)
        }
        if prod(len(values[path]) for path in paths) > RECORDS_MAX:
            paths = ()
        whole = frozenset(product(*(values[path] for path in paths)))
        allowed = {
            state.id: _allowed(item, state.id, asking.get(state.id), paths, values, whole)
            for state in item.states
        }
        return cls(item, paths, allowed, _coming(item, allowed))

    def clash(self, source: str, target: str) -> str:
        """Return the state, at or before a source, that asks for other values than a target."""
        waiting, seen = [source], {source}
        while waiting:
            name = waiting.pop(0)
            if self.allowed[name].isdisjoint(self.allowed[target]):
                return name
            before = (one.id for one in self.item.states if self.item.permits(one.id, name))
            new = [one for one in before if one not in seen and self.coming[one]]
            seen.update(new)
            waiting.extend(new)
        return source

    def parted(self, source: str, target: str) -> tuple[str, ...]:
        """Return the fields about which two states do not agree."""
        here, there = self.coming[source], self.allowed[target]
        alone = tuple(
            path
            for at, path in enumerate(self.paths)
            if {one[at] for one in here}.isdisjoint(one[at] for one in there)
        )
        return alone or self.paths


def _allowed(
    item: BusinessObject,
    state: str,
    asked: Comparisons | None,
    paths: tuple[str, ...],
    values: Mapping[str, tuple[Any, ...]],
    whole: _Kept,
) -> _Kept:
    """Return what a state lets a record hold; everything, where that is not decided."""
    if asked is None or not paths:
        return whole
    known = {**values, f"{item.id}.{STATE}": (state,)}
    others = [path for path in asked.held if path not in paths]
    if not known.keys() >= asked.held.keys():
        return whole
    ways = list(product(*(known[path] for path in others)))
    if len(whole) * len(ways) > RECORDS_MAX:
        return whole
    return frozenset(
        one
        for one in whole
        if any(
            asked.answer(dict(zip((*paths, *others), (*one, *way), strict=True))) is True
            for way in ways
        )
    )


def _coming(item: BusinessObject, allowed: Mapping[str, _Kept]) -> Mapping[str, _Kept]:
    """Return what records may hold that come to each state."""
    begins = [state.id for state in item.states if state.begin]
    coming = {name: allowed[name] if name in begins else _NOTHING for name in allowed}
    waiting = begins
    while waiting:
        source = waiting.pop()
        for target in allowed:
            new = coming[source] & allowed[target] if item.permits(source, target) else _NOTHING
            if not new <= coming[target]:
                coming[target] |= new
                waiting.append(target)
    return coming


def _check(model: Model, life: _Lifecycle) -> Iterator[Diagnostic]:
    told: set[tuple[str, str]] = set()
    for move in life.item.moves:
        source, target = move.source, move.target
        if source not in life.coming or target not in life.coming:
            continue
        here, there = life.coming[source], life.allowed[target]
        # What a state asks for and nothing fulfils is told by itself.
        if not here or not there or not here.isdisjoint(there):
            continue
        clash = life.clash(source, target)
        if (clash, target) not in told:
            told.add((clash, target))
            yield _finding(model, life, (source, target), clash)


def _finding(model: Model, life: _Lifecycle, move: tuple[str, str], clash: str) -> Diagnostic:
    source, target = move
    name = life.item.id
    fields = [path.partition(".")[2] for path in life.parted(source, target)]
    where = of("object", name, "states", target, "always")
    other = model.place(f"object/{name}", "states", clash, "always")
    message = (
        f"no record can go from state `{source}` to `{target}`: state `{clash}` asks for other"
        f" values of {listed(fields)} at {other}, and nothing changes"
        f" {'it' if len(fields) == 1 else 'them'} on the way"
    )
    advice = f"Correct one of the two, or let a step record {listed(fields, 'or')}."
    return error(model, "KP0412", where, message, advice)
