"""Literals: numbers, texts, dates, times and durations as they are written out."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kingpost.expressions.functions.moments import read_duration, read_moment
from kingpost.expressions.kinds import (
    ANY,
    DATE,
    DATE_TIME,
    DURATION,
    MONTHS,
    NUMBER,
    TIME,
    NumberType,
    Type,
)
from kingpost.expressions.reading.reader import Reader
from kingpost.expressions.tree import Broken, Constant, Node, Place
from kingpost.expressions.value import DECIMAL, FailureError, Months
from kingpost.expressions.wide import WideDate, WideDateTime, WideTime

_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WRITTEN = NumberType(written=True)
_MOMENT_TYPES: Mapping[type, Type] = {
    date: DATE,
    datetime: DATE_TIME,
    time: TIME,
    WideDate: DATE,
    WideDateTime: DATE_TIME,
    WideTime: TIME,
    timedelta: DURATION,
    Months: MONTHS,
}
# Single quotes are ours: in a model an expression stands in a text with double quotes around it.
_TEXT = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{6})|([nrt'\"\\]))"
)
_CODE_MAX = 0x10FFFF
_SHOWN_MAX = 40
_HALVES = range(0xD800, 0xE000)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read_text(reader: Reader) -> str:
    """Read a text in double or single quotes, with its escapes replaced."""
    match = _TEXT.match(reader.text, reader.at)
    if match is None:
        reader.stop("the text has no closing quote", f"Close the text with `{reader.next()}`.")
    reader.at = match.end()
    return _ESCAPE.sub(_unescape, match[2])


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        high, low = int(match[1], 16), int(match[2], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    written = match[3] or match[4]
    if written:
        code = int(written, 16)
        return match[0] if code > _CODE_MAX or code in _HALVES else chr(code)
    return _PLAIN_ESCAPES.get(match[5], match[5])


def read_number(reader: Reader) -> Node | None:
    """Read a number, if one comes next."""
    number = _NUMBER.match(reader.text, reader.at)
    if number is None:
        return None
    reader.at = number.end()
    at = Place(number.start(), number.end())
    try:
        exact, found = Decimal(number[0]), DECIMAL.create_decimal(number[0])
    except ArithmeticError:
        message = f"`{_shown(number[0])}` is too large a number"
        reader.report(at.start, at.end, message, "Write a number below 1e6144.")
        return Broken(message, at, NUMBER)
    if found != exact and exact.adjusted() < DECIMAL.Emin:
        message = f"`{_shown(number[0])}` is too near to 0"
        reader.report(at.start, at.end, message, "Write 0, or a number from 1e-6143 on.")
    elif found != exact:
        message = f"`{_shown(number[0])}` has more than {DECIMAL.prec} digits"
        reader.report(at.start, at.end, message, f"Write at most {DECIMAL.prec} digits.")
    return Constant(found, at, _WRITTEN)


def _shown(number: str) -> str:
    return number if len(number) <= _SHOWN_MAX else f"{number[:_SHOWN_MAX]}…"


def read_at(reader: Reader) -> Node:
    """Read a date, time or duration in `@"..."`."""
    start = reader.at
    reader.at += 1
    if reader.next() not in {'"', "'"}:
        reader.stop(f"expected a text after `@`, found {reader.found()}", 'Write `@"2026-03-01"`.')
    text = read_text(reader)
    at = Place(start, reader.at)
    try:
        value = read_moment(text)
    except FailureError as error:
        help_ = 'Write a date, time or duration such as `@"2026-03-01"`.'
        reader.report(at.start, at.end, str(error), help_)
        return Broken(str(error), at, ANY)
    return Constant(value, at, _MOMENT_TYPES[type(value)])


def written_type(name: str, arguments: tuple[Node, ...]) -> Type | None:
    """Return which of its types a function yields of a text that is written out, if that is known.

    A duration is one of days or one of months, and the two do not compare.
    """
    match arguments:
        case (Constant(value=str() as text),) if name == "duration":
            try:
                return MONTHS if isinstance(read_duration(text), Months) else DURATION
            except FailureError:
                return None  # That it is no duration is told with its place elsewhere.
        case _:
            return None
