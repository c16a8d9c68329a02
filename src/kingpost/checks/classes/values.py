"""Classes of values: a few values that stand for all that a field may hold."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kingpost.expressions import Value
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
    known = [value for value in dict.fromkeys(against) if value is not None]
    if field.type is FieldType.YES_NO:
        return (None, True, False)
    if field.type in _NAMES:
        return (None, *_some(names, known))
    if not known or not _is_ordered(known):
        return (None, *known, _something(field.type))
    return (None, *_points(sorted(set(known)), whole=field.type is FieldType.INTEGER))


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
    return all(isinstance(value, Decimal | date | timedelta) for value in known)


def _something(kind: FieldType) -> object:
    """Return a value that no condition knows."""
    if kind in _NUMBERS:
        return Decimal(0)
    if kind is FieldType.DURATION:
        return _DAY
    if kind is FieldType.DATE:
        return date(2000, 1, 1)
    return "something else"


def _points(ends: list[Any], *, whole: bool) -> Iterable[Any]:
    """Return the ends, a value between each two, and one beyond either side."""
    step: Any = Decimal(1) if isinstance(ends[0], Decimal) else _DAY
    yield ends[0] - step
    for low, high in pairwise(ends):
        yield low
        middle = _between(low, high, whole=whole)
        if middle is not None:
            yield middle
    yield ends[-1]
    yield ends[-1] + step


def _between(low: Any, high: Any, *, whole: bool) -> Any:  # noqa: ANN401 - of any ordered type
    days = isinstance(low, date) and not isinstance(low, datetime)
    half: Any = (high - low) / 2
    if days:
        half = timedelta(days=half.days)
    elif whole:
        half = Decimal(int(half))
    middle: Any = low + half
    return middle if half else None
