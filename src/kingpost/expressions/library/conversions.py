"""Built-in functions that make a value of one type from another.

Source: OMG DMN 1.5, 10.3.4.1, conversion functions.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from kingpost.expressions.kinds import ANY, DATE, DATE_TIME, MONTHS, NUMBER, TEXT, TIME
from kingpost.expressions.library.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
    write_moment,
)
from kingpost.expressions.library.signature import Signature, signature
from kingpost.expressions.value import (
    DECIMAL,
    TEXT_LENGTH_MAX,
    FailureError,
    Function,
    Months,
    Range,
    Run,
    Value,
)

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORDS = {None: "null", True: "true", False: "false"}
_OFFSET_HOURS_MAX = 14
_PLAIN_EXPONENT_MAX = 40


def whole(number: Decimal) -> int:
    """Return a number as a whole one. Raises FailureError when it has a fraction or is huge."""
    if number.adjusted() > 18:  # noqa: PLR2004 - beyond it no count, place or year can lie
        raise FailureError("the number is too large")
    return int(number)


def _date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    try:
        return date(whole(year), whole(month), whole(day))
    except (ValueError, OverflowError) as error:
        raise FailureError("these numbers are not a date") from error


def _date_from(moment: date) -> Value:
    return moment.date() if isinstance(moment, datetime) else moment


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None) -> Value:
    micros = int(DECIMAL.multiply(second, Decimal(1_000_000))) if second.adjusted() < 3 else -1  # noqa: PLR2004 - seconds have two digits
    if offset is not None and abs(offset) > timedelta(hours=_OFFSET_HOURS_MAX):
        raise FailureError("an offset is at most 14 hours")
    zone = None if offset is None else timezone(offset)
    try:
        seconds, rest = divmod(micros, 1_000_000)
        return time(whole(hour), whole(minute), seconds, rest, tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise FailureError("these numbers are not a time") from error


def _time_from(moment: date | time) -> Value:
    if isinstance(moment, time):
        return moment
    return moment.timetz() if isinstance(moment, datetime) else time(0, tzinfo=UTC)


def _join_moment(day: date, clock: time) -> Value:
    return datetime.combine(_plain_day(day), clock)


def _plain_day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _number_from(text: str, grouping: str | None, decimal: str | None) -> Value:
    if grouping not in {None, " ", ",", "."} or decimal not in {None, ",", "."}:
        raise FailureError("separators are ` `, `,` or `.`")
    if grouping == decimal and grouping is not None:
        raise FailureError("the two separators must differ")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(decimal, ".") if decimal else plain
    if _NUMBER.fullmatch(plain) is None:
        raise FailureError("the text is not a number")
    try:
        return DECIMAL.create_decimal(plain)
    except ArithmeticError as error:
        raise FailureError("the number is too large") from error


def _string_from(run: Run, value: Value) -> Value:
    return value if value is None or isinstance(value, str) else _written(run, value)


def _written(run: Run, value: Value) -> str:
    run.spend(1)
    match value:
        case None | bool():
            return _WORDS[value]
        case str():
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"'
        case Decimal():
            return write_number(value)
        case date() | time() | timedelta() | Months():
            return write_moment(value)
        case _:
            return _written_whole(run, value)


def _written_whole(run: Run, value: list[Value] | dict[str, Value] | Range | Function) -> str:
    match value:
        case list():
            return _bounded("[" + ", ".join(_written(run, item) for item in value) + "]")
        case dict():
            rows = (f"{name}: {_written(run, item)}" for name, item in value.items())
            return _bounded("{" + ", ".join(rows) + "}")
        case Range():
            return _written_range(run, value)
        case Function():
            raise FailureError("a function cannot be written as text")


def _bounded(text: str) -> str:
    if len(text) > TEXT_LENGTH_MAX:
        raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
    return text


def _written_range(run: Run, value: Range) -> str:
    low = "[" if value.low_included else "("
    high = "]" if value.high_included else ")"
    return f"{low}{_written(run, value.low)}..{_written(run, value.high)}{high}"


def write_number(number: Decimal) -> str:
    """Write a number without an exponent where that is short."""
    if abs(number.adjusted()) > _PLAIN_EXPONENT_MAX:
        return str(number)
    return f"{number:f}"


def _months_between(start: date, end: date) -> Value:
    """Return the whole months between two days; a time of the day does not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return Months(months)


CONVERSIONS: Mapping[str, tuple[Signature, ...]] = {
    "date": (
        signature("from: text", DATE, read_date),
        signature("from: date", DATE, _date_from),
        signature("from: datetime", DATE, _date_from),
        signature("year: number, month: number, day: number", DATE, _date_of),
    ),
    "time": (
        signature("from: text", TIME, read_time),
        signature("from: time", TIME, _time_from),
        signature("from: date", TIME, _time_from),
        signature("from: datetime", TIME, _time_from),
        signature(
            "hour: number, minute: number, second: number, offset?: duration?", TIME, _time_of
        ),
    ),
    "date and time": (
        signature("from: text", DATE_TIME, read_date_time),
        signature("date: date, time: time", DATE_TIME, _join_moment),
        signature("date: datetime, time: time", DATE_TIME, _join_moment),
    ),
    "duration": (signature("from: text", ANY, read_duration),),
    "years and months duration": tuple(
        signature(f"from: {start}, to: {end}", MONTHS, _months_between)
        for start in ("date", "datetime")
        for end in ("date", "datetime")
    ),
    "number": (
        signature(
            "from: text, grouping separator?: text?, decimal separator?: text?",
            NUMBER,
            _number_from,
        ),
    ),
    "string": (signature("from: any?", TEXT, _string_from, paid=True),),
}
