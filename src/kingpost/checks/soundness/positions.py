"""Positions of a case in one block, and what a record is like there as far as conditions tell."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from kingpost.checks.soundness.guards import EMPTY, IDLE, Cell, Truth, Uses
from kingpost.checks.soundness.plan import Plan
from kingpost.model.workflow import DONE

POSITIONS_MAX = 10_000


class TooManyPositionsError(Exception):
    """A workflow has more positions than are looked at."""


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
    held: tuple[str, str] | None = None


class Edge(NamedTuple):
    """An act that somebody can do.

    sure:   for certain, so that a case may really go this way.
    drifts: what a neighbour changes meanwhile is part of it; nobody can count on that.
    told:   it depends on what a rule tells; nobody can choose that.
    """

    how: str
    to: Position
    sure: bool = True
    drifts: bool = False
    told: bool = False


class Reason(NamedTuple):
    """What stands in the way of an act, in words. reads: the fields that it depends on."""

    words: str
    reads: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be done at a position.

    why: what stands in the way of the acts that cannot be done.
    gap: at a decision, whether nobody has the authority for any outcome; OPEN when that cannot
         be told.
    barred: steps to which the lifecycle lets no case go from here; that is reported by itself.
    balks: a rule may tell what leads nowhere, such as nothing, so that the case stays behind.
    """

    edges: tuple[Edge, ...] = ()
    why: tuple[Reason, ...] = ()
    gap: Truth = False
    barred: frozenset[str] = frozenset()
    balks: bool = False


@dataclass(frozen=True, slots=True)
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

    def needs(self, step: str) -> Uses:
        """Return the fields that matter on coming to a step, or on leaving with `done`."""
        return self.leaving if step == DONE else self.plan.needs[step]

    def seen(self, cell: Cell, needs: Uses) -> Cell:
        """Return a cell as it looks to what still matters."""
        lens = self.plan.guards.lens(needs)
        return tuple(
            [
                IDLE if chosen == IDLE else shown[chosen]
                for chosen, shown in zip(cell, lens, strict=True)
            ]
        )

    def drifted(self, cell: Cell, needs: Uses) -> Iterator[Cell]:
        """Yield a cell as neighbours may leave it."""
        return self.spread(cell, self.any_value(self.shifting), needs)

    def spread(
        self, cell: Cell, written: Mapping[int, tuple[int, ...]], needs: Uses
    ) -> Iterator[Cell]:
        """Yield a cell, as it looks to some needs, with each value that fields may have got."""
        lens = self.plan.guards.lens(needs)
        choices: list[Collection[int]] = [(one,) for one in self.seen(cell, needs)]
        for index, classes in written.items():
            shown = lens[index]
            choices[index] = dict.fromkeys(IDLE if one == IDLE else shown[one] for one in classes)
        if prod(map(len, choices)) > POSITIONS_MAX:
            raise TooManyPositionsError
        return product(*choices)

    def any_value(self, fields: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        """Return fields with every class of each."""
        return {index: self.plan.guards.classes_of(index) for index in fields}


def empty_cell(plan: Plan) -> Cell:
    """Return the cell of a record in which nothing is filled."""
    return (EMPTY,) * len(plan.guards.fields)
