"""Authority that is lent: how far it reaches, and who counts as having acted."""

from dataclasses import replace

import pytest

from kingpost.decisions.commands import Actor, Complete, Decide, Record, Start
from kingpost.decisions.refusals import (
    NotSeparate,
    NotYourPost,
    OutsideAuthority,
    OutsideDelegation,
)
from tests.decisions.test_authority import at_approve
from tests.decisions.world import ANNA, BEN, LEO, Desk, lent, person, right_of, started

APPROVE = ("claim/approve/approve",)


def test_the_record_says_whose_right_was_lent() -> None:
    desk = at_approve()

    decided = desk.do(Decide(desk.id("approve"), "approve"), lent("zoe", "leo", "lead"))

    assert decided.body["actor"] == {
        "person": "zoe",
        "post": "lead",
        "right": right_of("leo", "lead"),
        "kind": "substantive",
        "via": "post",
        "delegation": right_of("zoe", "leo"),
        "delegated-by": "leo",
        "grant": "claim.amount <= 500",
    }
    assert [str(right) for right in decided.rights] == [right_of("leo", "lead")]
    assert str(decided.delegation) == right_of("zoe", "leo")


def test_what_is_lent_is_never_more_than_the_giver_has() -> None:
    desk = at_approve(amount="700")

    refusal = desk.try_(Decide(desk.id("approve"), "approve"), lent("zoe", "leo", "lead"))

    assert isinstance(refusal, OutsideAuthority)
    assert refusal.post == "lead"


def test_a_condition_of_the_delegation_counts_before_and_after_the_decision() -> None:
    zoe = lent("zoe", "leo", "lead", outcomes=APPROVE, when="claim.amount <= 100")
    desk = at_approve(amount="200")

    refusal = desk.try_(Decide(desk.id("approve"), "approve"), zoe)
    low = at_approve(amount="90")
    raised = low.try_(Decide(low.id("approve"), "approve", {"amount": "101"}), zoe)
    decided = low.do(Decide(low.id("approve"), "approve", {"amount": "100"}), zoe)

    words = "the delegation by `leo`, who holds `lead`, covers `approve` in `approve` only when "
    assert str(refusal) == str(raised) == words + "`claim.amount <= 100`"
    assert decided.body["actor"]["delegated-when"] == "claim.amount <= 100"


@pytest.mark.parametrize("when", ["claim.nothing = 1", "claim.amount", "1 +", "null"])
def test_a_condition_that_this_model_cannot_answer_covers_nothing(when: str) -> None:
    zoe = lent("zoe", "leo", "lead", outcomes=APPROVE, when=when)
    desk = at_approve()

    assert isinstance(desk.try_(Decide(desk.id("approve"), "approve"), zoe), OutsideDelegation)


def test_one_that_names_outcomes_reaches_no_other_work() -> None:
    desk = started()
    zoe = lent("zoe", "anna", "group-a", outcomes=("claim/suspect/clear",))

    assert isinstance(desk.try_(Complete(desk.id("intake")), zoe), NotYourPost)
    assert isinstance(Desk().try_(Start({"claimant": "I", "amount": "1"}), zoe), NotYourPost)
    desk.do(Complete(desk.id("intake")), lent("zoe", "anna", "group-a"))


def test_one_that_names_another_workflow_does_not_reach_this_one() -> None:
    desk = started()
    other = lent("zoe", "anna", "group-a", workflows=("refund",))
    this = lent("zoe", "anna", "group-a", workflows=("refund", "claim"))

    assert isinstance(desk.try_(Complete(desk.id("intake")), other), NotYourPost)
    desk.do(Complete(desk.id("intake")), this)


def test_what_somebody_holds_counts_before_what_is_lent() -> None:
    desk = at_approve()
    both = Actor("leo", holdings=(*lent("leo", "ria", "lead").holdings, *LEO.holdings))

    decided = desk.do(Decide(desk.id("approve"), "approve"), both)

    assert "delegation" not in decided.body["actor"]


def test_whoever_lent_the_authority_has_performed_the_step_too() -> None:
    desk = started()

    desk.do(Record(desk.id("intake"), {"amount": "300"}), lent("zoe", "ben", "group-a"))

    assert desk.case.performers["intake"] == ("zoe", "ben")


def test_what_one_may_not_do_is_not_allowed_through_other_hands() -> None:
    desk = at_approve()
    words = "`approve` is for somebody else: `anna`, for whom you would act, performed `intake`"

    refusal = desk.try_(Decide(desk.id("approve"), "approve"), lent("zoe", "anna", "lead"))
    own = desk.try_(Decide(desk.id("approve"), "approve"), lent("anna", "leo", "lead"))
    two = Actor(
        "zoe",
        holdings=(*lent("zoe", "anna", "lead").holdings, *lent("zoe", "leo", "lead").holdings),
    )
    decided = desk.do(Decide(desk.id("approve"), "approve"), two)

    assert isinstance(refusal, NotSeparate)
    assert str(refusal) == f"{words} in this case"
    assert str(own) == "`approve` is for somebody else: you performed `intake` in this case"
    assert decided.body["actor"]["delegated-by"] == "leo"


def test_the_giver_may_not_go_on_where_the_delegate_began() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), lent("zoe", "ben", "group-a"))
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    for actor in (person("ben", "lead"), person("zoe", "lead")):
        assert isinstance(desk.try_(Decide(desk.id("approve"), "approve"), actor), NotSeparate)
    assert BEN.person == "ben"


def test_a_post_that_is_lent_can_be_chosen() -> None:
    desk = at_approve()
    zoe = lent("zoe", "leo", "lead")
    other = replace(zoe, holdings=(*zoe.holdings, *person("zoe", "checker").holdings))

    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "approve"), replace(other, acting_as="checker")),
        NotYourPost,
    )
    desk.do(Decide(desk.id("approve"), "approve"), replace(other, acting_as="lead"))
