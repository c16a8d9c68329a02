"""What a strict evaluation answers where FEEL would go on with null, word for word."""

from decimal import Decimal

import pytest

from kingpost.expressions import (
    Compiled,
    ContextType,
    ListType,
    NoValue,
    NumberType,
    Scope,
    TextType,
    Type,
    Value,
    YesNoType,
    compile_expression,
)

LOAN = ContextType({"amount": NumberType(), "income": NumberType(), "band": TextType()})
SCOPE: Scope = {"loan": LOAN, "payments": ListType(NumberType())}
VALUES: dict[str, Value] = {
    "loan": {"amount": Decimal(60), "income": None, "band": None},
    "payments": [Decimal(5), None],
}


def required(text: str, expects: Type | None = None) -> Value | NoValue:
    found = compile_expression(text, SCOPE, expects)
    assert isinstance(found, Compiled), found
    return found.require(VALUES)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("loan.income > 10", "loan.income > 10", "`>` cannot compare null with a number"),
        (
            "1 / (loan.amount - loan.amount)",
            "1 / (loan.amount - loan.amount)",
            "`/` has no value here",
        ),
        ("loan.income", "loan.income", "the expression has no value here"),
        (
            'if loan.income > 10 then "low" else "high"',
            "loan.income > 10",
            "`>` cannot compare null with a number",
        ),
        (
            "count(payments[item > 1]) = 1",
            "item > 1",
            "`>` cannot compare null with a number",
        ),
        (
            "loan.amount > 100 or loan.income > 10",
            "loan.income > 10",
            "`>` cannot compare null with a number",
        ),
    ],
)
def test_a_null_is_an_outcome_with_its_cause_and_place(text: str, place: str, words: str) -> None:
    found = required(text)

    assert isinstance(found, NoValue)
    assert text[found.cause.offset : found.cause.offset + found.cause.length] == place
    assert found.cause.message == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loan.amount > 50 or loan.income > 10", True),
        ("loan.amount > 100 and loan.income > 10", False),
        ("loan.income = null", True),
        ('loan.band = "high"', False),
        ("if loan.income = null then 0 else loan.income", Decimal(0)),
        ("loan.amount * 2", Decimal(120)),
    ],
)
def test_a_null_that_decides_nothing_is_none(text: str, value: Value) -> None:
    assert required(text) == value


def test_a_value_of_another_type_than_its_place_expects_is_none() -> None:
    found = compile_expression("loan", {"loan": NumberType()}, NumberType())
    assert isinstance(found, Compiled)

    answer = found.require({"loan": "much"})

    assert isinstance(answer, NoValue)
    assert answer.cause.message == "this place expects a number, found text"


def test_an_evaluation_that_is_not_strict_goes_on_with_else() -> None:
    found = compile_expression("if loan.income > 10 then 1 else 2", SCOPE, NumberType())
    assert isinstance(found, Compiled)

    explained = found.explain(VALUES)

    assert explained.value == Decimal(2)
    assert [one.message for one in explained.warnings] == [
        "`>` cannot compare null with a number",
        "the condition is null, so `else` is taken",
    ]


def test_a_condition_is_required_as_yes_or_no() -> None:
    assert required("loan.amount > 50", YesNoType()) is True
