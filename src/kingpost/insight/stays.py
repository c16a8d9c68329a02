"""How long things take: percentiles, targets and heat, defined once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from kingpost.model.workflow import Due
from kingpost.values.business_time import Calendar
from kingpost.values.span import Span

_WEEK_SECONDS = 604_800
_NEAR = 0.75
_FAR = 1.5


class Heat(StrEnum):
    """How a typical stay compares with its target.

    NONE: below three quarters of it, or nothing to compare. NEAR: from there to the target.
    OVER: beyond it. FAR: at one and a half of it or more.
    """

    NONE = "none"
    NEAR = "near"
    OVER = "over"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Stay:
    """How long ended stays took.

    completed, withdrawn: how many ended so; the times are of those completed alone.
    median, p85: None when none was completed.
    """

    completed: int = 0
    withdrawn: int = 0
    median: timedelta | None = None
    p85: timedelta | None = None


def percentile(values: Sequence[int], part: float) -> Decimal | None:
    """Return the continuous percentile of some whole numbers, or None of none.

    It lies at rank `part * (n - 1)` of the sorted values, from 0, linear between neighbours.
    Source: ISO/IEC 9075-2, PERCENTILE_CONT.
    """
    if not values:
        return None
    ordered = sorted(values)
    rank = Decimal(str(part)) * (len(ordered) - 1)
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def heat(typical: timedelta | None, target: timedelta | None) -> Heat:
    """Compare a typical stay with its target."""
    if typical is None or not target:
        return Heat.NONE
    ratio = typical / target
    if ratio < _NEAR:
        return Heat.NONE
    if ratio <= 1:
        return Heat.NEAR
    return Heat.OVER if ratio < _FAR else Heat.FAR


def target_of(due: Due | None, calendar: Calendar) -> timedelta | None:
    """Return the plain time that a step may take, to compare plain stays with; None without one.

    Of several spans it is the longest, as for a record whose field is empty. Working time is
    stretched by how much of a week the calendar is open, so that nights and weekends are in both.
    """
    if due is None:
        return None
    spans = [due.span] if due.span else [span for _, span in due.spans]
    return max((_plain(span, calendar) for span in spans), default=None)


def _plain(span: Span, calendar: Calendar) -> timedelta:
    seconds = span.seconds(calendar.day_seconds, calendar.week_days)
    open_seconds = 60 * sum(opening.end - opening.start for opening in calendar.openings)
    if span.working and open_seconds:
        return timedelta(seconds=round(seconds * _WEEK_SECONDS / open_seconds))
    return timedelta(seconds=seconds)
