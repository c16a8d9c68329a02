"""Money, lists, documents and groups of fields in a case: recorded, kept, routed by."""

from typing import Any

import pytest

from kingpost.decisions.commands import Complete, Start
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import FieldNotFitting
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
      income:  {type: money, currency: USD}
      payslip: {type: document}
      risks:   {type: list, of: {type: choice, of: [young, poor, foreign]}}
      sums:    {type: list, of: money}
      address:
        type: group
        fields:
          city:   {type: text}
          street: {type: text, class: personal}
    states: {new: {begin: true}, big: , done: {end: true}}
    moves: [new -> big, "* -> done"]
workflows:
  loan:
    object: loan
    owner: desk
    prefix: LN
    begins: {form: [amount, address], roles: [clerk]}
    steps:
      look:
        task: Look at it
        role: clerk
        records: [income, payslip, risks, sums, address]
        then:
          - when: >-
              loan.amount > 50000 and list contains(loan.risks, "poor") and sum(loan.sums) < 3
              and loan.address.city = "Lisbon" and changed.address.city = 1
            go: big
          - else: end-it
      big: {task: Think, role: clerk, state: big, then: end-it}
      end-it: {end: true, state: done}
"""
CLERK = person("carl", "desk")


def program() -> Program:
    reading = read_model({"loan.yaml": LOAN})
    assert reading.model is not None, reading.diagnostics
    return compile_model(reading.model)


def begun() -> Desk:
    desk = Desk(program(), workflow="loan")
    desk.do(Start({"amount": "60000", "address.city": "Porto"}), CLERK)
    return desk


def test_a_group_stands_for_its_fields() -> None:
    flow = program().workflows["loan"]

    assert flow.workflow.begins.form == ("amount", "address.city", "address.street")
    assert flow.fields["address.city"].title == "Address: City"
    assert flow.personal == {"address.street"}


def test_money_lists_and_groups_are_recorded_kept_and_routed_by() -> None:
    desk = begun()
    assert desk.case.fields == {"amount": "60000.00 EUR", "address.city": "Porto"}

    desk.do(
        Complete(
            desk.id("look"),
            {
                "income": "1000 USD",
                "payslip": " payslip.pdf ",
                "risks": ["poor", "young"],
                "sums": ["1", " ", "1.5"],
                "address.city": "Lisbon",
            },
        ),
        CLERK,
    )

    assert desk.steps() == {"big"}
    assert desk.case.fields == {
        "amount": "60000.00 EUR",
        "income": "1000.00 USD",
        "payslip": "payslip.pdf",
        "risks": ["poor", "young"],
        "sums": ["1.00 EUR", "1.50 EUR"],
        "address.city": "Lisbon",
    }


RISKS = "a list of at most 1000 entries, each one of `young`, `poor`, `foreign`"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"income": "1 EUR"}, "`income` expects an amount such as `1250.00 USD`, got `1 EUR`"),
        ({"risks": ["rich"]}, f"`risks` expects {RISKS}, got `['rich']`"),
        ({"risks": "poor"}, f"`risks` expects {RISKS}, got `poor`"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    desk = begun()

    refusal = desk.try_(Complete(desk.id("look"), fields), CLERK)

    assert isinstance(refusal, FieldNotFitting)
    assert str(refusal) == words


def test_an_empty_list_says_nothing() -> None:
    desk = begun()
    desk.do(Complete(desk.id("look"), {"risks": [" "]}), CLERK)

    assert "risks" not in desk.case.fields
