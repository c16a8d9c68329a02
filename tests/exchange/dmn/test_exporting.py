"""Rules of a company written as DMN: read again, they answer as they do here."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.exchange.dmn.exporting import export_rules
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.dmn.writing import write_dmn
from kingpost.expressions import Value
from kingpost.model.model import Model
from kingpost.model.ruling.book import RuleBook
from kingpost.notation import read_model
from kingpost.rules.definitions import Decision, InputData, Knowledge, Need, Requirement, Service
from kingpost.rules.graphs import Graph, compile_graph
from kingpost.rules.logic import Head

LENDING = Path(__file__).parents[3] / "examples" / "lending"
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
      amount: {type: money, required: true}
      income: {type: money}
      kind:   {type: choice, of: [home, car, other]}
    states: {new: {begin: true}, done: {end: true}}
    moves: ["* -> done"]
rules:
  ratio: {parameters: {part: money, whole: money}, value: part / whole}
  burden: {title: What a household carries, object: loan, value: "ratio(loan.amount, loan.income)"}
  band:
    object: loan
    inputs: {burden: burden, kind: loan.kind}
    outputs: {band: [low, medium, high], why: {type: text, default: '"nothing known"'}}
    annotations: [remark]
    hit-policy: priority
    rows:
      - ["< 3", "not(other)", low, "'so \\"light\\"'", "-"]
      - ["[2..5]", "-", medium, '"in between"', "usual"]
      - ["> 5", "home, car", high, '"much"', "-"]
  risks:
    object: loan
    inputs: {amount: loan.amount, kind: loan.kind}
    outputs: {risk: [big, odd]}
    hit-policy: collect
    rows: [["> 1000", "-", big], ["-", other, odd]]
    tests: [{given: {loan: {amount: 5000 EUR, kind: home}}, expect: [big]}]
  offer:
    object: loan
    entries: {rate: "if band.band = 'low' then 1 else 2", fee: rate * 10}
    result: "{rate: rate, fee: fee}"
  judged: {answers: [offer], given: [burden]}
"""


@cache
def loans() -> Model:
    reading = read_model({"loan.yaml": LOAN})
    assert reading.model is not None, reading.diagnostics
    return reading.model


@pytest.fixture
def model() -> Model:
    return loans()


@cache
def asked_there_and_here() -> tuple[Graph, RuleBook]:
    return read_again(loans()), RuleBook(loans())


def read_again(model: Model) -> Graph:
    text = write_dmn(export_rules(model).definitions).text
    graph = compile_graph(read_dmn(text.encode(), "loan.dmn").definitions, strict=True)
    assert graph.faults == ()
    return graph


def test_each_rule_becomes_what_the_standard_calls_it(model: Model) -> None:
    elements = {one.name: one for one in export_rules(model).definitions.elements}

    assert {name: type(one) for name, one in elements.items()} == {
        "loan": InputData,
        "ratio": Knowledge,
        "burden": Decision,
        "band": Decision,
        "risks": Decision,
        "offer": Decision,
        "judged": Service,
    }
    burden = elements["burden"]
    assert isinstance(burden, Decision)
    assert burden.head.label == "What a household carries"
    assert burden.requirements == (
        Requirement(Need.INPUT, "#object-loan", Head("rule-burden-needs-1")),
        Requirement(Need.KNOWLEDGE, "#rule-ratio", Head("rule-burden-needs-2")),
    )
    judged = elements["judged"]
    assert isinstance(judged, Service)
    assert judged.outputs == ("#rule-offer",)
    assert judged.encapsulated == ("#rule-band",)
    assert judged.decisions == ("#rule-burden",)


def test_what_has_no_form_there_is_told(model: Model) -> None:
    assert [
        (one.kind, one.id, one.verdict.value, one.becomes, one.why)
        for one in export_rules(model).remarks
    ] == [
        (
            "object",
            "loan",
            "approximated",
            "inputData loan",
            "amounts of money are written as numbers, without their currency",
        ),
        ("rule", "band", "executed", "decision", ""),
        ("rule", "burden", "executed", "decision", ""),
        ("rule", "judged", "executed", "decisionService", ""),
        ("rule", "offer", "executed", "decision", ""),
        ("rule", "ratio", "executed", "businessKnowledgeModel", ""),
        (
            "rule",
            "risks",
            "approximated",
            "decision",
            (
                "its tests have no place there; "
                "where no row matches the standard answers null, and not an empty list or 0"
            ),
        ),
    ]


def test_texts_are_written_in_the_quotes_of_the_standard(model: Model) -> None:
    text = write_dmn(export_rules(model).definitions).text

    assert 'if band.band = "low" then 1 else 2' in text
    assert r'<text>"so \"light\""</text>' in text
    assert "'" not in text


amounts = st.integers(1, 9_000).map(Decimal)


@given(amounts, amounts, st.sampled_from(["home", "car", "other"]))
def test_a_rule_answers_there_as_it_does_here(amount: Decimal, income: Decimal, kind: str) -> None:
    graph, book = asked_there_and_here()
    loan: Value = {"amount": amount, "income": income, "kind": kind, "state": "new"}

    for name in ("burden", "band", "risks", "offer"):
        node = graph.find(name)
        assert node is not None
        here = book.decide(name, {"loan": loan})[-1].value
        assert (graph.evaluate(node, {"loan": loan}).value or []) == (here or []), name


def test_a_service_is_asked_with_what_it_is_given(model: Model) -> None:
    graph = read_again(model)
    node = graph.find("judged")
    loan: Value = {"amount": Decimal(1), "income": Decimal(1), "kind": "home", "state": "new"}
    assert node is not None

    heavy = graph.evaluate(node, {"loan": loan, "burden": Decimal(9)}).value

    assert heavy == {"rate": Decimal(2), "fee": Decimal(20)}


def test_the_rules_of_the_lending_company_come_through() -> None:
    texts = {path.name: path.read_text() for path in LENDING.glob("*.yaml")}
    reading = read_model({name: text for name, text in texts.items() if "mapping" not in name})
    assert reading.model is not None

    graph = read_again(reading.model)

    assert graph.names(Decision) == [
        name for name, rule in sorted(reading.model.rules.items()) if not rule.is_called
    ]
