"""Business time, in the hours of Lisbon: nights, weekends, holidays and changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.values.business_time import Calendar, Opening

LISBON = ZoneInfo("Europe/Lisbon")
HOUR = 3600
OFFICE = Calendar(
    "office",
    "Europe/Lisbon",
    tuple(Opening(day, 8 * 60, 18 * 60) for day in range(5)),
    frozenset({date(2026, 4, 3), date(2026, 12, 25)}),
)
NIGHTS = Calendar("nights", "Europe/Lisbon", tuple(Opening(day, 0, 1440) for day in range(7)))
SHIFTS = Calendar(
    "shifts", "Europe/Lisbon", (Opening(0, 6 * 60, 10 * 60), Opening(0, 14 * 60, 18 * 60))
)
ALWAYS = Calendar("always", "Europe/Lisbon")


def at(text: str) -> datetime:
    """Return a local time of Lisbon."""
    return datetime.fromisoformat(text).replace(tzinfo=LISBON).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "end"),
    [
        # Within a day, over a night, over a weekend, over a holiday (Good Friday).
        (OFFICE, "2026-11-16 09:00", 4, "2026-11-16 13:00"),
        (OFFICE, "2026-11-16 17:00", 2, "2026-11-17 09:00"),
        (OFFICE, "2026-11-20 17:00", 2, "2026-11-23 09:00"),
        (OFFICE, "2026-04-02 17:00", 2, "2026-04-06 09:00"),
        # From outside the hours; exactly to the end of a day; nothing at all.
        (OFFICE, "2026-11-16 05:00", 1, "2026-11-16 09:00"),
        (OFFICE, "2026-11-21 12:00", 1, "2026-11-23 09:00"),
        (OFFICE, "2026-11-16 08:00", 10, "2026-11-16 18:00"),
        (OFFICE, "2026-11-16 20:00", 0, "2026-11-17 08:00"),
        (OFFICE, "2026-11-16 12:00", 0, "2026-11-16 12:00"),
        # Two shifts in a day, once a week.
        (SHIFTS, "2026-11-16 09:00", 2, "2026-11-16 15:00"),
        (SHIFTS, "2026-11-16 17:00", 2, "2026-11-23 07:00"),
        # Office hours do not notice that the clocks change on a Sunday.
        (OFFICE, "2026-03-27 17:00", 2, "2026-03-30 09:00"),
        (OFFICE, "2026-10-23 17:00", 2, "2026-10-26 09:00"),
        # Day and night do: the Sunday has 23 hours in spring, 25 in autumn.
        (NIGHTS, "2026-03-29 00:00", 23, "2026-03-30 00:00"),
        (NIGHTS, "2026-10-25 00:00", 25, "2026-10-26 00:00"),
        (ALWAYS, "2026-03-29 00:00", 23, "2026-03-30 00:00"),
        (ALWAYS, "2026-10-25 00:00", 25, "2026-10-26 00:00"),
    ],
)
def test_open_time_is_added_and_taken_up(
    calendar: Calendar, start: str, hours: int, end: str
) -> None:
    assert calendar.add(at(start), hours * HOUR) == at(end)
    assert calendar.elapsed(at(start), at(end)) == hours * HOUR


@pytest.mark.parametrize("calendar", [OFFICE, NIGHTS, SHIFTS, ALWAYS], ids=lambda item: item.name)
@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given apart
    seconds=st.integers(0, 90 * 24 * HOUR),
)
def test_what_is_added_has_elapsed(calendar: Calendar, start: datetime, seconds: int) -> None:
    end = calendar.add(start, seconds)

    assert end >= start
    assert calendar.elapsed(start, end) == pytest.approx(seconds, abs=1e-3)
    assert calendar.elapsed(end, start) == 0.0


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given apart
    one=st.integers(0, 40 * 24 * HOUR),
    two=st.integers(0, 40 * 24 * HOUR),
)
def test_a_pause_loses_nothing(start: datetime, one: int, two: int) -> None:
    middle, end = start + timedelta(seconds=one), start + timedelta(seconds=one + two)
    parts = OFFICE.elapsed(start, middle) + OFFICE.elapsed(middle, end)

    assert parts == pytest.approx(OFFICE.elapsed(start, end), abs=1e-3)


def test_an_opening_in_the_hour_that_spring_skips_begins_with_the_change() -> None:
    early = Calendar("early", "Europe/Lisbon", (Opening(6, 90, 180),))

    # 01:30 does not exist on 29 March 2026: 01:00 is followed by 02:00.
    assert early.add(at("2026-03-29 00:00"), 0) == at("2026-03-29 02:00")


def test_a_zone_in_which_midnight_does_not_exist() -> None:
    cairo = Calendar("cairo", "Africa/Cairo", tuple(Opening(day, 0, 1440) for day in range(7)))
    start = datetime(2026, 4, 22, 22, tzinfo=UTC)

    # On 24 April 2026 the day begins at 01:00 in Cairo, and has 23 hours.
    assert cairo.elapsed(start, start + timedelta(days=3)) == 3 * 24 * HOUR


def test_the_length_of_a_day_and_of_a_week() -> None:
    assert (OFFICE.day_seconds, OFFICE.week_days) == (10 * HOUR, 5)
    assert (SHIFTS.day_seconds, SHIFTS.week_days) == (8 * HOUR, 1)
    assert (ALWAYS.day_seconds, ALWAYS.week_days) == (24 * HOUR, 7)


def test_a_calendar_that_hardly_ever_opens_is_an_error_not_a_guess() -> None:
    never = Calendar("never", "UTC", (Opening(0, 0, 1),))

    with pytest.raises(ValueError, match="calendar `never` does not open for long enough"):
        never.add(at("2026-11-16 09:00"), 10**7)
