"""Named parts of values: the members of a context, and the properties of moments and ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from kingpost.expressions.operators import kind_of
from kingpost.expressions.value import FailureError, Months, Range, Run, Value

_Property: TypeAlias = Callable[..., Value]


def _whole_days(span: timedelta) -> int:
    return abs(span).days


def _signed(span: timedelta, size: int) -> Decimal:
    return Decimal(-size if span < timedelta(0) else size)


def _zone_name(moment: datetime | time) -> Value:
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


def _seconds(moment: datetime | time) -> Decimal:
    return Decimal(moment.second)


_DAY: Mapping[str, _Property] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_CLOCK: Mapping[str, _Property] = {
    "hour": lambda moment: Decimal(moment.hour),
    "minute": lambda moment: Decimal(moment.minute),
    "second": _seconds,
    "time offset": lambda moment: moment.utcoffset(),
    "timezone": _zone_name,
}
_SPAN: Mapping[str, _Property] = {
    "days": lambda span: _signed(span, _whole_days(span)),
    "hours": lambda span: _signed(span, abs(span).seconds // 3600),
    "minutes": lambda span: _signed(span, abs(span).seconds // 60 % 60),
    "seconds": lambda span: _signed(span, abs(span).seconds % 60),
}
_MONTHS: Mapping[str, _Property] = {
    "years": lambda span: Decimal(int(span.months / 12)),
    "months": lambda span: Decimal(span.months - 12 * int(span.months / 12)),
}
_RANGE: Mapping[str, _Property] = {
    "start": lambda span: span.low,
    "end": lambda span: span.high,
    "start included": lambda span: span.low_included,
    "end included": lambda span: span.high_included,
}
PROPERTIES: Mapping[type, Mapping[str, _Property]] = {
    date: _DAY,
    datetime: {**_DAY, **_CLOCK},
    time: _CLOCK,
    timedelta: _SPAN,
    Months: _MONTHS,
    Range: _RANGE,
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
            found = PROPERTIES.get(type(base), {}).get(name)
            if found is None:
                raise FailureError(f"{kind_of(base)} has no `{name}`")
            return found(base)


def _part(run: Run, item: Value, name: str) -> Value:
    return None if isinstance(item, list) else member(run, item, name, declared=True)
