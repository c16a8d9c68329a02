"""Jams: what the branches of a parallel step leave behind, and with which no case goes on.

The last branch is not over then: the act that would end it is refused. The case goes on only if
that branch can still be left otherwise, whatever the others have made of the record.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from kingpost.checks.soundness.cells import Cell
from kingpost.checks.soundness.plan import Changes, Plan
from kingpost.checks.soundness.positions import Position, Standing, leading_to
from kingpost.model.workflow import DONE, JoinKind, Mark, Parallel, RuleStep

# What is found of a branch, by position.
Found: TypeAlias = Mapping[Position, Standing]


class Passed(NamedTuple):
    """What becomes of a case that goes on from a parallel step with one record."""

    cell: Cell
    state: str
    standing: Standing


def jam(
    plan: Plan,
    step: Parallel,
    passed: Sequence[Passed],
    branches: Mapping[str, Found],
) -> Passed | None:
    """Return a record with which no branch may be the last, or None when one always can.

    passed: each record that the branches may leave behind together, with what becomes of it now.
    """
    passed = _settled(plan, step, passed, branches)
    refused = [one for one in passed if not one.standing.edges]
    if not refused:
        return None
    blamed: list[Passed] = []
    good: set[str] = set()
    for name, found in branches.items():
        bad = _bad_end(plan, plan.changes[step.id, name], passed, found)
        if bad is None:
            good.add(name)
        else:
            blamed.append(bad)
    return None if _suffices(step, good) else (blamed or refused)[0]


def _settled(
    plan: Plan, step: Parallel, passed: Sequence[Passed], branches: Mapping[str, Found]
) -> Sequence[Passed]:
    """Return the records as they may be once the branches are over that the join does not name.

    Where such a branch can always be left, that can come before the last act of those it names.
    """
    for name, found in branches.items():
        if step.join is JoinKind.NAMED and name not in step.named:
            own = sorted(plan.changes[step.id, name].fields - plan.beside[step.id, name].fields)
            ends = [position for position in found if position.step == DONE]
            safe = leading_to(ends, found, lucky=False)
            if ends and all(one in safe for one in found if _rests(plan, one)):
                left = {tuple([end.cell[at] for at in own]) for end in ends}
                passed = [one for one in passed if tuple([one.cell[at] for at in own]) in left]
    return passed


def _suffices(step: Parallel, good: Collection[str]) -> bool:
    """Tell whether some of the branches that are still open can be left at last."""
    match step.join:
        case JoinKind.ALL:
            return len(good) == len(step.branches)
        case JoinKind.ANY:
            return bool(good)
        case JoinKind.NAMED:
            return set(step.named) <= set(good)
        case JoinKind.COUNT:
            return len(good) >= step.count


def _bad_end(plan: Plan, changes: Changes, passed: Sequence[Passed], found: Found) -> Passed | None:
    """Return a record with which a branch cannot be left, and from which it cannot be mended."""

    def own(cell: Cell, state: str) -> tuple[object, ...]:
        return (state if changes.sets else "", *(cell[at] for at in sorted(changes.fields)))

    around: dict[tuple[object, ...], list[Passed]] = {}
    for one in passed:
        others = [part for at, part in enumerate(one.cell) if at not in changes.fields]
        around.setdefault(("" if changes.sets else one.state, *others), []).append(one)
    ends = [position for position in found if position.step == DONE]
    resting = [one for one in found if _rests(plan, one)]
    known: dict[frozenset[Position], bool] = {}
    for group in around.values():
        refused = [one for one in group if not one.standing.edges]
        if refused:
            passing = {own(one.cell, one.state) for one in group if one.standing.edges}
            goals = frozenset(end for end in ends if own(end.cell, end.state) in passing)
            if goals not in known:
                safe = leading_to(goals, found, lucky=False)
                known[goals] = bool(goals) and safe.issuperset(resting)
            if not known[goals]:
                return refused[0]
    return None


def _rests(plan: Plan, position: Position) -> bool:
    return position.step != DONE and not isinstance(plan.steps[position.step], RuleStep | Mark)
