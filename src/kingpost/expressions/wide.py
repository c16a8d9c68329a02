"""Dates and times that Python's own cannot hold: other years than 1 to 9999, and nanoseconds.

A value is wide only where Python's `date`, `time` or `datetime` cannot be it. Days are counted as
Python counts them: day 1 is the first of January in the year 1 of the Gregorian calendar, carried
on to both sides.

Source: OMG DMN 1.5, 10.3.2.3.4 to 10.3.2.3.6, whose years go from -999999999 to 999999999.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

YEAR_MAX = 999_999_999
DAY = 86_400 * 10**9
_SECOND = 10**9
_MICROSECOND = 1_000
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_PYTHON_DAYS = range(1, date.max.toordinal() + 1)
# Years whose rules stand for all before and after: no zone knew a rule, or the last one goes on.
_EARLY, _LATE = 400, 9_200


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day outside of the years 1 to 9999. day: its count, see above."""

    day: int

    @property
    def parts(self) -> tuple[int, int, int]:
        """Return year, month and day of the month."""
        return civil(self.day)


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day to the nanosecond. nanos: since midnight."""

    nanos: int
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A day and a time, of which one at least is wide."""

    day: int
    nanos: int
    zone: tzinfo | None


AnyDate: TypeAlias = date | WideDate
AnyTime: TypeAlias = time | WideTime
AnyDateTime: TypeAlias = datetime | WideDateTime
Moment: TypeAlias = AnyDate | AnyTime | AnyDateTime


def civil(day: int) -> tuple[int, int, int]:
    """Return year, month and day of the month of a counted day."""
    cycles, rest = divmod(day - 1, _CYCLE_DAYS)
    twin = date.fromordinal(rest + 1)
    return cycles * _CYCLE_YEARS + twin.year, twin.month, twin.day


def counted(year: int, month: int, day: int) -> int:
    """Return the count of a day. Raises ValueError when there is no such day."""
    if abs(year) > YEAR_MAX:
        raise ValueError(year)
    cycles, rest = divmod(year - 1, _CYCLE_YEARS)
    return cycles * _CYCLE_DAYS + date(rest + 1, month, day).toordinal()


def make_date(day: int) -> AnyDate:
    """Return the date of a counted day. Raises ValueError beyond the years of the standard."""
    if day in _PYTHON_DAYS:
        return date.fromordinal(day)
    if abs(civil(day)[0]) > YEAR_MAX:
        raise ValueError(day)
    return WideDate(day)


def make_time(nanos: int, zone: tzinfo | None) -> AnyTime:
    """Return the time so many nanoseconds after midnight."""
    micros, rest = divmod(nanos, _MICROSECOND)
    if rest:
        return WideTime(nanos, zone)
    seconds, micros = divmod(micros, 10**6)
    minutes, second = divmod(seconds, 60)
    return time(minutes // 60, minutes % 60, second, micros, tzinfo=zone)


def make_moment(day: int, nanos: int, zone: tzinfo | None) -> AnyDateTime:
    """Return a date and time. Raises ValueError beyond the years of the standard."""
    when, clock = make_date(day), make_time(nanos, zone)
    if isinstance(when, date) and isinstance(clock, time):
        return datetime.combine(when, clock)
    return WideDateTime(day, nanos, zone)


def day_of(moment: AnyDate | AnyDateTime) -> int:
    """Return the count of the day of a date, or of a date and time by its own wall clock."""
    return moment.toordinal() if isinstance(moment, date) else moment.day


def nanos_of(moment: AnyTime | AnyDateTime) -> int:
    """Return the nanoseconds since midnight by the wall clock."""
    if isinstance(moment, WideTime | WideDateTime):
        return moment.nanos
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * _SECOND + moment.microsecond * _MICROSECOND


def zone_of(moment: AnyTime | AnyDateTime) -> tzinfo | None:
    """Return the zone, if there is one."""
    return moment.zone if isinstance(moment, WideTime | WideDateTime) else moment.tzinfo


def twin(day: int) -> date:
    """Return a day of Python's calendar with the same month, day and day of the week."""
    if day in _PYTHON_DAYS:
        return date.fromordinal(day)
    first = _EARLY if day < 1 else _LATE
    start = date(first + 1, 1, 1).toordinal()
    return date.fromordinal(start + (day - 1) % _CYCLE_DAYS)


def offset_of(moment: AnyTime | AnyDateTime) -> timedelta | None:
    """Return how far the wall clock is ahead of UTC; None without a zone, or where it depends."""
    match moment:
        case WideTime():
            return None if moment.zone is None else moment.zone.utcoffset(None)
        case WideDateTime():
            near = datetime.combine(twin(moment.day), time(), moment.zone)
            return (near + timedelta(microseconds=moment.nanos // _MICROSECOND)).utcoffset()
        case _:
            return moment.utcoffset()


def position(moment: Moment) -> tuple[bool, int]:
    """Return whether a value has a zone, and where it lies on its line of time."""
    if isinstance(moment, WideDate) or type(moment) is date:
        return False, day_of(moment)
    assert isinstance(moment, time | datetime | WideTime | WideDateTime)
    offset = offset_of(moment)
    shift = 0 if offset is None else span_nanos(offset)
    days = day_of(moment) if isinstance(moment, datetime | WideDateTime) else 0
    return offset is not None, days * DAY + nanos_of(moment) - shift


def span_nanos(span: timedelta) -> int:
    """Return the nanoseconds of a duration."""
    return span // timedelta(microseconds=1) * _MICROSECOND


def span_of(nanos: int) -> timedelta:
    """Return a duration, which is kept to the microsecond. Raises OverflowError when too long."""
    return timedelta(microseconds=nanos // _MICROSECOND)


def moved(moment: AnyDateTime, nanos: int) -> AnyDateTime:
    """Return the moment so much later, by the same zone's clock."""
    zone = zone_of(moment)
    zoned, at = position(moment)
    if not zoned or zone is None:
        return make_moment(*divmod(at + nanos, DAY), zone)
    day, rest = divmod(at + nanos, DAY)
    near = datetime.combine(twin(day), time(), UTC) + span_of(rest)
    offset = near.astimezone(zone).utcoffset() or timedelta()
    return make_moment(*divmod(at + nanos + span_nanos(offset), DAY), zone)


def moved_by_months(moment: AnyDate | AnyDateTime, months: int) -> AnyDate | AnyDateTime:
    """Return the same day so many months later, or the last of that month where it is shorter."""
    year, month, day = civil(day_of(moment))
    year, month = divmod(year * 12 + month - 1 + months, 12)
    there = counted(year, month + 1, 1) + min(day, _days_in(year, month + 1)) - 1
    if isinstance(moment, datetime | WideDateTime):
        return make_moment(there, nanos_of(moment), zone_of(moment))
    return make_date(there)


def _days_in(year: int, month: int) -> int:
    after = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
    return counted(*after, 1) - counted(year, month, 1) if abs(after[0]) <= YEAR_MAX else 31
