"""Warnings and ladders: when each notice falls due, and whom it tells or moves the work to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Complete,
    Decide,
    Notify,
    Raise,
    Record,
    Resolve,
)
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.transition import Transition
from kingpost.model.organisation import Vacancy
from kingpost.model.workflow import Due, Parallel, Rung, Step
from kingpost.values.span import Span
from tests.decisions.world import (
    ANNA,
    BRITTA,
    CHRIS,
    DAY,
    DORA,
    HEDY,
    HOUR,
    LEO,
    MODEL,
    MONDAY,
    STEPS,
    Desk,
    model_with,
    started,
)

MINUTE = timedelta(minutes=1)
HOURS = Span(10, "hour", working=True)


def changed(step: Step, name: str, ladder: tuple[Rung, ...], due: Due | None) -> Step:
    if isinstance(step, Parallel):
        branches = tuple(
            replace(branch, steps=tuple(changed(one, name, ladder, due) for one in branch.steps))
            for branch in step.branches
        )
        step = replace(step, branches=branches)
    if step.id != name:
        return step
    return replace(step, escalate=ladder, due=due or step.due)


def company(name: str, *ladder: Rung, due: Due | None = None) -> Program:
    steps = tuple(changed(step, name, ladder, due) for step in STEPS)
    return compile_model(model_with(steps=steps))


def at_approve(program: Program, amount: str = "200") -> Desk:
    desk = started(program, amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    return desk


def next_notice(desk: Desk, step: str) -> datetime | None:
    """Return when the timer of a step falls due, as the store keeps it."""
    kept: dict[str, datetime | None] = {}
    for transition in desk.history:
        kept |= {str(timer.id): timer.at for timer in transition.timers}
    return kept.get(desk.id(step))


def ring(desk: Desk, step: str) -> Transition:
    """Let the next notice fall due at its own time."""
    due = next_notice(desk, step)
    assert due is not None
    desk.now = max(desk.now, due)
    return desk.do(Notify(desk.id(step), desk.at(step).notices), CLOCK)


WARNED = Due(Span(1, "day", working=True), warn=75)


def test_a_warning_and_each_rung_fall_due_in_working_time() -> None:
    ladder = (Rung("superior"), Rung("checker", Span(2, "day", working=True)))
    desk = at_approve(company("approve", *ladder, due=WARNED))

    # A working day of ten hours from Monday 09:00; three quarters of it are used at 16:30.
    assert next_notice(desk, "approve") == MONDAY + 7.5 * HOUR
    assert ring(desk, "approve").kind == "warned"
    assert next_notice(desk, "approve") == MONDAY + DAY
    assert ring(desk, "approve").kind == "escalated"
    assert next_notice(desk, "approve") == MONDAY + 3 * DAY
    ring(desk, "approve")
    assert next_notice(desk, "approve") is None
    assert desk.at("approve").told == ("head", "checker")
    assert desk.steps() == {"approve"}


def test_a_notice_that_is_not_due_is_refused_and_so_is_one_that_was_given() -> None:
    desk = at_approve(company("approve", Rung("superior")))
    desk.now = MONDAY + DAY - MINUTE

    assert str(desk.try_(Notify(desk.id("approve"), 0), CLOCK)) == (
        "the next notice about `approve` falls due 17 November 2026 at 09:00 UTC"
    )
    desk.now += MINUTE
    desk.do(Notify(desk.id("approve"), 0), CLOCK)
    assert str(desk.try_(Notify(desk.id("approve"), 0), CLOCK)) == (
        "`approve` cannot be given that notice: expected one that falls due"
    )


@pytest.mark.parametrize("actor", [HEDY, Actor(interface="bank")])
def test_only_the_clock_gives_notices(actor: Actor) -> None:
    desk = at_approve(company("approve", Rung("superior")))
    desk.pass_time(2 * DAY)

    assert str(desk.try_(Notify(desk.id("approve"), 0), actor)) == (
        "`approve` is accepted only from `clock`"
    )


def test_a_notice_waits_while_the_clock_stands_still() -> None:
    ladder = (Rung("superior", Span(1, "hour", working=True)),)
    desk = started(company("examine", *ladder), amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    # Two working days are used on Wednesday at 09:00, and the hour after that at 10:00.
    assert next_notice(desk, "examine") == MONDAY + 2 * DAY + HOUR

    desk.pass_time(DAY)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    assert next_notice(desk, "examine") is None
    desk.pass_time(2 * DAY)
    desk.do(Resolve(desk.id("examine"), "answered"), ANNA)

    assert next_notice(desk, "examine") == MONDAY + 4 * DAY + HOUR


def test_an_exception_that_lets_the_clocks_run_does_not_keep_notices_back() -> None:
    desk = started(company("examine", Rung("superior")), amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Raise(desk.id("examine"), "police-asks"), CHRIS)

    assert ring(desk, "examine").kind == "escalated"
    assert desk.now == MONDAY + 2 * DAY


def test_another_budget_moves_the_notices_to_come() -> None:
    spans = (("low", Span(4, "day", working=True)), ("high", Span(1, "day", working=True)))
    program = company("examine", Rung("superior"), due=Due(field="level", spans=spans))
    desk = started(program, amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    assert next_notice(desk, "examine") == MONDAY + 4 * DAY

    desk.pass_time(2 * DAY)
    desk.do(Record(desk.id("examine"), {"level": "high"}), ANNA)

    # A day is over already: it is late since Tuesday, and told at once.
    assert next_notice(desk, "examine") == MONDAY + DAY
    assert ring(desk, "examine").at == MONDAY + 2 * DAY


def test_work_that_is_left_has_no_notices() -> None:
    desk = at_approve(company("approve", Rung("superior")))
    task = desk.id("approve")

    done = desk.do(Decide(task, "reject", reason="no"), LEO)

    assert [(str(timer.id), timer.at) for timer in done.timers] == [(task, None)]


def test_each_superior_is_one_higher_than_the_last() -> None:
    ladder = (Rung("superior"), Rung("superior", HOURS), Rung("superior", HOURS))
    desk = started(company("examine", *ladder), amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)

    told = [ring(desk, "examine").body.get("choice") for _ in ladder]

    # Above the head is nobody; the event says so by naming none.
    assert told == ["lead", "head", None]
    assert desk.at("examine").told == ("lead", "head")


def test_above_work_of_no_one_post_is_the_owner_of_the_workflow() -> None:
    desk = started(company("suspect", Rung("superior")), amount="200")

    assert ring(desk, "suspect").body["choice"] == "head"


def test_a_post_that_is_told_may_act_when_it_carries_the_role() -> None:
    desk = started(company("examine", Rung("group-b")), amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    examined = Complete(desk.id("examine"), {"report": "seen"})
    assert str(desk.try_(examined, BRITTA)) == (
        "`examine` needs the role `handler` and is addressed to `group-a`: `group-a`, `lead` may"
    )

    ring(desk, "examine")

    # Who has not been told, and who carries no such role, may not.
    assert isinstance(desk.try_(examined, CHRIS), Refusal)
    done = desk.do(examined, BRITTA)
    assert (done.body["actor"]["via"], done.body["actor"]["for"]) == ("escalation", "group-a")


def test_while_the_post_that_is_told_is_vacant_its_stand_in_may_act() -> None:
    falling = replace(MODEL.posts["group-b"], vacancy=Vacancy.POST, falls_to="deputy")
    model = company("examine", Rung("group-b")).model
    desk = started(compile_model(replace(model, posts={**model.posts, "group-b": falling})))
    desk.do(Complete(desk.id("intake")), ANNA)
    examined = Complete(desk.id("examine"), {"report": "seen"})
    vacant = frozenset({"group-b"})
    assert isinstance(desk.try_(examined, DORA, vacant), Refusal)

    ring(desk, "examine")

    done = desk.do(examined, DORA, vacant)
    assert (done.body["actor"]["via"], done.body["actor"]["for"]) == ("vacancy", "group-b")


def test_a_decision_moves_to_the_nearest_post_whose_authority_suffices() -> None:
    desk = at_approve(company("approve", Rung("authority")), amount="900")
    reject_only = Decide(desk.id("approve"), "approve")
    assert type(desk.try_(reject_only, LEO)).__name__ == "OutsideAuthority"

    moved = ring(desk, "approve")

    assert (moved.body["choice"], desk.at("approve").post) == ("head", "head")
    assert [item.post for item in moved.items] == ["head"]
    assert type(desk.try_(reject_only, LEO)).__name__ == "NotYourPost"
    desk.do(reject_only, HEDY)


def test_where_nobody_above_has_the_authority_the_work_stays() -> None:
    model = company("approve", Rung("authority")).model
    head = replace(model.posts["head"], authority=())
    desk = at_approve(compile_model(replace(model, posts={**model.posts, "head": head})))

    stays = ring(desk, "approve")

    assert (stays.kind, stays.body.get("choice")) == ("escalated", None)
    assert desk.at("approve").post == "lead"


def test_what_is_told_of_a_block_is_told_of_the_work_inside() -> None:
    desk = started(company("handling", Rung("group-b")), amount="200")

    told = ring(desk, "handling")

    assert {item.step: item.told for item in told.items} == {
        "intake": ("group-b",),
        "suspect": ("group-b",),
    }
    # What is come to later is late as well.
    later = desk.do(Complete(desk.id("intake")), BRITTA)
    assert {item.step: item.told for item in later.items} == {"examine": ("group-b",)}


def test_holidays_count_for_notices_as_for_the_due_time() -> None:
    # Christmas falls on a Friday, so Thursday is the last day before Monday.
    thursday = datetime(2026, 12, 24, 16, tzinfo=UTC)
    desk = Desk(company("approve", Rung("superior", HOURS)), now=thursday)
    desk.start(amount="200")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    # Twenty hours: two on Thursday, ten on Monday, eight on Tuesday.
    assert next_notice(desk, "approve") == datetime(2026, 12, 29, 16, tzinfo=UTC)
