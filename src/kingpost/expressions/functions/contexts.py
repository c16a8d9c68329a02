"""Built-in functions on contexts, and on days of the calendar.

Source: OMG DMN 1.5, 10.3.4.7 to 10.3.4.9, date, context and miscellaneous functions.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal

from kingpost.expressions.functions.moments import write_moment
from kingpost.expressions.functions.signature import Signature, signature
from kingpost.expressions.kinds import ANY, NUMBER, TEXT, YES_NO, ContextType, ListType, Type
from kingpost.expressions.operators import same
from kingpost.expressions.value import FailureError, Run, Value
from kingpost.expressions.wide import (
    AnyDate,
    AnyDateTime,
    WideDateTime,
    WideTime,
    day_of,
    twin,
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCKS = datetime | time | WideDateTime | WideTime
_ENTRY = ListType(ContextType({"key": TEXT, "value": ANY}))


def _any_context(*_arguments: Type) -> Type:
    return ANY


def _get_value(group: dict[str, Value], key: str) -> Value:
    if key not in group:
        raise FailureError(f"there is no `{key}` in the group")
    return group[key]


def _get_path(group: dict[str, Value], keys: list[str]) -> Value:
    found: Value = group
    for key in keys:
        if not isinstance(found, dict):
            raise FailureError(f"there is no `{key}` in the group")
        found = _get_value(found, key)
    return found


def _get_entries(run: Run, group: dict[str, Value]) -> Value:
    run.spend(len(group))
    return [{"key": key, "value": value} for key, value in group.items()]


def _context(run: Run, entries: list[dict[str, Value] | None]) -> Value:
    group: dict[str, Value] = {}
    for entry in entries:
        run.spend(1)
        key = entry.get("key") if entry is not None else None
        if entry is None or not isinstance(key, str) or "value" not in entry or key in group:
            raise FailureError("an entry has a `key` of its own and a `value`")
        group[key] = entry["value"]
    return group


def _put(run: Run, group: dict[str, Value], key: str, value: Value) -> Value:
    run.spend(len(group))
    return {**group, key: value}


def _put_path(run: Run, group: dict[str, Value], keys: list[str | None], value: Value) -> Value:
    names = [key for key in keys if key is not None]
    if not keys or len(names) < len(keys):
        raise FailureError("the keys name no place in the group")
    run.spend(1 + len(group))
    below: Value = value
    for depth in range(len(names) - 1, 0, -1):
        inner = _get_path(group, names[:depth])
        if not isinstance(inner, dict):
            raise FailureError(f"there is no group at `{names[depth - 1]}`")
        run.spend(len(inner) + len(names))
        below = {**inner, names[depth]: below}
    return {**group, names[0]: below}


def _merge(run: Run, groups: list[dict[str, Value] | None]) -> Value:
    merged: dict[str, Value] = {}
    for group in groups:
        if group is None:
            raise FailureError("one of the groups is null")
        run.spend(1 + len(group))
        merged.update(group)
    return merged


def _is(run: Run, left: Value, right: Value) -> Value:
    """Tell whether two values are the same one, with the same zone or none."""
    if type(left) is not type(right):
        return False
    if isinstance(left, _CLOCKS) and isinstance(right, _CLOCKS):
        return write_moment(left) == write_moment(right)
    return same(run, left, right)


def _day_of_year(moment: AnyDate | AnyDateTime) -> Value:
    return Decimal(twin(day_of(moment)).timetuple().tm_yday)


def _day_of_week(moment: AnyDate | AnyDateTime) -> Value:
    return _DAYS[twin(day_of(moment)).weekday()]


def _month_of_year(moment: AnyDate | AnyDateTime) -> Value:
    return calendar.month_name[twin(day_of(moment)).month]


def _week_of_year(moment: AnyDate | AnyDateTime) -> Value:
    return Decimal(twin(day_of(moment)).isocalendar().week)


def _on_day(result: Type, perform: Callable[..., Value]) -> tuple[Signature, ...]:
    return (
        signature("date: date", result, perform),
        signature("date: datetime", result, perform),
    )


CONTEXTS: Mapping[str, tuple[Signature, ...]] = {
    "get value": (
        signature("m: context, key: text", ANY, _get_value),
        signature("context: context, keys: texts", ANY, _get_path),
    ),
    "get entries": (signature("m: context", _ENTRY, _get_entries, paid=True),),
    "context": (signature("entries: contexts", _any_context, _context, paid=True),),
    "context put": (
        signature("context: context, key: text, value: any?", ANY, _put, paid=True),
        signature("context: context, keys: texts, value: any?", ANY, _put_path, paid=True),
    ),
    "context merge": (signature("contexts: contexts", ANY, _merge, paid=True),),
    "is": (signature("value1?: any?, value2?: any?", YES_NO, _is, paid=True),),
    "day of year": _on_day(NUMBER, _day_of_year),
    "day of week": _on_day(TEXT, _day_of_week),
    "month of year": _on_day(TEXT, _month_of_year),
    "week of year": _on_day(NUMBER, _week_of_year),
}
