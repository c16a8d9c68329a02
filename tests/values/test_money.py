"""Money: what is an amount, and how it is kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.values.money import MINOR_DIGITS, example_of, read_money, write_money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("60000", "EUR", "60000.00"), ("60000 EUR", "EUR", "60000.00"), (" 1.5 ", "EUR", "1.50"),
        ("-0.01", "EUR", "-0.01"), ("1.500", "EUR", "1.50"), ("1.505", "EUR", None),
        ("60000 USD", "EUR", None), ("60000EUR", "EUR", None), ("EUR 60000", "EUR", None),
        ("60,000", "EUR", None), ("", "EUR", None), ("1e3", "EUR", None), ("5", "JPY", "5"),
        ("5.0", "JPY", "5"), ("5.5", "JPY", None), ("5.125", "KWD", "5.125"),
        ("9" * 35, "EUR", f"{'9' * 35}.00"), ("9" * 41, "EUR", None), ("\u0661", "EUR", None),
    ],
)  # fmt: skip
def test_an_amount_reads_in_its_currency(text: str, currency: str, amount: str | None) -> None:
    read = read_money(text, currency)

    assert (None if read is None else f"{read:f}") == amount


@given(
    st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=3),
    st.sampled_from(sorted(MINOR_DIGITS)),
)
def test_an_amount_is_never_rounded(amount: Decimal, currency: str) -> None:
    written = write_money(amount, currency)

    assert Decimal(written.removesuffix(f" {currency}")) == amount
    assert read_money(written, currency) in {amount, None}


def test_every_currency_has_an_example() -> None:
    assert (example_of("EUR"), example_of("JPY"), example_of("KWD")) == (
        "1250.00 EUR", "1250 JPY", "1250.000 KWD",
    )  # fmt: skip
    assert all(read_money(example_of(code), code) for code in MINOR_DIGITS)
