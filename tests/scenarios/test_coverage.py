"""Coverage counts what scenarios come by, and says what none does."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import Covered, Result, coverage, run_scenarios, shares
from tests.checks.words import read
from tests.scenarios.stories import EXAMINED, GIVEN, text_of

PAID = f"""
paid:
  {GIVEN}
  when:
    - {{post: counter, raises: papers-missing}}
    - {{post: counter, resolves: papers-missing, ending: came}}
    - {EXAMINED}
    - {{post: head, decides: judge, outcome: grant}}
    - {{interface: bank, delivers: was-paid}}
  then: {{state: paid}}
"""
FORGOTTEN = f"""
forgotten:
  {GIVEN}
  when:
    - {EXAMINED}
    - {{post: head, decides: judge, outcome: grant}}
    - {{wait: 30 days}}
  then: {{open: examine}}
"""
WRONG = f"""
wrong:
  {GIVEN}
  when:
    - {EXAMINED}
    - {{post: head, decides: judge, outcome: deny, reason: too late}}
  then: {{state: paid}}
"""


def covered(*scenarios: str) -> tuple[Covered, ...]:
    model = read(text_of("".join(scenarios)))
    results: list[Result] = list(run_scenarios(compile_model(model)))
    return coverage(model, results)


def missing(found: tuple[Covered, ...]) -> list[str]:
    return [f"{part.kind} {part.address}" for part in found if not part.by]


def test_every_part_that_a_story_comes_by_names_the_story() -> None:
    by = {part.address: part.by for part in covered(PAID, FORGOTTEN)}

    assert by["workflow/claim/step/judge/outcome/grant"] == ("forgotten", "paid")
    assert by["workflow/claim/step/pay/message/was-paid"] == ("paid",)
    assert by["workflow/claim/step/pay/limit"] == ("forgotten",)
    assert by["workflow/claim/exception/papers-missing"] == ("paid",)
    assert by["workflow/claim/exception/papers-missing/ending/came"] == ("paid",)
    assert by["workflow/claim/step/examine/then/1"] == ("forgotten", "paid")
    assert by["rule/band/row/2"] == ("forgotten", "paid")


def test_what_no_story_comes_by_is_missing() -> None:
    assert missing(covered(PAID, FORGOTTEN)) == [
        "way workflow/claim/step/examine/then/2",
        "step workflow/claim/step/both",
        "outcome workflow/claim/step/judge/outcome/deny",
        "step workflow/claim/step/denied",
        "step workflow/claim/step/call",
        "step workflow/claim/step/letter",
        "rule row rule/band/row/1",
        "rule row rule/band/row/3",
    ]


def test_a_story_that_went_another_way_covers_nothing() -> None:
    assert "outcome workflow/claim/step/judge/outcome/deny" in missing(covered(WRONG))


def test_the_table_counts_each_kind_of_each_workflow_and_rule() -> None:
    table = [(share.owner, share.kind, share.covered, share.of) for share in shares(covered(PAID))]

    assert table == [
        ("workflow/claim", "step", 5, 9),
        ("workflow/claim", "outcome", 1, 2),
        ("workflow/claim", "message", 1, 1),
        ("workflow/claim", "limit", 0, 1),
        ("workflow/claim", "way", 1, 2),
        ("workflow/claim", "exception", 1, 1),
        ("workflow/claim", "ending", 1, 1),
        ("rule/band", "rule row", 1, 3),
    ]
    assert [share.percent for share in shares(covered(PAID))][:2] == [55, 50]


def test_a_row_is_covered_by_the_tests_of_its_rule_as_well() -> None:
    tests = """    tests:
      - {given: {claim: {kind: fire, amount: 5}}, expect: low}
      - {given: {claim: {kind: water, amount: 5}}, expect: low}
"""
    model = read(text_of(PAID).replace("  band:\n", f"  band:\n{tests}", 1))
    found = coverage(model, run_scenarios(compile_model(model)))

    assert [part.by for part in found if part.kind == "rule row"] == [
        ("rule/band/test/1",),
        ("paid",),
        ("rule/band/test/2",),
    ]
