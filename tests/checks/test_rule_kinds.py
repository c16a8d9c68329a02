"""Every kind of rule: expressions, contexts, functions, services, lists; and the tests of rules.

A case of `cases/rules.txt` is a name, rules that are put before those of the sound model, and the
words that they earn. `step:` names the rule that the sound model's step evaluates in place of its
own; `test:` is a test that its rule is given.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kingpost.checks import check
from kingpost.model.rules import RuleTest
from kingpost.model.ruling.needs import needs_of
from tests.checks.words import SOUND, assert_says, edited, read, said

FILE = Path(__file__).parent / "cases" / "rules.txt"
SOUND_RULES = """\
  rate:
    parameters: {kind: claim.kind, amount: integer, years: {type: choice, of: [one, many]}}
    hit-policy: first
    outputs: {rate: decimal}
    rows:
      - [fire, "> 100", "-", "0.1"]
      - ["-", "-", many, "0.2"]
      - ["-", "-", not(many), "0.3"]
    tests: [{given: {kind: fire, amount: 101, years: one}, expect: 0.1}]
  premium:
    object: claim
    value: claim.amount * rate(claim.kind, claim.amount, "one")
    outputs: {premium: decimal}
  weight:
    object: claim
    entries: {half: claim.amount / 2, more: half + premium}
    result: 'if more > 10 then "high" else "low"'
    outputs: [band]
  reasons:
    object: claim
    hit-policy: output-order
    inputs: {weight: weight, kind: {value: claim.kind, of: [fire, water]}}
    outputs: {reason: [worst, bad, fine]}
    annotations: [why]
    rows:
      - [high, "-", bad, "what is it, after all?"]
      - ["-", fire, worst, it burns]
    tests:
      - {given: {claim: {kind: fire}, weight: high}, expect: [worst, bad]}
      - {given: {claim: {kind: water}, weight: low}, expect: []}
  both:
    answers: [weight, reasons]
    tests:
      - given: {claim: {kind: fire, amount: 200}}
        expect: {weight: high, reason: [worst, bad]}
  read-by-others: {object: claim, value: both(claim).weight, outputs: [band]}
"""


def cases() -> Iterator[tuple[str, str, list[str]]]:
    """Yield the name of each case, its text and its words as `said` gives them."""
    for part in FILE.read_text().split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        text, *words = rest.rstrip().split("\n> KP")
        yield name, f"{text}\n", ["KP" + " | ".join(word.split("\n>   ")) for word in words]


def edits(text: str) -> dict[str, str]:
    """Return the edits of the sound model that a case asks for."""
    key, _, rest = text.partition(": ")
    if key == "test":
        return {"    rows:\n": f"    tests:\n      - {rest}    rows:\n"}
    name, _, rules = rest.partition("\n") if key == "step" else ("band", "", text)
    return {
        "rules:\n  band:\n": f"rules:\n{rules}  band:\n",
        "sort: {title: Sort, rule: band,": f"sort: {{title: Sort, rule: {name},",
    }


def findings(rules: str) -> list[str]:
    """Return what is said of some rules, besides that nothing uses them."""
    told = said(check(read(edited(edits(rules)))))
    return [words for words in told if not words.startswith("KP0607")]


CASES = list(cases())


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_rule_earns_its_words(text: str, words: list[str]) -> None:
    assert findings(text) == words


def test_every_kind_of_rule_may_be_sound() -> None:
    assert findings(SOUND_RULES) == []


def test_what_nothing_evaluates_or_calls_is_told() -> None:
    rules = f"{SOUND_RULES}  lone: {{parameters: {{n: integer}}, value: n}}\n"
    told = said(check(read(edited(edits(f"step: read-by-others\n{rules}")))))

    assert told == [
        "KP0607? nothing calls rule `lone` | Call it in a rule or a condition, or remove it.",
        "KP0607? no step evaluates rule `band` | Name it as the `rule` of a step, or remove it.",
    ]


def test_what_only_an_unused_rule_needs_is_not_told_besides() -> None:
    rules = "  lone: {parameters: {n: integer}, value: n}\n"
    rules += "  asking: {object: claim, value: lone(1) + other}\n"
    rules += "  other: {object: claim, value: 1}\n"

    assert said(check(read(edited(edits(rules))))) == [
        "KP0607? no step evaluates rule `asking` | Name it as the `rule` of a step, or remove it.",
    ]


@pytest.mark.parametrize("name", ["elsewhere", "claim", "", "weight", "both", "rate"])
def test_a_rule_under_the_name_of_another_does_not_stop_the_check(name: str) -> None:
    model = read(edited(edits(SOUND_RULES)))
    for key, rule in model.rules.items():
        tested = replace(rule, id=name, tests=rule.tests or (RuleTest("", (), ()),))
        assert isinstance(check(replace(model, rules={**model.rules, key: tested})), tuple)


@pytest.mark.parametrize(
    "value",
    [
        "count(for lone in [1, 2] return lone)",
        "if some lone in [1, 2] satisfies lone > 1 then 1 else 2",
        "{lone: 1, more: lone + 1}.more",
        "(function(lone) lone + 1)(2)",
    ],
)
def test_a_local_name_is_no_need_of_the_rule_of_that_name(value: str) -> None:
    model = read(edited(edits(f"  lone: {{object: claim, value: '{value}'}}\n")))

    assert needs_of(model)["lone"] == ()


def test_a_rule_that_is_read_beside_a_local_name_is_needed() -> None:
    rules = "  one: {object: claim, value: claim.amount}\n"
    rules += "  lone: {object: claim, value: 'for lone in [1, one] return lone + one'}\n"

    assert needs_of(read(edited(edits(rules))))["lone"] == ("one",)


def test_a_name_within_a_longer_one_is_no_need() -> None:
    rules = "  far-lone: {object: claim, value: claim.amount}\n"
    rules += "  lone: {object: claim, value: far-lone + 1}\n"
    rules += """  months: {value: 'years and months duration(@"2026-01-01", @"2026-03-01")'}\n"""
    needs = needs_of(read(edited(edits(rules))))

    assert needs["lone"] == ("far-lone",)
    assert needs["months"] == ()


def test_a_rule_without_those_that_it_needs_does_not_stop_the_check() -> None:
    model = read(edited(edits(SOUND_RULES)))
    for key in model.rules:
        rest = {name: rule for name, rule in model.rules.items() if name != key}
        assert isinstance(check(replace(model, rules=rest)), tuple)


def test_a_function_may_be_called_by_a_condition() -> None:
    rules = "rules:\n  big: {parameters: {amount: integer}, value: amount > 7}\n  band:\n"
    text = SOUND.replace("rules:\n  band:\n", rules)
    text = text.replace('when: "claim.urgent = true"', 'when: "big(claim.amount)"')

    assert said(check(read(text))) == []


def test_a_rule_answers_as_its_tests_say() -> None:
    tests = """\
    tests:
      - {given: {claim: {kind: fire, amount: 100}}, expect: low}
      - {given: {claim: {kind: fire, amount: 101}}, expect: {band: high}}
    rows:
"""
    assert_says({"    rows:\n": tests})


def test_a_row_behind_others_of_a_higher_priority_never_answers() -> None:
    rules = """\
  a:
    object: claim
    hit-policy: priority
    inputs: {kind: claim.kind, amount: claim.amount}
    outputs: {a: [worst, bad, fine]}
    rows:
      - [fire, "> 5", fine]
      - [fire, "-", bad]
      - ["-", "-", fine]
"""
    assert findings(rules) == [
        (
            "KP0604 row 1 of rule `a` never answers: rows of a higher priority answer first |"
            " Narrow them, or remove it."
        )
    ]


@pytest.mark.parametrize(
    ("policy", "gaps"),
    [
        ("rule-order", 0),
        ("collect", 0),
        ("collect, aggregation: count", 0),
        ("collect, aggregation: sum", 1),
        ("first", 1),
    ],
)
def test_a_table_that_lists_or_counts_needs_no_row_for_everything(policy: str, gaps: int) -> None:
    rules = (
        f"  a: {{object: claim, hit-policy: {policy}, inputs: {{n: claim.amount}},"
        " outputs: {a: integer}, rows: [['> 5', 1]]}\n"
    )
    assert [words[:6] for words in findings(rules)] == ["KP0602"] * gaps


def test_a_default_answers_what_no_row_does() -> None:
    rules = (
        "  a: {object: claim, inputs: {n: claim.amount}, outputs: {a: {type: integer, default: 0}},"
        " rows: [['> 5', 1]]}\n"
    )
    assert findings(rules) == []
