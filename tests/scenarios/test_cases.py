"""Stories about cases of other workflows: how they end, or that they cannot begin."""

from kingpost.decisions.program import compile_model
from kingpost.notation import read_model
from kingpost.scenarios.coverage import coverage
from kingpost.scenarios.running import Result, run_scenario
from tests.decisions.test_runs import LENDER

STORY = """
scenarios:
  story:
    workflow: loan
    given:
      loan: {{name: Ines, amount: 100, guarantors: [Rui, Eva]}}
      {cases}
    when: {when}
    then: {then}
"""


def told(cases: str, then: str, when: str = "[]", text: str = LENDER) -> Result:
    reading = read_model({"a.yaml": text + STORY.format(cases=cases, then=then, when=when)})
    assert reading.model is not None, reading.diagnostics
    assert reading.diagnostics == ()
    return run_scenario(compile_model(reading.model), "story")


def words(result: Result) -> list[str]:
    return [f"{failure.expected}, but {failure.instead}" for failure in result.failures]


def test_a_story_says_how_cases_end() -> None:
    result = told(
        "cases: {ask: [{state: bad, score: 500}, {state: good, score: 700}]}",
        "{open: close, record: {scores: [500, 700], answers: [bad, good]}}",
    )

    assert words(result) == []
    assert [line.what for line in result.story] == [
        "desk begins a case with name Ines, amount 100, guarantors [Rui, Eva]",
        "a case of check comes to bad",
        "a case of check comes to good",
    ]


def test_one_end_stands_for_all_and_is_a_final_state() -> None:
    assert words(told("cases: {ask: {score: 1}}", "{record: {answers: [good, good]}}")) == []


def test_cases_of_which_nothing_is_said_go_on() -> None:
    assert words(told("post: desk", "{open: ask}")) == []


def test_a_story_says_that_a_case_cannot_begin() -> None:
    expected = "{open: ask, suspended: {ask: run-failed}}"

    result = told("cases: {ask: [{score: 5}, fails]}", expected)

    assert words(result) == []
    assert [line.what for line in result.story][1:] == [
        "a case of check cannot begin",
        "a case of check comes to good",
    ]


def test_a_case_that_the_model_refuses_cannot_begin_in_a_story_either() -> None:
    text = LENDER.replace("who: {type: text}", "who: {type: text, required: true}")
    text = text.replace("who: each", "who: 'if each = \"Eva\" then null else each'")

    result = told("post: desk", "{suspended: {ask: run-failed}}", text=text)

    assert words(result) == []


def test_none_goes_on_as_soon_as_all_have_begun() -> None:
    text = LENDER.replace("waits: all", "waits: none")
    text = text.replace("          brings: {scores: score, answers: state}\n", "")

    assert words(told("post: desk", "{open: close}", text=text)) == []


def test_coverage_counts_ends_and_failures() -> None:
    for cases, kind in (("{score: 1}", "answer"), ("fails", "failure")):
        text = LENDER + STORY.format(cases=f"cases: {{ask: {cases}}}", then="{}", when="[]")
        reading = read_model({"a.yaml": text.replace("then: {}\n", "then: {closed: false}\n")})
        assert reading.model is not None, reading.diagnostics
        result = run_scenario(compile_model(reading.model), "story")

        covered = {part.kind for part in coverage(reading.model, [result]) if part.by}
        assert kind in covered
