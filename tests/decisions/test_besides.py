"""What exceptions open besides: work beside the case, and what ends a suspension by itself."""

from dataclasses import replace

import pytest

from kingpost.decisions.case import Clock
from kingpost.decisions.commands import CLOCK, Complete, Decide, Expire, Raise, Record, Resolve
from kingpost.decisions.options import options
from kingpost.decisions.program import compile_model
from kingpost.decisions.transition import Visit
from kingpost.model.workflow import Branch, End, Errand, Exceptional, JoinKind, Parallel, Task
from kingpost.values.span import Span
from tests.decisions.world import (
    ANNA,
    BEN,
    CHRIS,
    DAY,
    EXCEPTIONS,
    HOUR,
    LEO,
    MONDAY,
    Desk,
    model_with,
    started,
    to,
)

ASKS = replace(
    EXCEPTIONS[0],
    endings=(),
    until=Errand("Ask for the photographs", "clerk", Span(2, "hour", working=True)),
)
THINKS = replace(EXCEPTIONS[0], id="thinks", lasts=Span(2, "day"), state=None)
PROMISED = replace(EXCEPTIONS[0], id="promised", moment="called-at", state=None)
SIREN = replace(
    EXCEPTIONS[0],
    id="siren",
    endings=(),
    state=None,
    stops_clocks=False,
    alongside=Errand("Tell the neighbours", "checker", Span(3, "hour")),
)


def at_examine(*exceptions: Exceptional) -> Desk:
    raised = tuple(replace(item, steps=("examine", "approve")) for item in exceptions)
    desk = started(compile_model(model_with(exceptions=raised)))
    desk.do(Complete(desk.id("intake")), ANNA)
    return desk


def clock(desk: Desk, step: str) -> Clock:
    found = desk.at(step).clock
    assert found is not None, step
    return found


# --- until ----------------------------------------------------------------------------------------


def test_a_suspension_ends_when_the_work_that_it_asks_for_is_done() -> None:
    desk = at_examine(ASKS)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    assert desk.case.state == "waiting"
    assert str(desk.try_(Complete(desk.id("examine"), {"report": "x"}), ANNA)) == (
        "`examine` stands still until `info-missing` is resolved"
    )
    assert str(desk.try_(Resolve(desk.id("examine"), "answered"), ANNA)) == (
        "there is no ending `answered` here: possible are none"
    )
    assert str(desk.try_(Complete(desk.id("info-missing")), LEO)) == (
        "`info-missing` needs the role `clerk`: `group-a`, `group-b` may"
    )
    desk.pass_time(HOUR)

    done = desk.do(Complete(desk.id("info-missing")), BEN)

    assert (done.kind, done.step) == ("completed", "info-missing")
    assert desk.case.state == "active"
    assert desk.steps() == {"handling", "examine", "suspect"}
    assert desk.case.performers["info-missing"] == ("ben",)
    assert {
        Visit("exception", "info-missing", MONDAY, MONDAY + HOUR),
        Visit("step", "info-missing", MONDAY, MONDAY + HOUR),
    } <= set(done.visits)
    desk.do(Complete(desk.id("examine"), {"report": "x"}), BEN)


def test_clocks_stand_still_as_declared_and_not_that_of_the_work_that_ends_it() -> None:
    desk = at_examine(ASKS)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)

    assert {step: clock(desk, step).since is None for step in ("examine", "handling")} == {
        "examine": True,
        "handling": True,
    }
    assert desk.at("info-missing").clock == Clock(2 * 3_600_000, 0, MONDAY, "always")
    desk.pass_time(HOUR)
    desk.do(Complete(desk.id("info-missing")), BEN)
    assert clock(desk, "examine").since == MONDAY + HOUR
    assert clock(desk, "examine").consumed_ms == 0


@pytest.mark.parametrize("ends", [True, False])
def test_another_end_of_a_suspension_withdraws_the_work_that_was_to_end_it(ends: bool) -> None:
    both = replace(ASKS, endings=EXCEPTIONS[0].endings)
    desk = at_examine(both, EXCEPTIONS[1])
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)

    if ends:
        done = desk.do(Resolve(desk.id("examine"), "answered"), ANNA)
    else:
        done = desk.do(Raise(desk.id("examine"), "police-asks"), ANNA)

    assert Visit("step", "info-missing", MONDAY, MONDAY, "withdrawn") in done.visits
    assert desk.steps() == {"handling", "examine", "suspect"}


def test_work_that_is_withdrawn_takes_what_was_to_end_its_suspension_with_it() -> None:
    work = Task("a", "A", then=to("done"), role="clerk", state="active")
    split = Parallel(
        "split",
        "Split",
        then=to("after"),
        branches=(Branch("one", "One", (work,)), Branch("two", "Two", (replace(work, id="b"),))),
        join=JoinKind.ANY,
    )
    after = Task("after", "After", then=to("end"), role="clerk")
    raised = (replace(ASKS, steps=("a",)),)
    steps = (split, after, End("end", "End", state="rejected"))
    desk = started(compile_model(model_with(steps=steps, exceptions=raised)))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)

    desk.do(Complete(desk.id("b")), ANNA)

    assert desk.steps() == {"after"}
    assert desk.case.state == "active"


def test_a_suspension_ends_by_itself_after_its_time_and_not_before() -> None:
    desk = at_examine(THINKS)
    desk.do(Raise(desk.id("examine"), "thinks"), ANNA)
    desk.pass_time(2 * DAY - HOUR)
    assert str(desk.try_(Expire(desk.id("thinks")), CLOCK)) == (
        "`thinks` may wait until 18 November 2026 at 09:00 UTC"
    )
    assert str(desk.try_(Expire(desk.id("thinks")), ANNA)) == (
        "`thinks` is accepted only from `clock`"
    )
    desk.pass_time(HOUR)

    over = desk.do(Expire(desk.id("thinks")), CLOCK)

    assert over.kind == "expired"
    assert desk.steps() == {"handling", "examine", "suspect"}
    assert Visit("exception", "thinks", MONDAY, MONDAY + 2 * DAY) in over.visits


def test_a_suspension_ends_by_itself_at_the_time_of_a_field() -> None:
    desk = at_examine(PROMISED)
    refusal = desk.try_(Raise(desk.id("examine"), "promised"), ANNA)
    assert str(refusal) == "`promised` needs `called-at`"
    desk.do(Raise(desk.id("examine"), "promised", {"called-at": "2026-11-17T09:00:00+00:00"}), ANNA)
    desk.pass_time(HOUR)
    desk.do(Record(desk.id("examine"), {"called-at": "2026-11-16T12:00:00+00:00"}), ANNA)
    desk.pass_time(HOUR)
    assert str(desk.try_(Expire(desk.id("promised")), CLOCK)) == (
        "`promised` may wait until 16 November 2026 at 12:00 UTC"
    )
    desk.pass_time(HOUR)

    desk.do(Expire(desk.id("promised")), CLOCK)

    assert desk.case.tokens[desk.id("examine")].suspension is None


# --- alongside ------------------------------------------------------------------------------------


def test_work_beside_the_case_stops_nothing_and_leads_nowhere() -> None:
    desk = at_examine(SIREN)
    raised = desk.do(Raise(desk.id("examine"), "siren", reason="a fire"), ANNA)
    assert [item.step for item in raised.items] == ["siren"]
    assert desk.case.tokens[desk.id("siren")].parent is None

    desk.do(Complete(desk.id("examine"), {"report": "x"}), ANNA)
    assert desk.steps() == {"approve", "siren"}
    done = desk.do(Complete(desk.id("siren")), CHRIS)

    assert done.gone == (done.gone[0],)
    assert desk.steps() == {"approve"}
    assert desk.case.state == "settled"


def test_work_beside_the_case_has_a_term_of_its_own() -> None:
    desk = at_examine(SIREN)
    desk.do(Raise(desk.id("examine"), "siren"), ANNA)

    assert desk.at("siren").clock == Clock(3 * 3_600_000, 0, MONDAY, "")


def test_work_beside_the_case_is_opened_once_at_a_time() -> None:
    desk = at_examine(SIREN)
    desk.do(Raise(desk.id("examine"), "siren"), ANNA)

    words = "`siren` was raised already: “Tell the neighbours” is open beside the case"
    assert str(desk.try_(Raise(desk.id("examine"), "siren"), ANNA)) == words
    (choice,) = options(desk.program, desk.case, desk.id("examine"), desk.facts(ANNA)).exceptions
    assert str(choice.refusal) == words

    desk.do(Complete(desk.id("siren")), CHRIS)
    desk.do(Raise(desk.id("examine"), "siren"), ANNA)


def test_work_beside_the_case_ends_with_it() -> None:
    desk = at_examine(SIREN)
    desk.do(Raise(desk.id("examine"), "siren"), ANNA)
    siren = desk.id("siren")
    desk.do(Complete(desk.id("examine"), {"report": "x"}), ANNA)

    ended = desk.do(Decide(desk.id("approve"), "reject", reason="no"), LEO)

    assert desk.case.is_closed
    assert desk.case.tokens == {}
    assert siren in {str(name) for name in ended.gone}
    assert Visit("step", "siren", MONDAY, MONDAY, "withdrawn") in ended.visits
