"""Due times, warnings and ladders across the days on which the clocks change, in many zones.

Working time is counted as it really passes: a night shift of the spring day has an hour less. What
is open by the clock on the wall opens and closes when the wall says so; a time that is skipped is
the moment of the change.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from kingpost.decisions.commands import CLOCK, Complete, Notify
from kingpost.decisions.program import Program, compile_model
from kingpost.model.workflow import Due, Rung
from kingpost.values.business_time import Calendar, Opening
from kingpost.values.span import Span
from tests.decisions.world import ANNA, STEPS, Desk, model_with

DAY_AND_NIGHT, OFFICE, SHIFT = ((0, 24),), ((9, 17),), ((0, 6), (22, 24))
WEEK, DAILY = range(5), range(7)


@dataclass(frozen=True, slots=True)
class Case:
    """hours: of each day. start: of the work. due, late: spans; the warning comes at one half."""

    zone: str
    hours: tuple[tuple[float, float], ...]
    days: range
    start: str
    due: Span
    late: Span
    expected: tuple[str, str, str]


def hours(count: int) -> Span:
    return Span(count, "hour", working=True)


CASES = [
    # Day and night: the spring day has 23 hours, the autumn day 25.
    Case("Europe/Lisbon", DAY_AND_NIGHT, DAILY, "2026-03-28T12:00+00:00", hours(24), hours(1),
         ("2026-03-29T00:00+00:00", "2026-03-29T13:00+01:00", "2026-03-29T14:00+01:00")),
    Case("Europe/Lisbon", DAY_AND_NIGHT, DAILY, "2026-10-24T12:00+01:00", hours(24), hours(1),
         ("2026-10-25T00:00+01:00", "2026-10-25T11:00+00:00", "2026-10-25T12:00+00:00")),
    Case("America/New_York", DAY_AND_NIGHT, DAILY, "2026-03-07T12:00-05:00", hours(24), hours(1),
         ("2026-03-08T00:00-05:00", "2026-03-08T13:00-04:00", "2026-03-08T14:00-04:00")),
    Case("America/New_York", DAY_AND_NIGHT, DAILY, "2026-10-31T12:00-04:00", hours(24), hours(1),
         ("2026-11-01T00:00-04:00", "2026-11-01T11:00-05:00", "2026-11-01T12:00-05:00")),
    # South of the equator it is the other way round.
    Case("Australia/Sydney", DAY_AND_NIGHT, DAILY, "2026-04-04T12:00+11:00", hours(24), hours(1),
         ("2026-04-05T00:00+11:00", "2026-04-05T11:00+10:00", "2026-04-05T12:00+10:00")),
    Case("Australia/Sydney", DAY_AND_NIGHT, DAILY, "2026-10-03T12:00+10:00", hours(24), hours(1),
         ("2026-10-04T00:00+10:00", "2026-10-04T13:00+11:00", "2026-10-04T14:00+11:00")),
    # By half an hour; at midnight, so that the day begins at one.
    Case("Australia/Lord_Howe", DAY_AND_NIGHT, DAILY, "2026-10-03T12:00+10:30", hours(24), hours(1),
         ("2026-10-04T00:00+10:30", "2026-10-04T12:30+11:00", "2026-10-04T13:30+11:00")),
    Case("America/Santiago", DAY_AND_NIGHT, DAILY, "2026-09-05T12:00-04:00", hours(24), hours(1),
         ("2026-09-06T01:00-03:00", "2026-09-06T13:00-03:00", "2026-09-06T14:00-03:00")),
    # A night shift, in which one hour is missing or comes twice.
    Case("Europe/Lisbon", SHIFT, DAILY, "2026-03-28T22:00+00:00", hours(4), hours(1),
         ("2026-03-29T00:00+00:00", "2026-03-29T03:00+01:00", "2026-03-29T04:00+01:00")),
    Case("Europe/Lisbon", SHIFT, DAILY, "2026-10-24T22:00+01:00", hours(4), hours(1),
         ("2026-10-25T00:00+01:00", "2026-10-25T01:00+00:00", "2026-10-25T02:00+00:00")),
    # An office notices nothing but that its mornings come an hour sooner or later.
    Case("Europe/Berlin", OFFICE, WEEK, "2026-03-27T16:00+01:00", hours(2), hours(8),
         ("2026-03-27T17:00+01:00", "2026-03-30T10:00+02:00", "2026-03-31T10:00+02:00")),
    Case("Europe/Berlin", OFFICE, WEEK, "2026-10-23T16:00+02:00", hours(2), hours(8),
         ("2026-10-23T17:00+02:00", "2026-10-26T10:00+01:00", "2026-10-27T10:00+01:00")),
    # Plain time: a day is 24 hours, whatever the clock on the wall says then.
    Case("Europe/Lisbon", OFFICE, WEEK, "2026-03-28T12:00+00:00", Span(1, "day"), Span(1, "hour"),
         ("2026-03-29T00:00+00:00", "2026-03-29T13:00+01:00", "2026-03-29T14:00+01:00")),
    Case("Europe/Lisbon", OFFICE, WEEK, "2026-10-24T12:00+01:00", Span(1, "day"), Span(1, "hour"),
         ("2026-10-25T00:00+01:00", "2026-10-25T11:00+00:00", "2026-10-25T12:00+00:00")),
    # What would open in the hour that is skipped opens at the change.
    Case("Europe/Lisbon", ((1.5, 4),), DAILY, "2026-03-28T12:00+00:00", hours(2), hours(1),
         ("2026-03-29T03:00+01:00", "2026-03-29T04:00+01:00", "2026-03-30T02:30+01:00")),
    # What would close in it closes at the change: an hour is left of an hour and a half.
    Case("Europe/Lisbon", ((0, 1.5),), DAILY, "2026-03-28T12:00+00:00", hours(2), hours(1),
         ("2026-03-29T01:00+00:00", "2026-03-30T01:00+01:00", "2026-03-31T00:30+01:00")),
    # What lies in it whole is not open that day; what reaches out of it is open for the rest.
    Case("Europe/Lisbon", ((1.25, 1.75),), DAILY, "2026-03-28T12:00+00:00",
         Span(30, "minute", working=True), Span(30, "minute", working=True),
         ("2026-03-30T01:30+01:00", "2026-03-30T01:45+01:00", "2026-03-31T01:45+01:00")),
    Case("Europe/Lisbon", ((1.5, 2.25),), DAILY, "2026-03-28T12:00+00:00",
         Span(30, "minute", working=True), Span(30, "minute", working=True),
         ("2026-03-29T02:15+01:00", "2026-03-30T01:45+01:00", "2026-03-30T02:15+01:00")),
    # Samoa went over the date line: there was no 30 December 2011.
    Case("Pacific/Apia", OFFICE, DAILY, "2011-12-29T16:00-10:00", hours(2), hours(8),
         ("2011-12-29T17:00-10:00", "2011-12-31T10:00+14:00", "2012-01-01T10:00+14:00")),
]  # fmt: skip


def company(case: Case) -> Program:
    openings = tuple(
        Opening(day, round(60 * opens), round(60 * closes))
        for day in case.days
        for opens, closes in case.hours
    )
    due, ladder = Due(case.due, warn=50), (Rung("superior"), Rung("checker", case.late))
    steps = tuple(
        replace(step, due=due, escalate=ladder) if step.id == "approve" else step for step in STEPS
    )
    model = model_with(steps=steps)
    office = Calendar("office", case.zone, openings)
    return compile_model(replace(model, calendars={**model.calendars, "office": office}))


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.zone}" for n, case in enumerate(CASES)])
def test_each_notice_falls_due_when_so_much_time_has_really_passed(case: Case) -> None:
    desk = Desk(company(case), now=datetime.fromisoformat(case.start).astimezone(UTC))
    desk.start(amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    found: list[datetime] = []
    for notice in range(3):
        (timer,) = desk.history[-1].timers
        assert timer.at is not None
        found.append(timer.at)
        desk.now = timer.at
        desk.do(Notify(desk.id("approve"), notice), CLOCK)

    assert found == [datetime.fromisoformat(text) for text in case.expected]
    assert [event.kind for event in desk.history[-3:]] == ["warned", "escalated", "escalated"]


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.zone}" for n, case in enumerate(CASES)])
def test_what_was_consumed_is_the_same_wherever_one_stops(case: Case) -> None:
    calendar = company(case).model.calendars["office"]
    start, end = (datetime.fromisoformat(text) for text in (case.start, case.expected[1]))
    whole = calendar.elapsed(start, end)

    middles = [start + part * (end - start) / 7 for part in range(8)]

    assert all(
        calendar.elapsed(start, middle) + calendar.elapsed(middle, end) == whole
        for middle in middles
    )
