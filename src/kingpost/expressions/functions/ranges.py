"""Built-in functions on ranges and the points within them.

Source: OMG DMN 1.5, 10.3.4.6, range functions, after J. F. Allen, Maintaining Knowledge about
Temporal Intervals, 1983.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from kingpost.expressions.functions.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_moment,
    read_time,
)
from kingpost.expressions.functions.signature import Signature, signature
from kingpost.expressions.kinds import ANY, YES_NO, RangeType
from kingpost.expressions.operators import ordered, same
from kingpost.expressions.value import DECIMAL, FailureError, Range, Run, Value

Relation: TypeAlias = Callable[[Run, Value, Value], Value]

_RANGE = re.compile(r"\s*([\[(\]])\s*(\S.*?)\s*\.\.\s*(\S.*?)\s*([\])\[])\s*", re.DOTALL)
_END = re.compile(
    r'(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+))|"(?P<text>[^"\\]*)"|@"(?P<moment>[^"\\]*)"'
    r'|(?P<name>date and time|date|time|duration)\(\s*"(?P<written>[^"\\]*)"\s*\)',
    re.ASCII,
)
_READERS: Mapping[str, Callable[[str], Value]] = {
    "date": read_date,
    "date and time": read_date_time,
    "time": read_time,
    "duration": read_duration,
}
_TEXT_MAX = 1_000


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _before(_run: Run, left: Value, right: Value) -> bool:
    one, two = _as_range(left), _as_range(right)
    touch = one.high_included and two.low_included
    return ordered("<" if touch else "<=", one.high, two.low)


def _after(run: Run, left: Value, right: Value) -> bool:
    return _before(run, right, left)


def _meets(run: Run, left: Range, right: Range) -> bool:
    return left.high_included and right.low_included and same(run, left.high, right.low)


def _met_by(run: Run, left: Range, right: Range) -> bool:
    return _meets(run, right, left)


def _overlaps(run: Run, left: Range, right: Range) -> bool:
    return not _before(run, left, right) and not _before(run, right, left)


def _low_first(left: Range, right: Range) -> bool:
    """Tell whether one range begins before another."""
    if ordered("<", left.low, right.low):
        return True
    return left.low == right.low and left.low_included and not right.low_included


def _high_last(left: Range, right: Range) -> bool:
    """Tell whether one range ends after another."""
    if ordered(">", left.high, right.high):
        return True
    return left.high == right.high and left.high_included and not right.high_included


def _overlaps_before(run: Run, left: Range, right: Range) -> bool:
    return _overlaps(run, left, right) and _low_first(left, right) and not _high_last(left, right)


def _overlaps_after(run: Run, left: Range, right: Range) -> bool:
    return _overlaps_before(run, right, left)


def _includes(_run: Run, left: Range, right: Value) -> bool:
    inner = _as_range(right)
    return not _low_first(inner, left) and not _high_last(inner, left)


def _during(run: Run, left: Value, right: Range) -> bool:
    return _includes(run, right, left)


def _finishes(run: Run, left: Value, right: Range) -> bool:
    inner = _as_range(left)
    ends = inner.high_included == right.high_included and same(run, inner.high, right.high)
    return ends and not _low_first(inner, right)


def _finished_by(run: Run, left: Range, right: Value) -> bool:
    return _finishes(run, right, left)


def _starts(run: Run, left: Value, right: Range) -> bool:
    inner = _as_range(left)
    begins = inner.low_included == right.low_included and same(run, inner.low, right.low)
    return begins and not _high_last(inner, right)


def _started_by(run: Run, left: Range, right: Value) -> bool:
    return _starts(run, right, left)


def _coincides(run: Run, left: Value, right: Value) -> bool:
    return same(run, left, right)


def _read_range(text: str) -> Value:
    match = _RANGE.fullmatch(text) if len(text) <= _TEXT_MAX else None
    if match is None:
        raise FailureError("the text is not a range")
    low, high = _read_end(match[2]), _read_end(match[3])
    if not ordered("<=", low, high):
        raise FailureError("the range runs backwards")
    return Range(low, high, match[1] == "[", match[4] == "]")


def _read_end(text: str) -> Value:
    match = _END.fullmatch(text)
    if match is None:
        raise FailureError("an end of the range is not a value that is written out")
    if match["number"] is not None:
        return DECIMAL.create_decimal(Decimal(match["number"]))
    if match["text"] is not None:
        return match["text"]
    if match["moment"] is not None:
        return read_moment(match["moment"])
    return _READERS[match["name"]](match["written"])


def _on(perform: Relation | Callable[..., Value], *shapes: str) -> tuple[Signature, ...]:
    return tuple(signature(shape, YES_NO, perform, paid=True) for shape in shapes)


_RANGES = "range1: range, range2: range"
_POINTS = "point1: any, point2: any"
_POINT_RANGE = "point: any, range: range"
_RANGE_POINT = "range: range, point: any"

RANGES: Mapping[str, tuple[Signature, ...]] = {
    "before": _on(_before, _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS),
    "after": _on(_after, _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS),
    "meets": _on(_meets, _RANGES),
    "met by": _on(_met_by, _RANGES),
    "overlaps": _on(_overlaps, _RANGES),
    "overlaps before": _on(_overlaps_before, _RANGES),
    "overlaps after": _on(_overlaps_after, _RANGES),
    "finishes": _on(_finishes, _RANGES, _POINT_RANGE),
    "finished by": _on(_finished_by, _RANGES, _RANGE_POINT),
    "includes": _on(_includes, _RANGES, _RANGE_POINT),
    "during": _on(_during, _RANGES, _POINT_RANGE),
    "starts": _on(_starts, _RANGES, _POINT_RANGE),
    "started by": _on(_started_by, _RANGES, _RANGE_POINT),
    "coincides": _on(_coincides, _RANGES, _POINTS),
    "range": (signature("from: text", RangeType(ANY), _read_range),),
}
