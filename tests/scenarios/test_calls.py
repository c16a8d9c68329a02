"""Stories about other systems: what they answer, or that they fail, and what comes of it."""

from kingpost.decisions.program import compile_model
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.scenarios.coverage import coverage
from kingpost.scenarios.running import Result, run_scenario, run_scenarios
from tests.decisions.test_calls import DIVERTED, LOAN

STORY = """
scenarios:
  story:
    given:
      loan: {{name: Ines, amount: 1250}}
      post: desk
      calls: {{ask: {answers}}}
    when:
{when}
    then: {then}
"""
ANSWER = '{result.creditScore: 640, known: "yes"}'


def model(answers: str, then: str, when: str = "      []", more: str = "") -> Model:
    text = LOAN + more + STORY.format(answers=answers, then=then, when=when)
    reading = read_model({"loan.yaml": text})
    assert reading.model is not None, reading.diagnostics
    assert reading.diagnostics == ()
    return reading.model


def told(answers: str, then: str, when: str = "      []", more: str = "") -> Result:
    return run_scenario(compile_model(model(answers, then, when, more)), "story")


def words(result: Result) -> list[str]:
    return [f"{failure.expected}, but {failure.instead}" for failure in result.failures]


def test_a_story_says_what_a_system_answers() -> None:
    result = told(ANSWER, "{open: judge, record: {score: 640, known: true}}")

    assert words(result) == []
    assert [(line.what, line.outcome) for line in result.story][1:] == [("bureau answers", "judge")]


def test_a_story_says_that_a_system_fails() -> None:
    result = told("fails", "{open: by-hand}", more=DIVERTED)

    assert words(result) == []
    assert [line.what for line in result.story][1:] == ["bureau does not answer"]


def test_what_does_not_fit_the_contract_is_a_failure_in_a_story_too() -> None:
    assert words(told("{known: true}", "{open: by-hand}", more=DIVERTED)) == []


def test_a_system_may_answer_once_it_is_asked_again() -> None:
    again = "      - {post: links, resolves: call-failed, ending: retry}"
    expected = "[{open: judge, record: {score: 640}}]"

    assert words(told(f"[fails, {ANSWER}]", expected, again)) == []
    assert words(told("[fails]", "{open: ask, suspended: {ask: call-failed}}", again)) == []


def test_a_call_of_which_nothing_is_said_stays_open() -> None:
    text = LOAN + STORY.format(answers="fails", then="{open: ask}", when="      []")
    reading = read_model({"loan.yaml": text.replace("      calls: {ask: fails}\n", "")})
    assert reading.model is not None

    assert words(run_scenario(compile_model(reading.model), "story")) == []


def test_coverage_counts_answers_and_failures() -> None:
    answered = model(ANSWER, "{open: judge}", more=DIVERTED)
    failing = model("fails", "{open: by-hand}", more=DIVERTED)

    found = [
        {part.kind for part in coverage(each, run_scenarios(compile_model(each))) if part.by}
        for each in (answered, failing)
    ]
    assert "answer" in found[0]
    assert "failure" not in found[0]
    assert {"failure", "exception"} <= found[1]
    assert "answer" not in found[1]
