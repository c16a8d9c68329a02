"""How a case moves: branches that join or are withdrawn, loops, waits, and what is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kingpost.decisions.commands import (
    CLOCK,
    Assign,
    Complete,
    Decide,
    Deliver,
    Expire,
    Raise,
    Record,
)
from kingpost.decisions.program import compile_model
from kingpost.decisions.transition import Measurement, Visit
from kingpost.model.workflow import Branch, End, JoinKind, Parallel, RuleStep, Step, Task, Wait
from tests.decisions.world import (
    ANNA,
    BANK,
    BEN,
    BRITTA,
    CHRIS,
    DAY,
    HEDY,
    HOUR,
    LEO,
    MONDAY,
    Desk,
    model_with,
    started,
    to,
)


def task(name: str, go: str = "done") -> Task:
    return Task(name, name, then=to(go), role="clerk")


def rule(name: str, go: str = "done") -> RuleStep:
    return RuleStep(name, name, then=to(go), rule="levels")


def desk_with(*branches: Branch, join: JoinKind, named: tuple[str, ...] = ()) -> Desk:
    split = Parallel("split", "Split", then=to("after"), branches=branches, join=join, named=named)
    after = (task("after", "paid"), End("paid", "Paid", state="rejected"))
    return started(compile_model(model_with(steps=(split, *after), exceptions=())))


def branch(name: str, *steps: Step) -> Branch:
    return Branch(name, name, steps)


def finish(desk: Desk, *names: str) -> None:
    for name in names:
        desk.do(Complete(desk.id(name)), ANNA)


THREE = (branch("one", task("a")), branch("two", task("b")), branch("three", task("c")))


@pytest.mark.parametrize(
    ("join", "named", "done", "open_then"),
    [
        (JoinKind.ALL, (), ["a"], {"split", "b", "c"}),
        (JoinKind.ALL, (), ["a", "b"], {"split", "c"}),
        (JoinKind.ALL, (), ["c", "a", "b"], {"after"}),
        (JoinKind.ANY, (), ["b"], {"after"}),
        (JoinKind.NAMED, ("two",), ["a"], {"split", "b", "c"}),
        (JoinKind.NAMED, ("two",), ["b"], {"after"}),
        (JoinKind.NAMED, ("one", "three"), ["c"], {"split", "a", "b"}),
        (JoinKind.NAMED, ("one", "three"), ["c", "a"], {"after"}),
    ],
)
def test_branches_join(
    join: JoinKind, named: tuple[str, ...], done: list[str], open_then: set[str]
) -> None:
    desk = desk_with(*THREE, join=join, named=named)

    finish(desk, *done)

    assert desk.steps() == open_then


def test_what_is_open_when_a_join_is_over_is_withdrawn() -> None:
    desk = desk_with(*THREE, join=JoinKind.ANY)
    open_before = {desk.id("b"), desk.id("c")}

    transition = desk.do(Complete(desk.id("a")), ANNA)

    assert open_before < {str(task) for task in transition.gone}
    assert {visit.name: visit.how for visit in transition.visits} == {
        "a": "completed",
        "b": "withdrawn",
        "c": "withdrawn",
        "split": "completed",
    }


def test_nested_branches_are_withdrawn_to_the_last() -> None:
    inner = Parallel(
        "inner", "Inner", then=to("done"), branches=(*THREE,), join=JoinKind.ALL, named=()
    )
    desk = desk_with(branch("left", inner), branch("right", task("d")), join=JoinKind.ANY)
    finish(desk, "b")
    assert desk.steps() == {"split", "inner", "a", "c", "d"}
    assert desk.at("inner").done == ("two",)

    finish(desk, "d")

    assert desk.steps() == {"after"}


def test_nested_branches_join_outwards_in_one_act() -> None:
    inner = Parallel("inner", "Inner", then=to("done"), branches=THREE[:2], join=JoinKind.ALL)
    desk = desk_with(branch("left", inner), branch("right", task("d")), join=JoinKind.ALL)

    finish(desk, "d", "a", "b")

    assert desk.steps() == {"after"}


def test_a_branch_that_needs_nobody_may_end_the_block_before_the_others_begin() -> None:
    quick = branch("quick", rule("look"))

    desk = desk_with(THREE[0], quick, THREE[1], join=JoinKind.NAMED, named=("quick",))

    assert desk.steps() == {"after"}
    assert "b" not in desk.case.entered
    assert [visit.how for visit in desk.history[0].visits if visit.name == "a"] == ["withdrawn"]


def test_a_block_of_branches_that_need_nobody_is_passed_at_once() -> None:
    desk = desk_with(
        branch("one", rule("x", "y"), rule("y")), branch("two", rule("z")), join=JoinKind.ALL
    )

    assert desk.steps() == {"after"}


def test_every_visit_of_a_step_is_a_token_of_its_own() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "thin"}), ANNA)
    seen: set[str] = set()
    for number in range(1, 4):
        seen.add(desk.id("approve"))
        desk.do(Decide(desk.id("approve"), "send-back", {"report": f"no {number}"}, "thin"), LEO)
        desk.do(Complete(desk.id("rework"), {"report": f"now {number}"}), ANNA)

    assert len(seen) == 3
    assert desk.case.entered["approve"] == 4
    assert desk.case.entered["rework"] == 3
    assert desk.case.changed["report"] == 6


def test_a_decision_may_lead_back_to_itself() -> None:
    desk = started()
    before = desk.id("suspect")

    desk.do(Decide(before, "again"), CHRIS)

    assert desk.id("suspect") != before
    assert desk.case.entered["suspect"] == 2


def test_a_task_may_route_by_a_condition_on_what_it_records() -> None:
    desk = started()

    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)

    assert desk.steps() == {"approve"}
    assert desk.case.state == "settled"


def at_payment() -> Desk:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    return desk


def test_a_message_ends_a_wait_along_its_own_way() -> None:
    paid, complained = at_payment(), at_payment()

    paid.do(Deliver(paid.id("payment"), "paid-out"), BANK)
    complained.do(Deliver(complained.id("payment"), "complaint", reason="too little"), BRITTA)

    assert (paid.case.state, paid.case.is_closed) == ("paid", True)
    assert complained.steps() == {"rework"}
    assert complained.case.performers["payment"] == ("britta",)


def test_a_wait_ends_at_its_limit_and_not_before() -> None:
    desk = at_payment()
    item = desk.history[-1].items[0]
    assert item.limit_at == MONDAY + 10 * DAY
    desk.pass_time(10 * DAY - timedelta(microseconds=1))
    assert str(desk.try_(Expire(desk.id("payment")), CLOCK)).startswith("`payment` may wait until")

    desk.pass_time(timedelta(microseconds=1))
    expired = desk.do(Expire(desk.id("payment")), CLOCK)

    assert expired.body["actor"] == {"clock": True}
    assert desk.case.closed_at == MONDAY + 10 * DAY


def test_a_wait_without_a_role_lets_nobody_record() -> None:
    wait = Wait("still", "Still", then=to("paid"))
    end = End("paid", "Paid", state="rejected")
    desk = started(compile_model(model_with(steps=(wait, end), exceptions=())))

    assert str(desk.try_(Record(desk.id("still"), {}), ANNA)) == (
        "`still` cannot be recorded at: expected a step that records fields"
    )
    assert str(desk.try_(Expire(desk.id("still")), CLOCK)) == (
        "`still` cannot be expired: expected a wait with a limit"
    )


def test_fields_may_be_recorded_while_a_wait_lasts() -> None:
    desk = at_payment()

    desk.do(Record(desk.id("payment"), {"report": "kept"}), BRITTA)

    assert desk.case.fields["report"] == "kept"
    assert desk.steps() == {"payment"}


def test_saving_what_stands_there_already_changes_nothing_but_the_count_of_events() -> None:
    desk = started()
    desk.do(Record(desk.id("intake"), {"note": "wet cellar"}), ANNA)
    before = desk.case

    again = desk.do(Record(desk.id("intake"), {"note": " wet cellar "}), BEN)

    assert (again.changes, again.items, again.gone, again.secrets) == ((), (), (), ())
    assert desk.case == replace(before, version=before.version + 1, head=again.link.hash)


def test_an_emptied_field_is_absent_and_a_refilled_one_is_no_change() -> None:
    desk = started()
    desk.do(Record(desk.id("intake"), {"amount": None}), ANNA)
    desk.do(Record(desk.id("intake"), {"amount": "300"}), ANNA)

    assert desk.case.fields["amount"] == "300"
    assert desk.case.changed == {"amount": 1}


def test_work_follows_the_field_that_addresses_it() -> None:
    desk = started()
    assert desk.at("intake").post == "group-a"
    desk.do(Assign(desk.id("intake"), "anna"), ANNA)
    assert desk.at("intake").person == "anna"

    moved = desk.do(Record(desk.id("intake"), {"group": "group-b"}), ANNA)

    assert (desk.at("intake").post, desk.at("intake").person) == ("group-b", None)
    assert [(item.step, item.post) for item in moved.items] == [("intake", "group-b")]
    desk.do(Complete(desk.id("intake")), BRITTA)
    assert desk.at("examine").post == "group-b"


def test_a_field_that_names_a_post_without_the_role_leaves_the_work_where_it_falls() -> None:
    desk = started()

    desk.do(Record(desk.id("intake"), {"group": "checker"}), ANNA)

    assert desk.at("intake").post == "group-a"


def test_work_is_taken_on_and_laid_back() -> None:
    desk = started()
    desk.do(Assign(desk.id("intake"), "ben"), BEN)
    assert desk.at("intake").person == "ben"
    again = desk.do(Assign(desk.id("intake"), "ben"), BEN)
    assert again.changes == ()

    desk.do(Assign(desk.id("intake"), None), ANNA)

    assert desk.at("intake").person is None


def test_a_diversion_goes_elsewhere_and_completes_nothing() -> None:
    desk = at_payment()

    raised = desk.do(Raise(desk.id("payment"), "withdrawn", reason="she changed her mind"), ANNA)

    assert desk.case.state == "rejected"
    assert desk.case.is_closed
    assert Visit("step", "payment", MONDAY, MONDAY, "withdrawn") in raised.visits
    assert raised.body["choice"] == "withdrawn"
    assert raised.revealed["reason"] == "she changed her mind"


def test_a_closed_case_has_no_open_work() -> None:
    desk = at_payment()
    task = desk.id("payment")

    closed = desk.do(Deliver(task, "paid-out"), BANK)

    assert desk.case.tokens == {}
    assert [str(gone) for gone in closed.gone] == [task]
    assert closed.items == ()


def test_metrics_are_taken_down_as_things_end() -> None:
    desk = started(amount="50")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    desk.pass_time(30 * HOUR)

    decided = desk.do(Decide(desk.id("approve"), "approve"), LEO)
    closed = desk.do(Deliver(desk.id("payment"), "paid-out"), BANK)

    assert decided.measurements == (Measurement("approve-in-time", 0),)
    assert closed.measurements == (
        Measurement("claim-time", 30 * 3_600_000),
        Measurement("small", 1),
    )


def test_a_record_is_sound_in_each_state_that_it_passes() -> None:
    steps = (
        replace(rule("look", "stamp"), state="active"),
        replace(rule("stamp", "file"), state="settled"),
        replace(task("file", "paid"), state="active"),
        End("paid", "Paid", state="rejected"),
    )
    model = model_with(steps=steps, exceptions=())
    strict = tuple(
        replace(state, always='claim.level = "high"') if state.id == "settled" else state
        for state in model.objects["claim"].states
    )
    claim = replace(model.objects["claim"], states=strict)
    program = compile_model(replace(model, objects={"claim": claim}))

    assert started(program, amount="2000").case.state == "active"
    with pytest.raises(AssertionError, match="a record in `settled` must satisfy"):
        started(program, amount="20")


def test_who_is_shown_what_is_kept_with_the_decision() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    decided = desk.do(Decide(desk.id("approve"), "reject", reason="no cover"), HEDY)

    assert decided.kind == "decided"
    assert decided.body["options"] == ["approve", "reject", "send-back"]
    assert decided.body["choice"] == "reject"
    assert decided.body["shown"]["fields"] == ["claimant", "amount", "report"]
    assert decided.body["objectives"] == ["fast", "trust"]
    assert desk.case.performers["approve"] == ("hedy",)
