"""The analysis of a whole decision table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kingpost.expressions import Value
from kingpost.rules.analysis.bits import united
from kingpost.rules.analysis.grid import Beyond, Column, Input, column
from kingpost.rules.analysis.search import Axis, Fuel, Search, TooLargeError

GAPS_MAX = 3

Example = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a table. Rows are counted from 0.

    gaps:     values of the inputs that no row accepts, the first few; an input that does not
              matter is left out.
    overlaps: for each row the later rows that surely accept something that it accepts, by bits.
    empty:    rows that accept nothing. hidden: rows whose every match others take before them.
    beyond:   cells that were left out of account: what rests on them is not told.
    finished: whether the search came to its end; what it found before is true in any case.
    """

    columns: tuple[Column, ...]
    gaps: tuple[Example, ...]
    overlaps: Mapping[int, int]
    empty: tuple[int, ...]
    hidden: tuple[int, ...]
    beyond: tuple[Beyond, ...]
    finished: bool

    def example(self, rows: Sequence[int]) -> Example:
        """Return values that all of some rows accept, for the inputs that matter to them."""
        wanted = sum(1 << row for row in rows)
        found: dict[str, Value] = {}
        for one in self.columns:
            fitting = [each for each in one.classes if each.surely & wanted == wanted]
            if len(fitting) < len(one.classes):
                found[one.id] = fitting[0].example
        return found


def analyse(inputs: Sequence[Input], rows: int, before: Mapping[int, int]) -> Analysis:
    """Look for gaps, overlaps and rows that never answer.

    rows:   how many. before: for a row the rows that are asked before it, by bits; when these
            accept all that it accepts, it never answers.
    """
    found = [column(one) for one in inputs]
    columns = tuple(each for each, _ in found)
    empty = tuple(row for row in range(rows) if not _accepts(columns, row))
    finished, gaps, hidden = True, list[Example](), list[int]()
    fuel = Fuel()
    try:
        answering = sum(1 << row for row in range(rows) if row not in empty)
        gaps.extend(islice(_gaps(columns, answering, fuel), GAPS_MAX))
        for row, above in before.items():
            if row not in empty and _hidden(columns, row, above, fuel):
                hidden.append(row)
    except TooLargeError:
        finished = False
    return Analysis(
        columns,
        tuple(gaps),
        _overlaps(columns, rows),
        empty,
        tuple(hidden),
        tuple(strange for _, many in found for strange in many),
        finished,
    )


def _accepts(columns: Sequence[Column], row: int) -> bool:
    return all(any(one.maybe >> row & 1 for one in each.classes) for each in columns)


def _gaps(columns: Sequence[Column], rows: int, fuel: Fuel) -> Iterator[Example]:
    axes = [
        Axis(each.id, tuple((one.example, one.maybe) for one in each.classes)) for each in columns
    ]
    return Search(axes, fuel).holes(rows)


def _hidden(columns: Sequence[Column], row: int, above: int, fuel: Fuel) -> bool:
    """Tell whether rows above accept all that a row may accept."""
    axes = [
        Axis(
            each.id,
            tuple((one.example, one.surely) for one in each.classes if one.maybe >> row & 1),
        )
        for each in columns
    ]
    return next(Search(axes, fuel).holes(above), None) is None


def _overlaps(columns: Sequence[Column], rows: int) -> Mapping[int, int]:
    """Return for each row the later rows that meet it in every input."""
    every = (1 << rows) - 1
    overlaps: dict[int, int] = {}
    for row in range(rows):
        meeting = every >> (row + 1) << (row + 1)
        for each in columns:
            met = (one.surely for one in each.classes if one.surely >> row & 1)
            meeting &= united(met)
        if meeting:
            overlaps[row] = meeting
    return overlaps
