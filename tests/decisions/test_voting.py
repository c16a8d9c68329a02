"""Decisions of several people: n of m must agree, and some outcomes one may take alone."""

import pytest

from kingpost.decisions.changes import evolve
from kingpost.decisions.commands import Actor, Assign, Decide, Record, Start
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.sealing import read_change, read_token, reveal, write_token
from kingpost.decisions.transition import Transition
from kingpost.notation import read_model
from tests.decisions.loan import LOAN
from tests.decisions.world import Desk, lent, person

DINA = person("dina", "desk")
ADA, BO, CY = (person(name, "board") for name in ("ada", "bo", "cy"))
CHAIR = person("ella", "chair")


@pytest.fixture(scope="module")
def program() -> Program:
    reading = read_model({"loan.yaml": LOAN})
    assert reading.model is not None
    assert reading.diagnostics == ()
    return compile_model(reading.model)


@pytest.fixture
def desk(program: Program) -> Desk:
    desk = Desk(program, workflow="loan")
    desk.do(Start({"amount": "400"}), DINA)
    return desk


def vote(desk: Desk, who: Actor, outcome: str = "grant", **fields: str) -> Transition:
    return desk.do(Decide(desk.id("agree"), outcome, fields, reason="seen"), who)


def refused(desk: Desk, who: Actor, outcome: str = "grant", **fields: str) -> str:
    found = desk.try_(Decide(desk.id("agree"), outcome, fields, reason="seen"), who)
    assert not isinstance(found, Transition)
    return str(found)


def votes(desk: Desk) -> list[tuple[str, str]]:
    return [(item.person, item.outcome) for item in desk.at("agree").votes]


def test_a_vote_is_one_s_own(desk: Desk) -> None:
    """Otherwise one person is heard twice: by oneself, and through the hands of another."""
    vote(desk, ADA)

    words = "the delegation by `ada`, who holds `board`, does not cover `grant` in `agree`"
    assert refused(desk, lent("zoe", "ada", "board")) == words
    assert votes(desk) == [("ada", "grant")]


def test_an_outcome_takes_effect_when_enough_people_have_voted_for_it(desk: Desk) -> None:
    first = vote(desk, ADA)

    assert (first.kind, votes(desk)) == ("voted", [("ada", "grant")])
    assert first.body["choice"] == "grant"
    assert first.body["actor"]["right"]

    second = vote(desk, BO)

    assert second.kind == "decided"
    assert desk.case.is_closed


def test_each_vote_is_kept_with_its_reason_and_what_was_shown(desk: Desk) -> None:
    kept = vote(desk, ADA, "decline")
    told = reveal(kept.body, kept.revealed)

    assert told["reason"] == "seen"
    assert told["shown"]["seen"] == {"amount": "400"}
    assert told["options"] == ["grant", "decline", "fraud"]


def test_who_votes_anew_has_one_vote_still(desk: Desk) -> None:
    vote(desk, ADA)
    vote(desk, ADA, "decline")

    assert votes(desk) == [("ada", "decline")]
    assert vote(desk, BO).kind == "voted"
    assert vote(desk, ADA).kind == "decided"


def test_one_vote_is_given_once(desk: Desk) -> None:
    vote(desk, ADA)

    assert refused(desk, ADA) == "you have voted for `grant` in `agree`: it counts once"


def test_a_person_of_two_posts_has_one_vote(desk: Desk) -> None:
    vote(desk, person("ada", "board", "chair"))
    vote(desk, person("ada", "board", "chair", acting_as="chair"))

    assert [(item.person, item.post) for item in desk.at("agree").votes] == [("ada", "chair")]


def test_everybody_votes_anew_when_no_outcome_can_be_reached(desk: Desk) -> None:
    vote(desk, ADA)
    vote(desk, BO, "decline")
    # Beyond what Ada may grant, so that her vote for less does not count for it.
    last = vote(desk, CHAIR, amount="900")

    assert (last.kind, votes(desk)) == ("voted", [])
    assert vote(desk, CY).kind == "voted"
    assert vote(desk, BO).kind == "decided"


def test_an_outcome_with_a_veto_ends_it_at_once(desk: Desk) -> None:
    vote(desk, ADA)

    assert vote(desk, BO, "fraud").kind == "decided"
    assert desk.case.is_closed


def test_what_votes_record_is_recorded_when_the_outcome_takes_effect(desk: Desk) -> None:
    vote(desk, ADA, limit="100", remark="good payer")

    assert "limit" not in desk.case.fields

    vote(desk, BO, limit="200")

    assert desk.case.fields["limit"] == "200"
    assert desk.case.fields["remark"] == "good payer"


def test_a_vote_counts_only_for_what_its_post_may_take(desk: Desk) -> None:
    vote(desk, ADA, amount="450")
    raised = vote(desk, CHAIR, amount="800")

    assert raised.kind == "voted"
    assert desk.case.fields["amount"] == "400"

    assert vote(desk, ADA, amount="450").kind == "decided"
    assert desk.case.fields["amount"] == "450"


def test_a_voter_stays_within_the_own_limits(desk: Desk) -> None:
    assert refused(desk, ADA, amount="800") == (
        "`board` may take `grant` in `agree` only when `loan.amount <= 500`; `chair` may"
    )


def test_votes_lapse_when_what_they_were_about_changes(desk: Desk) -> None:
    vote(desk, ADA)
    desk.do(Record(desk.id("look"), {"remark": "late once"}), DINA)

    assert votes(desk) == [("ada", "grant")]

    desk.do(Record(desk.id("look"), {"amount": "450"}), DINA)

    assert votes(desk) == []


def test_each_voter_is_kept_apart_from_what_they_did_themselves(desk: Desk) -> None:
    desk.do(Record(desk.id("look"), {"remark": "mine"}), ADA)

    assert refused(desk, ADA) == ("`agree` is for somebody else: you performed `look` in this case")
    vote(desk, BO)
    assert desk.case.performers["agree"] == ("bo",)


def test_the_work_of_several_is_nobodys_own(desk: Desk) -> None:
    found = desk.try_(Assign(desk.id("agree"), "ada"), ADA)

    assert str(found) == "`agree` cannot be taken on: expected work of one person, not of several"


def test_votes_are_kept_and_folded_as_they_were_given(desk: Desk) -> None:
    before = desk.case
    done = vote(desk, ADA, limit="100", remark="good payer")
    token = desk.at("agree")

    assert "good payer" not in str(done.body)
    assert read_token(token.id, write_token(token)) == token
    changes = [read_change(reveal(item, done.revealed)) for item in done.body["changes"]]
    folded = evolve(before, changes, at=done.at, head=done.link.hash)
    assert folded.at("agree") == token
