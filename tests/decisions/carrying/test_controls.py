"""Controls: a decision is passed by the outcome that was taken last, a wait by what came last."""

from dataclasses import replace

import pytest

from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.commands import Complete, Decide, Deliver
from kingpost.model.assurance import CarryOver
from kingpost.model.workflow import Awaited, Branch, Decision, Parallel, Route, Step, Task, Wait
from kingpost.values.span import Span
from tests.decisions.carrying.test_carrying import (
    LOOK,
    at_approve,
    carried,
    edited,
    judged,
    version,
    with_step,
)
from tests.decisions.world import ANNA, BANK, CHRIS, HOUR, LEO, STEPS, Desk, started, to


def sent_back(desk: Desk) -> Desk:
    desk.do(Decide(desk.id("approve"), "send-back", {"report": "thin"}, "too thin"), LEO)
    return desk


def at_payment() -> Desk:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    return desk


def leading(decision: str, **ways: str) -> tuple[Step, ...]:
    """Return the company's steps, where outcomes of a decision lead elsewhere."""

    def edit(step: Step) -> Step:
        if not isinstance(step, Decision) or step.id != decision:
            return step
        goes = {name.replace("_", "-"): go for name, go in ways.items()}
        outcomes = tuple(
            replace(one, then=to(goes[one.id])) if one.id in goes else one for one in step.outcomes
        )
        return replace(step, outcomes=outcomes)

    return edited(edit)


def after(steps: tuple[Step, ...], name: str, then: tuple[Route, ...]) -> tuple[Step, ...]:
    return edited(lambda step: replace(step, then=then) if step.id == name else step, steps)


def refused(found: Judged) -> str:
    assert found.verdict is Verdict.REFUSED, found
    return found.why


def test_a_case_that_was_sent_back_does_not_count_as_approved() -> None:
    steps = after(
        leading("approve", approve="rework", send_back="handling"), "rework", to("payment")
    )

    assert refused(judged(sent_back(at_approve()), version(steps=steps))) == (
        "`approve` has led it elsewhere, by `send-back`, and not to where it stands"
    )


def test_no_map_leads_a_case_that_was_sent_back_past_its_approval() -> None:
    mapped = Policy(CarryOver.MAPPED, {"claim": {"rework": "payment"}})
    new = version(steps=with_step("payment", limit=Span(9, "day")))

    assert refused(judged(sent_back(at_approve()), new, mapped)) == (
        "`approve` has led it elsewhere, by `send-back`, and not to where it stands"
    )


def test_what_was_decided_before_a_case_came_there_again_counts_no_longer() -> None:
    desk = at_payment()
    desk.do(Deliver(desk.id("payment"), "complaint", reason="late"), ANNA)
    desk.do(Complete(desk.id("rework"), {"report": "better"}), ANNA)
    assert desk.steps() == {"approve"}
    mapped = Policy(CarryOver.MAPPED, {"claim": {"approve": "payment"}})
    new = version(steps=with_step("payment", limit=Span(9, "day")))

    assert refused(judged(desk, new, mapped)) == (
        "it stands behind `approve`, which it has not passed"
    )


def test_an_outcome_is_followed_by_its_new_name() -> None:
    def edit(step: Step, was: str) -> Step:
        if not isinstance(step, Decision) or step.id != "approve":
            return step
        accept = replace(step.outcomes[0], id="accept", was=was)
        return replace(step, outcomes=(accept, *step.outcomes[1:]))

    desk = at_payment()
    shorter = with_step("payment", limit=Span(9, "day"))

    event = carried(desk, version(steps=edited(lambda step: edit(step, "approve"), shorter)))

    assert desk.case.taken["approve"].by == "accept"
    assert {"do": "rename", "part": "outcome", "names": {"approve/approve": "approve/accept"}} in (
        event.body["changes"]
    )

    desk, lost = at_payment(), version(steps=edited(lambda step: edit(step, ""), shorter))
    found = judged(desk, lost)
    assert found.verdict is Verdict.ASKS
    assert [(one.part, one.why, one.post) for one in found.questions] == [
        (
            "workflow/claim/step/approve",
            "`approve` was decided by `approve`, an outcome that the new version does not have",
            "head",
        )
    ]
    # Whoever keeps the workflow says that it goes on where it is.
    stays = Policy(CarryOver.MAPPED, {"claim": {"payment": "payment"}})
    assert judged(desk, lost, stays).verdict is Verdict.CARRIES


def test_a_decision_of_which_no_outcome_was_kept_is_asked_about() -> None:
    desk = at_payment()
    desk.case = replace(desk.case, taken={})

    found = judged(desk, version(steps=with_step("payment", limit=Span(9, "day"))))

    assert found.verdict is Verdict.ASKS
    assert [one.why for one in found.questions] == [
        "it is not known by which outcome `approve` was decided"
    ]
    # What meets nothing of the change is left alone all the same.
    untouched = version(steps=with_step("intake", records=("amount", "group", "urgent")))
    assert judged(desk, untouched) == Judged(Verdict.UNAFFECTED)


def test_a_wait_is_passed_by_the_message_that_came() -> None:
    desk = at_payment()
    desk.do(Deliver(desk.id("payment"), "complaint", reason="late"), ANNA)
    assert desk.steps() == {"rework"}

    def edit(step: Step) -> Step:
        if not isinstance(step, Wait):
            return step
        messages = (
            Awaited("paid-out", "Paid out", ("interface/bank",), to("rework")),
            Awaited("complaint", "Complaint", ("role/clerk",), to("look")),
        )
        return replace(step, messages=messages)

    look = replace(LOOK, outcomes=(replace(LOOK.outcomes[0], then=to("rework")),))
    steps = edited(edit)
    new = version(steps=(*steps[:2], look, *steps[2:]))

    assert refused(judged(desk, new)) == "it stands behind `look`, which it has not passed"


def test_a_decision_in_a_branch_counts_for_one_round_of_its_block() -> None:
    ask = Task("ask", "Ask", role="clerk", then=to("suspect"))
    note = Task("jot", "Jot", role="clerk", then=to("done"))

    def edit(step: Step) -> Step:
        if not isinstance(step, Parallel):
            return step
        [suspect] = (one for branch in step.branches for one in branch.steps if one.id == "suspect")
        assert isinstance(suspect, Decision)
        clear = replace(suspect.outcomes[0], then=to("jot"))
        inside = (ask, replace(suspect, outcomes=(clear, *suspect.outcomes[1:])), note)
        return replace(step, branches=(step.branches[0], Branch("fraud", "Fraud", inside)))

    again = edited(edit, leading("approve", send_back="handling"))
    old = version(steps=again)
    new = version(
        steps=edited(
            lambda step: replace(step, title="Jot down") if step.id == "jot" else step, again
        )
    )
    mapped = Policy(CarryOver.MAPPED, {"claim": {"ask": "jot"}})
    desk = started(old)
    desk.do(Complete(desk.id("ask")), ANNA)
    desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    sent_back(desk)
    assert desk.steps() == {"handling", "intake", "ask"}

    assert refused(judged(desk, new, mapped)) == (
        "it stands behind `suspect`, which it has not passed"
    )


def test_a_decision_that_nobody_comes_round_any_more_has_to_be_passed() -> None:
    either = (Route("look", "claim.amount > 1000"), Route("approve"))
    steps = after(STEPS, "handling", either)
    old = version(steps=(*steps[:2], LOOK, *steps[2:]))
    steps = after(STEPS, "handling", to("look"))
    new = version(steps=(*steps[:2], LOOK, *steps[2:]))
    desk = started(old)
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    assert desk.steps() == {"approve"}
    # It would come by it on its record of now, but came round it on that of then.
    desk.case = replace(desk.case, fields={**desk.case.fields, "amount": "5000"})

    assert refused(judged(desk, new)) == "it stands behind `look`, which it has not passed"


def test_at_the_next_step_nothing_is_asked_or_refused_before_it() -> None:
    steps = after(STEPS, "handling", to("look"))
    behind = version(steps=(*steps[:2], LOOK, *steps[2:]))
    gone = version(steps=with_step("approve", id="agree"))
    desk = at_approve()
    early = Policy(CarryOver.AT_NEXT_STEP, since=desk.now + HOUR)

    for new in (behind, gone):
        found = judged(desk, new, early)
        assert (found.verdict, found.later, found.questions, found.why) == (
            Verdict.CARRIES, True, (), "",
        )  # fmt: skip
    late = Policy(CarryOver.AT_NEXT_STEP, since=desk.now)
    assert judged(desk, behind, late).verdict is Verdict.REFUSED
    assert judged(desk, gone, late).verdict is Verdict.ASKS


@pytest.mark.parametrize("message", ["paid-out", "complaint"])
def test_a_case_keeps_what_was_taken_last_at_decisions_and_waits(message: str) -> None:
    desk = at_payment()
    assert {name: each.by for name, each in desk.case.taken.items()} == {"approve": "approve"}
    actor = BANK if message == "paid-out" else ANNA
    desk.do(Deliver(desk.id("payment"), message, reason="so"), actor)
    assert desk.case.taken["payment"].by == message
