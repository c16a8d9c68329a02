"""Whoever plans a change reads why a record does not go with it, and nothing of the record."""

from dataclasses import replace

import pytest

from kingpost.decisions.carrying.judged import Policy, Verdict
from kingpost.decisions.carrying.wording import without_values
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import FieldNotFitting, NoAnswer, NoRow, Refusal, Undecided
from kingpost.model.assurance import CarryOver
from tests.decisions.carrying.test_carrying import at_approve, judged
from tests.decisions.world import LEVELS, model_with


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (NoRow("levels", "amount `777`", ()), "`levels` has no single answer: no row matches"),
        (
            NoRow("levels", "amount `777`", (1, 2)),
            "`levels` has no single answer: more than one row (1, 2) matches",
        ),
        (NoAnswer("levels", "level", "`777` is too much"), "`levels` finds no `level`"),
        (
            FieldNotFitting("level", "777", "one of `low` and `high`"),
            "what it answers does not fit `level`, which expects one of `low` and `high`",
        ),
        (
            Undecided("classify", "claim.amount > 1", (), "`777` is no number"),
            "no way leads on from `classify`: `claim.amount > 1` has no answer",
        ),
        (
            Undecided("classify", "claim.amount > 1", ("claim.amount",)),
            (
                "no way leads on from `classify`: `claim.amount > 1` has no answer while"
                " `claim.amount` is empty; fill this in first"
            ),
        ),
    ],
)
def test_no_refusal_tells_a_value(refusal: Refusal, words: str) -> None:
    assert without_values(refusal) == words


def test_what_is_asked_about_a_case_tells_no_value_of_its_record() -> None:
    narrower = replace(LEVELS, rows=(("< 100", '"low"'), LEVELS.rows[1]))
    new = replace(model_with(), rules={"levels": narrower})
    policy = Policy(CarryOver.MAPPED, {"claim": {"approve": "classify"}})

    found = judged(at_approve(amount="777"), compile_model(new), policy)

    assert found.verdict is Verdict.ASKS
    assert [each.why for each in found.questions] == [
        "`levels` has no single answer: no row matches"
    ]
