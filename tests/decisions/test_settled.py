"""What a decision rested on: corrected by a repair only where it is decided anew."""

from dataclasses import replace

import pytest

from kingpost.decisions.commands import Complete, Confirm, Decide, Propose
from kingpost.decisions.program import compile_model
from kingpost.decisions.transition import Transition
from kingpost.model.organisation import Grant
from kingpost.model.records.values import Plain
from kingpost.model.workflow import (
    DONE,
    Branch,
    Decision,
    JoinKind,
    Outcome,
    Parallel,
    Route,
    RuleStep,
)
from tests.decisions.test_moves import END, HUGO, WHY, after, ask, at_approve, desk_of, work
from tests.decisions.world import ANNA, HEDY, Desk, to


def refused(found: Desk, fields: dict[str, Plain], step: str = "", where: str = "") -> str:
    """Return why a correction is refused; empty when it is not."""
    task = found.id(step) if step else ""
    tried = found.try_(Propose(fields, task, where, reason=WHY), HEDY)
    return "" if isinstance(tried, Transition) else str(tried)


def test_what_was_approved_for_little_is_not_corrected_to_much() -> None:
    """The grants for `approve` read the amount; nothing reads the note."""
    found = after("approve")

    assert refused(found, {"amount": "99999"}) == (
        "no repair corrects behind a decision what it rested on, and `approve` was taken by what"
        " `amount` says: move the case in the same repair to where that is still to come, and it is"
        " decided anew"
    )
    assert refused(found, {"amount": "99999"}, "payment", "paid").startswith("no repair corrects")
    assert refused(found, {"note": "called"}) == ""


@pytest.mark.parametrize("where", ["approve", "rework", "handling"])
def test_it_is_corrected_with_a_move_behind_which_it_is_decided_anew(where: str) -> None:
    found = after("approve")
    found.do(Propose({"amount": "99999"}, found.id("payment"), where, reason=WHY), HEDY)
    found.do(Confirm(found.case.version), HUGO)

    assert found.case.fields["amount"] == "99999"
    assert found.at("handling" if where == "handling" else where) is not None


def test_before_a_decision_and_at_it_everything_is_corrected() -> None:
    assert refused(at_approve(), {"amount": "99999"}) == ""
    assert refused(after("send-back"), {"amount": "99999"}) == "", "it is decided anew"


def judged(*ways: Route, grant: Grant | None = None, rule: bool = False) -> Desk:
    """Return a case that was decided in `judge`, and stands at `pay`."""
    judge = Decision(
        "judge",
        "Judge",
        role="approver",
        to=ask("x", yes="y").to,
        outcomes=(Outcome("yes", "Yes", then=(*ways, Route("pay"))),),
    )
    first = "level" if rule else "judge"
    levels = (RuleStep("level", "Level", then=to("judge"), rule="levels"),) if rule else ()
    found = desk_of(work("first", Route(first)), *levels, judge, work("pay", Route("end")), END)
    if grant is not None:
        model = found.program.model
        head = replace(model.posts["head"], authority=(grant,))
        found.program = compile_model(replace(model, posts={**model.posts, "head": head}))
    found.do(Complete(found.id("first")), ANNA)
    found.do(Decide(found.id("judge"), "yes"), HEDY)
    return found


def test_a_field_by_which_a_way_behind_the_decision_was_chosen_is_not_corrected() -> None:
    found = judged(Route("first", 'claim.report = "thin"'))

    assert "was taken by what `report` says" in refused(found, {"report": "thin"})
    assert refused(found, {"amount": "1"}) == ""


def test_what_a_rule_made_such_a_field_of_is_not_corrected_either() -> None:
    found = judged(Route("first", 'claim.level = "high"'), rule=True)

    assert "was taken by what `amount` says" in refused(found, {"amount": "99999"})
    assert "was taken by what `level` says" in refused(found, {"level": "high"})


def test_how_often_a_field_was_changed_is_not_altered_where_that_was_asked() -> None:
    found = judged(Route("first", "changed.pages > 0"))

    assert "was taken by what `pages` says" in refused(found, {"pages": 3})


def test_a_decision_in_a_branch_is_taken_anew_only_with_its_whole_block() -> None:
    asked = ask("judge", yes=DONE)
    for join, may in ((JoinKind.ALL, True), (JoinKind.ANY, False)):
        branches = (
            Branch("judging", "Judging", (asked,)),
            Branch("doing", "Doing", (work("do", Route(DONE)),)),
        )
        block = Parallel("block", "Block", then=to("pay"), branches=branches, join=join)
        found = desk_of(work("first", Route("block")), block, work("pay", Route("end")), END)
        model = found.program.model
        grant = Grant("claim", "judge", ("yes",), "claim.amount <= 500")
        head = replace(model.posts["head"], authority=(grant,))
        found.program = compile_model(replace(model, posts={**model.posts, "head": head}))
        found.do(Complete(found.id("first")), ANNA)
        found.do(Decide(found.id("judge"), "yes"), HEDY)
        if join is JoinKind.ALL:
            assert "was taken by what" in refused(found, {"amount": "99999"}), "while others work"
            found.do(Complete(found.id("do")), ANNA)

        assert "was taken by what" in refused(found, {"amount": "99999"})
        assert (refused(found, {"amount": "99999"}, "pay", "first") == "") is may
        assert (refused(found, {"amount": "99999"}, "pay", "block") == "") is may
