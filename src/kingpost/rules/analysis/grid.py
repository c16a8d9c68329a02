"""A decision table as boxes: for each input the classes of its values that no row tells apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kingpost.expressions import Compiled, Type, Value
from kingpost.rules.analysis.bits import members
from kingpost.rules.analysis.conditions import (
    SUBJECT,
    Always,
    BeyondError,
    Condition,
    constants,
    take_apart,
)
from kingpost.rules.analysis.examples import strangeness
from kingpost.rules.analysis.lines import Line, Listed, draw, pieces_where


@dataclass(frozen=True, slots=True)
class Input:
    """A column as the analysis is given it.

    cells:  one compiled test a row.
    whole:  whether it takes whole numbers only.
    empty:  whether it may be null; it is tried as well where a cell names `null`.
    """

    id: str
    type: Type
    cells: tuple[Compiled, ...]
    whole: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Beyond:
    """A cell that the analysis cannot look into. why: completes `it …`. row: from 0."""

    row: int
    input: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Class:
    """Values of an input that every row answers alike.

    example: one of them.
    surely:  the rows that accept them; maybe: with those that cannot be looked into. Bit by row.
    """

    example: Value
    surely: int
    maybe: int


@dataclass(frozen=True, slots=True)
class Column:
    """The classes of one input. One class alone means that the input does not matter."""

    id: str
    classes: tuple[Class, ...]


def column(asked: Input) -> tuple[Column, tuple[Beyond, ...]]:
    """Return the classes of an input, and the cells that were left out of account."""
    beyond: list[Beyond] = []
    conditions: dict[str, Condition] = {}
    strange: dict[str, str] = {}
    for cell in asked.cells:
        if cell.text not in conditions and cell.text not in strange:
            try:
                conditions[cell.text] = take_apart(cell)
            except BeyondError as error:
                strange[cell.text] = str(error)
    line = _line(asked, conditions, strange)
    sets = _sets(line, conditions, strange)
    for row, cell in enumerate(asked.cells):
        if cell.text in strange:
            beyond.append(Beyond(row, asked.id, cell.text, strange[cell.text]))
    classes = _classes(asked, line, sets)
    named = any(None in constants(condition) for condition in conditions.values())
    if asked.empty or named:
        classes.append(_empty(asked, strange))
    return Column(asked.id, _merged(classes)), tuple(beyond)


def _line(asked: Input, conditions: dict[str, Condition], strange: dict[str, str]) -> Line:
    """Return the line of an input; of one piece where its type or its constants have none."""
    named = [value for one in conditions.values() for value in constants(one)]
    why = "tests what has no order and no declared values"
    try:
        line = draw(asked.type, named, whole=asked.whole)
    except BeyondError as error:
        line, why = None, str(error)
    if line is not None:
        return line
    for text in [text for text, one in conditions.items() if not isinstance(one, Always)]:
        del conditions[text]
        strange[text] = why
    return Listed(("anything",), others=True)


def _sets(
    line: Line, conditions: Mapping[str, Condition], strange: dict[str, str]
) -> Mapping[str, int]:
    """Return the pieces that each cell accepts, by its text."""
    sets: dict[str, int] = {}
    for text, condition in conditions.items():
        try:
            sets[text] = pieces_where(line, condition)
        except BeyondError as error:
            strange[text] = str(error)
    return sets


def _classes(asked: Input, line: Line, sets: Mapping[str, int]) -> list[Class]:
    """Return a class for each piece of the line.

    The rows of a piece differ from those of the piece before by the few whose set begins or
    ends there, so that the cost grows with the cells and not with cells times pieces.
    """
    turning = [0] * (line.whole.bit_length() + 1)
    unknown = 0
    for row, cell in enumerate(asked.cells):
        if cell.text not in sets:
            unknown |= 1 << row
            continue
        accepted = sets[cell.text]
        for edge in members(accepted ^ (accepted << 1)):
            turning[edge] ^= 1 << row
    found: list[Class] = []
    rows = reached = 0
    for piece, example in line.pieces:
        while reached <= piece:
            rows ^= turning[reached]
            reached += 1
        found.append(Class(example, rows, rows | unknown))
    return found


def _empty(asked: Input, strange: Mapping[str, str]) -> Class:
    """Return the class of an input without a value."""
    surely = unknown = 0
    accepts = {cell.text: cell for cell in asked.cells if cell.text not in strange}
    answers = {text: cell.evaluate({SUBJECT: None}) is True for text, cell in accepts.items()}
    for row, cell in enumerate(asked.cells):
        if cell.text in strange:
            unknown |= 1 << row
        elif answers[cell.text]:
            surely |= 1 << row
    return Class(None, surely, surely | unknown)


def _merged(classes: Sequence[Class]) -> tuple[Class, ...]:
    """Return one class for all that the same rows accept, the plainest example first."""
    kept: dict[tuple[int, int], Class] = {}
    for one in sorted(classes, key=lambda one: strangeness(one.example)):
        kept.setdefault((one.surely, one.maybe), one)
    return tuple(kept.values())
