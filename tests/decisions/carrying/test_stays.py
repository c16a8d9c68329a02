"""What a case stands at, or passed in an earlier round, leads it past nothing."""

from dataclasses import replace

from kingpost.decisions.carrying.judged import Policy, Verdict
from kingpost.decisions.commands import Complete, Confirm, Decide, Propose, Raise
from kingpost.decisions.program import Program, compile_model
from kingpost.model.assurance import CarryOver
from kingpost.model.workflow import (
    Begin,
    Branch,
    Decision,
    Parallel,
    Run,
    Step,
    Task,
    Waits,
)
from kingpost.values.span import Span
from tests.decisions.carrying.test_carrying import edited, judged, version
from tests.decisions.carrying.test_controls import after, leading, refused, sent_back
from tests.decisions.world import (
    ANNA,
    CHRIS,
    EXCEPTIONS,
    HEDY,
    LEO,
    MODEL,
    STEPS,
    WORKFLOW,
    Desk,
    model_with,
    started,
    to,
)

LATER = Span(9, "day")
GLANCE = Task("glance", "Glance", role="clerk", then=to("done"))


def mapped(**positions: str) -> Policy:
    return Policy(CarryOver.MAPPED, {"claim": positions})


def limited(steps: tuple[Step, ...], limit: Span) -> tuple[Step, ...]:
    return edited(lambda step: replace(step, limit=limit) if step.id == "payment" else step, steps)


def of(steps: tuple[Step, ...], *, limit: Span | None = None, divert: str = "rejected") -> Program:
    """Return a version with these steps; with another limit, one to which its cases go over."""
    *others, withdrawn = EXCEPTIONS
    steps = steps if limit is None else limited(steps, limit)
    return version(steps=steps, exceptions=(*others, replace(withdrawn, divert=divert)))


def in_approval(program: Program) -> Desk:
    desk = started(program)
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    assert desk.steps() == {"approve"}
    return desk


def test_an_exception_that_was_not_raised_where_a_case_stands_leads_it_nowhere() -> None:
    desk = in_approval(of(STEPS, divert="payment"))
    new = of(STEPS, limit=LATER, divert="payment")

    assert refused(judged(desk, new, mapped(approve="payment"))) == (
        "it stands behind `approve`, which it has not passed"
    )


def test_an_exception_that_was_raised_has_led_a_case_on() -> None:
    desk = in_approval(of(STEPS, divert="payment"))
    desk.do(Raise(desk.id("approve"), "withdrawn"), ANNA)
    assert desk.steps() == {"payment"}

    assert judged(desk, of(STEPS, limit=LATER, divert="payment")).verdict is Verdict.CARRIES


def test_no_map_leads_past_evidence_that_is_still_to_be_made() -> None:
    second = Task("second", "Second", role="clerk", then=to("done"))

    def edit(step: Step) -> Step:
        if not isinstance(step, Parallel):
            return step
        intake, examine = step.branches[0].steps
        steps = (replace(intake, then=to("examine")), replace(examine, then=to("second")), second)
        return replace(step, branches=(replace(step.branches[0], steps=steps), step.branches[1]))

    steps = edited(edit)
    desk = started(of(steps))
    desk.do(Complete(desk.id("intake"), {"urgent": False}), ANNA)
    new = of(steps, limit=LATER)

    assert refused(judged(desk, new, mapped(examine="second"))) == (
        "it stands behind `examine`, which it has not passed"
    )
    desk.do(Complete(desk.id("examine"), {"report": "fine"}), ANNA)
    assert judged(desk, new).verdict is Verdict.CARRIES


def test_a_decision_of_an_earlier_round_of_a_block_does_not_count_in_this_one() -> None:
    def edit(step: Step) -> Step:
        if not isinstance(step, Parallel):
            return step
        fraud = Branch(
            "fraud", "Fraud", (replace(GLANCE, then=to("suspect")), *step.branches[1].steps)
        )
        return replace(step, branches=(step.branches[0], fraud), named=("work", "fraud"))

    steps = edited(edit, leading("approve", send_back="handling"))
    desk = started(of(steps))
    desk.do(Complete(desk.id("glance")), ANNA)
    desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    sent_back(desk)
    assert desk.steps() == {"handling", "intake", "glance"}
    new = of(steps, limit=LATER)

    assert refused(judged(desk, new, mapped(handling="approve"))) == (
        "it stands behind `handling`, which it has not passed"
    )
    # What was decided in this round counts where it was decided.
    desk.do(Complete(desk.id("glance")), ANNA)
    desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)
    assert judged(desk, new).verdict is Verdict.CARRIES
    assert judged(desk, new, mapped(handling="approve")).verdict is Verdict.CARRIES


def looked_into() -> tuple[Desk, tuple[Step, ...]]:
    """A claim that was examined again and found clear; by approving it is sent back to that."""

    def edit(step: Step) -> Step:
        if not isinstance(step, Parallel):
            return replace(step, then=to("suspect")) if step.id == "rework" else step
        glance = Branch("fraud", "Fraud", (GLANCE,))
        return replace(step, branches=(step.branches[0], glance), then=to("rework"))

    [suspect] = (
        replace(step, outcomes=(replace(step.outcomes[0], then=to("approve")),))
        for block in WORKFLOW.blocks()
        for step in block
        if isinstance(step, Decision) and step.id == "suspect"
    )
    steps = edited(edit)
    steps = (*steps[:2], suspect, *steps[2:])
    desk = started(of(steps))
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    desk.do(Complete(desk.id("rework"), {"report": "better"}), ANNA)
    desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)
    assert desk.steps() == {"approve"}
    return desk, steps


def test_a_decision_of_an_earlier_round_does_not_count_before_it() -> None:
    desk, steps = looked_into()
    new = of(steps, limit=LATER)
    assert judged(desk, new).verdict is Verdict.CARRIES
    sent_back(desk)
    assert desk.steps() == {"rework"}

    assert judged(desk, new).verdict is Verdict.CARRIES
    assert refused(judged(desk, new, mapped(rework="approve"))) == (
        "it stands behind `suspect`, which it has not passed"
    )


def test_a_map_may_lead_back_before_a_decision_and_not_behind_it_again() -> None:
    desk, steps = looked_into()
    back = of(steps, limit=LATER)
    found = judged(desk, back, mapped(approve="rework"))
    assert found.verdict is Verdict.CARRIES
    assert found.transition is not None
    desk.case, desk.program = found.transition.case, back

    assert refused(judged(desk, of(steps), mapped(rework="approve"))) == (
        "it stands behind `suspect`, which it has not passed"
    )


def test_no_map_leads_past_cases_that_a_step_still_waits_for() -> None:
    begin = Run("begin", "Begin", then=to("approve"), workflow="other", waits=Waits.ALL)
    steps = after(STEPS, "handling", to("begin"))
    other = replace(WORKFLOW, id="other", begins=Begin(form=(), workflows=("claim",)))

    def beginning(limit: Span) -> Program:
        made = model_with(steps=limited((*steps[:2], begin, *steps[2:]), limit))
        return compile_model(replace(made, workflows={**made.workflows, "other": other}))

    desk = started(beginning(Span(10, "day")))
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    assert desk.steps() == {"begin"}

    assert refused(judged(desk, beginning(LATER), mapped(begin="approve"))) == (
        "it stands behind `begin`, which it has not passed"
    )


def test_what_was_decided_before_a_repair_leads_a_case_back_does_not_count() -> None:
    flow = replace(WORKFLOW, repaired_by=("head", "lead"))
    desk = in_approval(compile_model(replace(MODEL, workflows={"claim": flow})))
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.do(Propose(task=desk.id("payment"), to="rework", reason="paid too early"), HEDY)
    desk.do(Confirm(desk.case.version), LEO)
    assert desk.steps() == {"rework"}
    assert "rework" in desk.case.entered
    later = replace(flow, steps=limited(STEPS, LATER))
    new = compile_model(replace(MODEL, workflows={"claim": later}))

    # Nobody has come there yet by sending it back, and the approval of before is none.
    assert refused(judged(desk, new, mapped(rework="payment"))) == (
        "it stands behind `approve`, which it has not passed"
    )
    assert judged(desk, new, mapped(rework="approve")).verdict is Verdict.CARRIES


def test_no_map_leads_from_one_branch_into_another() -> None:
    desk = started()
    assert desk.steps() == {"handling", "intake", "suspect"}
    later = of(STEPS, limit=LATER)

    asked = judged(desk, later, mapped(intake="suspect"))
    assert [each.why for each in asked.questions] == [
        "the new version has `suspect` in another branch"
    ]
    assert judged(desk, later, mapped(intake="examine")).verdict is Verdict.CARRIES


def test_of_two_branches_that_became_one_somebody_says_where_the_second_goes() -> None:
    def edit(step: Step) -> Step:
        if not isinstance(step, Parallel):
            return step
        inside = tuple(inner for branch in step.branches for inner in branch.steps)
        return replace(step, branches=(Branch("all", "All", inside),), named=("all",))

    asked = judged(started(), of(edited(edit)))

    assert [each.why for each in asked.questions] == [
        "the new version has `suspect` in a branch where it stands already"
    ]
