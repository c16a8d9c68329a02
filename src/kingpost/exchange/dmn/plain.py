"""Values as JSON: inputs by the types that a model declares, answers without loss."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias, cast

from kingpost.expressions import (
    AnyType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    Function,
    ListType,
    MonthsType,
    NumberType,
    Range,
    TimeType,
    Type,
    Value,
)
from kingpost.expressions.functions.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
    write_moment,
)
from kingpost.expressions.value import DECIMAL, FailureError

Json: TypeAlias = "bool | int | float | Decimal | str | list[Json] | dict[str, Json] | None"
_READERS: Mapping[type, Callable[[str], Value]] = {
    DateType: read_date,
    TimeType: read_time,
    DateTimeType: read_date_time,
    DurationType: read_duration,
    MonthsType: read_duration,
    NumberType: DECIMAL.create_decimal,
}
_EXACT_MAX = 2**53


def from_json(found: Json, kind: Type) -> Value:
    """Return a JSON value as a value of a type; what does not fit it is left as it is.

    Numbers must have been parsed as Decimal or int.
    """
    match found, kind:
        case bool() | None, _:
            return found
        case int() | Decimal() | float(), _:
            return DECIMAL.create_decimal(str(found))
        case str(), _:
            return _from_text(found, kind)
        case list(), _:
            inner = kind.of if isinstance(kind, ListType) else AnyType()
            return [from_json(item, inner) for item in found]
        case _:
            members: Mapping[str, Type] = kind.members if isinstance(kind, ContextType) else {}
            group = cast("dict[str, Json]", found)
            return {
                name: from_json(item, members.get(name, AnyType())) for name, item in group.items()
            }


def _from_text(text: str, kind: Type) -> Value:
    reader = _READERS.get(type(kind))
    if reader is None:
        return text
    try:
        return reader(text)
    except (FailureError, ArithmeticError):
        return text


def to_json(value: Value) -> Json:
    """Return a value as JSON: a number that JSON may not carry whole, and any moment, as text."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return _number(value)
        case list():
            return [to_json(item) for item in value]
        case dict():
            return {name: to_json(item) for name, item in value.items()}
        case Range():
            opening = "[" if value.low_included else "("
            closing = "]" if value.high_included else ")"
            return f"{opening}{_end(value.low)}..{_end(value.high)}{closing}"
        case Function():
            return f"function({', '.join(value.parameters)})"
        case _:
            return write_moment(value)


def _number(number: Decimal) -> Json:
    if number == number.to_integral_value():
        return int(number) if abs(number) <= _EXACT_MAX else str(number)
    near = float(number)
    return near if Decimal(repr(near)) == number else str(number)


def _end(value: Value) -> str:
    return "" if value is None else str(to_json(value))
