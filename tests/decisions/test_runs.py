"""Cases that a step begins, as its own case sees them: wanted, told of, and over."""

import pytest

from kingpost.decisions.commands import CLOCK, Complete, Fail, Parent, Report, Retry, Start
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import read_token, write_token
from kingpost.decisions.transition import CaseNews, Transition
from kingpost.notation import read_model
from tests.decisions.world import CASE, MONDAY, SEED, Desk, Facts, person

LENDER = """
kingpost: 1
company: Lender
timezone: Europe/Lisbon
calendars: {c: {hours: "Mon-Fri 09:00-17:00"}}
units: {u: {calendar: c}}
roles: {clerk: {}, checker: {}}
posts:
  chief: {unit: u, roles: [checker], vacancy: holds}
  desk: {unit: u, roles: [clerk], reports-to: chief, vacancy: holds}
objects:
  loan:
    custodian: desk
    fields:
      name: {type: text}
      amount: {type: integer}
      guarantors: {type: list, of: text}
      scores: {type: list, of: integer}
      answers: {type: list, of: text}
    states: {new: {begin: true}, gone: {end: true}}
    moves: [new -> gone]
  check:
    custodian: desk
    fields: {who: {type: text}, asked: {type: integer}, score: {type: integer}}
    states: {new: {begin: true}, good: {end: true}, bad: {end: true}}
    moves: [new -> good, new -> bad]
workflows:
  loan:
    object: loan
    owner: chief
    prefix: LN
    begins: {form: [name, amount, guarantors], roles: [clerk]}
    steps:
      ask:
        run:
          workflow: check
          each: guarantors
          waits: all
          with: {who: each, asked: loan.amount / 2}
          brings: {scores: score, answers: state}
        then: close
      close: {task: Close it, role: clerk, then: closed}
      closed: {state: gone, then: end}
  check:
    object: check
    owner: desk
    prefix: CK
    begins: {form: [who, asked], workflows: [loan]}
    steps:
      look: {task: Look, role: checker, records: [score], then: good}
      good: {state: good, then: end}
"""
CLERK, CHECKER, CHIEF = person("carl", "desk"), person("hedy", "chief"), person("hedy", "chief")


def program(**changed: str) -> Program:
    text = LENDER
    for old, new in changed.values():
        text = text.replace(old, new)
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None, reading.diagnostics
    return compile_model(reading.model)


def begun(*guarantors: str, waits: str = "all") -> Desk:
    text = LENDER.replace("waits: all", f"waits: {waits}")
    if waits == "none":
        text = text.replace("          brings: {scores: score, answers: state}\n", "")
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None, reading.diagnostics
    desk = Desk(compile_model(reading.model), workflow="loan")
    desk.do(Start({"name": "Ines", "amount": 100, "guarantors": [*guarantors]}), CLERK)
    return desk


def told(desk: Desk, place: int, state: str = "good", score: int | None = None) -> Transition:
    child = desk.at("ask").children[place]
    fields = {} if score is None else {"score": score}
    return desk.do(Report(desk.id("ask"), child.id, f"CK-{place}", state, fields), CLOCK)


def refused(outcome: Transition | Refusal) -> str:
    assert not isinstance(outcome, Transition)
    return str(outcome)


def test_each_entry_of_the_list_begins_a_case() -> None:
    desk = begun("Rui", "Eva")

    (change,) = desk.history[-1].cases
    assert (change.news, change.workflow, change.ends) == (CaseNews.WANTED, "check", True)
    assert [dict(one.form) for one in change.wanted] == [
        {"who": "Rui", "asked": 50},
        {"who": "Eva", "asked": 50},
    ]
    assert [child.id for child in desk.at("ask").children] == [str(one.id) for one in change.wanted]
    (item,) = [item for item in desk.history[-1].items if item.kind == "run"]
    assert (item.step, item.post, item.role) == ("ask", "chief", "")


@pytest.mark.parametrize(
    ("waits", "over"), [("all", [False, True]), ("any", [True]), ("none", [False, True])]
)
def test_a_step_waits_for_all_for_any_or_for_none(waits: str, over: list[bool]) -> None:
    desk = begun("Rui", "Eva", waits=waits)

    for place, ends in enumerate(over):
        told(desk, place)
        assert (desk.steps() == {"close"}) is ends

    assert desk.history[1].cases[0].news is (CaseNews.OVER if waits == "any" else CaseNews.TOLD)
    # Only `none` is content with a case that has just begun.
    assert desk.history[0].cases[0].ends is (waits != "none")


def test_what_cases_bring_is_kept_in_the_order_of_the_list() -> None:
    desk = begun("Rui", "Eva", "Ada")

    told(desk, 2, "bad", 300)
    told(desk, 0, "good", 700)
    assert "scores" not in desk.case.fields
    told(desk, 1, "good")

    assert desk.case.fields["scores"] == [700, 300]
    assert desk.case.fields["answers"] == ["good", "good", "bad"]


def test_one_case_brings_its_values_as_they_are() -> None:
    text = LENDER.replace("          each: guarantors\n", "").replace("who: each", "who: loan.name")
    text = text.replace("brings: {scores: score, answers: state}", "brings: {amount: score}")
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None
    desk = Desk(compile_model(reading.model), workflow="loan")
    desk.do(Start({"name": "Ines", "amount": 100}), CLERK)

    told(desk, 0, score=640)

    assert desk.case.fields["amount"] == 640


def test_an_integer_that_a_case_brings_is_kept_as_the_decimal_that_its_field_holds() -> None:
    text = LENDER.replace("scores: {type: list, of: integer}", "scores: {type: list, of: decimal}")
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None
    desk = Desk(compile_model(reading.model), workflow="loan")
    desk.do(Start({"name": "Ines", "amount": 100, "guarantors": ["Rui"]}), CLERK)

    told(desk, 0, score=640)

    assert desk.case.fields["scores"] == ["640"]


def test_a_case_is_told_of_once_and_by_nobody_but_the_clock() -> None:
    desk = begun("Rui", "Eva")
    child = desk.at("ask").children[0].id
    report = Report(desk.id("ask"), child, "CK-0", "good")
    stranger = Report(desk.id("ask"), str(CASE), "CK-9", "good")

    assert refused(desk.try_(report, CLERK)) == "`ask` is accepted only from `clock`"
    desk.do(report, CLOCK)
    again = "this work is no longer open: somebody finished it, or the case moved on"
    assert refused(desk.try_(report, CLOCK)) == again
    assert refused(desk.try_(stranger, CLOCK)) == again
    assert refused(desk.try_(Complete(desk.id("ask")), CLERK)) == (
        "`ask` cannot be completed: expected a task"
    )


def test_what_cannot_begin_holds_the_step_until_its_owner_tries_again() -> None:
    desk = begun("Rui", "Eva")
    rui, eva = desk.at("ask").children

    failed = desk.do(Fail(desk.id("ask"), "it is refused", case=rui.id), CLOCK)
    (change,) = failed.cases
    assert (change.news, str(change.case), change.cause) == (
        CaseNews.FAILED,
        rui.id,
        "it is refused",
    )
    suspension = desk.at("ask").suspension
    assert suspension is not None
    assert suspension.exception == "run-failed"
    # What has ended has ended, whatever becomes of the others.
    desk.do(Report(desk.id("ask"), eva.id, "CK-1", "good"), CLOCK)
    assert refused(desk.try_(Retry(desk.id("ask")), CLERK)) == (
        "`ask` begins other cases, and you do not answer for that: `chief` may"
    )
    retried = desk.do(Retry(desk.id("ask")), CHIEF)
    assert [change.news for change in retried.cases] == [CaseNews.AGAIN]
    assert desk.at("ask").suspension is None


def test_only_a_workflow_that_is_named_begins_a_case() -> None:
    rules = program()
    case = begin(rules, "check", CASE, "CK-1", MONDAY)
    facts = Facts(MONDAY, MONDAY, CLOCK, None, SEED)
    parent = Parent(CASE, "LN-1", "loan", "ask", "token")
    other = Parent(CASE, "CK-2", "check", "ask", "token")

    outcome = decide(rules, case, Start({"who": "Rui"}, parent), facts)
    assert isinstance(outcome, Transition)
    assert outcome.body["parent"] == {
        "case": str(CASE),
        "number": "LN-1",
        "workflow": "loan",
        "step": "ask",
        "task": "token",
    }
    refusal = decide(rules, case, Start({"who": "Rui"}, other), facts)
    assert refused(refusal) == "`check` is accepted only from `workflow/loan`"


def test_a_form_of_the_same_object_is_taken_over() -> None:
    text = LENDER.replace(
        "begins: {form: [name, amount, guarantors], roles: [clerk]}",
        "begins: {form: [name, amount, guarantors], roles: [clerk], workflows: [loan]}",
    )
    text = text.replace("workflow: check\n", "workflow: loan\n").replace(
        "with: {who: each, asked: loan.amount / 2}", "with: {guarantors: '[]'}"
    )
    text = text.replace("          brings: {scores: score, answers: state}\n", "")
    reading = read_model({"lender.yaml": text})
    assert reading.model is not None, reading.diagnostics
    desk = Desk(compile_model(reading.model), workflow="loan")
    desk.do(Start({"name": "Ines", "amount": 100, "guarantors": ["Rui"]}), CLERK)

    (one,) = desk.history[-1].cases[0].wanted

    assert one.form == {"name": "Ines", "amount": 100, "guarantors": []}


def test_a_token_is_read_as_it_was_written() -> None:
    desk = begun("Rui", "Eva")
    told(desk, 1, score=5)
    token = desk.at("ask")

    assert read_token(token.id, write_token(token)) == token
