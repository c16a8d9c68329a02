"""Joining: whether a parallel step is ever over, and what its branches have made of the record."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

from kingpost.checks.soundness.cells import POSITIONS_MAX, Cell, Spread, TooManyPositionsError
from kingpost.checks.soundness.plan import Changes, Plan
from kingpost.model.workflow import JoinKind, Parallel

# A record, as far as it still matters, and its state.
Kept: TypeAlias = tuple[Cell, str]
# What a record may be, and whether just that.
Joined: TypeAlias = tuple[tuple[Kept, ...], bool]


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


def join(plan: Plan, step: Parallel, before: Kept, ends: Mapping[str, Collection[Kept]]) -> Joined:
    """Return what becomes of a record in the branches of a step.

    ends: by branch, what the record may be when it is left. Raises: TooManyPositionsError.
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
    shown, state = before
    if not exact:
        spread = Spread(plan.guards.lens(matters), plan.any_value(together.fields))
        unknown = "" if together.sets else state
        return tuple((cell, unknown) for cell in spread.over(shown)), False
    return tuple(_overlaid(plan, step, before, ends)), True


def _overlaid(
    plan: Plan, step: Parallel, before: Kept, ends: Mapping[str, Collection[Kept]]
) -> Collection[Kept]:
    """Return a record with what each branch may have made of the fields that it alone changes."""
    found = {before: None}
    for name, left in ends.items():
        one = plan.changes[step.id, name]
        if one == Changes() or not left:
            continue
        if len(found) * len(left) > POSITIONS_MAX:
            raise TooManyPositionsError
        found = {
            (_over(cell, end, one.fields), new if one.sets else state): None
            for cell, state in found
            for end, new in left
        }
    return found


def _over(below: Cell, above: Cell, fields: frozenset[int]) -> Cell:
    return tuple([above[at] if at in fields else chosen for at, chosen in enumerate(below)])
