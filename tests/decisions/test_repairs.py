"""Repairs: proposed by one person, confirmed by another, and bound by the rules like any act."""

# ruff: noqa: E501 - words stand as they are said.

from dataclasses import replace
from uuid import UUID

import pytest

from kingpost.decisions.case import Case, Proposal
from kingpost.decisions.changes import Addressed, Assigned, Change, Noticed, Performed, evolve
from kingpost.decisions.commands import CLOCK, Actor, Complete, Confirm, Decide, Propose, Record
from kingpost.decisions.decide import decide
from kingpost.decisions.judging.repairs.repairing import preview
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import read_proposal, write_proposal
from kingpost.decisions.transition import Transition, Visit
from kingpost.store.cases import read_row
from kingpost.store.recording.news import write_position
from tests.decisions.world import (
    ANNA,
    BEN,
    DORA,
    HEDY,
    LEO,
    MODEL,
    MONDAY,
    WORKFLOW,
    Desk,
    lent,
    model_with,
    person,
    started,
)

REPAIRED = replace(WORKFLOW, repaired_by=("head", "lead"))
PROGRAM = compile_model(replace(MODEL, workflows={"claim": REPAIRED}))
HUGO = person("hugo", "head")


def desk() -> Desk:
    return started(PROGRAM)


def at_approve() -> Desk:
    found = desk()
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    assert found.steps() == {"approve"}
    return found


def at_rework() -> Desk:
    found = at_approve()
    found.do(Decide(found.id("approve"), "send-back", {"report": "thin"}, "too thin"), LEO)
    return found


def proposed(found: Desk, by: Actor = HEDY, **what: object) -> Confirm:
    found.do(Propose(reason="it was wrong", **what), by)  # type: ignore[arg-type]
    return Confirm(found.case.version)


def test_a_field_is_corrected_by_two_people_with_what_was_there_before() -> None:
    found = desk()
    confirm = proposed(found, fields={"amount": "90", "claimant": "Ines Prado"})
    event = found.history[-1]
    assert (event.kind, [item.kind for item in event.items], event.gone) == (
        "proposed",
        ["confirmation"],
        (),
    )
    assert found.case.fields["amount"] == "200"

    done = found.do(replace(confirm, reason="seen"), LEO)

    assert (done.kind, found.case.fields["amount"]) == ("repaired", "90")
    assert done.body["actor"]["person"] == "leo"
    told = done.body["repair"]
    assert (told["proposed"], told["person"], told["post"]) == (2, "hedy", "head")
    assert done.revealed["repair/was/0"] == {"amount": "200"}
    assert found.case.proposal is None


def test_a_step_is_moved_and_what_stood_there_is_closed() -> None:
    found = at_rework()
    rework = found.id("rework")
    confirm = proposed(found, task=rework, to="approve")

    done = found.do(confirm, LEO)

    assert found.steps() == {"approve"}
    assert UUID(rework) in done.gone
    assert [item.step for item in done.items] == ["approve"]
    assert Visit("step", "rework", MONDAY, MONDAY, "withdrawn") in done.visits
    assert done.body["choice"] == "approve"


def test_a_block_is_moved_with_all_that_stands_in_it() -> None:
    found = desk()
    confirm = proposed(found, task=found.id("handling"), to="approve", fields={"amount": "20"})

    found.do(confirm, LEO)

    assert found.steps() == {"approve"}
    assert found.case.state == "settled"


def test_an_outcome_is_forced_and_both_count_as_who_decided() -> None:
    found = at_approve()
    confirm = proposed(found, task=found.id("approve"), outcome="approve")

    found.do(confirm, HUGO)

    assert found.steps() == {"payment"}
    assert found.case.performers["approve"] == ("hedy", "hugo")


def refusal(found: Desk, command: Propose | Confirm, by: Actor) -> str:
    outcome = found.try_(command, by)
    assert not isinstance(outcome, Transition)
    return str(outcome)


WHY = "why"


@pytest.mark.parametrize(
    ("by", "what", "words"),
    [
        (ANNA, {"fields": {"amount": "1"}}, "you may not repair cases of `claim`: `head`, `lead` may"),
        (CLOCK, {"fields": {"amount": "1"}}, "you may not repair cases of `claim`: `head`, `lead` may"),
        (lent("dora", "hedy", "head"), {"fields": {"amount": "1"}}, "you may not repair cases of `claim`: `head`, `lead` may"),
        (HEDY, {"fields": {"amount": "1"}, "reason": " "}, "`repair` needs a reason"),
        (HEDY, {}, "nothing would be repaired: change a field, move a step or force an outcome"),
        (HEDY, {"fields": {"amount": "200"}}, "nothing would be repaired: change a field, move a step or force an outcome"),
        (HEDY, {"task": "approve", "to": "payment", "outcome": "approve"}, "a repair moves a step or forces an outcome, and not both: propose one of them"),
        (HEDY, {"fields": {"amount": "many"}}, "`amount` expects a number such as `12.50`, got `many`"),
        (HEDY, {"fields": {"claimant": ""}}, "`claim` needs `claimant`"),
        (HEDY, {"fields": {"amount": None}}, "a record in `settled` must satisfy `claim.amount != null`"),
        (HEDY, {"task": "nowhere", "to": "payment"}, "this work is no longer open: somebody finished it, or the case moved on"),
        (HEDY, {"task": "approve", "to": "examine"}, "there is no step `examine` here: possible are `classify`, `handling`"),
        (HEDY, {"task": "approve", "to": "approve"}, "there is no step `approve` here: possible are `classify`, `handling`"),
        (HEDY, {"task": "approve", "outcome": "burn"}, "there is no outcome `burn` here: possible are `approve`, `reject`, `send-back`"),
        (HEDY, {"task": "approve", "outcome": "send-back"}, "`approve/send-back` needs `report`"),
    ],
)  # fmt: skip
def test_a_repair_that_may_not_be_is_not_proposed(
    by: Actor, what: dict[str, object], words: str
) -> None:
    found = at_approve()
    if what.get("task") == "approve":
        what = {**what, "task": found.id("approve")}
    said = refusal(found, Propose(**{"reason": WHY, **what}), by)  # type: ignore[arg-type]

    assert said == words
    shown = preview(PROGRAM, found.case, Propose(**{"reason": WHY, **what}), found.facts(by))  # type: ignore[arg-type]
    assert str(shown) == words or what.get("reason") == " "


def test_nobody_repairs_where_the_workflow_names_nobody() -> None:
    found = started()

    assert refusal(found, Propose({"amount": "1"}, reason=WHY), HEDY) == (
        "you may not repair cases of `claim`: it names nobody in `repaired-by`"
    )


def test_a_repair_needs_a_second_person_whatever_posts_the_first_holds() -> None:
    found = desk()
    both = person("hedy", "head", "lead")
    confirm = proposed(found, both, fields={"amount": "90"})

    assert refusal(found, confirm, both) == (
        "`hedy` proposed this repair: another person has to confirm it"
    )
    assert refusal(found, confirm, replace(both, acting_as="lead")) == (
        "`hedy` proposed this repair: another person has to confirm it"
    )
    assert refusal(found, confirm, ANNA).startswith("you may not repair cases of `claim`")
    assert refusal(found, confirm, DORA).startswith("you may not repair cases of `claim`")


def test_a_proposal_is_let_go_when_the_case_moves() -> None:
    found = desk()
    confirm = proposed(found, fields={"amount": "90"})
    found.do(Record(found.id("intake"), {"note": "called"}), ANNA)

    assert refusal(found, confirm, LEO) == (
        "event 2 proposes nothing any more, or never did: look at the case again, and propose it"
        " anew"
    )
    anew = proposed(found, fields={"amount": "80"})
    assert refusal(found, confirm, LEO).startswith("event 2 proposes nothing any more")
    found.do(anew, LEO)
    assert found.case.fields["amount"] == "80"


def test_what_a_repair_corrects_is_the_work_of_both_where_it_is_recorded() -> None:
    found = at_approve()
    found.do(proposed(found, fields={"report": "invented"}), LEO)

    assert found.case.performers["examine"] == ("hedy", "leo")


def test_a_notice_leaves_a_proposal_and_whatever_moves_lets_it_go() -> None:
    found = at_approve()
    proposed(found, fields={"amount": "90"})
    noticed = Noticed(found.id("approve"), "head")

    def after(*changes: Change) -> Proposal | None:
        return evolve(found.case, changes, at=MONDAY, head="").proposal

    assert after(noticed) == after() == found.case.proposal
    assert after(noticed, Addressed(found.id("approve"), "head")) is None
    assert after(Assigned(found.id("approve"), "leo")) is None


def test_what_a_repair_forces_keeps_duties_apart() -> None:
    found = desk()
    leo = person("leo", "lead", "group-a")
    found.do(Complete(found.id("intake"), {"urgent": True}), leo)
    forced = Propose(task=found.id("approve"), outcome="approve", reason=WHY)
    words = "`approve` is for somebody else: you performed `intake` in this case"

    assert refusal(found, forced, leo) == words
    confirm = proposed(found, task=found.id("approve"), outcome="approve")
    assert refusal(found, confirm, leo) == words
    found.do(confirm, HUGO)


def test_a_preview_is_what_the_repair_then_does() -> None:
    found = at_rework()
    wanted = Propose({"report": "found"}, found.id("rework"), "approve", reason=WHY)

    shown = preview(PROGRAM, found.case, wanted, found.facts(HEDY))
    found.do(wanted, HEDY)
    done = found.do(Confirm(found.case.version), LEO)

    assert isinstance(shown, Transition)
    # Of whom it will be the work is told once there are two.
    before, after = (
        [type(change) for change in each.changes if not isinstance(change, Performed)]
        for each in (shown, done)
    )
    assert before == after
    assert shown.case.fields == done.case.fields
    assert shown.case.state == done.case.state


def test_a_closed_case_is_not_repaired() -> None:
    found = at_approve()
    found.do(Decide(found.id("approve"), "reject", reason="no"), LEO)
    wanted = Propose({"amount": "1"}, reason=WHY)

    assert refusal(found, wanted, HEDY).startswith("case CLM-1 was closed on")
    said: Transition | Refusal = preview(PROGRAM, found.case, wanted, found.facts(HEDY))
    assert str(said).startswith("case CLM-1 was closed on")


def test_a_proposal_is_kept_with_its_case() -> None:
    found = desk()
    proposed(found, fields={"amount": "90", "note": None}, by=HEDY)
    case = found.case
    assert case.proposal is not None

    assert read_proposal(write_proposal(case.proposal)) == case.proposal
    row = {name: getattr(case, name) for name in Case.__slots__ if hasattr(case, name)}
    assert read_row({**row, "position": write_position(case)}) == case
    outcome = decide(compile_model(model_with()), case, Confirm(case.version), found.facts(BEN))
    assert not isinstance(outcome, Transition)
