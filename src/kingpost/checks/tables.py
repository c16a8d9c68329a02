"""Decision tables tried over their inputs: what falls through, what overlaps, what never fires.

A column is cut into classes of values that no cell tells apart; one value of each class stands
for all. What is true of these few is true of every value, so nothing is missed.

Source: J. Vanthienen, Illustration of a decision table tool for verification, 1994.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    DateTimeType,
    DateType,
    DurationType,
    NumberType,
    TextType,
    Type,
    Value,
    YesNoType,
    compile_expression,
)

TRIED_MAX = 200_000
_ASKED = "?"
_ANY = "-"
_TEXT = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_LITERAL = re.compile(
    rf"(?:date and time|date|duration)\s*\(\s*{_TEXT}\s*\)|@{_TEXT}|{_TEXT}|\d+(?:\.\d+)?|null"
)
_FRAME = re.compile(r"(?:\.\.|<=|>=|!=|[<>=,()\[\]\s-]|\bnot\b|\btrue\b|\bfalse\b)*")
_ORDERED = (NumberType, DateType, DateTimeType, DurationType)
_STEPS: Mapping[type, Any] = {
    NumberType: Decimal(1),
    DateType: timedelta(days=1),
    DateTimeType: timedelta(days=1),
    DurationType: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Column:
    """The classes of one input.

    name:    the input's id.
    classes: for each class a value of it, and the rows that accept it as the bits of a number.
    """

    name: str
    classes: tuple[tuple[Any, int], ...]


@dataclass(slots=True)
class Trial:
    """What trying a table has shown.

    gaps:     inputs that no row accepts; an input that does not matter is left out.
    overlaps: for two rows that accept the same inputs, an example.
    fired:    rows that are the first to accept something. accepted: rows that accept something.
    left:     how many more combinations may be tried; less than 0 when the table is too large.
    """

    gaps: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    overlaps: dict[tuple[int, int], Mapping[str, Any]] = field(
        default_factory=dict[tuple[int, int], Mapping[str, Any]]
    )
    fired: set[int] = field(default_factory=set[int])
    accepted: set[int] = field(default_factory=set[int])
    left: int = TRIED_MAX


def column(name: str, kind: Type, cells: Sequence[Compiled], *, whole: bool) -> Column | None:
    """Cut a column into classes; None when a cell says more than the analysis understands.

    cells: one test a row. whole: whether the input takes whole numbers only.
    """
    texts = [cell.text.strip() for cell in cells]
    if all(text == _ANY for text in texts):
        return Column(name, ((None, (1 << len(cells)) - 1),))
    if any(cell.reads - {_ASKED} for cell in cells) or not all(map(_is_plain, texts)):
        return None
    values = _values(kind, _constants(texts), whole=whole)
    if values is None:
        return None
    classes: dict[int, Any] = {}
    for value in values:
        classes.setdefault(_accepting(cells, value), value)
    return Column(name, tuple((value, rows) for rows, value in classes.items()))


def _is_plain(text: str) -> bool:
    """Tell whether a cell is made of literals, comparisons, ranges, lists and `not` alone."""
    return text == _ANY or _FRAME.fullmatch(_LITERAL.sub(" ", text)) is not None


def _constants(texts: Iterable[str]) -> tuple[Any, ...]:
    """Return the values that are written out in cells."""
    written = dict.fromkeys(found for text in texts for found in _LITERAL.findall(text))
    compiled = (compile_expression(text, {}) for text in written)
    return tuple(one.evaluate({}) for one in compiled if isinstance(one, Compiled))


def _accepting(cells: Sequence[Compiled], value: Value) -> int:
    given = {_ASKED: value}
    return sum(1 << row for row, cell in enumerate(cells) if cell.evaluate(given) is True)


def _values(kind: Type, constants: tuple[Any, ...], *, whole: bool) -> list[Any] | None:
    """Return values enough to stand for all of a type, where the cells name these constants.

    An empty input counts only where a cell names `null`.
    """
    empty: list[Any] = [None] if None in constants else []
    known = [value for value in constants if value is not None]
    match kind:
        case ChoiceType(choices):
            return [*choices, *empty]
        case YesNoType():
            return [True, False, *empty]
        case TextType():
            return [*known, _other_text(known), *empty]
        case NumberType() | DateType() | DateTimeType() | DurationType():
            return [*_points(kind, known, whole=whole), *empty]
        case _:
            return None


def _other_text(known: Sequence[str]) -> str:
    return "something else" if "something else" not in known else "".join(known) + "…"


def _points(kind: Type, known: Sequence[Any], *, whole: bool) -> list[Any]:
    """Return the constants of an ordered type, a value between each two, and one beyond each end.

    On a scale of whole numbers or of days there may be nothing between two.
    """
    step = _STEPS[type(kind)]
    ends = sorted(set(known))
    if not ends:
        return [None]
    return [ends[0] - step, *ends, *_between(ends, whole=whole), ends[-1] + step]


def _between(ends: Sequence[Any], *, whole: bool) -> list[Any]:
    found: list[Any] = []
    for low, high in pairwise(ends):
        days = isinstance(low, date) and not isinstance(low, datetime)
        half: Any = (high - low) / 2
        if whole:
            half = Decimal(int(half))
        found.append(low + (timedelta(days=half.days) if days else half))
    return found


def try_table(columns: Sequence[Column], rows: int) -> Trial:
    """Try every combination of classes of a table's inputs."""
    trial = Trial()
    _try(trial, columns, (1 << rows) - 1, {})
    return trial


def _try(trial: Trial, columns: Sequence[Column], rows: int, given: Mapping[str, Any]) -> None:
    trial.left -= 1
    if trial.left < 0:
        return
    if rows == 0:
        trial.gaps.append(given)
    elif columns:
        first, *rest = columns
        for value, accepting in first.classes:
            matters = len(first.classes) > 1
            _try(trial, rest, rows & accepting, {**given, first.name: value} if matters else given)
    else:
        _note(trial, [row for row in range(rows.bit_length()) if rows >> row & 1], given)


def _note(trial: Trial, hits: list[int], given: Mapping[str, Any]) -> None:
    trial.fired.add(hits[0])
    trial.accepted.update(hits)
    for index, one in enumerate(hits):
        for other in hits[index + 1 :]:
            trial.overlaps.setdefault((one, other), given)
