"""Who may act: the post addressed, superiors, stand-ins, grants and separate people."""

from dataclasses import replace

import pytest

from kingpost.decisions.authority import falls_to
from kingpost.decisions.commands import Actor, Complete, Decide, Holding, Raise, Record
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import NotSeparate, NotYourPost, OutsideAuthority
from kingpost.model.organisation import Grant, Post, Vacancy
from tests.decisions.world import (
    ANNA,
    BEN,
    BRITTA,
    CHRIS,
    DORA,
    HEDY,
    LEO,
    LEVELS,
    MODEL,
    PROGRAM,
    Desk,
    model_with,
    person,
    right_of,
    started,
)


def at_approve(amount: str = "200") -> Desk:
    desk = started(amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    return desk


def test_a_person_acts_in_a_post_and_the_record_says_by_which_right() -> None:
    desk = at_approve()

    decided = desk.do(Decide(desk.id("approve"), "approve"), LEO)

    assert decided.body["actor"] == {
        "person": "leo",
        "post": "lead",
        "right": right_of("leo", "lead"),
        "kind": "substantive",
        "via": "post",
        "grant": "claim.amount <= 500",
    }
    assert [str(right) for right in decided.rights] == [right_of("leo", "lead")]


def test_an_acting_holder_is_recorded_as_one() -> None:
    actor = Actor("eve", holdings=(Holding("lead", right_of("eve", "lead"), "acting"),))
    desk = at_approve()

    decided = desk.do(Decide(desk.id("approve"), "approve"), actor)

    assert decided.body["actor"]["kind"] == "acting"


def test_a_superior_that_carries_the_role_acts_by_its_own_authority() -> None:
    desk = at_approve(amount="9000")

    decided = desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    actor = decided.body["actor"]
    assert (actor["via"], actor["for"], actor.get("grant")) == ("superior", "lead", None)


def test_a_superior_without_the_role_may_not_act() -> None:
    assert isinstance((desk := started()).try_(Complete(desk.id("intake")), LEO), NotYourPost)


def test_a_post_beside_the_one_addressed_may_not_act() -> None:
    assert isinstance((desk := started()).try_(Complete(desk.id("intake")), BRITTA), NotYourPost)


def test_work_addressed_to_no_post_is_for_every_post_of_the_role() -> None:
    desk = started()

    decided = desk.do(Decide(desk.id("suspect"), "clear"), CHRIS)

    assert "for" not in decided.body["actor"]


def test_who_chooses_a_post_acts_in_that_post_alone() -> None:
    both = person("leo", "head", "lead")
    desk = at_approve(amount="700")
    as_lead = replace(both, acting_as="lead")

    assert isinstance(desk.try_(Decide(desk.id("approve"), "approve"), as_lead), OutsideAuthority)
    decided = desk.do(Decide(desk.id("approve"), "approve"), both)

    assert decided.body["actor"]["post"] == "head"


def test_a_post_that_is_not_held_cannot_be_chosen() -> None:
    desk = at_approve()

    refusal = desk.try_(Decide(desk.id("approve"), "approve"), replace(LEO, acting_as="head"))

    assert isinstance(refusal, NotYourPost)


@pytest.mark.parametrize("actor", [Actor(), Actor(interface="portal"), Actor(person="zoe")])
def test_who_holds_no_post_may_do_no_work(actor: Actor) -> None:
    assert isinstance((desk := started()).try_(Complete(desk.id("intake")), actor), NotYourPost)


def test_an_interface_holds_no_post_whatever_is_said() -> None:
    forged = Actor(person="anna", interface="portal", holdings=ANNA.holdings)
    nameless = Actor(holdings=ANNA.holdings)
    desk = started()

    for actor in (forged, nameless):
        assert isinstance(desk.try_(Complete(desk.id("intake")), actor), NotYourPost)


# Vacancies.


def test_a_vacant_post_falls_to_its_stand_in_with_its_authority_and_not_more() -> None:
    desk = at_approve()
    assert isinstance(desk.try_(Decide(desk.id("approve"), "approve"), DORA), NotYourPost)
    vacant = frozenset({"lead"})

    refusal = desk.try_(Decide(desk.id("approve"), "approve", {"amount": "501"}), DORA, vacant)
    decided = desk.do(Decide(desk.id("approve"), "approve"), DORA, vacant)

    assert isinstance(refusal, OutsideAuthority)
    assert refusal.post == "lead"
    actor = decided.body["actor"]
    assert (actor["post"], actor["via"], actor["for"]) == ("deputy", "vacancy", "lead")


def test_nobody_stands_in_for_a_post_that_is_held() -> None:
    desk = at_approve()

    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "approve"), DORA, frozenset({"group-a"})), NotYourPost
    )


def test_a_vacant_superior_has_a_stand_in_too() -> None:
    posts = {
        **MODEL.posts,
        "board": Post("board", "Board", "company"),
        "head": replace(MODEL.posts["head"], reports_to="board", vacancy=Vacancy.SUPERIOR),
    }
    program = compile_model(replace(MODEL, posts=posts))
    board = person("bo", "board")
    desk = started(program, amount="9000")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "approve"), board, frozenset({"lead"})), NotYourPost
    )

    decided = desk.do(Decide(desk.id("approve"), "approve"), board, frozenset({"head"}))

    assert decided.body["actor"]["for"] == "head"


@pytest.mark.parametrize(
    ("vacant", "expected"),
    [
        ({"lead"}, "deputy"),
        ({"lead", "deputy"}, None),  # Each falls to the other.
        ({"group-a"}, "lead"),
        ({"group-a", "lead"}, "deputy"),
        ({"group-b"}, None),
        ({"head"}, None),
    ],
)
def test_a_chain_of_vacancies_is_followed_and_a_circle_ends(
    vacant: set[str], expected: str | None
) -> None:
    post = next(name for name in ("group-a", "group-b", "lead", "head") if name in vacant)

    assert falls_to(MODEL, post, frozenset(vacant)) == expected


def test_a_stand_in_finds_work_that_is_addressed_to_no_post() -> None:
    posts = {
        **MODEL.posts,
        "checker": replace(MODEL.posts["checker"], vacancy=Vacancy.POST, falls_to="deputy"),
    }
    desk = started(compile_model(replace(MODEL, posts=posts)))

    decided = desk.do(Decide(desk.id("suspect"), "clear"), DORA, frozenset({"checker"}))

    assert decided.body["actor"]["for"] == "checker"


# Grants.


def test_a_condition_without_an_answer_grants_nothing() -> None:
    desk = started(compile_model(model_with(rule=replace(LEVELS, rows=(("-", '"low"'),)))))
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    emptied = dict(desk.case.fields)
    del emptied["amount"]
    desk.case = replace(desk.case, fields=emptied)

    refusal = desk.try_(Decide(desk.id("approve"), "approve"), LEO)

    assert isinstance(refusal, OutsideAuthority)
    assert refusal.could == ("head",)


def test_an_outcome_that_is_granted_to_nobody_here_is_refused() -> None:
    desk = started()
    other = replace(MODEL.posts["checker"], authority=(Grant("claim", "suspect", ("clear",)),))
    desk.program = compile_model(replace(MODEL, posts={**MODEL.posts, "checker": other}))

    refusal = desk.try_(Decide(desk.id("suspect"), "again"), CHRIS)

    assert str(refusal) == "`checker` may not take `again` in `suspect`"


def test_the_right_must_cover_the_record_as_the_decision_leaves_it() -> None:
    desk = at_approve(amount="400")

    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "approve", {"amount": "500.01"}), LEO),
        OutsideAuthority,
    )
    desk.do(Decide(desk.id("approve"), "approve", {"amount": "500"}), LEO)
    assert desk.case.fields["amount"] == "500"


def test_the_right_must_cover_the_record_as_it_stands() -> None:
    desk = at_approve(amount="900")

    refusal = desk.try_(Decide(desk.id("approve"), "approve", {"amount": "400"}), LEO)

    assert isinstance(refusal, OutsideAuthority)


# Separate people.


def test_separation_is_between_people_and_not_between_posts() -> None:
    desk = at_approve()
    anna_as_head = person("anna", "head")

    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "reject", reason="x"), anna_as_head), NotSeparate
    )
    desk.do(Decide(desk.id("approve"), "reject", reason="x"), person("ben", "head"))


def test_who_records_at_a_step_has_performed_it() -> None:
    desk = started()
    desk.do(Record(desk.id("intake"), {"amount": "300"}), BEN)
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    assert desk.case.performers["intake"] == ("ben", "anna")
    assert isinstance(
        desk.try_(Decide(desk.id("approve"), "approve"), person("ben", "lead")), NotSeparate
    )


def test_an_exception_is_raised_by_a_role_even_where_the_work_is_addressed_to_another_post() -> (
    None
):
    desk = started()

    raised = desk.do(Raise(desk.id("intake"), "police-asks"), CHRIS)

    assert raised.body["actor"]["post"] == "checker"


def test_the_posts_of_a_program_do_not_depend_on_how_the_model_is_split() -> None:
    backwards = replace(MODEL, posts=dict(reversed(list(MODEL.posts.items()))))

    assert compile_model(backwards).version == PROGRAM.version
    assert compile_model(backwards).workflows["claim"].carriers == (
        PROGRAM.workflows["claim"].carriers
    )
