"""Values of a record: what fits a field, how it is kept, and what it is in expressions."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.decisions.commands import Complete, Record, Start
from kingpost.decisions.given import clean_text
from kingpost.model.objects import Field, FieldType
from kingpost.model.records.values import (
    expected,
    fits,
    read_duration,
    stored,
    to_plain,
    to_value,
    write_duration,
)
from kingpost.proof.canonical import check_canonical
from tests.decisions.world import ANNA, MODEL, Desk, started

T = FieldType


def field(kind: FieldType) -> Field:
    return Field(
        "f",
        "F",
        kind,
        ("low", "high") if kind is T.CHOICE else (),
        currency="EUR" if kind is T.MONEY else "",
        item=Field("", "", T.MONEY, currency="EUR") if kind is T.LIST else None,
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (T.TEXT, "x" * 10_000, True), (T.TEXT, "x" * 10_001, False), (T.TEXT, "a\0", False),
        (T.TEXT, 1, False), (T.TEXT, None, True), (T.TEXT, ["a"], False),
        (T.INTEGER, 5, True), (T.INTEGER, 2**53, False), (T.INTEGER, True, False),
        (T.INTEGER, "5", False), (T.INTEGER, 5.0, False),
        (T.DECIMAL, "12.50", True), (T.DECIMAL, "-0.1", True), (T.DECIMAL, "1e3", False),
        (T.DECIMAL, "NaN", False), (T.DECIMAL, "Infinity", False), (T.DECIMAL, ".5", False),
        (T.DECIMAL, "1,5", False), (T.DECIMAL, "\u0661", False), (T.DECIMAL, 5, False),
        (T.DECIMAL, "9" * 34, True), (T.DECIMAL, "9" * 35, False), (T.DECIMAL, "1\n", False),
        (T.DATE, "2026-11-21", True), (T.DATE, "20261121", False), (T.DATE, "2026-02-29", False),
        (T.DATE, "2026-W47-6", False), (T.DATE, "2026-11-21T10:00:00Z", False),
        (T.DATETIME, "2026-11-21T10:30:00Z", True),
        (T.DATETIME, "2026-11-21T10:30:00+01:00", True),
        (T.DATETIME, "2026-11-21T10:30:00", False), (T.DATETIME, "2026-11-21", False),
        (T.DATETIME, "0001-01-01T00:00:00+14:00", False), (T.DATETIME, "now", False),
        (T.DURATION, "PT4H30M", True), (T.DURATION, "-P1D", True), (T.DURATION, "P", False),
        (T.DURATION, "P1DT", False), (T.DURATION, "P1Y", False), (T.DURATION, "PT1.5S", False),
        (T.DURATION, "P" + "9" * 5000 + "D", False), (T.DURATION, "P999999999D", True),
        (T.DURATION, "-P999999999DT24H", False),
        (T.YES_NO, True, True), (T.YES_NO, 1, False), (T.YES_NO, "yes", False),
        (T.CHOICE, "low", True), (T.CHOICE, "LOW", False), (T.CHOICE, ["low"], False),
        (T.POST, "lead", True), (T.POST, "leader", False), (T.POST, ["lead"], False),
        (T.MONEY, "60000", True), (T.MONEY, 59000, True), (T.MONEY, "60000.5 EUR", True),
        (T.MONEY, "-60000.50", True), (T.MONEY, "60000 USD", False), (T.MONEY, "0.001", False),
        (T.MONEY, "1e3", False), (T.MONEY, "9" * 41, False), (T.MONEY, True, False),
        (T.MONEY, "EUR 5", False), (T.MONEY, "2026-11-21", False),
        (T.DOCUMENT, "payslip.pdf", True), (T.DOCUMENT, "https://files.example/1", True),
        (T.DOCUMENT, "x" * 501, False), (T.DOCUMENT, "a\nb", False),
        (T.REFERENCE, "INC-1", True), (T.REFERENCE, 1, False),
        (T.LIST, ["1", "2.50 EUR"], True), (T.LIST, [], False), (T.LIST, ["1", None], False),
        (T.LIST, "1", False), (T.LIST, ["1", ["2"]], False), (T.LIST, ["1"] * 1001, False),
    ],
)  # fmt: skip
def test_a_value_fits_its_field(kind: FieldType, value: object, *, expected: bool) -> None:
    assert fits(field(kind), value, MODEL.posts) is expected


VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    T.TEXT: st.text(max_size=20),
    T.INTEGER: st.integers(-(2**53) + 1, 2**53 - 1).map(Decimal),
    T.DECIMAL: st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False, places=3),
    T.DATE: st.dates(),
    T.DATETIME: st.datetimes(timezones=st.just(UTC)),
    T.DURATION: st.integers(-(10**9), 10**9).map(lambda seconds: timedelta(seconds=seconds)),
    T.YES_NO: st.booleans(),
    T.MONEY: st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False, places=2),
    T.DOCUMENT: st.text("abc./:", max_size=20),
    T.LIST: st.lists(
        st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=2), min_size=1
    ),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_a_value_is_kept_and_comes_back(kind: FieldType, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])

    plain = to_plain(field(kind), value)

    assert to_value(field(kind), plain) == value
    assert "\0" in str(plain) or fits(field(kind), plain, {})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (T.INTEGER, Decimal("2.5")),
        (T.DATETIME, datetime(2026, 11, 21)),  # noqa: DTZ001 - a time without a zone is the case
        (T.DECIMAL, Decimal(10) ** 40),
        (T.TEXT, [Decimal(1)] * 10_000),
        (T.DATE, datetime(2026, 11, 21, tzinfo=UTC)),
        (T.MONEY, Decimal("0.001")),
        (T.MONEY, Decimal(10) ** 40),
        (T.LIST, [Decimal(1), None]),
        (T.LIST, Decimal(1)),
    ],
)
def test_what_does_not_fit_is_never_bent_until_it_does(kind: FieldType, value: object) -> None:
    assert not fits(field(kind), to_plain(field(kind), value), {})


def test_whole_numbers_are_whole_however_they_are_written() -> None:
    assert to_plain(field(T.INTEGER), Decimal("2.00")) == 2
    assert to_plain(field(T.INTEGER), Decimal("1E+3")) == 1000
    assert to_plain(field(T.DECIMAL), Decimal("1E+3")) == "1000"


def test_a_time_is_kept_in_utc() -> None:
    assert stored(field(T.DATETIME), "2026-11-21T10:30:00+01:00") == "2026-11-21T09:30:00Z"
    lisbon_summer = timezone(timedelta(hours=1))
    assert to_plain(field(T.DATETIME), datetime(2026, 7, 1, 1, tzinfo=lisbon_summer)) == (
        "2026-07-01T00:00:00Z"
    )
    assert to_value(field(T.DATE), "2026-11-21") == date(2026, 11, 21)


def test_every_kind_of_field_says_what_it_expects() -> None:
    assert {kind: expected(field(kind)) for kind in FieldType}[T.CHOICE] == "one of `low`, `high`"
    assert all(expected(field(kind)) for kind in FieldType)


@given(seconds=st.integers(-(10**10), 10**10))
def test_a_duration_reads_back_as_it_is_written(seconds: int) -> None:
    length = timedelta(seconds=seconds)

    assert read_duration(write_duration(length)) == length


@given(text=st.text(st.characters(exclude_categories=())))
def test_text_is_cleaned_until_it_has_a_canonical_form(text: str) -> None:
    clean = clean_text(text)

    check_canonical(clean)
    assert clean_text(clean) == clean


def test_text_is_kept_without_blanks_around_it_and_empty_text_is_no_text() -> None:
    desk = Desk()
    desk.do(Start({"claimant": "  e\u0301 ", "amount": "1", "note": "   "}), ANNA)

    assert desk.case.fields["claimant"] == "\u00e9"
    assert "note" not in desk.case.fields


def test_a_time_that_is_recorded_is_kept_in_utc() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)

    desk.do(Record(desk.id("examine"), {"called-at": "2026-11-21T10:30:00+01:00"}), ANNA)

    assert desk.case.fields["called-at"] == "2026-11-21T09:30:00Z"


def test_text_reads_as_it_is_written() -> None:
    assert clean_text("\u202eabc\u202c \u00e9 \u2066x\u2069") == "abc \u00e9 x"


def test_money_is_kept_in_full_with_its_currency() -> None:
    assert stored(field(T.MONEY), "60000") == "60000.00 EUR"
    assert stored(field(T.MONEY), "60000.5 EUR") == "60000.50 EUR"
    assert stored(field(T.LIST), ["1", 2]) == ["1.00 EUR", "2.00 EUR"]
    assert to_value(field(T.MONEY), "60000.50 EUR") == Decimal("60000.5")
    assert expected(field(T.MONEY)) == "an amount such as `1250.00 EUR`"
    assert expected(field(T.LIST)) == (
        "a list of at most 1000 entries, each an amount such as `1250.00 EUR`"
    )
