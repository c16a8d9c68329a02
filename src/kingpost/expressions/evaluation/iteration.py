"""Iteration at work: what `for`, `some`, `every` and filters walk, and what they pick."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from kingpost.expressions.functions.conversions import whole
from kingpost.expressions.operators import as_list, kind_of
from kingpost.expressions.value import FailureError, Range, Run, Value
from kingpost.expressions.wide import AnyDate, WideDate, day_of, make_date


def each(_run: Run, value: Value) -> Iterable[Value]:
    """Return what is walked: the items of a list, or the values of a range."""
    if isinstance(value, Range):
        if not (value.low_included and value.high_included):
            raise FailureError("a range to walk must include both its ends")
        return _counted(value.low, value.high)
    if value is None:
        raise FailureError("null cannot be walked")
    return as_list(value)


def count(_run: Run, low: Value, high: Value) -> Iterable[Value]:
    """Count from one end to the other, up or down. Nothing is held, so any size is safe."""
    return _counted(low, high)


def _counted(low: Value, high: Value) -> Iterable[Value]:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return map(Decimal, _between(_whole(low), _whole(high)))
    if _is_date(low) and _is_date(high):
        return map(make_date, _between(day_of(low), day_of(high)))
    raise FailureError(f"cannot count from {kind_of(low)} to {kind_of(high)}")


def _is_date(value: Value) -> TypeGuard[AnyDate]:
    return isinstance(value, WideDate) or type(value) is date


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise FailureError("only whole numbers can be counted")
    return whole(number)


def _between(low: int, high: int) -> range:
    return range(low, high + 1) if low <= high else range(low, high - 1, -1)


def at_position(_run: Run, items: list[Value], position: Value) -> Value:
    """Return the item at a position, which counts from 1, or from the end when negative."""
    if not isinstance(position, Decimal):
        raise FailureError(f"a filter expects a condition, found {kind_of(position)}")
    place = whole(position)
    if place == 0 or abs(place) > len(items) or place != position:
        raise FailureError(f"there is no item {position} in a list of {len(items)}")
    return items[place - 1 if place > 0 else place]


def first(items: list[Value]) -> Value:
    """Return the first item, or null of an empty list."""
    return items[0] if items else None


def or_nothing(items: list[Value]) -> list[Value]:
    """Return what a filter tries: of an empty list null, to see whether it asks for a position."""
    return items or [None]


def of_items(items: list[Value], found: Value) -> Value:
    """Return what a filter found, where nothing can be found in an empty list."""
    return found if items or found is None else []


def doubt_item(run: Run, at: tuple[int, int], items: list[Value]) -> None:
    """Note that an item is left out because the condition has no answer for it."""
    if items:
        run.choose(*at, "the condition is null for an item, so it is left out")
