"""Rules in a case: what they answer and store, how they explain themselves, when they refuse."""

from typing import Any

import pytest

from kingpost.decisions.case import Plain
from kingpost.decisions.commands import Start
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import COMMITMENT
from kingpost.decisions.transition import Transition
from kingpost.notation import read_model
from tests.decisions.world import Desk, person

LOAN = """
kingpost: 1
company: Lenders
timezone: Europe/Lisbon
currency: EUR
calendars: {c: {hours: always}}
units: {u: {calendar: c}}
roles: {clerk: {}}
posts: {desk: {unit: u, roles: [clerk], vacancy: holds}}
objects:
  loan:
    custodian: desk
    fields:
      amount:  {type: money, required: true}
      income:  {type: money, class: personal}
      kind:    {type: choice, of: [home, car, other]}
      burden:  {type: decimal}
      band:    {type: choice, of: [low, medium, high]}
      rate:    {type: decimal}
      risks:   {type: list, of: {type: choice, of: [big, poor, strange]}}
      count:   {type: integer}
      route:   {type: text}
    states: {new: {begin: true}, done: {end: true}}
    moves: ["* -> done"]
rules:
RULES
workflows:
  loan:
    object: loan
    owner: desk
    prefix: LN
    begins: {form: [amount, income, kind], roles: [clerk]}
    steps:
      judge: {rule: RULE, then: WAYS}
      look: {task: Look, role: clerk, then: end-it}
      end-it: {end: true, state: done}
"""
CLERK = person("carl", "desk")
BAND = """
  band:
    object: loan
    inputs: {burden: burden}
    outputs: {band: [low, medium, high]}
    annotations: [why]
    rows:
      - ["< 3", low, "little to carry"]
      - ["[3..5]", medium, "-"]
      - ["> 5", high, "much to carry"]
  burden: {object: loan, value: "ratio(loan.amount, loan.income)", outputs: [burden]}
  ratio: {parameters: {amount: money, income: money}, value: amount / income}
"""


def program(rules: str, rule: str = "band", ways: str = "look") -> Program:
    text = LOAN.replace("RULES", rules.strip("\n")).replace("RULE", rule).replace("WAYS", ways)
    reading = read_model({"loan.yaml": text})
    assert reading.model is not None, reading.diagnostics
    return compile_model(reading.model)


def asked(found: Program, **fields: Plain) -> tuple[Desk, Transition | Refusal]:
    desk = Desk(found, workflow="loan")
    return desk, desk.try_(Start({"amount": "100 EUR", **fields}), CLERK)


def answered(found: Program, **fields: Plain) -> Transition:
    _, outcome = asked(found, **fields)
    assert isinstance(outcome, Transition), str(outcome)
    return outcome


def test_a_rule_is_answered_with_the_rules_that_it_needs() -> None:
    outcome = answered(program(BAND), income="10 EUR")

    assert outcome.case.fields["band"] == "high"
    # What `burden` finds on the way is no answer of the step, and no field keeps it.
    assert "burden" not in outcome.case.fields


def test_an_answer_explains_itself() -> None:
    outcome = answered(program(BAND), income="10 EUR")
    burden, band = outcome.body["rules"]

    assert burden["rule"] == "burden"
    assert burden["inputs"]["loan.amount"] == "100.00 EUR"
    assert band["inputs"]["burden"][COMMITMENT]
    assert {name: band[name] for name in ("rule", "rows", "tried", "remarks", "result")} == {
        "rule": "band",
        "rows": [3],
        "tried": 3,
        "remarks": ["much to carry"],
        "result": {"band": "high"},
    }
    assert len(band["version"]) == 64


def test_what_was_found_from_a_personal_field_is_personal() -> None:
    outcome = answered(program(BAND), income="10 EUR")
    burden, band = outcome.body["rules"]

    assert set(burden["inputs"]["loan.income"]) == {COMMITMENT, "name"}
    assert set(band["inputs"]["burden"]) == {COMMITMENT, "name"}


def test_the_version_of_a_rule_is_that_of_all_it_needs() -> None:
    versions = program(BAND).workflows["loan"].versions
    other = program(BAND.replace("amount / income", "income / amount")).workflows["loan"].versions
    tests = "tests: [{given: {amount: 1, income: 1}, expect: 1}]}\n"
    same = program(BAND.replace("income}\n", f"income, {tests}")).workflows["loan"].versions

    assert versions["band"] != other["band"]
    assert versions == same


TABLE = """
  risks:
    object: loan
    hit-policy: POLICY
    inputs: {amount: loan.amount, kind: loan.kind}
    outputs: OUTPUTS
    rows:
      - ["> 50", "-", big]
      - ["-", other, strange]
      - ["> 80", "not(home)", poor]
"""


@pytest.mark.parametrize(
    ("policy", "outputs", "field", "value", "rows"),
    [
        ("rule-order", "[risks]", "risks", ["big", "strange", "poor"], [1, 2, 3]),
        ("collect", "[risks]", "risks", ["big", "strange", "poor"], [1, 2, 3]),
        ("output-order", "{risks: [poor, big, strange]}", "risks", ["poor", "big", "strange"],
         [3, 1, 2]),
        ("priority", "{route: [poor, big, strange]}", "route", "poor", [3]),
        ("first", "{route: [poor, big, strange]}", "route", "big", [1]),
        ("collect, aggregation: count", "{count: [poor, big, strange]}", "count", 3, [1, 2, 3]),
    ],
)  # fmt: skip
def test_every_hit_policy_stores_what_it_answers(
    policy: str, outputs: str, field: str, value: object, rows: list[int]
) -> None:
    text = TABLE.replace("OUTPUTS", outputs)
    head, _, tail = policy.partition(", ")
    text = text.replace("hit-policy: POLICY", f"hit-policy: {head}\n    {tail}".rstrip())
    outcome = answered(program(text, "risks"), kind="other")

    assert outcome.case.fields[field] == value
    assert outcome.body["rules"][0]["rows"] == rows


@pytest.mark.parametrize(
    ("aggregation", "value"), [("sum", "6"), ("min", "1"), ("max", "3"), ("count", "3")]
)
def test_collect_makes_one_number_of_several(aggregation: str, value: str) -> None:
    rules = f"""
  rate:
    object: loan
    hit-policy: collect
    aggregation: {aggregation}
    inputs: {{amount: loan.amount}}
    outputs: [rate]
    rows: [["> 1", "1"], ["> 2", "2"], ["> 3", "3"], ["> 1000", "4"]]
"""
    assert answered(program(rules, "rate")).case.fields["rate"] == value


def test_no_row_of_a_table_that_lists_is_an_empty_list() -> None:
    text = TABLE.replace("OUTPUTS", "[risks]").replace("POLICY", "rule-order")

    assert answered(program(text, "risks"), amount="1 EUR", kind="home").body["rules"][0][
        "result"
    ] == {"risks": []}


def test_a_default_answers_when_no_row_does() -> None:
    rules = """
  band:
    object: loan
    inputs: {amount: loan.amount}
    outputs: {band: {default: medium}}
    rows: [["> 500", high]]
"""
    outcome = answered(program(rules))

    assert outcome.case.fields["band"] == "medium"
    assert outcome.body["rules"][0]["rows"] == []


def test_a_context_is_computed_entry_by_entry() -> None:
    rules = """
  terms:
    object: loan
    entries: {monthly: loan.amount / 10, rate: monthly / 4}
    outputs: [rate]
  band:
    object: loan
    entries: {half: terms.monthly / 2, limit: "4"}
    result: 'if half > limit then "high" else "low"'
    outputs: [band]
"""
    assert answered(program(rules, "terms")).case.fields["rate"] == "2.50"
    assert answered(program(rules, "band")).case.fields["band"] == "high"


def test_a_service_answers_several_rules_at_once() -> None:
    rules = BAND + "  check: {answers: [burden, band]}\n"
    outcome = answered(program(rules, "check"), income="50 EUR")

    assert {name: outcome.case.fields[name] for name in ("burden", "band")} == {
        "burden": "2",
        "band": "low",
    }
    assert [one["rule"] for one in outcome.body["rules"]] == ["burden", "band"]


def test_a_service_and_a_function_are_called_by_name() -> None:
    rules = BAND + """
  tell: {answers: [band]}
  explain: {answers: [band], given: [burden]}
  route: {object: loan, value: 'tell(loan) + explain(loan, 9) + string(ratio(8, 2))',
    outputs: {route: text}}
"""  # fmt: skip

    assert answered(program(rules, "route"), income="50 EUR").case.fields["route"] == "lowhigh4"


def test_a_row_that_names_null_answers_an_empty_input() -> None:
    rules = """
  risks:
    object: loan
    hit-policy: unique
    inputs: {income: loan.income}
    outputs: {route: [big, strange, poor]}
    rows: [["> 100", big], ["<= 100", poor], ["null", strange]]
"""
    assert answered(program(rules, "risks")).case.fields["route"] == "strange"
    assert answered(program(rules, "risks"), income="50 EUR").case.fields["route"] == "poor"


def test_a_condition_calls_a_function() -> None:
    ways = '[{when: "ratio(loan.amount, loan.income) > 5", go: look}, {else: end-it}]'
    found = program(BAND, ways=ways)

    assert answered(found, income="10 EUR").case.at("look") is not None
    assert answered(found, income="100 EUR").case.is_closed


@pytest.mark.parametrize(
    ("rules", "fields", "words"),
    [
        (
            BAND,
            {},
            "`burden` finds no `burden`: ratio: `/` cannot join a number and null",
        ),
        (
            TABLE.replace("POLICY", "first").replace("OUTPUTS", "{route: [big, strange, poor]}"),
            {"amount": "1 EUR"},
            "`risks` has no single answer for amount `1.00`, kind empty: no row matched",
        ),
        (
            TABLE.replace("POLICY", "unique").replace("OUTPUTS", "{route: [big, strange, poor]}"),
            {"kind": "other"},
            "`risks` has no single answer for amount `100.00`, kind `other`: rows 1, 2, 3 matched",
        ),
        (
            TABLE.replace("POLICY", "unique").replace("OUTPUTS", "{route: [big, strange, poor]}"),
            {"kind": "home", "amount": "1 EUR"},
            "`risks` has no single answer for amount `1.00`, kind `home`: no row matched",
        ),
        (
            """
  risks:
    object: loan
    inputs: {kind: loan.kind}
    outputs: {rate: decimal}
    rows: [["-", 1 / (loan.amount / loan.amount - 1)]]
""",
            {},
            "`risks` finds no `rate`: `/` has no value here",
        ),
    ],
)
def test_a_rule_without_an_answer_refuses_with_its_cause(
    rules: str, fields: dict[str, Any], words: str
) -> None:
    found = program(rules, "band" if rules is BAND else "risks")
    _, outcome = asked(found, **fields)

    assert str(outcome) == words


@pytest.mark.parametrize(
    ("kind", "rows"),
    [("null", [1]), (None, [1]), ("not(null)", [2])],
)
def test_a_cell_that_names_null_is_answered_by_it(kind: str | None, rows: list[int]) -> None:
    text = f"""
  band:
    object: loan
    hit-policy: first
    inputs: {{kind: loan.kind}}
    outputs: [band]
    rows: [['{kind or "-"}', low], ["-", high]]
"""
    assert answered(program(text)).body["rules"][0]["rows"] == rows


def test_a_null_that_is_written_down_is_an_answer() -> None:
    rules = (
        "  band: {object: loan, inputs: {a: loan.amount}, outputs: [band], rows: [['-', 'null']]}"
    )

    assert answered(program(rules)).case.fields.get("band") is None


def test_warnings_are_kept_with_the_answer() -> None:
    rules = """
  band:
    object: loan
    hit-policy: first
    inputs: {burden: loan.amount / loan.income}
    outputs: [band]
    rows: [["null", medium], ["-", low]]
"""
    (explained,) = answered(program(rules)).body["rules"]

    assert explained["warnings"] == ["band, input `burden`: `/` cannot join a number and null"]
