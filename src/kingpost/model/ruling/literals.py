"""Values as a test of a rule writes them: plain, and read by the type of what they are of."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import cast

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    MoneyType,
    MonthsType,
    NumberType,
    TextType,
    TimeType,
    Type,
    Value,
    YesNoType,
    compile_expression,
    describe,
)
from kingpost.model.rules import Sample
from kingpost.values.money import read_money

_TRUTHS: Mapping[str, Value] = {"true": True, "false": False, "yes": True, "no": False}
_MADE: Mapping[type, str] = {
    DateType: "date(x)",
    DateTimeType: "date and time(x)",
    TimeType: "time(x)",
    DurationType: "duration(x)",
    MonthsType: "duration(x)",
}


class NotThatTypeError(Exception):
    """A value is not of the type of what it is of. Its text is a clause."""


def read_sample(sample: Sample, kind: Type) -> Value:
    """Return the value of a sample. Raises: NotThatTypeError."""
    if sample.is_list:
        inner = kind.of if isinstance(kind, ListType) else kind
        return [read_value(text, inner) for text in sample.values]
    return read_value(sample.values[0], kind) if sample.values else None


def read_value(text: str, kind: Type) -> Value:
    """Return the value that a text writes for a type. Raises: NotThatTypeError."""
    if isinstance(kind, ChoiceType) and text not in kind.of:
        listed = ", ".join(f"`{one}`" for one in kind.of[:8])
        raise NotThatTypeError(f"`{text}` is not one of {listed}")
    found = _made(_MADE[type(kind)], text) if type(kind) in _MADE else _plain(text, kind)
    if found is None:
        raise NotThatTypeError(f"`{text}` is not {describe(kind)}")
    return found


def _plain(text: str, kind: Type) -> Value:
    match kind:
        case ChoiceType() | TextType():
            return text
        case YesNoType():
            return _TRUTHS.get(text)
        case NumberType():
            return _number(text)
        case MoneyType(currency):
            return read_money(text, currency) if currency else _number(text)
        case _:
            return _guessed(text)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _made(by: str, text: str) -> Value:
    compiled = compile_expression(by, {"x": TextType()})
    return cast("Compiled", compiled).evaluate({"x": text})


def _guessed(text: str) -> Value:
    """Return the value of a text of which no type is known."""
    if text in {"true", "false"}:
        return text == "true"
    number = _number(text)
    return text if number is None else number
