"""Stories in which somebody goes beyond an authority, and somebody else reviews it."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import Result, run_scenarios
from kingpost.scenarios.coverage import coverage
from tests.checks.words import edited, read
from tests.scenarios.stories import EXAMINED, differences, told

DUE = "        due: 4 working hours\n"
OVERRIDE = """\
        override:
          by: [head]
          outcomes: [grant]
          confirmed-by: [counter]
          lapses-after: 2 hours
          reviewed-by: control
          review-within: 1 working day
"""
ASKS = "{post: head, overrides: judge, outcome: grant, reason: No roof}"
CONFIRMS = "{person: cleo, confirms: judge, reason: I saw it}"
REVIEWS = "{post: control, reviews: judge, finding: kept, reason: It was right}"
PEOPLE = "people: {carl: counter, cleo: counter}"
GIVEN = f"given: {{claim: {{claimant: Ines, amount: 50, kind: fire}}, {PEOPLE}}}"


def run(*entries: str, then: str) -> Result:
    lines = "".join(f"\n      - {entry}" for entry in (EXAMINED, *entries))
    story = f"\nscenarios:\n  story:\n    {GIVEN}\n    when:{lines}\n    then: {then}\n"
    model = read(edited({DUE: DUE + OVERRIDE}) + story)
    (result,) = run_scenarios(compile_model(model))
    return result


def test_a_story_goes_beyond_an_authority_and_is_reviewed() -> None:
    result = run(
        "{post: head, decides: judge, outcome: grant}",
        "{expect: {refused: 'only when `claim.amount > 100`'}}",
        ASKS,
        "{expect: {open: judge, reviews: []}}",
        CONFIRMS,
        "{expect: {open: pay, decided: {judge: grant}, reviews: judge}}",
        "{interface: bank, delivers: was-paid}",
        "{expect: {closed: true, reviews: judge}}",
        REVIEWS,
        then="{closed: true, reviews: []}",
    )

    assert differences(result) == []
    assert [line.split(" → ")[0] for line in told(result)[4:]] == [
        "Mon 09:00 cleo confirms the override of judge (I saw it)",
        "Mon 09:00 bank delivers was-paid",
        "Mon 09:00 control reviews the override of judge: kept (It was right)",
    ]
    assert "Mon 09:00 head asks to override judge: grant (No roof) → judge" in told(result)
    parts = coverage(read(edited({DUE: DUE + OVERRIDE})), [result])
    by = {part.address: part.by for part in parts}
    assert by["workflow/claim/step/judge/override"] == ("story",)
    assert by["workflow/claim/step/judge/outcome/grant"] == ("story",)


def test_what_nobody_confirms_lapses_by_itself() -> None:
    result = run(
        ASKS,
        "{wait: 3 hours}",
        CONFIRMS,
        "{expect: {refused: asks for no override any more}}",
        then="{open: judge}",
    )

    assert differences(result) == []
    assert "Mon 11:00 the override of judge lapses → judge" in told(result)


def test_an_overdue_review_holds_the_next_one_back() -> None:
    result = run(
        ASKS,
        CONFIRMS,
        "{wait: 30 days}",
        EXAMINED,
        ASKS,
        "{expect: {refused: the review of an earlier override of it is overdue}}",
        REVIEWS,
        ASKS,
        then="{open: judge, reviews: []}",
    )

    assert differences(result) == []


def test_it_is_told_what_is_not_reviewed_as_expected() -> None:
    assert differences(run(ASKS, CONFIRMS, then="{reviews: []}")) == [
        "no override is to be reviewed | an override of `judge` is to be reviewed"
    ]
    assert differences(run(REVIEWS, then="{open: judge}")) == [
        "it is done | it is refused: no override of `judge` is to be reviewed"
    ]


def test_who_performed_a_step_confirms_no_override_of_what_is_apart_from_it() -> None:
    result = run(
        ASKS,
        "{person: carl, confirms: judge}",
        "{expect: {refused: 'you performed `examine`'}}",
        then="{open: judge}",
    )

    assert differences(result) == []


def test_the_second_person_of_a_story_says_no() -> None:
    result = run(
        ASKS,
        "{person: cleo, declines: judge, reason: The roof is on}",
        CONFIRMS,
        "{expect: {refused: asks for no override any more}}",
        then="{open: judge, reviews: []}",
    )

    assert differences(result) == []
    assert "Mon 09:00 cleo declines the override of judge (The roof is on)" in "\n".join(
        told(result)
    )
