"""Money: a number with a currency, told apart before anything is evaluated."""

from decimal import Decimal

import pytest

from kingpost.expressions import (
    Compiled,
    ListType,
    MoneyType,
    NumberType,
    Scope,
    TextType,
    Type,
    YesNoType,
    compile_expression,
    compile_test,
)

SCOPE: Scope = {
    "amount": MoneyType("EUR"),
    "income": MoneyType("EUR"),
    "price": MoneyType("USD"),
    "fee": MoneyType(),
    "share": NumberType(),
    "name": TextType(),
    "parts": ListType(MoneyType("EUR")),
}
EUR = MoneyType("EUR")


def problems(text: str) -> list[tuple[str, str]]:
    found = compile_expression(text, SCOPE)
    assert isinstance(found, tuple), text
    return [(one.message, one.help) for one in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount + income", EUR),
        ("amount - fee", EUR),
        ("amount * share", EUR),
        ("2 * amount", EUR),
        ("amount / 12", EUR),
        ("amount / income", NumberType()),
        ("amount + 100", EUR),
        ("-amount", EUR),
        ("sum(parts)", EUR),
        ("max(amount, 100)", EUR),
        ("round half up(amount / 3, 2)", EUR),
        ("parts[1]", EUR),
        ("if share > 1 then amount else 0", EUR),
        ("amount <= 50000", YesNoType()),
        ("amount < income", YesNoType()),
        ("amount in [100..income]", YesNoType()),
        ("amount in (100, 200)", YesNoType()),
        ("amount between 10 and 2 * 50", YesNoType()),
        ("amount = null", YesNoType()),
    ],
)
def test_money_keeps_its_currency(text: str, kind: Type) -> None:
    found = compile_expression(text, SCOPE)

    assert isinstance(found, Compiled), found
    assert found.type == kind


@pytest.mark.parametrize(
    ("text", "message", "help_"),
    [
        (
            'amount > "50000"',
            "`>` cannot compare money in EUR with text",
            "Compare money in EUR with money in EUR.",
        ),
        (
            "amount < price",
            "`<` cannot compare money in EUR with money in USD",
            "Compare money in EUR with money in EUR.",
        ),
        (
            "amount = share",
            "`=` cannot compare money in EUR with a number",
            "Compare money in EUR with money in EUR.",
        ),
        (
            "amount + share",
            "`+` cannot join money in EUR and a number",
            "Use operands of types that go together.",
        ),
        (
            "amount + price",
            "`+` cannot join money in EUR and money in USD",
            "Use operands of types that go together.",
        ),
        (
            "amount * income",
            "`*` cannot join money in EUR and money in EUR",
            "Use operands of types that go together.",
        ),
        (
            "100 / amount",
            "`/` cannot join a number and money in EUR",
            "Use operands of types that go together.",
        ),
        (
            "upper case(fee)",
            "`upper case` expects text as `string`, found money",
            "Write text.",
        ),
    ],
)
def test_money_is_not_just_a_number(text: str, message: str, help_: str) -> None:
    assert problems(text) == [(message, help_)]


def test_a_place_that_expects_money_takes_a_written_number_and_no_other() -> None:
    assert isinstance(compile_expression("500", SCOPE, EUR), Compiled)
    found = compile_expression("share", SCOPE, EUR)
    assert isinstance(found, tuple)
    assert found[0].message == "this place expects money in EUR, found a number"


def test_a_cell_tests_money_against_written_numbers() -> None:
    found = compile_test("[500..700)", EUR, SCOPE)

    assert isinstance(found, Compiled)
    assert found.evaluate({"?": Decimal(600)}) is True
    assert found.evaluate({"?": Decimal(700)}) is False
