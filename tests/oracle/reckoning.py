"""Office hours, percentiles and windows, reckoned by the standard library alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONTH = 30 * DAY
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_OPENS, _A_DAY, _DAYS = 8 * HOUR, 10 * HOUR, 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One value that came to be known at a moment."""

    at: datetime
    value: float


def office_time(since: datetime, until: datetime) -> timedelta:
    """Return how long the office was open, Monday to Friday from eight to eighteen."""
    return _open_before(until) - _open_before(since)


def _open_before(at: datetime) -> timedelta:
    days, clock = divmod(at - _MONDAY, DAY)
    weeks, weekday = divmod(days, 7)
    today = min(max(clock - _OPENS, timedelta()), _A_DAY) if weekday < _DAYS else timedelta()
    return _A_DAY * (_DAYS * weeks + min(weekday, _DAYS)) + today


def percentile(values: Iterable[float], part: float) -> float | None:
    """Return the continuous percentile: between two neighbours by distance."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def within(samples: Iterable[Sample], until: datetime, length: timedelta | None) -> list[float]:
    """Return the values of a window that ends at a moment; a length of None is all time before."""
    return [
        sample.value
        for sample in samples
        if sample.at <= until and (length is None or sample.at > until - length)
    ]
