"""Operators at work: arithmetic, equality, order and tests on values."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from kingpost.expressions.motion import MOTIONS, Operation, timeline
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
from kingpost.expressions.wide import Moment, WideDate, WideDateTime, WideTime, position

_WORDS: Mapping[type, str] = {
    type(None): "null",
    bool: "yes/no",
    Decimal: "a number",
    str: "text",
    date: "a date",
    datetime: "a date and time",
    time: "a time",
    WideDate: "a date",
    WideDateTime: "a date and time",
    WideTime: "a time",
    timedelta: "a duration",
    Months: "a duration of months",
    Range: "a range",
    Function: "a function",
    list: "a list",
    dict: "a group",
}
_ORDERED = frozenset({Decimal, str, date, datetime, time, timedelta, Months})
_WIDE: Mapping[type, type] = {WideDate: date, WideDateTime: datetime, WideTime: time}
_WIDE_CLASSES = WideDate | WideDateTime | WideTime


def kind_of(value: Value) -> str:
    """Return the words for what a value is."""
    return _WORDS.get(type(value), "a value")


def family(value: Value) -> type:
    """Return the class that a value counts as: a wide date as a date, and so on."""
    found = type(value)
    return _WIDE.get(found, found)


def equal(run: Run, left: Value, right: Value) -> bool:
    """Tell whether two values are equal. Raises FailureError when their types differ.

    Source: OMG DMN 1.5, 10.3.2.13, table 53.
    """
    if left is None or right is None:
        return left is right
    if family(left) is not family(right):
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
        case (WideDateTime(), datetime() | WideDateTime()) | (datetime(), WideDateTime()):
            return position(left) == position(right)
        case _:
            return left == right


def ordered(sign: Comparison, left: Value, right: Value) -> bool:
    """Compare two values by size. Raises FailureError when they have no order."""
    if family(left) is not family(right) or family(left) not in _ORDERED:
        raise FailureError(f"`{sign}` cannot compare {kind_of(left)} with {kind_of(right)}")
    if isinstance(left, _WIDE_CLASSES) or isinstance(right, _WIDE_CLASSES):
        return _ordered_positions(sign, cast("Moment", left), cast("Moment", right))
    if isinstance(left, datetime) and isinstance(right, datetime):
        left, right = timeline(left), timeline(right)
    try:
        return COMPARE[sign](left, right)
    except TypeError as error:
        raise FailureError(f"`{sign}` cannot compare a zoned with an unzoned time") from error


def _ordered_positions(sign: Comparison, left: Moment, right: Moment) -> bool:
    one, two = position(left), position(right)
    if one[0] is not two[0]:
        raise FailureError(f"`{sign}` cannot compare a zoned with an unzoned time")
    return COMPARE[sign](one, two)


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


def _concatenate(left: str, right: str) -> str:
    if len(left) + len(right) > TEXT_LENGTH_MAX:
        raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
    return left + right


def _raise(base: Decimal, exponent: Decimal) -> Decimal:
    found = DECIMAL.power(base, exponent)
    if not found.is_finite():
        raise FailureError("`**` of 0 has no value for an exponent below 0")
    return found


OPERATIONS: Mapping[tuple[Sign, type, type], Operation] = {
    ("+", Decimal, Decimal): DECIMAL.add,
    ("+", str, str): _concatenate,
    ("-", Decimal, Decimal): DECIMAL.subtract,
    ("*", Decimal, Decimal): DECIMAL.multiply,
    ("/", Decimal, Decimal): DECIMAL.divide,
    ("**", Decimal, Decimal): _raise,
    **MOTIONS,
}


def calculate(sign: Sign, left: Value, right: Value) -> Value:
    """Join two values by a sign of arithmetic. Raises FailureError when that has no value.

    Source: OMG DMN 1.5, 10.3.2.3.
    """
    operation = OPERATIONS.get((sign, family(left), family(right)))
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
