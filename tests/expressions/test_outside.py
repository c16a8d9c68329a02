"""Names from outside: functions that an expression calls, and types that it names."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    Function,
    FunctionType,
    ListType,
    NumberType,
    Run,
    Scope,
    Value,
    compile_leniently,
)

TYPES: Scope = {
    "tLoan": ContextType({"amount": NumberType()}),
    "big numbers": ListType(NumberType()),
}


def evaluated(text: str, values: Mapping[str, Value]) -> Value:
    found = compile_leniently(text, dict.fromkeys(values, AnyType()), TYPES)
    assert isinstance(found, Compiled), found
    return found.evaluate(values)


def double(_run: Run, values: list[Value]) -> Value:
    return [*values, *values]


LIST = ListType(NumberType())
TWICE = Function(("the number",), 1, 1, double, FunctionType((NumberType(),), LIST))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twice(4)", [Decimal(4), Decimal(4)]),
        ("twice(the number: 4)", [Decimal(4), Decimal(4)]),
        ("twice(other: 4)", None),
        ("for x in [1, 2] return count(twice(x))", [Decimal(2), Decimal(2)]),
    ],
)
def test_a_function_from_outside_is_called_by_position_and_by_name(text: str, value: Value) -> None:
    assert evaluated(text, {"twice": TWICE}) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{amount: 1} instance of tLoan", True),
        ("{amount: 1, more: 2} instance of tLoan", True),
        ('{amount: "1"} instance of tLoan', False),
        ("[{amount: 1}] instance of list<tLoan>", True),
        ("[1, 2] instance of big numbers", True),
        ("(function(loan: tLoan) loan.amount)({amount: 3})", Decimal(3)),
        ("(function(loan: tLoan) loan.amount)(3)", None),
        ("f instance of function<number>->list<number>", True),
        ("f instance of function<string>->list<number>", False),
        ("f instance of function<number>->string", False),
        ("f instance of function<number, number>->list<number>", False),
    ],
)
def test_declared_types_may_be_named(text: str, value: Value) -> None:
    assert evaluated(text, {"f": TWICE}) == value
