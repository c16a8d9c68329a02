"""What bounds a move besides the decisions ahead: rules, empty fields, a no, and a suspension."""

from dataclasses import replace

import pytest

from kingpost.decisions.commands import Complete, Confirm, Decide, Propose, Raise
from kingpost.decisions.judging.repairs.moving import moves_from
from kingpost.model.workflow import DONE, Branch, JoinKind, Parallel, Route, RuleStep
from tests.decisions.test_calls import failed
from tests.decisions.test_moves import (
    END,
    HUGO,
    PROGRAM,
    WHY,
    ask,
    desk_of,
    moves,
    said,
    work,
)
from tests.decisions.world import ANNA, HEDY, Desk, to

LEVEL = RuleStep("level", "How high is it?", then=to("judge"), rule="levels")


# --- rules ----------------------------------------------------------------------------------------


def test_a_case_is_moved_to_a_rule_and_not_past_it() -> None:
    """What the decision reads would be missing, or left from another record."""
    found = desk_of(work("design", Route("level")), LEVEL, ask("judge", yes="end"), END)

    assert moves(found, "design") == ("level",)
    assert said(found, "design", "judge") == (
        "no repair moves a case past a rule about it, and from `design` to `judge` it would go past"
        " `level`: move it to that rule, which needs nobody"
    )
    found.do(Propose({"amount": "5000"}, found.id("design"), "level", reason=WHY), HEDY)
    found.do(Confirm(found.case.version), HUGO)
    assert (found.steps(), found.case.fields["level"]) == ({"judge"}, "high")
    assert moves(found, "judge") == ("design", "level")


def test_a_rule_is_not_passed_from_beside_it_either() -> None:
    ways = (Route("level", "claim.amount > 100"), Route("small"))
    found = desk_of(
        work("design", *ways),
        LEVEL,
        ask("judge", yes="end"),
        work("small", Route("end")),
        END,
    )
    found.do(Propose({"amount": "50"}, found.id("design"), "small", reason=WHY), HEDY)
    found.do(Confirm(found.case.version), HUGO)

    assert moves(found, "small") == ("design", "level", "end")
    assert "past `level`" in said(found, "small", "judge")


@pytest.mark.parametrize(("join", "may"), [(JoinKind.ALL, False), (JoinKind.ANY, True)])
def test_a_block_in_which_a_rule_must_answer_is_not_passed(join: JoinKind, *, may: bool) -> None:
    ruling = (work("look", Route("level")), replace(LEVEL, then=to(DONE)))
    branches = (
        Branch("ruling", "Ruling", ruling),
        Branch("doing", "Doing", (work("do", Route(DONE)),)),
    )
    block = Parallel("block", "Block", then=to("after"), branches=branches, join=join)
    found = desk_of(block, work("after", Route("end")), END)

    assert moves(found, "block") == (("after", "end") if may else ())
    assert moves(found, "look") == ("level",)


# --- what is empty --------------------------------------------------------------------------------


def test_an_empty_field_opens_no_other_way() -> None:
    ways = (Route("judge", "claim.amount > 100"), Route("pay"))
    found = desk_of(work("first", *ways), ask("judge", yes="pay"), work("pay", Route("end")), END)

    emptied = Propose({"amount": None}, found.id("first"), "pay", reason=WHY)

    assert str(found.try_(emptied, HEDY)).startswith(
        "no repair moves a case past what is decided about it, and from `first` to `pay`"
    )


# --- a no -----------------------------------------------------------------------------------------


def test_a_case_does_not_come_again_to_where_only_an_earlier_yes_has_led() -> None:
    found = desk_of(
        work("prepare", Route("judge")),
        ask("judge", yes="pay", no="prepare", finish="end"),
        work("pay", Route("judge")),
        END,
    )
    found.do(Complete(found.id("prepare")), ANNA)
    found.do(Decide(found.id("judge"), "yes"), HEDY)
    found.do(Complete(found.id("pay")), ANNA)
    found.do(Decide(found.id("judge"), "no"), HEDY)

    assert moves(found, "prepare") == ("judge",)
    assert "it would go past `judge`" in said(found, "prepare", "pay")


# --- suspensions ----------------------------------------------------------------------------------


def halted() -> Desk:
    found = Desk(PROGRAM)
    found.start()
    found.do(Raise(found.id("intake"), "info-missing", reason=WHY), ANNA)
    return found


def test_a_move_lifts_no_suspension_at_a_step_nor_inside_a_block() -> None:
    found = halted()
    flow, words = found.program.workflows["claim"], "`intake` stands still until `info-missing`"

    assert moves_from(flow, found.case, found.at("intake")) == ()
    assert moves_from(flow, found.case, found.at("handling")) == ()
    assert said(found, "intake", "examine") == f"{words} is resolved"
    assert said(found, "handling", "approve") == f"{words} is resolved"


def test_a_call_that_failed_is_moved_past_for_nobody_has_halted_it() -> None:
    found = failed()
    flow = found.program.workflows["loan"]

    assert found.at("ask").suspension is not None
    assert moves_from(flow, found.case, found.at("ask")) == ("judge", "by-hand", "close", "end")
