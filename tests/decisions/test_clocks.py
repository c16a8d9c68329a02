"""Clocks: a budget in the hours of a unit, kept as a ledger through pauses and changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kingpost.decisions.case import Clock
from kingpost.decisions.commands import (
    CLOCK,
    Complete,
    Decide,
    Deliver,
    Expire,
    Raise,
    Record,
    Resolve,
)
from kingpost.decisions.program import compile_model
from kingpost.decisions.transition import WorkItem
from kingpost.model.workflow import Due
from kingpost.values.business_time import Calendar
from kingpost.values.span import Span
from tests.decisions.world import (
    ANNA,
    BANK,
    BRITTA,
    CHRIS,
    DAY,
    HOUR,
    LEO,
    MODEL,
    MONDAY,
    OFFICE,
    STEPS,
    Desk,
    model_with,
    started,
)

H = 3_600_000
PLAIN = Calendar("", "UTC")


def clock_at(desk: Desk, step: str) -> Clock:
    clock = desk.at(step).clock
    assert clock is not None
    return clock


def item_of(desk: Desk, step: str) -> WorkItem:
    return next(item for item in desk.history[-1].items if item.step == step)


def at_examine(amount: str = "200") -> Desk:
    desk = started(amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    return desk


def test_a_due_time_is_counted_in_the_hours_of_the_unit() -> None:
    desk = at_examine()

    assert clock_at(desk, "examine") == Clock(20 * H, 0, MONDAY, "office")
    # Two working days of ten hours, from Monday 09:00 to Wednesday 09:00.
    assert item_of(desk, "examine").due_at == MONDAY + 2 * DAY
    assert clock_at(desk, "suspect") == Clock(4 * H, 0, MONDAY, "")


def test_plain_time_runs_at_night_whatever_the_hours_of_the_unit() -> None:
    friday_evening = datetime(2026, 11, 20, 17, tzinfo=UTC)
    desk = Desk(now=friday_evening)
    desk.start(amount="200")

    handling = clock_at(desk, "handling")

    assert (handling.calendar, handling.budget_ms) == ("", 96 * H)
    assert handling.due_at(PLAIN) == friday_evening + 4 * DAY


def test_a_field_that_picks_the_term_changes_budget_and_hours_at_once() -> None:
    desk = at_examine()
    desk.pass_time(2 * HOUR)

    desk.do(Record(desk.id("examine"), {"level": "high"}), ANNA)

    # Eight working hours on the calendar of the owner's unit; two hours are spent.
    assert clock_at(desk, "handling") == Clock(8 * H, 2 * H, MONDAY + 2 * HOUR, "always")


def test_a_clock_that_stands_still_takes_a_new_term_and_goes_on_standing() -> None:
    desk = at_examine()
    desk.pass_time(2 * HOUR)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)

    desk.do(Record(desk.id("examine"), {"level": "high"}), ANNA)

    assert clock_at(desk, "handling") == Clock(8 * H, 2 * H, None, "always")


def test_an_empty_field_leaves_the_longest_term() -> None:
    due = Due(field="level", spans=(("low", Span(1, "day")), ("high", Span(9, "hour", True))))
    steps = tuple(replace(step, due=due) if step.id == "handling" else step for step in STEPS[1:])
    desk = started(compile_model(model_with(steps=steps)))

    assert clock_at(desk, "handling").budget_ms == 24 * H


def test_a_suspension_stops_the_clocks_of_its_step_and_of_all_around_it() -> None:
    desk = at_examine()
    desk.pass_time(3 * HOUR)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)

    assert clock_at(desk, "examine") == Clock(20 * H, 3 * H, None, "office")
    assert clock_at(desk, "handling").since is None
    assert clock_at(desk, "suspect").since == MONDAY
    assert item_of(desk, "examine").due_at is None
    assert item_of(desk, "examine").suspended == "info-missing"

    desk.pass_time(DAY)
    desk.do(Resolve(desk.id("examine"), "answered"), ANNA)

    again = MONDAY + DAY + 3 * HOUR
    assert clock_at(desk, "examine") == Clock(20 * H, 3 * H, again, "office")
    assert clock_at(desk, "handling") == Clock(96 * H, 3 * H, again, "")
    assert item_of(desk, "examine").due_at == MONDAY + 3 * DAY
    assert item_of(desk, "examine").spent_ms == 3 * H


def test_a_suspension_that_stops_no_clocks_lets_them_run() -> None:
    desk = started()
    desk.pass_time(HOUR)

    desk.do(Raise(desk.id("suspect"), "police-asks"), CHRIS)

    assert clock_at(desk, "suspect") == Clock(4 * H, 0, MONDAY, "")


def test_the_clock_follows_when_another_exception_takes_the_place_of_the_first() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    desk.pass_time(HOUR)

    desk.do(Raise(desk.id("examine"), "police-asks"), LEO)

    assert clock_at(desk, "examine") == Clock(20 * H, 0, MONDAY + HOUR, "office")
    assert clock_at(desk, "handling").since == MONDAY + HOUR


def test_a_withdrawn_suspension_lets_the_clocks_around_it_run_again() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    desk.pass_time(DAY)

    desk.do(Resolve(desk.id("examine"), "solved", {"report": "seen"}), ANNA)

    spent = next(visit for visit in desk.history[-1].visits if visit.name == "handling")
    assert (spent.since, spent.until) == (MONDAY, MONDAY + DAY)
    assert desk.steps() == {"approve"}


def test_an_overdue_clock_stays_overdue_through_a_pause() -> None:
    desk = at_examine()
    desk.pass_time(7 * DAY)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    overdue = clock_at(desk, "examine")
    assert overdue.consumed_ms == 50 * H

    desk.pass_time(DAY)
    desk.do(Resolve(desk.id("examine"), "answered"), ANNA)

    assert clock_at(desk, "examine").due_at(OFFICE) == desk.now


def test_work_that_moves_to_another_unit_takes_its_clock_there() -> None:
    desk = at_examine()
    desk.pass_time(5 * HOUR)

    desk.do(Record(desk.id("examine"), {"group": "group-b"}), ANNA)

    # Group B is open day and night, so two working days are 48 hours there.
    assert clock_at(desk, "examine") == Clock(48 * H, 5 * H, desk.now, "always")
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), BRITTA)


def test_a_clock_counts_through_the_night_in_which_the_clocks_change() -> None:
    # In Lisbon the clocks go forward on 29 March and back on 25 October 2026.
    for friday, shift in (
        (datetime(2026, 3, 27, 17, tzinfo=UTC), -HOUR),
        (datetime(2026, 10, 23, 16, tzinfo=UTC), HOUR),
    ):
        desk = Desk(now=friday)
        desk.start()
        desk.do(Complete(desk.id("intake")), ANNA)
        # One hour on Friday, ten on Monday, nine on Tuesday: until 17:00 local time.
        assert item_of(desk, "examine").due_at == friday + 4 * DAY + shift


def test_a_suspension_stops_the_limit_of_a_wait() -> None:
    exceptions = tuple(replace(item, state=None) for item in MODEL.workflows["claim"].exceptions)
    desk = started(compile_model(model_with(exceptions=exceptions)))
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.pass_time(9 * DAY)
    desk.do(Raise(desk.id("payment"), "info-missing"), ANNA)
    assert item_of(desk, "payment").limit_at is None
    desk.pass_time(30 * DAY)

    desk.do(Resolve(desk.id("payment"), "answered"), ANNA)

    assert item_of(desk, "payment").limit_at == MONDAY + 40 * DAY
    desk.pass_time(DAY)
    desk.do(Expire(desk.id("payment")), CLOCK)


def test_a_step_that_is_come_to_again_has_its_whole_time_again() -> None:
    desk = at_examine()
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.do(Deliver(desk.id("payment"), "complaint"), ANNA)
    desk.pass_time(20 * HOUR)
    desk.do(Complete(desk.id("rework")), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.do(Deliver(desk.id("payment"), "complaint"), ANNA)

    assert clock_at(desk, "rework") == Clock(24 * H, 0, MONDAY + 20 * HOUR, "")
    assert not desk.case.is_closed
    desk.do(Complete(desk.id("rework")), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.do(Deliver(desk.id("payment"), "paid-out"), BANK)


@pytest.mark.parametrize("minutes", [0, 1, 59, 600, 4000])
def test_what_is_spent_and_what_is_left_are_the_whole_budget(minutes: int) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    clock = Clock(100 * H, 0, MONDAY, "office")
    spent = clock.spent_ms(now, OFFICE)

    halted = replace(clock, consumed_ms=spent, since=now)

    assert halted.due_at(OFFICE) == clock.due_at(OFFICE)
