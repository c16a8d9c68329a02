"""Years before 1 and after 9999, and nanoseconds: the same rules as for every other moment."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import Compiled, Value, compile_leniently
from kingpost.expressions.wide import (
    DAY,
    WideDate,
    WideDateTime,
    WideTime,
    civil,
    counted,
    make_date,
    make_moment,
    make_time,
    moved,
    moved_by_months,
    nanos_of,
    offset_of,
    position,
    twin,
)

DAYS = st.integers(-365_000_000_000, 365_000_000_000)


def value(text: str) -> Value:
    found = compile_leniently(text, {})
    assert isinstance(found, Compiled), found
    return found.evaluate({})


@given(st.dates())
def test_days_are_counted_as_python_counts_them(day: date) -> None:
    assert counted(day.year, day.month, day.day) == day.toordinal()
    assert civil(day.toordinal()) == (day.year, day.month, day.day)
    assert make_date(day.toordinal()) == day


@given(DAYS)
def test_a_day_of_any_year_is_found_again(day: int) -> None:
    assert counted(*civil(day)) == day
    near = twin(day)
    assert (near.month, near.day) == civil(day)[1:]
    assert (near.isoweekday() - 1) % 7 == (day - 1) % 7


@given(st.times())
def test_a_time_that_python_can_hold_is_pythons(clock: time) -> None:
    assert make_time(nanos_of(clock), None) == clock


@given(st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=5))])))
def test_a_moment_that_python_can_hold_is_pythons_and_lies_where_it_says(moment: datetime) -> None:
    made = make_moment(moment.toordinal(), nanos_of(moment), moment.tzinfo)

    assert made == moment
    assert position(made)[0] == (moment.tzinfo is not None)
    assert offset_of(made) == moment.utcoffset()


@given(
    st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1)),  # noqa: DTZ001 - a zone is added
    st.timedeltas(timedelta(days=-4000), timedelta(days=4000)),
    st.sampled_from(["Europe/Amsterdam", "Australia/Melbourne", "America/New_York"]),
)
def test_moving_a_moment_is_what_python_finds_by_way_of_utc(
    start: datetime, span: timedelta, zone: str
) -> None:
    moment = start.replace(tzinfo=ZoneInfo(zone))

    there = moved(moment, span // timedelta(microseconds=1) * 1000)

    assert isinstance(there, datetime)
    expected = (moment.astimezone(UTC) + span).astimezone(ZoneInfo(zone))
    assert there.replace(fold=0) == expected.replace(fold=0)


@given(DAYS, st.integers(-50_000, 50_000))
def test_months_move_to_the_same_day_or_to_the_last_of_the_month(day: int, months: int) -> None:
    there = moved_by_months(make_date(day), months)

    assert not isinstance(there, datetime | WideDateTime)
    year, month, of_month = civil(there.toordinal() if isinstance(there, date) else there.day)
    was = civil(day)
    assert (year - was[0]) * 12 + month - was[1] == months
    assert of_month == was[2] or (of_month < was[2] and of_month >= 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(@"12000-02-29" + @"P1Y")', "12001-02-28"),
        ('@"12000-02-29".weekday', 2),
        ('day of week(@"12000-02-29")', "Tuesday"),
        ('day of year(@"-0004-12-31")', 366),
        ('week of year(@"12000-01-01")', 52),
        ('@"-2020-05-06".year', -2020),
        ('@"10000-01-01" - @"9999-12-31"', timedelta(days=1)),
        ('@"9999-12-31" + @"P1D" = @"10000-01-01"', True),
        ('@"10000-01-01T00:00:00+01:00" = @"9999-12-31T23:00:00Z"', True),
        ('@"10000-01-01T00:00:00+01:00" < @"9999-12-31T23:00:01Z"', True),
        ('@"9999-12-31T23:30:00Z" + @"PT1H" > @"9999-12-31T23:30:00Z"', True),
        ('@"99999-01-01" in [@"99998-01-01"..@"99999-01-01"]', True),
        ('@"10000-01-01" = @"10:00:00"', None),
        ('@"10000-01-01T00:00:00Z" > @"10000-01-01T00:00:00"', None),
        ('count(for d in @"9999-12-30"..@"10000-01-02" return d)', 4),
        ('sort([@"10000-01-01", @"-0001-01-01"], function(a, b) a < b)[1].year', -1),
        ('@"999999999-12-31" + @"P1D"', None),
        ('@"1000000000-01-01"', None),
        ('@"-0000-01-01"', None),
        ('@"10:00:00.123456789" > @"10:00:00.123456788"', True),
        ('@"10:00:00.123456789" = @"10:00:00.123456789"', True),
        ('string(@"10:00:00.123456789" + @"PT0.5S")', "10:00:00.623456789"),
        ('@"10:00:00.123456789" - @"10:00:00"', timedelta(microseconds=123456)),
        ('@"10:00:00.123456789".second', 0),
        ('@"2026-03-01T10:00:00.000000001@Europe/Paris".timezone', "Europe/Paris"),
        ('string(time(1, 2, 3.0000000019, @"PT2H"))', "01:02:03.000000001+02:00"),
        ('date(@"12000-02-29T10:00:00") = @"12000-02-29"', True),
        ('@"12000-02-29" instance of date', True),
        ('@"12000-02-29T00:00:00" instance of date', False),
        ('is(@"10:00:00.000000001Z", @"10:00:00.000000001+00:00")', True),
    ],
)
def test_wide_moments_obey_the_rules_of_all_others(text: str, expected: object) -> None:
    assert value(text) == expected


def test_only_what_python_cannot_hold_is_wide() -> None:
    assert isinstance(value('@"10000-01-01"'), WideDate)
    assert isinstance(value('@"10:00:00.000000001"'), WideTime)
    assert isinstance(value('@"2026-01-01T10:00:00.000000001"'), WideDateTime)
    assert value('@"10000-01-01" - @"P1D"') == date(9999, 12, 31)
    assert DAY == 86_400_000_000_000
