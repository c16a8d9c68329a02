"""Named parts of values: the members of a context, and the properties of moments and ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from kingpost.expressions.operators import kind_of
from kingpost.expressions.value import FailureError, Months, Range, Run, Value
from kingpost.expressions.wide import (
    AnyDate,
    AnyDateTime,
    AnyTime,
    WideDate,
    WideDateTime,
    WideTime,
    civil,
    day_of,
    nanos_of,
    offset_of,
    twin,
    zone_of,
)

_PropertyOf: TypeAlias = Callable[[Any, str], Value]


def _signed(span: timedelta, size: int) -> Decimal:
    return Decimal(-size if span < timedelta(0) else size)


def _of_day(day: AnyDate | AnyDateTime, name: str) -> Value:
    year, month, of_month = civil(day_of(day))
    match name:
        case "year":
            return Decimal(year)
        case "month":
            return Decimal(month)
        case "day":
            return Decimal(of_month)
        case "weekday":
            return Decimal(twin(day_of(day)).isoweekday())
        case _:
            return _missing(day, name)


def _of_clock(moment: AnyTime | AnyDateTime, name: str) -> Value:
    seconds = nanos_of(moment) // 10**9
    zone = zone_of(moment)
    match name:
        case "hour":
            return Decimal(seconds // 3600)
        case "minute":
            return Decimal(seconds // 60 % 60)
        case "second":
            return Decimal(seconds % 60)
        case "time offset":
            return offset_of(moment)
        case "timezone":
            return zone.key if isinstance(zone, ZoneInfo) else None
        case _:
            return _missing(moment, name)


def _of_moment(moment: AnyDateTime, name: str) -> Value:
    if name in {"year", "month", "day", "weekday"}:
        return _of_day(moment, name)
    return _of_clock(moment, name)


def _of_span(span: timedelta, name: str) -> Value:
    size = abs(span)
    match name:
        case "days":
            return _signed(span, size.days)
        case "hours":
            return _signed(span, size.seconds // 3600)
        case "minutes":
            return _signed(span, size.seconds // 60 % 60)
        case "seconds":
            return _signed(span, size.seconds % 60)
        case _:
            return _missing(span, name)


def _of_months(span: Months, name: str) -> Value:
    years, months = divmod(abs(span.months), 12)
    sign = -1 if span.months < 0 else 1
    match name:
        case "years":
            return Decimal(sign * years)
        case "months":
            return Decimal(sign * months)
        case _:
            return _missing(span, name)


def _of_range(span: Range, name: str) -> Value:
    match name:
        case "start":
            return span.low
        case "end":
            return span.high
        case "start included":
            return span.low_included
        case "end included":
            return span.high_included
        case _:
            return _missing(span, name)


def _missing(base: Value, name: str) -> Value:
    raise FailureError(f"{kind_of(base)} has no `{name}`")


_PROPERTIES: Mapping[type, _PropertyOf] = {
    date: _of_day,
    datetime: _of_moment,
    time: _of_clock,
    WideDate: _of_day,
    WideDateTime: _of_moment,
    WideTime: _of_clock,
    timedelta: _of_span,
    Months: _of_months,
    Range: _of_range,
}


def member(run: Run, base: Value, name: str, *, declared: bool = False) -> Value:
    """Return a named part of a value; of a list, the part of each of its items.

    declared: the scope promises the member, so that its absence is no error but null.
    Source:   OMG DMN 1.5, 10.3.2.8, and table 65 for the properties.
    """
    match base:
        case dict():
            if name not in base and not declared:
                raise FailureError(f"there is no `{name}` in the group")
            return base.get(name)
        case list():
            run.spend(len(base))
            return [_part(run, item, name) for item in base]
        case None:
            raise FailureError(f"`{name}` of null is asked for")
        case _:
            return _PROPERTIES.get(type(base), _missing)(base, name)


def _part(run: Run, item: Value, name: str) -> Value:
    return None if isinstance(item, list) else member(run, item, name, declared=True)
