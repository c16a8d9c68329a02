"""Joining: whether a parallel step is ever over, and what its branches have made of the record."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import TypeAlias

from kingpost.checks.soundness.cells import POSITIONS_MAX, Cell, Spread, TooManyPositionsError
from kingpost.checks.soundness.guards import CAME
from kingpost.checks.soundness.plan import Changes, Plan
from kingpost.checks.soundness.positions import Edge, Position, Standing
from kingpost.checks.soundness.standing import needs_somebody
from kingpost.model.workflow import DONE, JoinKind, Parallel

# A record, as far as it still matters, and its state.
Kept: TypeAlias = tuple[Cell, str]
# What people can choose that a record becomes in a branch; more than one thing where rules tell.
Choices: TypeAlias = tuple[tuple[Kept, ...], ...]
# What a record may be, each with the choice after which rules tell it, or 0; and whether just that.
Joined: TypeAlias = tuple[tuple[tuple[Cell, str, int], ...], bool]


def is_over(step: Parallel, leaving: Collection[str]) -> bool:
    """Tell whether a parallel step is ever over. leaving: the branches that can be left."""
    match step.join:
        case JoinKind.ALL:
            return len(leaving) == len(step.branches)
        case JoinKind.ANY:
            return bool(leaving)
        case JoinKind.NAMED:
            return set(step.named) <= set(leaving)
        case JoinKind.COUNT:
            return len(leaving) >= step.count


def choices(starts: Iterable[Edge], found: Mapping[Position, Standing]) -> Choices:
    """Return what people can choose that a record becomes in a branch.

    Each choice is all that may become of it: one thing, or whatever rules make of it.
    """
    every = _kept(found, found)
    if not any(edge.told for standing in found.values() for edge in standing.edges):
        return tuple((one,) for one in every)
    chosen: dict[tuple[Kept, ...], None] = {}
    for position in _after(found, (edge.to for edge in starts if not edge.drifts), told=False):
        if position.step == DONE:
            chosen[_kept(found, [position])] = None
        standing = found[position]
        for told in {edge.told for edge in standing.edges} - standing.balks - {0}:
            aims = [edge.to for edge in standing.edges if edge.told == told or edge.drifts]
            chosen[_kept(found, _after(found, aims, told=True))] = None
    chosen.pop((), None)
    return tuple(chosen) or (every,)


def _after(
    found: Mapping[Position, Standing], first: Iterable[Position], *, told: bool
) -> set[Position]:
    """Return the positions that come after some. told: also those to which rules tell the way."""
    seen = set(first)
    waiting = list(seen)
    while waiting:
        for edge in found[waiting.pop()].edges:
            if edge.to not in seen and (told or not (edge.told or edge.drifts)):
                seen.add(edge.to)
                waiting.append(edge.to)
    return seen


def _kept(found: Iterable[Position], among: Collection[Position]) -> tuple[Kept, ...]:
    """Return how a record is left, in the order in which that was found."""
    ends = (end for end in found if end.step == DONE and end in among)
    return tuple({(end.cell, end.state): None for end in ends})


def finals(starts: Iterable[Edge], found: Mapping[Position, Standing]) -> tuple[Kept, ...]:
    """Return how a record is left by the act that ends a branch; nothing drifts after the last."""
    every = [*starts, *(edge for standing in found.values() for edge in standing.edges)]
    left = (edge.to for edge in every if edge.to.step == DONE and not edge.drifts)
    return tuple({(end.cell, end.state): None for end in left})


def join(
    plan: Plan,
    step: Parallel,
    before: Kept,
    ends: Mapping[str, Choices],
    last: Mapping[str, tuple[Kept, ...]],
    *,
    hasty: bool,
) -> Joined:
    """Return what becomes of a record in the branches of a step.

    ends: by branch, what people can choose that the record is when it is left.
    last: by branch, how the record is left by the act that ends it.
    hasty: whether the step may be over before anybody can act.
    Raises: TooManyPositionsError.
    """
    matters = plan.leaves[step.id]
    looked_at = {index for index, _ in matters}
    together, exact = Changes(), True
    for name in ends:
        one = plan.changes[step.id, name]
        touched = Changes(one.fields & looked_at, one.sets)
        both = touched.fields & together.fields or (touched.sets and together.sets)
        awaited = step.join is JoinKind.ALL or name in step.named
        exact &= not both and (awaited or touched == Changes())
        together |= touched
    if exact:
        return tuple(dict.fromkeys(_overlaid(plan, step, before, ends))), True
    # Of what rules have a say in, everything is taken to be told; and so is what nobody comes to
    # choose where the step does not wait for it.
    told = Changes()
    for name, choices in ends.items():
        if hasty or any(len(one) > 1 for one in choices):
            told |= plan.changes[step.id, name]
    numbers: dict[Cell, int] = {}
    found: list[tuple[Cell, str, int]] = []
    for cell, state in dict.fromkeys(_ended(plan, step, before, last)):
        own = tuple([one for at, one in enumerate(cell) if at not in told.fields])
        number = numbers.setdefault(own, len(numbers) + 1) if told != Changes() else 0
        found.append((cell, state, number))
    return tuple(found), False


def _ended(
    plan: Plan, step: Parallel, before: Kept, last: Mapping[str, tuple[Kept, ...]]
) -> Iterator[Kept]:
    """Yield a record as each branch may leave it that ends last, with what is left beside it."""
    shown, state = before
    for name, lefts in last.items():
        if step.named and name not in step.named:
            continue
        one, beside = plan.changes[step.id, name], plan.beside[step.id, name]
        lens = plan.guards.lens(plan.leaves[step.id])
        left = _left(plan, step, shown, beside.fields - one.fields, last)
        around = Spread(lens, left).over(shown)
        if len(around) * len(lefts) > POSITIONS_MAX:
            raise TooManyPositionsError
        for cell, (end, new) in product(around, lefts):
            known = "" if beside.sets else state
            yield _over(cell, end, one.fields), new if one.sets else known


def _left(
    plan: Plan,
    step: Parallel,
    before: Cell,
    fields: Iterable[int],
    last: Mapping[str, tuple[Kept, ...]],
) -> Mapping[int, tuple[int, ...]]:
    """Return what fields may be when a step is over.

    What a single branch changes is as that one left it, if the step waits for it. A case that came
    to a step before has come there, and so it has to the first step of each branch. Anything else
    may be changed at any time, and is unknown.
    """
    guards = plan.guards
    # Branches are begun in turn, and one that needs nobody may end the step before the next.
    first = (one.steps[0].id for one in step.branches) if needs_somebody(step) else ()
    came = guards.places(first) | {index for index in guards.counting if before[index] == CAME}
    found = dict(plan.any_value(fields))
    for index, unknown in tuple(found.items()):
        by = [name for name in last if index in plan.changes[step.id, name].fields]
        if index in came:
            found[index] = (CAME,)
        elif len(by) == 1 and (step.join is JoinKind.ALL or by[0] in step.named):
            left = dict.fromkeys(end[index] for end, _ in last[by[0]])
            found[index] = tuple(left) or unknown
    return found


def _overlaid(
    plan: Plan, step: Parallel, before: Kept, ends: Mapping[str, Choices]
) -> Iterator[tuple[Cell, str, int]]:
    """Yield a record with what each branch may have made of the fields that it alone changes."""
    changing = [
        (plan.changes[step.id, name], choices)
        for name, choices in ends.items()
        if plan.changes[step.id, name] != Changes() and any(choices)
    ]
    if prod(sum(map(len, choices)) for _, choices in changing) > POSITIONS_MAX:
        raise TooManyPositionsError
    for number, chosen in enumerate(product(*(choices for _, choices in changing)), 1):
        told = number if any(len(one) > 1 for one in chosen) else 0
        for lefts in product(*chosen):
            cell, state = before
            for (one, _), (end, new) in zip(changing, lefts, strict=True):
                cell = _over(cell, end, one.fields)
                state = new if one.sets else state
            yield cell, state, told


def _over(below: Cell, above: Cell, fields: frozenset[int]) -> Cell:
    return tuple([above[at] if at in fields else chosen for at, chosen in enumerate(below)])
