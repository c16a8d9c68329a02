"""The search for what no row covers: a recursive sweep over sets of rows, never over the product.

What is left to decide depends only on the rows that are still in play and on the inputs that
still tell them apart, so a set of rows that is known to cover everything is never looked at
twice, nor is any set that holds it.

Source: R. K. Brayton and others, Logic Minimization Algorithms for VLSI Synthesis, 1984, for the
test of a cover by splitting; H. Abo Khamis and others, Joins via Geometric Resolutions, 2016.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kingpost.expressions import Value
from kingpost.rules.analysis.bits import common

STEPS_MAX = 8_000

# A value of an input, and the rows that accept it as the bits of a number.
Choice: TypeAlias = tuple[Value, int]


class TooLargeError(Exception):
    """The search was given up: the table has too many ways to combine."""


@dataclass(slots=True)
class Fuel:
    """What the searches of one table may spend together. steps: sets of rows to look at."""

    steps: int = STEPS_MAX

    def spend(self) -> None:
        """Count one step. Raises: TooLargeError, when none is left."""
        self.steps -= 1
        if self.steps < 0:
            raise TooLargeError


@dataclass(frozen=True, slots=True)
class Axis:
    """One input of a search. choices: a value and the rows that accept it, for each class."""

    id: str
    choices: tuple[Choice, ...]

    @property
    def throughout(self) -> int:
        """Return the rows that accept every value."""
        return common(rows for _, rows in self.choices)


class Search:
    """Looks for values that no row accepts. One object keeps what it has learnt."""

    def __init__(self, axes: Sequence[Axis], fuel: Fuel) -> None:
        """Begin with nothing learnt."""
        self.axes = axes
        self.fuel = fuel
        self.throughout = [axis.throughout for axis in axes]
        self._covered: set[tuple[int, int]] = set()

    def holes(self, rows: int) -> Iterator[Mapping[str, Value]]:
        """Yield values that none of some rows accept, input by input; others do not matter.

        Raises: TooLargeError, when the fuel is used up.
        """
        seen: list[Mapping[str, Value]] = []
        for choices in self._holes(rows, (1 << len(self.axes)) - 1, {}):
            hole = self._essence(rows, choices)
            if hole not in seen:
                seen.append(hole)
                yield hole

    def _essence(self, rows: int, choices: Mapping[int, Choice]) -> Mapping[str, Value]:
        """Return a hole without the inputs that could as well be anything."""
        kept = dict(choices)
        for at in sorted(choices, reverse=True):
            others = [accepting for each, (_, accepting) in kept.items() if each != at]
            if common(others, rows) == 0:
                del kept[at]
        return {self.axes[at].id: kept[at][0] for at in sorted(kept)}

    def _holes(
        self, rows: int, left: int, given: Mapping[int, Choice]
    ) -> Iterator[Mapping[int, Choice]]:
        if rows == 0:
            yield given
            return
        left = self._telling(rows, left)
        if self._is_covered(rows, left):
            return
        self.fuel.spend()
        at, groups = self._narrowest(rows, left)
        rest = left & ~(1 << at)
        covering: list[int] = []
        open_ = False
        for kept, choice in sorted(groups.items(), key=lambda group: group[0].bit_count()):
            if any(kept & known == known for known in covering):
                continue
            holes = self._holes(kept, rest, {**given, at: choice})
            hole = next(holes, None)
            if hole is None:
                covering.append(kept)
                continue
            open_ = True
            yield hole
            yield from holes
        if not open_:
            self._covered.add((rows, left))

    def _telling(self, rows: int, left: int) -> int:
        """Return those of the inputs left that some of the rows do not accept throughout."""
        for at, throughout in enumerate(self.throughout):
            if rows & ~throughout == 0:
                left &= ~(1 << at)
        return left

    def _is_covered(self, rows: int, left: int) -> bool:
        """Tell whether one row accepts all that is left, or it is known that they do together."""
        alone = rows
        for at, throughout in enumerate(self.throughout):
            if left >> at & 1:
                alone &= throughout
        return alone != 0 or (rows, left) in self._covered

    def _narrowest(self, rows: int, left: int) -> tuple[int, Mapping[int, Choice]]:
        """Return the input whose values leave the fewest rows in play, with those sets of rows."""
        found = (
            (at, _groups(self.axes[at], rows)) for at in range(len(self.axes)) if left >> at & 1
        )
        return min(found, key=lambda one: sum(kept.bit_count() ** 2 for kept in one[1]))


def _groups(axis: Axis, rows: int) -> dict[int, Choice]:
    """Return the sets of rows that the values of an input leave, each with such a value."""
    groups: dict[int, Choice] = {}
    for choice in axis.choices:
        groups.setdefault(rows & choice[1], choice)
    return groups
