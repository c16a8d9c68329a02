"""Periods of the calendar: on which day the one began that a day belongs to."""

from datetime import date, timedelta
from enum import StrEnum

_MONTHS_OF_A_QUARTER = 3


class Period(StrEnum):
    """A stretch of the calendar, from its first day to its last. A week begins on Monday.

    Source: ISO 8601, for weeks.
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def first_day(period: Period, day: date) -> date:
    """Return the first day of the period that a day belongs to."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % _MONTHS_OF_A_QUARTER, day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)
