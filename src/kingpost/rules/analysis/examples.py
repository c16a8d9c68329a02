"""Examples that people would give: round numbers, whole days, and nothing below nothing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, Decimal
from itertools import chain
from typing import Any

from kingpost.expressions import Months, Value
from kingpost.expressions.value import DECIMAL

_DAY = timedelta(days=1)
# The units of a duration between which one is looked for, the longest first.
_UNITS = (timedelta(weeks=1), _DAY, timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))
_YEAR = 12


def beyond(end: Any, way: int) -> Any:  # noqa: ANN401 - any type with an order
    """Return a value a step below or above an end; None where the type ends there."""
    match end:
        case Months(months):
            return Months(months + way)
        case Decimal():
            inside = end.to_integral_value(ROUND_CEILING if way < 0 else ROUND_FLOOR)
            return DECIMAL.add(inside, Decimal(way))
        case _:
            try:
                return end + way * _DAY
            except OverflowError:
                return None


def between(low: Any, high: Any, *, whole: bool) -> Any:  # noqa: ANN401 - any type with an order
    """Return the plainest value between two, or None when none lies there."""
    found: Iterator[Any]
    match low:
        case Decimal():
            found = _numbers(low, high, whole=whole)
        case Months(months):
            found = iter(_months(months, high.months))
        case timedelta():
            found = chain((_nearest(low, high, unit) for unit in _UNITS), [low + (high - low) / 2])
        case datetime():
            found = _moments(low, high)
        case _:
            found = iter(_days(low, high))
    return next((one for one in found if low < one < high), None)


def strangeness(value: Value) -> tuple[bool, int]:
    """Return how odd an example would look: of several that do, the least odd is given."""
    match value:
        case Decimal():
            return value < 0, len(DECIMAL.normalize(value).as_tuple().digits)
        case timedelta():
            return value < timedelta(0), 0
        case Months(months):
            return months < 0, 0
        case _:
            return value is None, 0


def _numbers(low: Decimal, high: Decimal, *, whole: bool) -> Iterator[Decimal]:
    """Yield what lies about the middle of two numbers, the roundest first."""
    middle = DECIMAL.divide(DECIMAL.add(low, high), Decimal(2))
    top = DECIMAL.subtract(high, low).adjusted() + 1
    bottom = 0 if whole else top - 3
    for exponent in range(max(top, bottom), bottom - 1, -1):
        for step in (Decimal(1).scaleb(exponent), Decimal(5).scaleb(exponent - 1)):
            if not whole or step == step.to_integral_value():
                count = DECIMAL.divide(middle, step).to_integral_value(ROUND_HALF_DOWN)
                # One that is not at the middle may be the only one.
                counts = (DECIMAL.add(count, Decimal(add)) for add in (0, 1, -1))
                yield from (DECIMAL.multiply(one, step) for one in counts)
    if not whole:
        yield middle


def _months(low: int, high: int) -> Iterator[Months]:
    middle = (low + high) // 2
    yield from (Months(middle // _YEAR * _YEAR + add) for add in (0, _YEAR))
    yield from (Months(middle), Months(middle + 1))


def _nearest(low: timedelta, high: timedelta, unit: timedelta) -> timedelta:
    """Return so many of a unit as lie nearest to the middle of two durations."""
    middle = low + (high - low) / 2
    found = middle // unit * unit
    return found if low < found else found + unit


def _days(low: date, high: date) -> Iterator[date]:
    """Yield days about the middle of two, first those with which a year or a month begins."""
    middle = low + timedelta(days=(high - low).days // 2)
    yield from (day.replace(month=1, day=1) for day in (middle, high))
    yield from (day.replace(day=1) for day in (middle, high))
    yield middle


def _moments(low: datetime, high: datetime) -> Iterator[datetime]:
    middle = low + (high - low) / 2
    yield datetime.combine(middle.date(), time(), tzinfo=middle.tzinfo)
    yield middle.replace(minute=0, second=0, microsecond=0)
    yield middle.replace(second=0, microsecond=0)
    yield middle
