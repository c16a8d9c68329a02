"""Cells: what a record is like as far as conditions can tell, and as far as that still matters."""

from collections.abc import Mapping
from itertools import product
from math import prod
from operator import getitem
from typing import TypeAlias

# A class for each field that some condition reads.
# IDLE: nothing reads the field any more.
Cell: TypeAlias = tuple[int, ...]
IDLE = -1

# For each class of a field, the class that stands for it.
Shown: TypeAlias = tuple[int, ...]

POSITIONS_MAX = 10_000


class TooManyPositionsError(Exception):
    """A workflow has more positions than are looked at."""


class Lens:
    """How a record looks to some conditions: what none of them tells apart looks alike."""

    def __init__(self, shown: tuple[Shown, ...]) -> None:
        """Look, for each field of a cell, at the class that stands for the one it has."""
        # The last one is found by IDLE, which is -1, so that what is idle stays so.
        self._looks = tuple((*one, IDLE) for one in shown)

    def see(self, cell: Cell) -> Cell:
        """Return how a cell looks."""
        return tuple(map(getitem, self._looks, cell))

    def see_one(self, index: int, chosen: int) -> int:
        """Return how a class of one field looks."""
        return self._looks[index][chosen]


class Spread:
    """How a record may look when some fields may have got other values."""

    def __init__(self, lens: Lens, written: Mapping[int, tuple[int, ...]]) -> None:
        """Look through a lens at fields with any of the classes that are written to each."""
        self._lens = lens
        self._written = [
            (index, tuple(dict.fromkeys(lens.see_one(index, one) for one in classes)))
            for index, classes in written.items()
        ]
        self._count = prod(len(classes) for _, classes in self._written)
        self._spread: dict[Cell, tuple[Cell, ...]] = {}

    def over(self, cell: Cell) -> tuple[Cell, ...]:
        """Return every look that a cell may get. Raises: TooManyPositionsError."""
        seen = self._lens.see(cell)
        found = self._spread.get(seen)
        if found is None:
            if self._count > POSITIONS_MAX:
                raise TooManyPositionsError
            choices: list[tuple[int, ...]] = list(zip(seen, strict=True))
            for index, classes in self._written:
                choices[index] = classes
            found = self._spread[seen] = tuple(product(*choices))
        return found
