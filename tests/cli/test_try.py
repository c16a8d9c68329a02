"""`kingpost try`: what a rule answers to values, and why."""

import json
from pathlib import Path

import pytest

from tests.cli.program import run

LENDING = Path(__file__).parents[2] / "examples" / "lending"
GIVEN = (
    "application.score=720",
    "application.affordability=tight",
    "application.amount=200000",
    "application.property-value=240000",
)


def test_a_rule_answers_with_the_row_that_makes_the_answer() -> None:
    answer = run("try", "risk-band", *GIVEN, "--folder", LENDING)

    assert answer.status == 0
    assert answer.out == (
        "Risk band of an application: high\n"
        "  row 4 of 8 answers\n"
        "  score 720\n"
        "  affordability tight\n"
        "  loan-to-value 0.833333333333\n"
        '  row 4  >= 700  "tight"  > 0.8  "high"\n'
    )


def test_without_values_it_tells_what_it_reads() -> None:
    answer = run("try", "rule/risk-band", "--folder", LENDING)

    assert answer.status == 0
    assert answer.out.startswith(
        "rule/risk-band reads\n"
        "  application.affordability   one of comfortable, tight, beyond\n"
        "  application.amount          money in USD\n"
    )
    assert "Try it: kingpost try risk-band application.affordability=…" in answer.out


def test_it_is_told_to_programs() -> None:
    given = "application.affordability=beyond"
    answer = run("try", "risk-band", given, "--json", "--folder", LENDING)
    [told] = json.loads(answer.out)

    assert told["answer"] == "high"
    assert told["rows"] == [8]
    assert told["inputs"] == {"score": None, "affordability": "beyond", "loan-to-value": None}
    assert len(told["remarks"]) == len(set(told["remarks"])) > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("risk-bnad",), "there is no rule `risk-bnad`. Write `risk-band`.\n"),
        (("price", "term"), "`term` gives no value. Write it as `PATH=VALUE`.\n"),
        (
            ("price", "application.band=lo", "application.trm=3"),
            (
                "`application.band`: `lo` is not one of `low`, `medium`, `high`; "
                "`application.trm`: the rule reads no `trm`, did you mean `term`. "
                "The rule reads `application.band`, `application.term`.\n"
            ),
        ),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_way_out(
    arguments: tuple[str, ...], words: str
) -> None:
    answer = run("try", *arguments, "--folder", LENDING)

    assert answer.status == 1
    assert answer.err == words


def test_a_rule_without_an_answer_says_what_is_missing() -> None:
    answer = run("try", "price", "application.band=low", "--folder", LENDING)

    assert answer.status == 0
    assert answer.out.startswith(
        "Interest rate from risk and term: no answer\n"
        "  `price` has no answer: `term` is empty, and row 1 asks for it\n"
    )
