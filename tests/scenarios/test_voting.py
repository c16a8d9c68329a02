"""Stories of several people who decide together."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from kingpost.scenarios.coverage import coverage
from tests.checks.words import read
from tests.decisions.loan import LOAN
from tests.scenarios.stories import differences, told

STORY = """
scenarios:
  agreed:
    given:
      loan: {amount: 400}
      people: {ada: board, bo: board}
    when:
      - {person: ada, decides: agree, outcome: grant, reason: Good payer}
      - {expect: {open: [look, agree]}}
      - {person: ada, decides: agree, outcome: grant}
      - {expect: {refused: you have voted for `grant`}}
      - {person: bo, decides: agree, outcome: grant}
    then: {closed: true, decided: {agree: grant}}
"""


def test_a_story_goes_on_when_enough_people_have_voted() -> None:
    model = read(LOAN + STORY)
    (result,) = run_scenarios(compile_model(model))

    assert differences(result) == []
    assert told(result)[1:] == [
        "Mon 09:00 ada decides agree: grant (Good payer) → look, agree",
        (
            "Mon 09:00 ada decides agree: grant → refused: you have voted for `grant` in `agree`:"
            " it counts once"
        ),
        "Mon 09:00 bo decides agree: grant → closed, declined",
    ]
    by = {part.address: part.by for part in coverage(model, [result])}
    assert by["workflow/loan/step/agree/outcome/grant"] == ("agreed",)
    assert by["workflow/loan/step/agree/outcome/decline"] == ()
