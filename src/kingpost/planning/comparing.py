"""Compare two values of the model, property by property, whatever their class."""

# ruff: noqa: ANN401 - what is compared follows the classes of the model.

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, is_dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal, cast, get_origin

from kingpost.model import objects, organisation, workflow
from kingpost.model.parts.classes import class_of, name_of, noun_of, properties_of
from kingpost.model.parts.references import WORDS, Around, is_expression, reader_of
from kingpost.model.parts.walk import about
from kingpost.values.address import step_address
from kingpost.values.business_time import Opening

# Told as one thing, since their parts mean nothing alone.
_WHOLE = (workflow.Route, workflow.Due, workflow.Addressee, Opening)
# Their order says nothing.
_UNORDERED = (objects.Move, organisation.Grant)


@dataclass(frozen=True, slots=True)
class Sides:
    """The part that is compared, and what its ids are looked up in on either side.

    renamed: from the address of an element before to the one it has now.
    """

    part: str
    before: Around
    after: Around
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    def at(self, part: str) -> "Sides":
        """Return the same for a part inside."""
        before, after = replace(self.before, part=part), replace(self.after, part=part)
        return replace(self, part=part, before=before, after=after)

    def about(self, before: Any, after: Any) -> "Sides":
        """Return the same for what two values say about their ids."""
        return replace(
            self,
            before=about(self.before.model, before, self.before),
            after=about(self.after.model, after, self.after),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference before it is worded.

    owner: the value that has the property, afterwards. name: the property, or empty.
    beside: for what is added or moved in an order, the names before and after it.
    row:    from 1, for one line of a list without names.
    """

    kind: Literal["added", "removed", "changed", "moved", "renamed"]
    here: Sides
    owner: Any = None
    name: str = ""
    before: Any = None
    after: Any = None
    beside: tuple[str, str] | None = None
    row: int = 0
    items: tuple[tuple[Any, ...], tuple[Any, ...]] = field(default=((), ()))


def compare(
    before: Any, after: Any, here: Sides, *, without: AbstractSet[str] = frozenset()
) -> Iterator[Change]:
    """Yield the changes between two values of the model that stand for the same part."""
    here = here.about(before, after)
    old, new = class_of(before), class_of(after)
    if old is not new:
        yield Change("changed", here, after, "kind", old.__name__, new.__name__)
    if isinstance(after, workflow.Workflow):
        yield from _compare_steps(before, after, here)
        without = without | {"steps"}
    elif isinstance(after, workflow.Branch):
        without = without | {"steps"}
    for name in dict.fromkeys((*properties_of(new), *properties_of(old))):
        if name not in without:
            then, now = _property(before, name), _property(after, name)
            if here.renamed:
                then = _as_named_now(here, before, name, then)
            lacking = old is not new and _says_nothing(then) and _says_nothing(now)
            if then != now and not lacking:
                yield from _compare_property(Change("changed", here, after, name, then, now))


def _property(owner: Any, name: str) -> Any:
    """Return a property, or None for a step of a kind that lacks it."""
    return getattr(owner, name, None)


def _as_named_now(here: Sides, owner: Any, name: str, value: Any) -> Any:
    """Return a property with the ids of renamed elements as they are now."""
    if isinstance(value, workflow.Addressee):
        return replace(value, post=_as_named_now(here, value, "post", value.post))
    reads = reader_of(class_of(owner), name)
    if reads is None or reads is WORDS or is_expression(reads):
        return value

    def named(item: Any) -> Any:
        if not isinstance(item, str) or not item:
            return item
        found = next(iter(reads(here.before, owner, item)), None)
        target = here.renamed.get(found.target) if found else None
        return target.rpartition("/")[2] if target else item

    if isinstance(value, tuple):
        return tuple(named(item) for item in cast("tuple[Any, ...]", value))
    return named(value)


def _says_nothing(value: Any) -> bool:
    return not value or value == workflow.Addressee()


def _compare_property(change: Change) -> Iterator[Change]:
    then, now = change.before, change.after
    if class_of(then) is class_of(now) and _has_parts(class_of(now)):
        yield from compare(then, now, change.here)
    elif isinstance(then, tuple) and isinstance(now, tuple):
        yield from _compare_lists(change)
    elif isinstance(then, frozenset) and isinstance(now, frozenset):
        gone = tuple(sorted(cast("frozenset[Any]", then - now)))
        new = tuple(sorted(cast("frozenset[Any]", now - then)))
        yield replace(change, items=(gone, new))
    else:
        yield change


@lru_cache(maxsize=256)
def _has_parts(kind: type) -> bool:
    """Tell whether a value is told by its properties, as evidence is; a length of time is not."""
    if not is_dataclass(kind) or kind in _WHOLE:
        return False
    return any(get_origin(hint) is tuple for hint in properties_of(kind).values())


def _compare_lists(change: Change) -> Iterator[Change]:
    then = cast("tuple[Any, ...]", change.before)
    now = cast("tuple[Any, ...]", change.after)
    sample = (*now, *then)[0]
    if isinstance(sample, _WHOLE):
        yield change
    elif is_dataclass(sample) and name_of(sample) is not None:
        yield from _compare_named(then, now, change.here)
    elif isinstance(sample, str) or _is_reference(change, sample):
        gone = tuple(item for item in then if item not in now)
        new = tuple(item for item in now if item not in then)
        yield replace(change, items=(gone, new))
    elif isinstance(sample, _UNORDERED) and set(then) != set(now):
        yield from _compare_unordered(change, then, now)
    elif isinstance(sample, _UNORDERED):
        yield change
    else:
        yield from compare_items(then, now, change.here, change.name, change.owner)


def _is_reference(change: Change, sample: Any) -> bool:
    """Tell whether an item of a list, such as `workflow/step` in two parts, names something."""
    reads = reader_of(class_of(change.owner), change.name)
    return isinstance(sample, tuple) and reads is not None and not is_expression(reads)


def _compare_unordered(
    change: Change, then: tuple[Any, ...], now: tuple[Any, ...]
) -> Iterator[Change]:
    """Yield what was removed and added; what replaces something alike is a change of it."""
    gone = [item for item in then if item not in now]
    for new in (item for item in now if item not in then):
        old = max(gone, default=None, key=lambda item: _likeness(item, new))
        if old is not None and not _likeness(old, new):
            old = None
        if old is not None:
            gone.remove(old)
        yield replace(change, kind="changed" if old else "added", before=old, after=new)
    for old in gone:
        yield replace(change, kind="removed", before=old, after=None)


def _likeness(old: Any, new: Any) -> int:
    """Return how much one authority is like another of the same decision; 0 for not at all."""
    if not isinstance(old, organisation.Grant) or not isinstance(new, organisation.Grant):
        return 0
    same_decision = (old.workflow, old.step) == (new.workflow, new.step)
    alike = (old.when == new.when) + (old.allowance == new.allowance)
    return same_decision * (1 + 3 * (old.outcomes == new.outcomes) + alike)


def compare_items(
    then: Sequence[Any], now: Sequence[Any], here: Sides, name: str, owner: Any = None
) -> Iterator[Change]:
    """Yield the changes between two lists of values without names: added, removed, replaced."""
    keys = [[repr(item) for item in items] for items in (then, now)]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for index in range(max(end - start, new_end - new_start)):
            old = then[start + index] if start + index < end else None
            new = now[new_start + index] if new_start + index < new_end else None
            kind = "added" if old is None else "removed" if new is None else "changed"
            row = (start if new is None else new_start) + index + 1
            yield Change(kind, here, owner, name, old, new, row=row)


def _compare_named(then: Sequence[Any], now: Sequence[Any], here: Sides) -> Iterator[Change]:
    """Yield the changes between two ordered lists of parts with names."""
    old = {name_of(item) or "": item for item in then}
    new = {name_of(item) or "": item for item in now}
    order = list(new)
    for name, item in new.items():
        there = _at(here, item)
        if name not in old:
            yield Change("added", there, item, after=item, beside=_beside(order, name))
        elif old[name] != item:
            yield from compare(old[name], item, there)
    for name, item in old.items():
        if name not in new:
            yield Change("removed", _at(here, item), item, before=item)
    for name in _moved([key for key in old if key in new], [key for key in order if key in old]):
        yield Change("moved", _at(here, new[name]), new[name], beside=_beside(order, name))


def _at(here: Sides, item: Any) -> Sides:
    return here.at(f"{here.part}/{noun_of(class_of(item))}/{name_of(item)}")


def _compare_steps(
    before: workflow.Workflow, after: workflow.Workflow, here: Sides
) -> Iterator[Change]:
    """Compare the steps of two workflows by their ids, whatever blocks they stand in."""
    old, new = _blocks(before), _blocks(after)
    then = {step.id: step for step in before.all_steps()}
    for name, (block, order) in new.items():
        there = here.at(step_address(after.id, name))
        step = after.step(name)
        assert step is not None, "it was listed from the same workflow"
        if name not in old:
            yield Change("added", there, step, after=step, beside=_beside(order, name))
            continue
        if then[name] != step:
            yield from compare(then[name], step, there)
        if old[name][0] != block:
            yield Change("changed", there, step, "block", old[name][0], block)
    for name in old:
        if name not in new:
            there = here.at(step_address(after.id, name))
            yield Change("removed", there, then[name], before=then[name])
    yield from _moved_steps(old, new, after, here)


def _moved_steps(
    old: "_Blocks", new: "_Blocks", after: workflow.Workflow, here: Sides
) -> Iterator[Change]:
    for block in dict.fromkeys(block for block, _ in new.values()):
        now = [name for name, (where, _) in new.items() if where == block]
        stayed = [name for name in now if name in old and old[name][0] == block]
        then = [name for name, (where, _) in old.items() if where == block and name in stayed]
        for name in _moved(then, stayed):
            there = here.at(step_address(after.id, name))
            yield Change("moved", there, after.step(name), beside=_beside(now, name))


_Blocks = dict[str, tuple[str, list[str]]]


def _blocks(item: workflow.Workflow) -> _Blocks:
    """Return for each step its block, as `STEP/BRANCH` or empty, and the names in that block."""
    found: _Blocks = {}
    waiting: list[tuple[str, tuple[workflow.Step, ...]]] = [("", item.steps)]
    while waiting:
        block, steps = waiting.pop(0)
        order = [step.id for step in steps]
        for step in steps:
            found[step.id] = (block, order)
            if isinstance(step, workflow.Parallel):
                waiting.extend((f"{step.id}/{branch.id}", branch.steps) for branch in step.branches)
    return found


def _beside(order: Sequence[str], name: str) -> tuple[str, str]:
    index = order.index(name)
    before = order[index - 1] if index else ""
    return before, order[index + 1] if index + 1 < len(order) else ""


def _moved(then: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return the fewest names whose moving turns one order into the other."""
    if list(then) == list(now):
        return []
    rank = {name: index for index, name in enumerate(then)}
    longest: list[list[str]] = []
    for name in now:
        before = [run for run in longest if rank[run[-1]] < rank[name]]
        longest.append([*(max(before, key=len) if before else ()), name])
    stayed = set(max(longest, key=len))
    return [name for name in now if name not in stayed]
