"""Classes of values: a few values that stand for all that a field may hold."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, zip_longest
from math import ceil, floor
from typing import Any

from kingpost.expressions import Value
from kingpost.expressions.value import DECIMAL
from kingpost.model.objects import Field, FieldType

_DAY = timedelta(days=1)
_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL)
_NAMES = (FieldType.CHOICE, FieldType.POST)

# The class of a field that is empty is always the first.
EMPTY = 0


def classes(field: Field, names: Iterable[str], against: Iterable[Value]) -> tuple[Any, ...]:
    """Return one value of each class into which some values cut what a field may hold.

    names:   what a choice, or a post, may be.
    against: the values that conditions hold the field against.
    Returns: null first; then values such that every other is treated like one of them.
    """
    known: list[Any] = [value for value in dict.fromkeys(against) if value is not None]
    if field.type is FieldType.YES_NO:
        return (None, True, False)
    if field.type in _NAMES:
        return (None, *_some(names, known))
    if not known or not _is_ordered(known):
        return (None, *known, _something(field.type, known))
    points = _whole_points if field.type is FieldType.INTEGER else _points
    return (None, *points(sorted(set(known))))


def alike(values: tuple[Any, ...], against: Iterable[Value]) -> tuple[int, ...]:
    """Return for each class the first of those that one condition treats like it.

    values: one of each class. against: the values that this condition holds the field against.
    """
    known = [value for value in dict.fromkeys(against) if value is not None]
    if isinstance(values[-1], bool):
        return tuple(range(len(values)))
    ends: list[Any] = sorted(known) if values[1:] and _is_ordered(values[1:]) else []
    first: dict[object, int] = {}
    return tuple(
        first.setdefault(_place(value, known, ends), number) for number, value in enumerate(values)
    )


def _place(value: Any, known: Sequence[Value], ends: list[Any]) -> object:  # noqa: ANN401 - of a field
    """Return where a value lies: on which of the values, or between which of them."""
    if value is None:
        return None
    if ends:
        return (bisect_left(ends, value), bisect_right(ends, value))
    return (value,) if value in known else ()


def _some(names: Iterable[str], known: list[Any]) -> Iterable[str]:
    """Return the names that conditions know, and one that stands for the others."""
    others = [name for name in names if name not in known]
    return [*(name for name in names if name in known), *others[:1]]


def _is_ordered(known: Sequence[Any]) -> bool:
    kinds = set(map(type, known))
    return len(kinds) == 1 and issubclass(kinds.pop(), Decimal | date | timedelta)


def _something(kind: FieldType, known: Sequence[Any]) -> object:
    """Return a value that no condition knows."""
    if kind in _NUMBERS:
        return Decimal(0)
    if kind is FieldType.DURATION:
        return _DAY
    if kind is FieldType.DATE:
        return date(2000, 1, 1)
    text = "something else"
    while text in known:
        text += " again"
    return text


def _points(ends: list[Any]) -> Iterator[Any]:
    """Yield the ends, a value between each two, and one beyond either side, where there is one."""
    yield from _beyond(ends[0], -1)
    for low, high in pairwise(ends):
        yield low
        middle = _between(low, high)
        if low < middle < high:
            yield middle
    yield ends[-1]
    yield from _beyond(ends[-1], 1)


def _whole_points(ends: list[Decimal]) -> Iterator[Decimal]:
    """Yield whole numbers as `_points` yields others; an end that is not whole is never met."""
    yield Decimal(ceil(ends[0]) - 1)
    for low, high in zip_longest(ends, ends[1:]):
        if low == floor(low):
            yield low
        after = Decimal(floor(low) + 1)
        if high is None or after < high:
            yield after


def _beyond(end: Any, side: int) -> tuple[Any, ...]:  # noqa: ANN401 - of any ordered type
    try:
        if isinstance(end, Decimal):
            # One more is no more where all digits are needed for what is left of them.
            return (DECIMAL.add(end, side * (abs(end) if _is_long(end) else 1)),)
        return (end + side * _DAY,)
    except ArithmeticError:
        return ()  # It is the first or the last of its kind.


def _is_long(number: Decimal) -> bool:
    return number.adjusted() + 1 >= DECIMAL.prec


def _between(low: Any, high: Any) -> Any:  # noqa: ANN401 - of any ordered type
    if isinstance(low, Decimal):
        if low < 0 < high:
            return Decimal(0)
        return DECIMAL.add(low, DECIMAL.divide(DECIMAL.subtract(high, low), 2))
    if isinstance(low, timedelta) and low < timedelta(0) < high:
        return timedelta(0)
    half = (high - low) / 2
    is_day = isinstance(low, date) and not isinstance(low, datetime)
    return low + (timedelta(days=half.days) if is_day else half)
