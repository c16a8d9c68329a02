"""What is required: nothing that changes a record empties it, whichever way the change comes."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Answer,
    Command,
    Complete,
    Decide,
    Deliver,
    Propose,
    Raise,
    Record,
    Report,
    Resolve,
    Start,
)
from kingpost.decisions.judging.calling.messages import may_send
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.transition import Transition
from kingpost.notation import read_model
from tests.decisions.world import Desk, person

LENDER = """
kingpost: 1
company: Lender
timezone: Europe/Lisbon
calendars: {c: {hours: always}}
units: {u: {calendar: c}}
roles: {clerk: {}, checker: {}}
posts:
  desk: {unit: u, roles: [clerk], vacancy: holds}
  board:
    unit: u
    roles: [checker]
    seats: 2
    vacancy: holds
    authority: [{decide: loan/judge, outcomes: [grant]}]
interfaces:
  bank: {}
  bureau:
    kind: outbound
    method: POST
    path: /scores
    send: {amount: loan.amount}
    receive: {amount: loan.amount}
objects:
  loan:
    custodian: desk
    fields:
      amount: {type: integer, required: true}
      names:  {type: list, of: text, required: true}
      note:   {type: text}
      key:    {type: text}
    states: {new: {begin: true}, gone: {end: true}}
    moves: [new -> gone]
rules:
  again: {object: loan, value: "if loan.amount > 10 then loan.amount else null", outputs: [amount]}
workflows:
  loan:
    object: loan
    owner: desk
    prefix: LN
    repaired-by: [desk, board]
    begins: {form: [amount, names, note, key], roles: [clerk], workflows: [loan]}
    steps:
      FIRST
      close: {state: gone, then: end}
    exceptions:
      stuck:
        cause: party
        raised-by: [clerk]
        steps: [AT]
        suspend: {clocks: stop, ends: {back: {then: resume}}}
"""
TASK = "look: {task: Look, role: clerk, records: [amount, names, note], then: close}"
JUDGE = """judge:
        decision: Grant it?
        role: checker
        quorum: 2 of 2
        outcomes: {grant: {records: [amount, note], then: close}}"""
PAID = """paid:
        wait: It is paid
        role: clerk
        records: [amount, note]
        messages: {paid: {from: [interface/bank], by: key, then: close}}"""
CALL = "ask: {call: bureau, then: close}"
RUN = "ask: {run: {workflow: loan, with: {amount: 5, names: loan.names}, waits: all, brings: {amount: amount}}, then: close}"  # noqa: E501 - one step
CLERK, ANNA, BEN = person("carl", "desk"), person("anna", "board"), person("ben", "board")
BANK, BUREAU = Actor(interface="bank"), Actor(interface="bureau")
NEEDED = "`loan` needs `amount`"


def program(first: str) -> Program:
    text = LENDER.replace("FIRST", first).replace("AT", first.partition(":")[0])
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None, reading.diagnostics
    return compile_model(reading.model)


def begun(first: str, amount: int = 50) -> Desk:
    desk = Desk(program(first), workflow="loan")
    desk.do(Start({"amount": amount, "names": ["Ines"], "note": "hers", "key": "k1"}), CLERK)
    return desk


def refused(outcome: Transition | Refusal) -> str:
    assert not isinstance(outcome, Transition), outcome
    return str(outcome)


EMPTY = {"amount": None}
WAYS: list[tuple[str, Actor, Callable[[Desk], Command]]] = [
    (TASK, CLERK, lambda desk: Complete(desk.id("look"), EMPTY)),
    (TASK, CLERK, lambda desk: Record(desk.id("look"), EMPTY)),
    (TASK, CLERK, lambda desk: Raise(desk.id("look"), "stuck", EMPTY)),
    (TASK, CLERK, lambda _: Propose(fields=EMPTY, reason="It was mistaken.")),
    (JUDGE, ANNA, lambda desk: Decide(desk.id("judge"), "grant", EMPTY)),
    (PAID, BANK, lambda desk: Deliver(desk.id("paid"), "paid", EMPTY)),
]


@pytest.mark.parametrize(("step", "by", "empties"), WAYS)
def test_nobody_empties_what_is_required(
    step: str, by: Actor, empties: Callable[[Desk], Command]
) -> None:
    desk = begun(step)

    assert refused(desk.try_(empties(desk), by)) == NEEDED


def test_nobody_empties_what_is_required_when_a_suspension_ends() -> None:
    desk = begun(TASK)
    desk.do(Raise(desk.id("look"), "stuck"), CLERK)

    assert refused(desk.try_(Resolve(desk.id("look"), "back", EMPTY), CLERK)) == NEEDED


def test_several_fields_that_are_required_are_told_together() -> None:
    desk = begun(TASK)
    empty = Complete(desk.id("look"), {"amount": None, "names": [""], "note": ""})

    assert refused(desk.try_(empty, CLERK)) == "`loan` needs `amount`, `names`"


def test_what_is_not_required_may_be_emptied() -> None:
    desk = begun(TASK)

    desk.do(Complete(desk.id("look"), {"amount": 60, "note": None}), CLERK)

    assert desk.case.fields == {"amount": 60, "names": ["Ines"], "key": "k1"}


def test_a_message_that_no_case_would_take_is_refused_when_it_is_sent() -> None:
    found = program(PAID)

    assert str(may_send(found, "bank", "paid", EMPTY)) == NEEDED
    assert may_send(found, "bank", "paid", {"amount": 5, "note": None}) is None


def test_an_answer_of_null_to_what_is_required_is_no_answer() -> None:
    desk = begun(CALL)

    outcome = desk.try_(Answer(desk.id("ask"), EMPTY), BUREAU)

    assert refused(outcome) == "`bureau` answered without `amount` as a whole number: got null"
    desk.do(Answer(desk.id("ask"), {"amount": Decimal(7)}), BUREAU)
    assert desk.case.fields["amount"] == 7


def test_a_rule_that_answers_null_to_what_is_required_stops_who_comes_there() -> None:
    rule = "judge: {rule: again, then: look}\n      " + TASK

    assert begun(rule, amount=11).case.fields["amount"] == 11
    desk = Desk(program(rule), workflow="loan")
    outcome = desk.try_(Start({"amount": 10, "names": ["Ines"]}), CLERK)
    assert refused(outcome) == "`again` finds no `amount`: its answer is null"


@pytest.mark.parametrize(("brought", "stands"), [({}, 50), ({"amount": 8}, 8)])
def test_what_is_required_stays_where_a_case_brings_nothing(
    brought: dict[str, int], stands: int
) -> None:
    desk = begun(RUN)
    (child,) = desk.at("ask").children

    desk.do(Report(desk.id("ask"), child.id, "LN-2", "gone", brought), CLOCK)

    assert desk.case.fields["amount"] == stands
