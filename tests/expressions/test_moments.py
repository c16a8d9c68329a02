"""Zones, nights in which clocks change, and moments as text."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kingpost.expressions import Compiled, DateTimeType, Value, compile_expression
from kingpost.expressions.functions.moments import read_moment, write_moment

PARIS = ZoneInfo("Europe/Paris")


def evaluate(text: str, **values: Value) -> Value:
    found = compile_expression(text, dict.fromkeys(values, DateTimeType()))
    assert isinstance(found, Compiled), found
    return found.evaluate(values)


def test_an_hour_is_an_hour_in_the_night_the_clocks_go_back() -> None:
    before = datetime(2026, 10, 25, 1, 30, tzinfo=PARIS)

    after = evaluate('start + @"PT2H"', start=before)

    assert isinstance(after, datetime)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=2)
    assert (after.hour, after.fold) == (2, 1)
    assert evaluate("end - start", start=before, end=after) == timedelta(hours=2)


def test_two_moments_of_one_zone_compare_by_the_instant() -> None:
    early = datetime(2026, 10, 25, 2, 45, tzinfo=PARIS)
    late = datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=PARIS)

    assert evaluate("start < end", start=early, end=late) is True
    assert evaluate("start = end", start=early, end=early.replace(fold=1)) is False


def test_a_day_is_24_hours_and_a_month_keeps_the_clock() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=PARIS)

    assert evaluate('start + @"P1D"', start=start) == datetime(2026, 3, 29, 13, tzinfo=PARIS)
    assert evaluate('start + @"P1M"', start=start) == datetime(2026, 4, 28, 12, tzinfo=PARIS)


def test_the_same_instant_in_two_zones_is_equal_but_not_the_same() -> None:
    pair = '@"2026-07-01T12:00:00@Europe/Paris"', '@"2026-07-01T10:00:00Z"'

    assert evaluate(f"{pair[0]} = {pair[1]}") is True
    assert evaluate(f"is({pair[0]}, {pair[1]})") is False


def test_a_zoned_and_an_unzoned_moment_have_no_order() -> None:
    unzoned, zoned = read_moment("2026-07-01T12:00:00"), read_moment("2026-07-01T10:00:00Z")

    assert evaluate("unzoned < zoned", unzoned=unzoned, zoned=zoned) is None


def test_parts_of_a_moment() -> None:
    assert evaluate('@"2026-07-01T12:00:00@Europe/Paris".time offset') == timedelta(hours=2)
    assert evaluate('@"2026-07-01T12:00:00@Europe/Paris".timezone') == "Europe/Paris"
    assert evaluate('date(@"2026-07-01T23:59:59")') == date(2026, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "10:30:00",
        "10:30:00.5",
        "10:30:00Z",
        "10:30:00+02:00",
        "10:30:00-05:30:10",
        "2026-03-01T10:30:00@Europe/Paris",
        "P1Y2M",
        "-P3M",
        "P0M",
        "P1DT2H3M4.5S",
        "-PT5M",
        "PT0S",
    ],
)
def test_a_moment_is_written_as_it_was_read(text: str) -> None:
    assert write_moment(read_moment(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-02-30", "`2026-02-30` is not a date"),
        ("2026-03-01T10:00:00@Mars/Olympus", "`Mars/Olympus` is not a time zone"),
        ("10:00:00+15:00", "`+15:00` is not an offset"),
        ("25:00:00", "`25:00:00` is not a time"),
        ("P", "`P` is not a duration"),
        ("P1DT", "`P1DT` is not a duration"),
        ("P999999999D", None),
        ("soon", "`soon` is not a date"),
    ],
)
def test_a_text_that_is_no_moment_is_told(text: str, message: str | None) -> None:
    found = compile_expression(f'@"{text}"', {})

    if message is None:
        assert isinstance(found, Compiled)
    else:
        assert isinstance(found, tuple)
        assert [one.message for one in found] == [message]
