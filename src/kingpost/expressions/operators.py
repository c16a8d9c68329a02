"""Operators at work: arithmetic, equality, order and tests on values."""

import calendar
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kingpost.expressions.tree import Comparison, Sign
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

Operation: TypeAlias = Callable[[Any, Any], Value]

_WORDS: Mapping[type, str] = {
    type(None): "null",
    bool: "yes/no",
    Decimal: "a number",
    str: "text",
    date: "a date",
    datetime: "a date and time",
    time: "a time",
    timedelta: "a duration",
    Months: "a duration of months",
    Range: "a range",
    Function: "a function",
    list: "a list",
    dict: "a group",
}
_ORDERED = frozenset({Decimal, str, date, datetime, time, timedelta, Months})
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MONTHS_MAX = 999_999_999 * 12 + 11


def kind_of(value: Value) -> str:
    """Return the words for what a value is."""
    return _WORDS.get(type(value), "a value")


def timeline(moment: datetime) -> datetime:
    """Return a moment on one line of time: in UTC when it has a zone, else as it is.

    Python compares and subtracts two moments of one zone by their wall clocks, which is wrong in
    the night in which the clocks change.
    """
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment


def equal(run: Run, left: Value, right: Value) -> bool:
    """Tell whether two values are equal. Raises FailureError when their types differ.

    Source: OMG DMN 1.5, 10.3.2.13, table 53.
    """
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        raise FailureError(f"`=` cannot compare {kind_of(left)} with {kind_of(right)}")
    match left, right:
        case list(), list():
            run.spend(1 + len(left))
            return len(left) == len(right) and all(map(equal, [run] * len(left), left, right))
        case dict(), dict():
            run.spend(1 + len(left))
            return left.keys() == right.keys() and all(
                equal(run, left[name], right[name]) for name in left
            )
        case datetime(), datetime():
            return timeline(left) == timeline(right)
        case _:
            return left == right


def ordered(sign: Comparison, left: Value, right: Value) -> bool:
    """Compare two values by size. Raises FailureError when they have no order."""
    if type(left) is not type(right) or type(left) not in _ORDERED:
        raise FailureError(f"`{sign}` cannot compare {kind_of(left)} with {kind_of(right)}")
    if isinstance(left, datetime) and isinstance(right, datetime):
        left, right = timeline(left), timeline(right)
    try:
        return COMPARE[sign](left, right)
    except TypeError as error:
        raise FailureError(f"`{sign}` cannot compare a zoned with an unzoned time") from error


COMPARE: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(run: Run, sign: Comparison, left: Value, right: Value) -> bool:
    """Compare two values of any type. Raises FailureError when they do not compare."""
    match sign:
        case "=":
            return equal(run, left, right)
        case "!=":
            return not equal(run, left, right)
        case _:
            return ordered(sign, left, right)


def within(run: Run, value: Value, bounds: Range) -> bool | None:
    """Tell whether a value lies in a range; None where an end is null and would decide."""
    if bounds.only == "!=":
        return not equal(run, value, bounds.low)
    above = bounds.low is None or ordered(">=" if bounds.low_included else ">", value, bounds.low)
    below = bounds.high is None or ordered(
        "<=" if bounds.high_included else "<", value, bounds.high
    )
    return above and below


def passes(run: Run, value: Value, test: Value) -> bool | None:
    """Hold a value against one test: a range, a list of tests, or an equal value.

    Source: OMG DMN 1.5, 10.3.2.15, table 55, rows for `in`.
    """
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(run, value, test)
    if isinstance(test, list):
        run.spend(len(test))
        return _in_list(run, value, test)
    return equal(run, value, test)


def _in_list(run: Run, value: Value, tests: list[Value]) -> bool:
    if isinstance(value, list) and _same(run, value, tests):
        return True
    for test in tests:
        if isinstance(test, Range) and not isinstance(value, Range):
            if value is not None and _inside(run, value, test):
                return True
        elif _same(run, value, test):
            return True
    return False


def _inside(run: Run, value: Value, bounds: Range) -> bool:
    try:
        return within(run, value, bounds) is True
    except FailureError:
        return False


def _same(run: Run, left: Value, right: Value) -> bool:
    try:
        return equal(run, left, right)
    except FailureError:
        return False


def same(run: Run, left: Value, right: Value) -> bool:
    """Tell whether two values are equal, where values of different types are not."""
    return _same(run, left, right)


def add_months(start: date, months: int) -> date:
    """Move a date or a date and time by whole months, to the last day where it would overrun."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1]) if 0 < year <= 9999 else 0  # noqa: PLR2004 - the last year of the calendar
    return start.replace(year=year, month=month + 1, day=day)


def seconds_of(span: timedelta) -> Decimal:
    """Return a duration in seconds, exactly."""
    return DECIMAL.divide(Decimal(span // _MICROSECOND), Decimal(1_000_000))


def _concatenate(left: str, right: str) -> str:
    if len(left) + len(right) > TEXT_LENGTH_MAX:
        raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
    return left + right


def _move(moment: datetime, span: timedelta) -> datetime:
    if moment.tzinfo is None:
        return moment + span
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)


def _move_date(day: date, span: timedelta) -> date:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + span).date()


def _move_time(moment: time, span: timedelta) -> time:
    since = timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    there = (datetime(2000, 1, 1, tzinfo=UTC) + (since + span) % _DAY).time()
    return there.replace(tzinfo=moment.tzinfo)


def _between_moments(later: datetime, earlier: datetime) -> timedelta:
    return timeline(later) - timeline(earlier)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _between_times(later: time, earlier: time) -> timedelta:
    day = date(2000, 1, 1)
    return datetime.combine(day, later) - datetime.combine(day, earlier)


def _scale(span: timedelta, factor: Decimal) -> timedelta:
    return timedelta(microseconds=int(DECIMAL.multiply(Decimal(span // _MICROSECOND), factor)))


def _shrink(span: timedelta, divisor: Decimal) -> timedelta:
    return timedelta(microseconds=int(DECIMAL.divide(Decimal(span // _MICROSECOND), divisor)))


def _months(count: int) -> Months:
    if abs(count) > _MONTHS_MAX:
        raise FailureError("a duration of months is at most 999999999 years")
    return Months(count)


def _add_months(left: Months, right: Months) -> Months:
    return _months(left.months + right.months)


def _subtract_months(left: Months, right: Months) -> Months:
    return _months(left.months - right.months)


def _forward(day: date, span: Months) -> date:
    return add_months(day, span.months)


def _back(day: date, span: Months) -> date:
    return add_months(day, -span.months)


def _scale_months(span: Months, factor: Decimal) -> Months:
    return _months(int(DECIMAL.multiply(Decimal(span.months), factor)))


def _shrink_months(span: Months, divisor: Decimal) -> Months:
    return _months(int(DECIMAL.divide(Decimal(span.months), divisor)))


def _ratio(left: timedelta, right: timedelta) -> Decimal:
    return DECIMAL.divide(seconds_of(left), seconds_of(right))


def _ratio_of_months(left: Months, right: Months) -> Decimal:
    return DECIMAL.divide(Decimal(left.months), Decimal(right.months))


def _date_less_moment(left: date, right: datetime) -> timedelta:
    return _between_moments(_midnight(left), right)


def _moment_less_date(left: datetime, right: date) -> timedelta:
    return _between_moments(left, _midnight(right))


def _swapped(operation: Callable[[Any, Any], Value]) -> Operation:
    return lambda left, right: operation(right, left)


def _back_by(operation: Callable[[Any, timedelta], Value]) -> Operation:
    return lambda left, right: operation(left, -right)


def _raise(base: Decimal, exponent: Decimal) -> Decimal:
    found = DECIMAL.power(base, exponent)
    if not found.is_finite():
        raise FailureError("`**` of 0 has no value for an exponent below 0")
    return found


OPERATIONS: Mapping[tuple[Sign, type, type], Operation] = {
    ("+", Decimal, Decimal): DECIMAL.add,
    ("+", str, str): _concatenate,
    ("+", timedelta, timedelta): operator.add,
    ("+", Months, Months): _add_months,
    ("+", date, timedelta): _move_date,
    ("+", datetime, timedelta): _move,
    ("+", time, timedelta): _move_time,
    ("+", timedelta, date): _swapped(_move_date),
    ("+", timedelta, datetime): _swapped(_move),
    ("+", timedelta, time): _swapped(_move_time),
    ("+", date, Months): _forward,
    ("+", datetime, Months): _forward,
    ("+", Months, date): _swapped(_forward),
    ("+", Months, datetime): _swapped(_forward),
    ("-", Decimal, Decimal): DECIMAL.subtract,
    ("-", timedelta, timedelta): operator.sub,
    ("-", Months, Months): _subtract_months,
    ("-", date, date): operator.sub,
    ("-", datetime, datetime): _between_moments,
    ("-", date, datetime): _date_less_moment,
    ("-", datetime, date): _moment_less_date,
    ("-", time, time): _between_times,
    ("-", date, timedelta): _back_by(_move_date),
    ("-", datetime, timedelta): _back_by(_move),
    ("-", time, timedelta): _back_by(_move_time),
    ("-", date, Months): _back,
    ("-", datetime, Months): _back,
    ("*", Decimal, Decimal): DECIMAL.multiply,
    ("*", Decimal, timedelta): _swapped(_scale),
    ("*", timedelta, Decimal): _scale,
    ("*", Decimal, Months): _swapped(_scale_months),
    ("*", Months, Decimal): _scale_months,
    ("/", Decimal, Decimal): DECIMAL.divide,
    ("/", timedelta, Decimal): _shrink,
    ("/", timedelta, timedelta): _ratio,
    ("/", Months, Decimal): _shrink_months,
    ("/", Months, Months): _ratio_of_months,
    ("**", Decimal, Decimal): _raise,
}


def calculate(sign: Sign, left: Value, right: Value) -> Value:
    """Join two values by a sign of arithmetic. Raises FailureError when that has no value.

    Source: OMG DMN 1.5, 10.3.2.3.
    """
    operation = OPERATIONS.get((sign, type(left), type(right)))
    if operation is None:
        raise FailureError(f"`{sign}` cannot join {kind_of(left)} and {kind_of(right)}")
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise FailureError(f"`{sign}` has no value here") from error


def negate(value: Value) -> Value:
    """Turn the sign of a number or a duration. Raises FailureError for anything else."""
    match value:
        case Decimal():
            return DECIMAL.minus(value)
        case timedelta():
            return -value
        case Months():
            return Months(-value.months)
        case _:
            raise FailureError(f"`-` cannot turn {kind_of(value)}")


def truth(value: Value) -> bool | None:
    """Return a condition's answer; None for whatever is neither true nor false."""
    return value if isinstance(value, bool) else None


def as_list(value: Value) -> list[Value]:
    """Return a list as it is, null as the empty list, and any other value as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
