"""Addresses, spans, identifiers, names that are near, and the order of diagnostics."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.values.address import address, is_identifier, step_address
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.identity import derive, identify
from kingpost.values.nearest import nearest, suggestion
from kingpost.values.span import Span, read_span

DAY = 86_400


def test_an_address_names_a_part_of_a_model() -> None:
    assert address("post", "head-of-appeals") == "post/head-of-appeals"
    assert step_address("fine", "send") == "workflow/fine/step/send"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", True), ("head-of-appeals", True), ("group-70", True), ("", False), ("7a", False),
        ("a--b", False), ("-a", False), ("a-", False), ("A", False), ("a_b", False),
        ("ä", False), ("a\n", False), ("a b", False),
    ],
)  # fmt: skip
def test_an_identifier_is_words_joined_by_hyphens(text: str, *, expected: bool) -> None:
    assert is_identifier(text) is expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4 hours", Span(4, "hour")),
        ("1 hour", Span(1, "hour")),
        (" 30  minutes ", Span(30, "minute")),
        ("2 working days", Span(2, "day", working=True)),
        ("1 working week", Span(1, "week", working=True)),
        ("3660 days", Span(3660, "day")),
        ("0 hours", None),
        ("4 moons", None),
        ("-4 hours", None),
        ("4.5 hours", None),
        ("4hours", None),
        ("٤ hours", None),
        ("3661 days", None),
        ("99999999999999 minutes", None),
        ("", None),
    ],
)
def test_a_span_is_read(text: str, span: Span | None) -> None:
    assert read_span(text) == span


@given(
    count=st.integers(1, 500),
    unit=st.sampled_from(["minute", "hour", "day", "week"]),
    working=st.booleans(),
)
def test_a_span_reads_back_as_it_is_written(count: int, unit: str, *, working: bool) -> None:
    span = Span(count, unit, working)

    assert read_span(str(span)) == span


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (Span(2, "day"), 2 * DAY),
        (Span(1, "week"), 7 * DAY),
        (Span(90, "minute", working=True), 5400),
        (Span(2, "day", working=True), 2 * 36_000),
        (Span(1, "week", working=True), 5 * 36_000),
    ],
)
def test_a_working_day_is_as_long_as_the_calendar_says(span: Span, seconds: int) -> None:
    assert span.seconds(day_seconds=36_000, week_days=5) == seconds


@given(at=st.datetimes(datetime(1971, 1, 1), timezones=st.just(UTC)), name=st.text())  # noqa: DTZ001 - the zone is given apart
def test_an_identifier_of_a_time_is_of_version_seven(at: datetime, name: str) -> None:
    try:
        made = identify(at, name)
    except UnicodeEncodeError:
        return

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made == identify(at, name)
    milliseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert made.int >> 80 == milliseconds


def test_identifiers_sort_by_time_and_differ_by_name() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    later = now + timedelta(milliseconds=1)
    same = {identify(now, f"case/{n}") for n in range(10_000)}

    assert len(same) == 10_000
    assert max(same) < min(identify(later, f"case/{n}") for n in range(100))


@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_identifier_of_a_name_alone_is_of_version_eight(name: str) -> None:
    made = derive(name)

    assert (made.version, made.variant) == (8, RFC_4122)
    assert made == derive(name) != derive(f"{name}.")


def test_the_nearest_name_is_offered_and_a_strange_one_is_not() -> None:
    known = ["resolver", "dispatcher", "auditor"]

    assert nearest("resolvr", known) == "resolver"
    assert nearest("zzz", known) is None
    assert suggestion("auditer", known, "Name a role.") == "Write `auditor`."
    assert suggestion("zzz", known, "Name a role.") == "Name a role."
    assert nearest("b", ["ba", "bc"]) == nearest("b", ["bc", "ba"])


def test_diagnostics_stand_in_the_order_of_the_text() -> None:
    one = Diagnostic("KP0002", "post/a", "b", place=Place("a.yaml", 2, 1))
    two = Diagnostic("KP0001", "post/a", "a", place=Place("a.yaml", 10, 1))
    nowhere = Diagnostic("KP0009", "model", "z")

    assert sorted([two, one, nowhere], key=Diagnostic.order) == [nowhere, one, two]
    assert str(one.place) == "a.yaml:2:1"
