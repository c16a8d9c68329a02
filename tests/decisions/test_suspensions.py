"""Suspensions: the state that they hold, and where the record goes when they end."""

from dataclasses import replace

import pytest

from kingpost.decisions.commands import Complete, Decide, Raise, Record, Resolve
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.transition import Measurement, Visit
from kingpost.model.workflow import Branch, End, Ending, Exceptional, JoinKind, Parallel, Task
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

INFO = EXCEPTIONS[0]


def at_examine() -> Desk:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    return desk


def two_branches(*exceptions: Exceptional, join: JoinKind = JoinKind.ALL) -> Program:
    """Return a program with the tasks `a` and `b` side by side, in which all may be raised."""
    work = Task("a", "A", then=to("done"), role="clerk", state="active", records=("report",))
    split = Parallel(
        "split",
        "Split",
        then=to("after"),
        branches=(Branch("one", "One", (work,)), Branch("two", "Two", (replace(work, id="b"),))),
        join=join,
    )
    after = Task("after", "After", then=to("end"), role="clerk")
    steps = (split, after, End("end", "End", state="rejected"))
    raised = tuple(replace(item, steps=("a", "b")) for item in exceptions)
    return compile_model(model_with(steps=steps, exceptions=raised))


def test_the_record_goes_back_to_its_state_when_the_work_is_resumed() -> None:
    desk = at_examine()
    assert desk.case.state == "active"
    desk.do(Raise(desk.id("examine"), "info-missing", reason="no photographs"), ANNA)
    assert desk.case.state == "waiting"
    desk.pass_time(DAY)

    resolved = desk.do(Resolve(desk.id("examine"), "answered", {"report": "photographs"}), BEN)

    assert desk.case.state == "active"
    assert desk.case.fields["report"] == "photographs"
    assert Visit("exception", "info-missing", MONDAY, MONDAY + DAY) in resolved.visits
    assert Visit("state", "waiting", MONDAY, MONDAY + DAY) in resolved.visits
    assert Measurement("waits", 24 * 3_600_000) in resolved.measurements


def test_fields_may_be_recorded_while_work_stands_still() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)

    desk.do(Record(desk.id("examine"), {"report": "so far"}), ANNA)

    assert desk.case.fields["report"] == "so far"


def test_an_ending_that_completes_asks_for_all_that_completing_asks_for() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    refusal = desk.try_(Resolve(desk.id("examine"), "solved"), ANNA)
    assert str(refusal) == "`examine` owes evidence for `report-kept`: `report` must be filled"

    resolved = desk.do(Resolve(desk.id("examine"), "solved", {"report": "found"}), BEN)

    assert (resolved.kind, resolved.body["choice"]) == ("resolved", "solved")
    assert resolved.body["discharged"] == ["report-kept"]
    assert desk.steps() == {"approve"}
    assert desk.case.performers["examine"] == ("ben",)


def test_a_completion_that_leads_to_no_state_gives_the_state_back() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "x"}), ANNA)
    desk = started(two_branches(INFO))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)

    desk.do(Resolve(desk.id("a"), "solved"), ANNA)

    assert desk.case.state == "active"
    assert desk.steps() == {"split", "b"}


def test_work_that_is_withdrawn_while_it_stands_still_gives_the_state_back() -> None:
    desk = started(two_branches(INFO, join=JoinKind.ANY))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)
    desk.pass_time(HOUR)

    done = desk.do(Complete(desk.id("b")), ANNA)

    assert desk.steps() == {"after"}
    assert desk.case.state == "active"
    assert Visit("exception", "info-missing", MONDAY, MONDAY + HOUR) in done.visits


@pytest.mark.parametrize("first", ["a", "b"])
def test_two_suspensions_hold_one_state_until_both_have_ended(first: str) -> None:
    desk = started(two_branches(INFO))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)
    desk.do(Raise(desk.id("b"), "info-missing"), ANNA)
    second = "b" if first == "a" else "a"

    desk.do(Resolve(desk.id(first), "answered"), ANNA)
    assert desk.case.state == "waiting"
    desk.do(Resolve(desk.id(second), "answered"), ANNA)

    assert desk.case.state == "active"


def test_a_state_that_another_branch_has_set_meanwhile_stays() -> None:
    program = two_branches(INFO)
    work = program.workflows["claim"].workflow.steps[0]
    assert isinstance(work, Parallel)
    later = Task("c", "C", then=to("done"), role="clerk", state="settled")
    second = work.branches[1]
    second = replace(second, steps=(replace(second.steps[0], then=to("c")), later))
    split = replace(work, branches=(work.branches[0], second))
    steps = (split, *program.workflows["claim"].workflow.steps[1:])
    exceptions = program.workflows["claim"].workflow.exceptions
    desk = started(compile_model(model_with(steps=steps, exceptions=exceptions)))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)
    desk.do(Complete(desk.id("b")), ANNA)
    assert desk.case.state == "settled"

    desk.do(Resolve(desk.id("a"), "answered"), ANNA)

    assert desk.case.state == "settled"


def test_an_exception_may_take_the_place_of_another() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    desk.pass_time(HOUR)

    raised = desk.do(Raise(desk.id("examine"), "police-asks"), LEO)

    why = desk.at("examine").suspension
    assert why is not None
    assert (why.exception, why.since) == ("police-asks", MONDAY + HOUR)
    assert desk.case.state == "active"
    assert Visit("exception", "info-missing", MONDAY, MONDAY + HOUR) in raised.visits
    assert str(desk.try_(Complete(desk.id("examine")), ANNA)) == (
        "`examine` stands still until `police-asks` is resolved"
    )
    desk.do(Resolve(desk.id("examine"), "returned"), LEO)
    assert desk.case.state == "active"


def test_an_exception_with_a_state_takes_over_from_one_without() -> None:
    desk = at_examine()
    desk.do(Raise(desk.id("examine"), "police-asks"), LEO)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    assert desk.case.state == "waiting"

    desk.do(Resolve(desk.id("examine"), "answered"), ANNA)

    assert desk.case.state == "active"


def test_work_may_be_diverted_while_it_stands_still() -> None:
    leaves = Exceptional(
        "gives-up", "Gives up", INFO.cause, raised_by=("clerk",), steps=(), divert="done"
    )
    desk = started(two_branches(INFO, leaves))
    desk.do(Raise(desk.id("a"), "info-missing"), ANNA)

    desk.do(Raise(desk.id("a"), "gives-up"), ANNA)

    assert desk.steps() == {"split", "b"}
    assert desk.at("split").done == ("one",)
    assert desk.case.state == "active"


def test_a_decision_may_stand_still_too() -> None:
    desk = started()
    desk.do(Raise(desk.id("suspect"), "police-asks"), CHRIS)
    assert str(desk.try_(Decide(desk.id("suspect"), "clear"), CHRIS)) == (
        "`suspect` stands still until `police-asks` is resolved"
    )

    desk.do(Resolve(desk.id("suspect"), "returned"), CHRIS)

    desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)


def test_an_ending_that_completes_is_for_tasks() -> None:
    police = replace(EXCEPTIONS[1], endings=(Ending("done", "Done", completes=True),))
    program = compile_model(model_with(exceptions=(INFO, police, EXCEPTIONS[2])))
    desk = started(program)
    desk.do(Raise(desk.id("suspect"), "police-asks"), CHRIS)

    refusal = desk.try_(Resolve(desk.id("suspect"), "done"), CHRIS)

    assert str(refusal) == "`suspect` cannot be completed: expected a task"
