"""Built-in functions that make a value of one type from another.

Source: OMG DMN 1.5, 10.3.4.1, conversion functions.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

from kingpost.expressions.functions.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
    write_moment,
)
from kingpost.expressions.functions.signature import Signature, signature
from kingpost.expressions.kinds import ANY, DATE, DATE_TIME, MONTHS, NUMBER, TEXT, TIME
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
from kingpost.expressions.wide import (
    AnyDate,
    AnyDateTime,
    AnyTime,
    WideDateTime,
    WideTime,
    civil,
    counted,
    day_of,
    make_date,
    make_moment,
    make_time,
    nanos_of,
    zone_of,
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
        return make_date(counted(whole(year), whole(month), whole(day)))
    except (ValueError, OverflowError) as error:
        raise FailureError("these numbers are not a date") from error


def _date_from(moment: AnyDate | AnyDateTime) -> Value:
    return make_date(day_of(moment))


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None) -> Value:
    if offset is not None and abs(offset) > timedelta(hours=_OFFSET_HOURS_MAX):
        raise FailureError("an offset is at most 14 hours")
    zone = None if offset is None else timezone(offset)
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):  # noqa: PLR2004 - a clock's
        raise FailureError("these numbers are not a time")
    minutes = whole(hour) * 60 + whole(minute)
    nanos = minutes * 60 * 10**9 + int(DECIMAL.scaleb(second, 9))
    return make_time(nanos, zone)


def _time_from(moment: AnyTime | AnyDate | AnyDateTime) -> Value:
    match moment:
        case time() | WideTime():
            return moment
        case datetime() | WideDateTime():
            return make_time(nanos_of(moment), zone_of(moment))
        case _:
            return time(0, tzinfo=UTC)


def _join_moment(day: AnyDate | AnyDateTime, clock: AnyTime) -> Value:
    return make_moment(day_of(day), nanos_of(clock), zone_of(clock))


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
        case list() | dict() | Range() | Function():
            return _written_whole(run, value)
        case _:
            return write_moment(value)


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


def _months_between(start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> Value:
    """Return the whole months between two days; a time of the day does not count."""
    (year, month, day), (to_year, to_month, to_day) = civil(day_of(start)), civil(day_of(end))
    months = (to_year - year) * 12 + to_month - month
    if months > 0 and to_day < day:
        months -= 1
    elif months < 0 and to_day > day:
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
