"""Cells: what a record is like as far as conditions can tell, and as far as that still matters."""

from collections.abc import Collection, Mapping
from itertools import product
from math import prod
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
        self.shown = shown
        self._seen: dict[Cell, Cell] = {}

    def see(self, cell: Cell) -> Cell:
        """Return how a cell looks."""
        found = self._seen.get(cell)
        if found is None:
            found = tuple([self.see_one(index, chosen) for index, chosen in enumerate(cell)])
            self._seen[cell] = found
        return found

    def see_one(self, index: int, chosen: int) -> int:
        """Return how a class of one field looks."""
        return IDLE if chosen == IDLE else self.shown[index][chosen]


class Spread:
    """How a record may look when some fields may have got other values."""

    def __init__(self, lens: Lens, written: Mapping[int, tuple[int, ...]]) -> None:
        """Look through a lens at fields with any of the classes that are written to each."""
        self._lens = lens
        self._written = {
            index: tuple(dict.fromkeys(lens.see_one(index, one) for one in classes))
            for index, classes in written.items()
        }
        self._spread: dict[Cell, tuple[Cell, ...]] = {}

    def over(self, cell: Cell) -> tuple[Cell, ...]:
        """Return every look that a cell may get. Raises: TooManyPositionsError."""
        seen = self._lens.see(cell)
        if seen not in self._spread:
            choices: list[Collection[int]] = [
                self._written.get(index, (chosen,)) for index, chosen in enumerate(seen)
            ]
            if prod(map(len, choices)) > POSITIONS_MAX:
                raise TooManyPositionsError
            self._spread[seen] = tuple(product(*choices))
        return self._spread[seen]
