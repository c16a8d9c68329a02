"""Positions of a case in one block, and what a record is like there as far as conditions tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from kingpost.checks.soundness.cells import Cell, Lens, Spread
from kingpost.checks.soundness.guards import EMPTY, Truth, Uses
from kingpost.checks.soundness.plan import Plan
from kingpost.model.workflow import DONE

# The exception by which a step is suspended, and the state before it.
Held: TypeAlias = tuple[str, str] | None


class Position(NamedTuple):
    """Where a case stands in a block.

    step:  or `done`, when the branch is left.
    state: of the record; empty when neighbours may set it.
    held:  the exception by which the step is suspended, and the state before; the exception is
           empty where the suspension has ended and the record has not gone back yet.
    """

    step: str
    cell: Cell
    state: str
    held: Held = None


class Edge(NamedTuple):
    """An act that somebody can do.

    sure:   for certain, so that a case may really go this way.
    drifts: what a neighbour changes meanwhile is part of it; nobody can count on that.
    told:   the choice after which a rule tells which of the ways with the same number is gone;
            nobody can choose that. 0 where no rule has a say.
    """

    how: str
    to: Position
    sure: bool = True
    drifts: bool = False
    told: int = 0


class Reason(NamedTuple):
    """What stands in the way of an act, in words. reads: the fields that it depends on."""

    words: str
    reads: frozenset[int] = frozenset()


class Standing(NamedTuple):
    """What can be done at a position.

    why: what stands in the way of the acts that cannot be done.
    gap: at a decision, whether nobody has the authority for any outcome; OPEN when that cannot
         be told.
    barred: steps to which the lifecycle lets no case go from here; that is reported by itself.
    balks: the choices after which a rule may tell what leads nowhere, such as nothing, so that
           the case stays behind.
    """

    edges: tuple[Edge, ...] = ()
    why: tuple[Reason, ...] = ()
    gap: Truth = False
    barred: frozenset[str] = frozenset()
    balks: frozenset[int] = frozenset()


NOTHING = Standing()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block, and what it must know of what is around it.

    leaving:  the fields that matter on leaving it.
    shifting: the fields that neighbours may change at any time.
    steady:   whether no neighbour sets the record's state.
    """

    plan: Plan
    leaving: Uses = frozenset()
    shifting: frozenset[int] = frozenset()
    steady: bool = True
    _lenses: dict[str, Lens] = field(default_factory=dict[str, Lens])
    _spreads: dict[tuple[str, frozenset[int]], Spread] = field(
        default_factory=dict[tuple[str, frozenset[int]], Spread]
    )

    def needs(self, step: str) -> Uses:
        """Return the fields that matter on coming to a step, or on leaving with `done`."""
        return self.leaving if step == DONE else self.plan.needs[step]

    def lens(self, step: str) -> Lens:
        """Return how a record looks on coming to a step, or on leaving with `done`."""
        if step not in self._lenses:
            self._lenses[step] = self.plan.guards.lens(self.needs(step))
        return self._lenses[step]

    def spread(self, step: str, fields: frozenset[int]) -> Spread:
        """Return how a record may look on coming to a step when fields may have got any value."""
        if (step, fields) not in self._spreads:
            self._spreads[step, fields] = Spread(self.lens(step), self.plan.any_value(fields))
        return self._spreads[step, fields]


def empty_cell(plan: Plan) -> Cell:
    """Return the cell of a record in which nothing is filled, of a case that came nowhere yet."""
    return (EMPTY,) * len(plan.guards.values)


def leading_to(
    goals: Iterable[Position], found: Mapping[Position, Standing], *, lucky: bool
) -> set[Position]:
    """Return the positions from which some of the goals are reached, the goals themselves too.

    lucky: whether one way is enough where a rule tells the way; otherwise each must lead there
           that it may tell after the same choice.
    """
    back: dict[Position, list[tuple[Position, int]]] = {}
    open_ways: dict[tuple[Position, int], int] = {}
    for position, standing in found.items():
        ways = {(edge.told, edge.to) for edge in standing.edges if not edge.drifts}
        for told, aim in ways:
            choice = (position, told)
            back.setdefault(aim, []).append(choice)
            if lucky or not told:
                open_ways[choice] = 1
            else:
                open_ways[choice] = open_ways.get(choice, told in standing.balks) + 1
    safe = set(goals)
    waiting = list(safe)
    while waiting:
        for choice in back.get(waiting.pop(), ()):
            open_ways[choice] -= 1
            if open_ways[choice] == 0 and choice[0] not in safe:
                safe.add(choice[0])
                waiting.append(choice[0])
    return safe
