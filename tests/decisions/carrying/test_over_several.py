"""Names over several versions, and times that begin with the new one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kingpost.decisions.carrying.carrying import judge
from kingpost.decisions.commands import CLOCK, Decide, Facts, Raise, Resolve
from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Due, Step, Task
from kingpost.values.span import Span
from tests.decisions.carrying.test_carrying import (
    NOW,
    at_approve,
    carried,
    edited,
    version,
    with_step,
)
from tests.decisions.carrying.test_controls import at_payment
from tests.decisions.world import (
    ANNA,
    CLAIM,
    DAY,
    HOUR,
    LEO,
    MODEL,
    SEED,
    Desk,
    compile_model,
    started,
)


def renamed(field: str, duty: str, outcome: str, was: tuple[str, str, str]) -> Program:
    """Return the company, in which three parts have other names."""

    def edit(step: Step) -> Step:
        if step.id == "examine":
            return replace(step, discharges=(duty,))
        if isinstance(step, Task) and step.id == "intake":
            return replace(step, records=("amount", "group", "urgent", field))
        if isinstance(step, Decision) and step.id == "approve":
            first = replace(step.outcomes[0], id=outcome, was=was[2])
            return replace(step, outcomes=(first, *step.outcomes[1:]))
        return step

    fields = tuple(
        replace(each, id=field, was=was[0]) if each.id == "note" else each for each in CLAIM.fields
    )
    others = {name: each for name, each in MODEL.obligations.items() if name != "report-kept"}
    duties = {
        duty: replace(MODEL.obligations["report-kept"], id=duty, was=was[1]),
        **others,
    }
    steps = edited(edit)
    flow = replace(
        MODEL.workflows["claim"],
        steps=steps,
        begins=replace(
            MODEL.workflows["claim"].begins,
            form=("claimant", "amount", "level", "group", field),
        ),
    )
    model: Model = replace(
        MODEL,
        workflows={"claim": flow},
        objects={"claim": replace(CLAIM, fields=fields)},
        obligations=duties,
    )
    return compile_model(model)


SECOND = renamed("remark", "report-held", "accept", ("note", "report-kept", "approve"))
THIRD = renamed("comment", "report-stored", "grant", ("remark", "report-held", "accept"))


def over(desk: Desk, new: Program, *between: Program) -> None:
    facts = Facts(desk.now, desk.now, CLOCK, seed=SEED)
    found = judge(desk.program, new, desk.case, NOW, facts, between)
    assert found.transition is not None, found
    desk.case = found.transition.case


def test_a_name_is_followed_through_the_versions_between() -> None:
    desk = started(note="wet")
    due = desk.case.owed["report-kept"]

    over(desk, THIRD, SECOND)

    assert desk.case.fields["comment"] == "wet"
    assert desk.case.owed == {"report-stored": due}

    desk = at_payment()
    over(desk, THIRD, SECOND)
    assert desk.case.taken["approve"].by == "grant"


def test_a_name_that_came_back_for_something_else_is_not_taken_for_the_old_one() -> None:
    desk = started(note="wet")
    # The third version has a field `note` again, and it is another one.
    fields = (
        *THIRD.model.objects["claim"].fields,
        replace(CLAIM.fields[4], id="note"),
    )
    claim = replace(THIRD.model.objects["claim"], fields=fields)
    new = compile_model(replace(THIRD.model, objects={"claim": claim}))

    over(desk, new, SECOND)

    assert desk.case.fields["comment"] == "wet"
    assert "note" not in desk.case.fields


@pytest.mark.parametrize("stands_still", [False, True])
def test_a_time_that_is_new_begins_when_the_case_goes_over(stands_still: bool) -> None:
    desk = started(version(steps=with_step("intake", due=None)))
    desk.do(Raise(desk.id("intake"), "info-missing"), ANNA)
    desk.pass_time(3 * DAY)
    if not stands_still:
        desk.do(Resolve(desk.id("intake"), "answered"), ANNA)
        desk.pass_time(HOUR)

    event = carried(desk, version(steps=with_step("intake", due=Due(Span(2, "day")))))

    clock = desk.at("intake").clock
    assert clock is not None
    assert (clock.consumed_ms, clock.since) == (0, None if stands_still else desk.now)
    [item] = [each for each in event.items if each.step == "intake"]
    assert item.due_at == (None if stands_still else desk.now + 2 * DAY)


def test_a_limit_that_is_new_begins_when_the_case_goes_over() -> None:
    desk = at_payment_without_limit()
    desk.pass_time(timedelta(days=9))

    carried(desk, version(steps=with_step("payment", limit=Span(10, "day"))))

    limit = desk.at("payment").limit
    assert limit is not None
    assert (limit.consumed_ms, limit.since) == (0, desk.now)


def at_payment_without_limit() -> Desk:
    desk = at_approve()
    desk.program = version(steps=with_step("payment", limit=None, then=()))
    desk.case = replace(desk.case, model=desk.program.version)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    return desk
