"""Waits that end at a time which a field names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kingpost.decisions.commands import CLOCK, Complete, Decide, Expire, Raise, Record, Resolve
from kingpost.decisions.judging.clocks import wait_limit
from kingpost.decisions.program import compile_model
from kingpost.model.workflow import Step, Wait
from tests.decisions.world import ANNA, CHRIS, EXCEPTIONS, HEDY, STEPS, Desk, model_with, started

CALLED = "2026-11-20T10:30:00Z"


def waiting(until: str, **fields: str) -> Desk:
    """Return a claim that waits for the bank until the time of a field."""

    def timed(step: Step) -> Step:
        if not isinstance(step, Wait):
            return step
        return replace(step, limit=None, until=until, records=("report", until))

    exceptions = tuple(replace(item, state=None) for item in EXCEPTIONS)
    model = model_with(steps=tuple(map(timed, STEPS)), exceptions=exceptions)
    desk = started(compile_model(model))
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen", **fields}), ANNA)
    if "suspect" in desk.steps():
        desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)
    desk.do(Decide(desk.id("approve"), "approve"), HEDY)
    return desk


def ends(desk: Desk) -> datetime | None:
    program = desk.program.workflows["claim"]
    return wait_limit(program, desk.at("payment"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_wait_ends_at_the_time_of_a_field_and_not_before() -> None:
    desk = waiting("called-at", **{"called-at": CALLED})

    assert ends(desk) == at(CALLED)
    desk.now = at(CALLED) - timedelta(microseconds=1)
    assert str(desk.try_(Expire(desk.id("payment")), CLOCK)) == (
        "`payment` may wait until 20 November 2026 at 10:30 UTC"
    )
    desk.now = at(CALLED)
    assert desk.do(Expire(desk.id("payment")), CLOCK).kind == "expired"


@pytest.mark.parametrize(
    ("day", "begins"),
    [("2026-11-20", "2026-11-20T00:00:00Z"), ("2027-07-01", "2027-06-30T23:00:00Z")],
)
def test_a_date_begins_with_its_first_hour_where_the_owner_sits(day: str, begins: str) -> None:
    assert ends(waiting("happened-on", **{"happened-on": day})) == at(begins)


def test_a_wait_has_no_end_while_nothing_says_when() -> None:
    desk = waiting("called-at")

    assert ends(desk) is None
    assert str(desk.try_(Expire(desk.id("payment")), CLOCK)) == (
        "`payment` cannot be expired: expected a wait with a limit"
    )

    desk.do(Record(desk.id("payment"), {"called-at": CALLED}), ANNA)
    assert ends(desk) == at(CALLED)

    desk.do(Record(desk.id("payment"), {"called-at": "2026-11-25T10:30:00+01:00"}), ANNA)
    assert ends(desk) == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

    desk.do(Record(desk.id("payment"), {"called-at": None}), ANNA)
    assert ends(desk) is None


def test_a_time_that_is_over_ends_the_wait_at_once() -> None:
    desk = waiting("called-at", **{"called-at": "2020-01-01T00:00:00Z"})

    assert ends(desk) == desk.now
    assert desk.do(Expire(desk.id("payment")), CLOCK).kind == "expired"


def test_a_moment_comes_also_while_the_clocks_stand_still() -> None:
    desk = waiting("called-at", **{"called-at": CALLED})
    desk.do(Raise(desk.id("payment"), "info-missing"), ANNA)
    desk.pass_time(timedelta(days=2))
    desk.do(Resolve(desk.id("payment"), "answered"), ANNA)

    assert ends(desk) == at(CALLED)


def test_what_a_field_says_of_the_end_is_in_the_history() -> None:
    desk = waiting("called-at", **{"called-at": CALLED})
    desk.do(Record(desk.id("payment"), {"called-at": None}), ANNA)

    (written,) = [item for item in desk.history[-1].body["changes"] if item["do"] == "clock"]

    assert written == {"do": "clock", "token": desk.id("payment"), "of": "limit", "clock": None}
