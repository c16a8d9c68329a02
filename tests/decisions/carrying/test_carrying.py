"""Carrying live cases over: what becomes of each, and that nothing of it is lost."""

# ruff: noqa: ANN401 - parts of a model are put together of anything.

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kingpost.decisions.carrying.carrying import judge
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case, Clock, Review
from kingpost.decisions.changes import Draft, evolve
from kingpost.decisions.commands import (
    CLOCK,
    Assign,
    Complete,
    Confirm,
    Decide,
    Facts,
    Propose,
    Raise,
    Record,
    Resolve,
)
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.sealing import read_change
from kingpost.decisions.transition import Transition
from kingpost.model.assurance import CarryOver, Evidence, Obligation
from kingpost.model.model import Model
from kingpost.model.objects import Field, FieldType
from kingpost.model.workflow import (
    Addressee,
    Branch,
    Decision,
    Due,
    Outcome,
    Parallel,
    Quorum,
    Route,
    Step,
    Task,
    Wait,
)
from kingpost.values.span import Span
from tests.decisions.world import (
    ANNA,
    CLAIM,
    DAY,
    EXCEPTIONS,
    HOUR,
    LEO,
    MODEL,
    PROGRAM,
    SEED,
    STEPS,
    Desk,
    model_with,
    started,
    to,
)

NOW = Policy(CarryOver.NOW)
LOOK = Decision(
    "look",
    "Look at it",
    role="approver",
    to=Addressee("lead"),
    due=Due(Span(1, "day")),
    outcomes=(Outcome("fine", "Fine", then=to("approve")),),
)


def edited(edit: Callable[[Step], Step], steps: tuple[Step, ...] = STEPS) -> tuple[Step, ...]:
    """Return steps, each as an edit makes it; those in branches too."""
    found = list[Step]()
    for step in steps:
        if isinstance(step, Parallel):
            branches = tuple(
                replace(branch, steps=edited(edit, branch.steps)) for branch in step.branches
            )
            found.append(edit(replace(step, branches=branches)))
        else:
            found.append(edit(step))
    return tuple(found)


def with_step(name: str, **properties: Any) -> tuple[Step, ...]:
    return edited(lambda step: replace(step, **properties) if step.id == name else step)


def version(**parts: Any) -> Program:
    return compile_model(model_with(**parts))


def judged(desk: Desk, new: Program, policy: Policy = NOW, now: datetime | None = None) -> Judged:
    at = now or desk.now
    return judge(desk.program, new, desk.case, policy, Facts(at, at, CLOCK, seed=SEED))


def carried(desk: Desk, new: Program, policy: Policy = NOW) -> Transition:
    """Carry a case over; what the events say gives the case that was decided."""
    found = judged(desk, new, policy)
    assert found.transition is not None, found
    after = found.transition.case
    link = found.transition.link
    assert after == evolve(
        desk.case, found.transition.changes, at=found.transition.at, head=link.hash
    )
    written = (read_change(each) for each in found.transition.body["changes"])
    draft = Draft(desk.case, found.transition.at)
    for change in written:
        draft.apply(change)
    assert draft.tokens == after.tokens
    assert after.model == new.version
    desk.case, desk.program = after, new
    desk.history.append(found.transition)
    return found.transition


def told(found: Judged) -> list[str]:
    return [item.sentence for item in found.different]


def at_approve(**fields: Any) -> Desk:
    found = started(**fields)
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    assert found.steps() == {"approve"}
    return found


def test_a_case_that_meets_nothing_of_a_change_is_left_where_it_is() -> None:
    desk = at_approve()
    new = version(steps=with_step("intake", requires=("amount", "note")))

    assert judged(desk, new) == Judged(Verdict.UNAFFECTED)
    assert judged(started(), new).verdict is Verdict.CARRIES


def test_a_shorter_due_time_keeps_what_is_consumed() -> None:
    desk = at_approve()
    desk.pass_time(3 * HOUR)
    new = version(steps=with_step("approve", due=Due(Span(4, "hour", True))))

    event = carried(desk, new)

    clock = desk.at("approve").clock
    assert clock is not None
    assert (event.kind, clock.budget_ms, clock.consumed_ms) == ("carried", 4 * 3_600_000, 0)
    assert event.items[0].due_at == desk.now + HOUR
    assert event.items[0].spent_ms == 3 * 3_600_000
    [due] = event.body["carried"]["different"]
    assert (due["aspect"], due["part"]) == ("due", "workflow/claim/step/approve")
    assert due["sentence"] == (
        "`approve` is due 2026-11-16 13:00 UTC instead of 2026-11-17 09:00 UTC,"
        " 3 h 00 min of 4 h 00 min used"
    )
    assert event.body["carried"]["from"] == PROGRAM.version


def test_a_time_that_is_over_by_the_new_version_is_due_at_once() -> None:
    desk = at_approve()
    desk.pass_time(5 * HOUR)

    event = carried(desk, version(steps=with_step("approve", due=Due(Span(2, "hour", True)))))

    assert event.items[0].due_at is not None
    assert event.items[0].due_at <= desk.now


def test_other_hours_count_from_now_on_and_what_was_used_stays_used() -> None:
    desk = at_approve()
    desk.pass_time(3 * HOUR)
    new = version(steps=with_step("approve", due=Due(Span(1, "day"))))

    carried(desk, new)

    clock = desk.at("approve").clock
    assert clock is not None
    assert (clock.consumed_ms, clock.calendar, clock.since) == (3 * 3_600_000, "", desk.now)


def test_work_goes_to_the_new_post_and_is_laid_back() -> None:
    desk = at_approve()
    desk.do(Assign(desk.id("approve"), "leo"), LEO)

    found = judged(desk, version(steps=with_step("approve", to=Addressee("head"))))
    event = carried(desk, version(steps=with_step("approve", to=Addressee("head"))))

    assert (desk.at("approve").post, desk.at("approve").person) == ("head", None)
    assert event.items[0].post == "head"
    assert told(found)[:2] == [
        "`approve` goes to `head`",
        "`approve` is laid back: who had taken it on may no longer hold its post",
    ]


def test_a_step_that_is_renamed_keeps_its_token_and_who_performed_it() -> None:
    desk = started()
    desk.do(Record(desk.id("intake"), {"note": "wet"}), ANNA)
    before = dict(desk.case.tokens)
    new = version(
        steps=edited(
            lambda step: (
                replace(step, id="reception", was="intake")
                if step.id == "intake"
                else replace(step, separate_from=("reception", "examine"))
                if step.id == "approve"
                else step
            )
        ),
        exceptions=tuple(
            replace(item, steps=tuple("reception" if n == "intake" else n for n in item.steps))
            for item in EXCEPTIONS
        ),
    )

    event = carried(desk, new)

    assert desk.case.tokens.keys() == before.keys()
    assert desk.steps() == {"handling", "reception", "suspect"}
    assert desk.case.performers["reception"] == ("anna",)
    assert desk.case.entered["reception"] == 1
    assert "intake" not in desk.case.entered
    assert {item.step for item in event.items} == {"reception", "suspect"}
    desk.do(Complete(desk.id("reception"), {"urgent": True}), ANNA)
    assert desk.steps() == {"approve"}


def test_a_case_behind_a_new_decision_is_refused_and_one_before_it_carries_over() -> None:
    steps = tuple(
        replace(step, then=to("look")) if step.id == "handling" else step for step in STEPS
    )
    new = version(steps=(*steps[:2], LOOK, *steps[2:]))
    behind, before = at_approve(), started()

    found = judged(behind, new)

    assert (found.verdict, found.why) == (
        Verdict.REFUSED,
        "it stands behind `look`, which it has not passed",
    )
    carried(before, new)
    before.do(Complete(before.id("intake"), {"urgent": True}), ANNA)
    assert before.steps() == {"look"}
    mapped = Policy(CarryOver.MAPPED, {"claim": {"approve": "look"}})
    carried(behind, new, mapped)
    assert behind.steps() == {"look"}
    assert behind.history[-1].visits[0].how == "withdrawn"


def test_a_step_that_is_gone_needs_a_decision_or_a_map() -> None:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "send-back", {"report": "thin"}, "too thin"), LEO)
    steps = tuple(replace(step, id="redo") if step.id == "rework" else step for step in STEPS)
    steps = tuple(_leading(step, "rework", "redo") for step in steps)
    exceptions = tuple(
        replace(item, steps=tuple("redo" if name == "rework" else name for name in item.steps))
        for item in EXCEPTIONS
    )
    new = version(steps=steps, exceptions=exceptions)
    desk.pass_time(2 * HOUR)

    found = judged(desk, new)

    assert found.verdict is Verdict.ASKS
    [question] = found.questions
    assert (question.part, question.post) == ("workflow/claim/step/rework", "head")
    assert question.why == ("the new version has no such step, and no map says where its cases go")
    spent = desk.at("rework").clock
    carried(desk, new, Policy(CarryOver.MAPPED, {"claim": {"rework": "redo"}}))
    assert desk.steps() == {"redo"}
    assert desk.at("redo").clock == spent


def _leading(step: Step, old: str, new: str) -> Step:
    """Return a step whose ways lead elsewhere."""
    then = _routes(step.then, old, new)
    if isinstance(step, Decision):
        outcomes = tuple(replace(one, then=_routes(one.then, old, new)) for one in step.outcomes)
        return replace(step, then=then, outcomes=outcomes)
    if isinstance(step, Wait):
        messages = tuple(replace(one, then=_routes(one.then, old, new)) for one in step.messages)
        return replace(step, then=then, messages=messages)
    return replace(step, then=then)


def _routes(found: tuple[Route, ...], old: str, new: str) -> tuple[Route, ...]:
    return tuple(replace(way, go=new) if way.go == old else way for way in found)


def test_policies_let_cases_stay_or_wait_for_their_next_step() -> None:
    desk = at_approve()
    new = version(steps=with_step("approve", due=Due(Span(2, "hour"))))

    assert judged(desk, new, Policy(CarryOver.STAY)).verdict is Verdict.STAYS
    effective = desk.now + HOUR
    next_step = Policy(CarryOver.AT_NEXT_STEP, since=effective)
    early = judged(desk, new, next_step, effective)
    assert (early.verdict, early.later, early.transition) == (Verdict.CARRIES, True, None)
    desk.pass_time(2 * HOUR)
    desk.do(Decide(desk.id("approve"), "send-back", {"report": "thin"}, "too thin"), LEO)
    assert judged(desk, new, next_step).transition is not None


def test_a_new_branch_begins_where_the_case_stands_inside_the_block() -> None:
    desk = started()
    third = Branch("third", "Third", (Task("listen", "Listen", role="clerk", then=to("done")),))
    new = version(
        steps=edited(
            lambda step: (
                replace(step, branches=(*step.branches, third))
                if isinstance(step, Parallel)
                else step
            )
        )
    )

    carried(desk, new)

    assert desk.steps() == {"handling", "intake", "suspect", "listen"}


def test_a_suspended_step_stays_suspended_and_its_clock_stands_still() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake"), {"urgent": False}), ANNA)
    desk.pass_time(HOUR)
    desk.do(Raise(desk.id("examine"), "info-missing"), ANNA)
    desk.pass_time(DAY)
    new = version(
        steps=with_step("examine", due=Due(Span(3, "day"))),
        exceptions=tuple(
            replace(item, id="gap", was="info-missing") if item.id == "info-missing" else item
            for item in EXCEPTIONS
        ),
    )

    carried(desk, new)

    token = desk.at("examine")
    assert token.suspension is not None
    assert (token.suspension.exception, token.suspension.state_before) == ("gap", "active")
    assert token.clock is not None
    assert (token.clock.since, token.clock.consumed_ms) == (None, 3_600_000)
    desk.do(Resolve(token.id, "answered"), ANNA)
    assert desk.case.state == "active"


def test_votes_lapse_when_another_number_must_agree() -> None:
    voted = with_step("approve", quorum=Quorum(2, 3), to=Addressee(), separate_from=())
    desk = started(version(steps=voted))
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    assert desk.at("approve").votes
    new = with_step("approve", quorum=Quorum(3, 3), to=Addressee(), separate_from=())

    carried(desk, version(steps=new))

    assert desk.at("approve").votes == ()


def test_fields_follow_their_names_and_what_fits_no_more_is_asked_about() -> None:
    desk = at_approve(note="wet")
    fields = tuple(
        replace(field, id="remark", was="note") if field.id == "note" else field
        for field in CLAIM.fields
    )
    steps = with_step("intake", records=("amount", "group", "urgent", "remark"))
    flow = replace(
        MODEL.workflows["claim"],
        steps=steps,
        begins=replace(
            MODEL.workflows["claim"].begins,
            form=("claimant", "amount", "level", "group", "remark"),
        ),
    )
    model = replace(model_with(claim=replace(CLAIM, fields=fields)), workflows={"claim": flow})

    carried(desk, compile_model(model))

    assert desk.case.fields["remark"] == "wet"
    assert "note" not in desk.case.fields

    desk = started(note="wet")
    narrow = tuple(
        Field("note", "Note", FieldType.CHOICE, ("dry",)) if field.id == "note" else field
        for field in CLAIM.fields
    )
    found = judged(desk, version(claim=replace(CLAIM, fields=narrow)))
    assert (found.verdict, [question.why for question in found.questions]) == (
        Verdict.ASKS,
        ["`note` does not take what the case has recorded"],
    )


def test_an_obligation_is_owed_where_its_step_is_still_to_come_and_spared_behind_it() -> None:
    seen = Obligation(
        "seen", "Seen", "solvency", "S-3", "lead", Evidence((("claim", "intake"),), ("amount",))
    )
    steps = with_step("intake", discharges=("seen",))
    new = version(steps=steps, obligations={**MODEL.obligations, "seen": seen})
    before = started()

    carried(before, new)
    assert "seen" in before.case.owed

    behind = at_approve()
    steps = tuple(
        replace(step, due=Due(Span(2, "hour"))) if step.id == "approve" else step for step in steps
    )
    carried(behind, version(steps=steps, obligations={**MODEL.obligations, "seen": seen}))
    assert (behind.case.settled["seen"], "seen" in behind.case.owed) == ("spared", False)
    behind.do(Decide(behind.id("approve"), "reject", reason="no"), LEO)
    assert behind.case.settled["seen"] == "spared"


def test_a_repair_that_was_proposed_is_dropped() -> None:
    flow = replace(MODEL.workflows["claim"], repaired_by=("lead",))
    desk = started(compile_model(replace(MODEL, workflows={"claim": flow})))
    desk.do(Propose({"amount": "90"}, reason="wrong"), LEO)
    event = desk.case.version
    steps = with_step("intake", due=Due(Span(1, "day")))
    new = compile_model(replace(MODEL, workflows={"claim": replace(flow, steps=steps)}))

    carried(desk, new)

    assert desk.case.proposal is None
    assert not isinstance(desk.try_(Confirm(event), LEO), Transition)


def test_a_case_with_an_override_to_review_is_asked_about() -> None:
    desk = at_approve()
    new = version(steps=with_step("approve", due=Due(Span(1, "day"))))
    assert judged(desk, new).verdict is Verdict.CARRIES

    clock = Clock(1, 0, desk.now, "")
    review = Review("r", "approve", "approve", 2, "lead", ("leo",), "head", desk.now, clock)
    desk.case = replace(desk.case, reviews={"r": review})

    found = judged(desk, new)
    assert found.verdict is Verdict.ASKS
    assert [item.why for item in found.questions] == ["an override in it is still to be reviewed"]


def test_a_record_that_the_new_version_forbids_there_is_asked_about() -> None:
    desk = at_approve()
    states = tuple(
        replace(state, always="claim.report != null") if state.id == "settled" else state
        for state in CLAIM.states
    )

    found = judged(desk, version(claim=replace(CLAIM, states=states)))

    assert found.verdict is Verdict.ASKS
    assert "`settled`" in found.questions[0].why


@pytest.mark.parametrize("length", [timedelta(0), HOUR, 3 * DAY])
def test_judging_twice_says_the_same_and_leaves_the_case_alone(length: timedelta) -> None:
    desk = at_approve()
    desk.pass_time(length)
    case: Case = desk.case
    new = version(steps=with_step("approve", due=Due(Span(2, "hour"))))

    assert judged(desk, new) == judged(desk, new)
    assert desk.case == case


def test_a_workflow_that_is_gone_lets_its_cases_end() -> None:
    model: Model = replace(MODEL, workflows={}, obligations={}, metrics={}, streams={})
    new = Program(model, "0" * 64, {}, hears=False)

    found = judged(at_approve(), new)

    assert (found.verdict, found.why) == (
        Verdict.STAYS,
        "the new version has no workflow `claim`",
    )
