"""Business time: when a calendar is open, and what a budget of open time comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Longer than any span on a calendar that opens once a week.
_DAYS_AHEAD_MAX = 36_600


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of a weekday on which a calendar is open.

    weekday:        0 is Monday.
    start, end:     minutes from local midnight; 0 <= start < end <= 1440.
    """

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours at which a unit works. No openings at all means day and night, every day.

    name:     its id in the model.
    zone:     a name of the tz database.
    openings: ordered, not overlapping.
    holidays: local dates on which nothing is open.
    country:  whose public holidays nothing is open on, by ISO 3166; empty for none.
    public:   these days, as they were known when the calendar was read. open_on: those of them on
              which it is open all the same.
    description: what it is for. was: its id before it was renamed.
    """

    name: str
    zone: str
    openings: tuple[Opening, ...] = ()
    holidays: frozenset[date] = frozenset()
    title: str = ""
    country: str = ""
    description: str = ""
    was: str = ""
    public: frozenset[date] = frozenset()
    open_on: frozenset[date] = frozenset()

    def __hash__(self) -> int:
        # Days are looked up by calendar, thousands of times: hashing every opening would dominate.
        return hash((self.name, self.zone))

    @property
    def day_seconds(self) -> int:
        """Return the length of the longest working day: what `1 working day` means here."""
        return _longest_day(self)

    @property
    def week_days(self) -> int:
        """Return how many days of the week are open."""
        return len({opening.weekday for opening in self.openings}) or 7

    def add(self, start: datetime, seconds: float) -> datetime:
        """Return the moment at which `seconds` of open time have passed since `start`.

        start:   aware. seconds: not negative; zero gives the first open moment from `start` on.
        Raises:  ValueError, when the calendar does not open often enough within a hundred years.
        """
        return _after(self, start, seconds) if self.openings else start + timedelta(seconds=seconds)

    def elapsed(self, start: datetime, end: datetime) -> float:
        """Return the seconds of open time from `start` to `end`; 0 when `end` is not later."""
        if end <= start:
            return 0.0
        if not self.openings:
            return (end - start).total_seconds()
        total = 0.0
        for opens, closes in self.stretches(start):
            if opens >= end:
                break
            total += (min(closes, end) - max(opens, start)).total_seconds()
        return total

    def stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open stretches, in UTC, that end after `start`."""
        day = start.astimezone(ZoneInfo(self.zone)).date()
        for _ in range(_DAYS_AHEAD_MAX):
            for opens, closes in _open_on(self, day):
                # What lies whole in the hour that spring skips is not open that day.
                if closes > max(start, opens):
                    yield opens, closes
            day += timedelta(days=1)


@lru_cache(maxsize=1_000)
def _after(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """Return the moment that `Calendar.add` does; one decision asks for the same several times."""
    left = seconds
    for opens, closes in calendar.stretches(start):
        begin = max(opens, start)
        length = (closes - begin).total_seconds()
        if left <= length:
            return begin + timedelta(seconds=left)
        left -= length
    raise ValueError(
        f"calendar `{calendar.name}` does not open for long enough within a hundred years"
    )


@lru_cache(maxsize=1_000)
def _longest_day(calendar: Calendar) -> int:
    if not calendar.openings:
        return 86_400
    lengths = dict.fromkeys(range(7), 0)
    for opening in calendar.openings:
        lengths[opening.weekday] += opening.end - opening.start
    return 60 * max(lengths.values())


@lru_cache(maxsize=20_000)
def _open_on(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return the open stretches of one local day in UTC, whether it has 23, 24 or 25 hours."""
    if day in calendar.holidays or (day in calendar.public and day not in calendar.open_on):
        return ()
    zone = ZoneInfo(calendar.zone)
    return tuple(
        (_instant(day, opening.start, zone), _instant(day, opening.end, zone))
        for opening in calendar.openings
        if opening.weekday == day.weekday()
    )


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a local time; one that is skipped is the moment of the change."""
    midnight = datetime.combine(day + timedelta(days=minutes // 1440), time(0), zone)
    local = midnight.replace(hour=minutes % 1440 // 60, minute=minutes % 60)
    moment, after = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return moment if after >= moment else _change(after, moment, zone)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between two at which the clocks of a zone change, to the second."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, round((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)
