"""Arithmetic of dates, times and durations.

Source: OMG DMN 1.5, 10.3.2.3.7, tables 57 to 60.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kingpost.expressions.tree import Sign
from kingpost.expressions.value import DECIMAL, FailureError, Months, Value
from kingpost.expressions.wide import (
    DAY,
    AnyDate,
    AnyDateTime,
    AnyTime,
    day_of,
    make_date,
    make_time,
    moved,
    moved_by_months,
    nanos_of,
    position,
    span_nanos,
    span_of,
    zone_of,
)

Operation: TypeAlias = Callable[[Any, Any], Value]

_MICROSECOND = timedelta(microseconds=1)
_MONTHS_MAX = 999_999_999 * 12 + 11


def timeline(moment: datetime) -> datetime:
    """Return a moment on one line of time: in UTC when it has a zone, else as it is.

    Python compares and subtracts two moments of one zone by their wall clocks, which is wrong in
    the night in which the clocks change.
    """
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment


def seconds_of(span: timedelta) -> Decimal:
    """Return a duration in seconds, exactly."""
    return DECIMAL.divide(Decimal(span // _MICROSECOND), Decimal(1_000_000))


def _move(moment: AnyDateTime, span: timedelta) -> AnyDateTime:
    if isinstance(moment, datetime):
        try:
            zone = moment.tzinfo
            return moment + span if zone is None else (timeline(moment) + span).astimezone(zone)
        except OverflowError:
            pass
    return moved(moment, span_nanos(span))


def _move_date(day: AnyDate, span: timedelta) -> AnyDate:
    return make_date((day_of(day) * DAY + span_nanos(span)) // DAY)


def _move_time(moment: AnyTime, span: timedelta) -> AnyTime:
    return make_time((nanos_of(moment) + span_nanos(span)) % DAY, zone_of(moment))


def _later_by_months(moment: AnyDate | AnyDateTime, span: Months) -> Value:
    there = moved_by_months(moment, span.months)
    if isinstance(there, datetime) and isinstance(moment, datetime):
        return there.replace(fold=moment.fold)
    return there


def _between(later: AnyDateTime | AnyTime, earlier: AnyDateTime | AnyTime) -> timedelta:
    return _apart(position(later), position(earlier))


def _between_days(later: AnyDate, earlier: AnyDate) -> timedelta:
    return timedelta(days=day_of(later) - day_of(earlier))


def _day_less_moment(later: AnyDate, earlier: AnyDateTime) -> timedelta:
    return _apart(_midnight(later), position(earlier))


def _moment_less_day(later: AnyDateTime, earlier: AnyDate) -> timedelta:
    return _apart(position(later), _midnight(earlier))


def _midnight(day: AnyDate) -> tuple[bool, int]:
    """Return where a day begins in UTC, which is how it stands beside a date and time."""
    return True, day_of(day) * DAY


def _apart(later: tuple[bool, int], earlier: tuple[bool, int]) -> timedelta:
    if later[0] is not earlier[0]:
        raise FailureError("`-` cannot join a zoned and an unzoned time")
    return span_of(later[1] - earlier[1])


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


def _scale_months(span: Months, factor: Decimal) -> Months:
    return _months(int(DECIMAL.multiply(Decimal(span.months), factor)))


def _shrink_months(span: Months, divisor: Decimal) -> Months:
    return _months(int(DECIMAL.divide(Decimal(span.months), divisor)))


def _ratio(left: timedelta, right: timedelta) -> Decimal:
    return DECIMAL.divide(seconds_of(left), seconds_of(right))


def _ratio_of_months(left: Months, right: Months) -> Decimal:
    return DECIMAL.divide(Decimal(left.months), Decimal(right.months))


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _back(operation: Operation) -> Operation:
    return lambda left, right: operation(left, -right)


def _back_by_months(moment: AnyDate | AnyDateTime, span: Months) -> Value:
    return _later_by_months(moment, Months(-span.months))


_FORWARD: Mapping[tuple[type, type], Operation] = {
    (date, timedelta): _move_date,
    (datetime, timedelta): _move,
    (time, timedelta): _move_time,
    (date, Months): _later_by_months,
    (datetime, Months): _later_by_months,
}

# By the plain class of each operand; a wide one counts as the plain one that it widens.
MOTIONS: Mapping[tuple[Sign, type, type], Operation] = {
    **{("+", moment, span): move for (moment, span), move in _FORWARD.items()},
    **{("+", span, moment): _swapped(move) for (moment, span), move in _FORWARD.items()},
    ("+", timedelta, timedelta): operator.add,
    ("+", Months, Months): _add_months,
    ("-", date, timedelta): _back(_move_date),
    ("-", datetime, timedelta): _back(_move),
    ("-", time, timedelta): _back(_move_time),
    ("-", date, Months): _back_by_months,
    ("-", datetime, Months): _back_by_months,
    ("-", timedelta, timedelta): operator.sub,
    ("-", Months, Months): _subtract_months,
    ("-", date, date): _between_days,
    ("-", datetime, datetime): _between,
    ("-", date, datetime): _day_less_moment,
    ("-", datetime, date): _moment_less_day,
    ("-", time, time): _between,
    ("*", Decimal, timedelta): _swapped(_scale),
    ("*", timedelta, Decimal): _scale,
    ("*", Decimal, Months): _swapped(_scale_months),
    ("*", Months, Decimal): _scale_months,
    ("/", timedelta, Decimal): _shrink,
    ("/", timedelta, timedelta): _ratio,
    ("/", Months, Decimal): _shrink_months,
    ("/", Months, Months): _ratio_of_months,
}
