"""Calls of other systems, in a case: what is asked, what is answered, and who owns a failure."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Answer,
    Command,
    Complete,
    Confirm,
    Expire,
    Fail,
    GiveUp,
    Propose,
    Resolve,
    Retry,
    Start,
)
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import read_token, write_token
from kingpost.decisions.transition import CallNews, Request, Transition
from kingpost.model.interfaces import BackOff
from kingpost.model.interfaces import Retry as Repeats
from kingpost.notation import read_model
from tests.decisions.world import Desk, person

LOAN = """
kingpost: 1
company: Lender
timezone: Europe/Lisbon
currency: EUR
calendars: {c: {hours: "Mon-Fri 09:00-17:00"}}
units: {u: {calendar: c}}
roles: {clerk: {}, checker: {}}
posts:
  chief: {unit: u, roles: [checker], vacancy: holds}
  links: {unit: u, vacancy: {falls-to: superior}, reports-to: chief}
  desk: {unit: u, roles: [clerk], reports-to: chief, vacancy: holds}
interfaces:
  portal: {begins: loan, schema: {name: text, amount: money}}
  bureau:
    kind: outbound
    method: POST
    path: /scores
    send:
      person.lastName: loan.name
      amountAsked: loan.amount
      "on": 'date("2026-11-16")'
      extra: loan.note
    receive: {result.creditScore: loan.score, known: loan.known}
    retry: {times: 2}
    owner: links
objects:
  loan:
    custodian: desk
    fields:
      name: {type: text, class: personal}
      amount: {type: money}
      note: {type: text}
      score: {type: integer}
      known: {type: yes/no}
    states: {new: {begin: true}, held: {}, gone: {end: true}}
    moves: [new -> held, held -> new, "* -> gone"]
workflows:
  loan:
    object: loan
    owner: desk
    begins: {form: [name, amount, note], roles: [clerk], interfaces: [portal]}
    steps:
      ask: {call: bureau, then: judge}
      judge: {task: Judge, role: clerk, records: [note], then: close}
      by-hand: {task: Look it up, role: checker, then: judge}
      close: {state: gone, then: end}
"""
HELD = """
    exceptions:
      no-score:
        cause: system
        raised-by: [checker, step/ask]
        suspend: {state: held, clocks: stop, ends: {back: {then: resume}}}
"""
DIVERTED = """
    exceptions:
      no-score: {cause: system, raised-by: [step/ask], divert: by-hand}
"""
CLERK, CHECKER = person("carl", "desk"), person("hedy", "chief")
LINKS = person("lina", "links")
BUREAU, PORTAL = Actor(interface="bureau"), Actor(interface="portal")
FITTING = {"result": {"creditScore": Decimal(640)}, "known": True}


def begun(more: str = "", text: str = LOAN) -> Desk:
    reading = read_model({"loan.yaml": text + more})
    assert reading.model is not None, reading.diagnostics
    desk = Desk(compile_model(reading.model), workflow="loan")
    desk.do(Start({"name": "Ines Prado", "amount": "1250"}), CLERK)
    return desk


def refused(outcome: Transition | Refusal) -> str:
    assert not isinstance(outcome, Transition)
    return str(outcome)


def news(transition: Transition) -> list[CallNews]:
    return [item.news for item in transition.calls]


def failed(more: str = "") -> Desk:
    desk = begun(more)
    desk.do(Fail(desk.id("ask"), "it did not answer"), CLOCK)
    return desk


# --- asking ---------------------------------------------------------------------------------------


def test_what_is_asked_is_fixed_with_the_event_that_reached_the_step() -> None:
    desk = begun()

    (asked,) = desk.history[-1].calls
    assert (asked.news, asked.step, asked.interface) == (CallNews.ASKED, "ask", "bureau")
    assert str(asked.id) == desk.id("ask")
    assert asked.request == Request(
        "POST",
        "/scores",
        '{"person":{"lastName":"Ines Prado"},"amountAsked":1250.00,"on":"2026-11-16","extra":null}',
    )


IN_THE_PATH = LOAN.replace(
    "path: /scores", 'path: "/loans/{loan.note}/scores/{loan.score}"'
).replace("form: [name, amount, note]", "form: [name, amount, note, score]")


def asked_about(**fields: str | int) -> Transition | Refusal:
    reading = read_model({"loan.yaml": IN_THE_PATH})
    assert reading.model is not None, reading.diagnostics
    desk = Desk(compile_model(reading.model), workflow="loan")
    return desk.try_(Start({"name": "Ines", **fields}), CLERK)


@pytest.mark.parametrize(
    ("note", "part"),
    [
        ("L-1", "L-1"),
        ("...", "..."),
        ("é & ?#%2F", "%C3%A9%20%26%20%3F%23%252F"),
        ("{loan.score}", "%7Bloan.score%7D"),
        ("a" * 200, "a" * 200),
    ],
)
def test_fields_fill_parts_of_the_path_and_no_more(note: str, part: str) -> None:
    begun = asked_about(note=note, score=7)

    assert isinstance(begun, Transition)
    request = begun.calls[0].request
    assert request is not None
    assert request.path == f"/loans/{part}/scores/7"


@pytest.mark.parametrize("note", ["..", ".", "a/b", "/", "a\\b", "a\nb", "a\u007fb", "a" * 201])
def test_what_would_lead_to_another_path_is_refused(note: str) -> None:
    assert str(asked_about(note=note, score=7)) == (
        "`bureau` cannot be asked about what `note` holds: expected at most 200 characters without"
        " `/` and `\\`, and neither `.` nor `..`"
    )


def test_a_field_of_a_group_fills_a_part_of_the_path() -> None:
    grouped = IN_THE_PATH.replace(
        "note: {type: text}", "deed: {type: group, fields: {number: {type: text}}}"
    )
    grouped = grouped.replace("loan.note", "loan.deed.number").replace("note", "deed.number")
    reading = read_model({"loan.yaml": grouped})
    assert reading.model is not None, reading.diagnostics
    desk = Desk(compile_model(reading.model), workflow="loan")

    desk.do(Start({"name": "Ines", "deed.number": "7-8", "score": 7}), CLERK)

    request = desk.history[-1].calls[0].request
    assert request is not None
    assert request.path == "/loans/7-8/scores/7"


def test_nothing_is_asked_while_a_part_of_its_path_is_empty() -> None:
    assert str(asked_about(note="L-1")) == "`bureau` cannot be asked while `score` is empty"


LATER = IN_THE_PATH.replace(
    "    steps:\n", "    repaired-by: [chief, desk]\n    steps:\n"
    "      rest: {wait: It rests, limit: 1 day, then: ask}\n"
)  # fmt: skip
EMPTY = "`bureau` cannot be asked while `note` is empty"


def come_to_nothing(more: str = "") -> Desk:
    """Let the clock come to a call whose path nobody has filled in."""
    desk = begun(more, LATER)
    desk.pass_time(timedelta(days=1))
    desk.do(Expire(desk.id("rest")), CLOCK)
    return desk


@pytest.mark.parametrize(("more", "exception"), [("", "call-failed"), (HELD, "no-score")])
def test_the_clock_that_comes_to_a_call_nobody_can_make_lets_it_fail(
    more: str, exception: str
) -> None:
    desk = come_to_nothing(more)

    token, transition = desk.at("ask"), desk.history[-1]
    assert token.suspension is not None
    assert (transition.kind, token.suspension.exception, token.post) == (
        "expired",
        exception,
        "links",
    )
    assert [(item.news, item.cause) for item in transition.calls] == [
        (CallNews.ASKED, EMPTY),
        (CallNews.FAILED, EMPTY),
    ]
    assert read_token(token.id, write_token(token)) == token


def test_the_clock_goes_where_the_failure_leads() -> None:
    desk = come_to_nothing(DIVERTED)

    assert desk.steps() == {"by-hand"}
    assert desk.history[-1].calls == ()


@pytest.mark.parametrize("more", ["", HELD])
def test_a_call_that_nobody_could_make_is_made_once_its_path_is_there(more: str) -> None:
    desk = come_to_nothing(more)
    ask = desk.id("ask")
    command: Command = Resolve(ask, "back") if more else Retry(ask)
    by = CHECKER if more else LINKS
    assert refused(desk.try_(command, by)) == EMPTY

    desk.do(Propose({"note": "L-1", "score": 7}, reason="it was left out"), CHECKER)
    desk.do(Confirm(desk.case.version), CLERK)
    transition = desk.do(command, by)

    assert desk.at("ask").suspension is None
    assert (desk.id("ask") != ask, desk.at("ask").unasked) == (True, False)
    over, asked = sorted(transition.calls, key=lambda item: item.news is CallNews.ASKED)
    assert (over.news, str(over.id)) == (CallNews.OVER, ask)
    assert asked.request is not None
    assert asked.request.path == "/loans/L-1/scores/7"


def test_a_method_without_a_body_asks_by_its_query() -> None:
    desk = begun(text=LOAN.replace("method: POST", "method: GET"))

    request = desk.history[-1].calls[0].request
    assert request == Request(
        "GET", "/scores?person.lastName=Ines%20Prado&amountAsked=1250.00&on=2026-11-16", ""
    )


def test_the_decision_record_commits_to_what_was_asked_about_a_person() -> None:
    transition = begun().history[-1]

    (asked,) = transition.body["asked"]
    assert "Ines" not in str(transition.body)
    name = asked["request"]["name"]
    assert "Ines Prado" in transition.revealed[name]["body"]


def test_a_call_is_open_work_of_the_post_that_owns_its_failure() -> None:
    (item,) = begun().history[-1].items

    assert (item.kind, item.post, item.role) == ("call", "links", "")


def test_a_call_without_an_owner_is_answered_for_by_the_owner_of_the_workflow() -> None:
    (item,) = begun(DIVERTED, LOAN.replace("    owner: links\n", "")).history[-1].items

    assert item.post == "desk"


# --- answers --------------------------------------------------------------------------------------


def test_an_answer_fills_its_fields_and_the_case_goes_on() -> None:
    desk = begun()

    transition = desk.do(Answer(desk.id("ask"), FITTING, fence=3), BUREAU)

    assert (desk.case.fields["score"], desk.case.fields["known"]) == (640, True)
    assert desk.steps() == {"judge"}
    assert (transition.kind, transition.fence) == ("answered", 3)
    assert transition.body["actor"] == {"interface": "bureau"}
    assert news(transition) == [CallNews.OVER]


def test_a_number_may_be_written_with_a_point_when_it_is_whole() -> None:
    desk = begun()

    desk.do(
        Answer(desk.id("ask"), {**FITTING, "result": {"creditScore": Decimal("640.0")}}), BUREAU
    )

    assert desk.case.fields["score"] == 640


def test_null_says_that_there_is_no_value() -> None:
    desk = begun()

    desk.do(Answer(desk.id("ask"), {"result": {"creditScore": None}, "known": False}), BUREAU)

    assert "score" not in desk.case.fields


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "`result.creditScore`: got nothing"),
        ({"result": 5}, "`result.creditScore`: got nothing"),
        ({"result": {"creditScore": "high"}}, "`result.creditScore` as a whole number: got text"),
        (
            {"result": {"creditScore": Decimal("640.5")}},
            "`result.creditScore` as a whole number: got a number",
        ),
        (
            {"result": {"creditScore": Decimal("1E+999999")}},
            "`result.creditScore` as a whole number: got a number",
        ),
        (
            {"result": {"creditScore": True}},
            "`result.creditScore` as a whole number: got yes or no",
        ),
        ({"result": {"creditScore": [1]}}, "`result.creditScore` as a whole number: got a list"),
        (
            {"result": {"creditScore": Decimal(640)}, "known": {"a": 1}},
            "`known` as yes or no: got an object",
        ),
    ],
)
def test_what_the_contract_does_not_say_is_no_answer(
    members: dict[str, object], words: str
) -> None:
    desk = begun()

    outcome = desk.try_(Answer(desk.id("ask"), members), BUREAU)

    assert refused(outcome) == f"`bureau` answered without {words}"


def test_nobody_but_the_system_asked_can_answer() -> None:
    desk = begun()
    command = Answer(desk.id("ask"), FITTING)

    for actor in (CLERK, CLOCK, PORTAL):
        assert (
            refused(desk.try_(command, actor)) == "`ask` is accepted only from `interface/bureau`"
        )


def test_a_person_cannot_complete_a_call() -> None:
    desk = begun()

    outcome = desk.try_(Complete(desk.id("ask")), LINKS)

    assert refused(outcome) == "`ask` cannot be completed: expected a task"


# --- failures -------------------------------------------------------------------------------------


def test_a_failure_that_nothing_declares_holds_the_case_for_its_owner() -> None:
    desk = begun()

    transition = desk.do(Fail(desk.id("ask"), "it did not answer", fence=5), CLOCK)

    suspension = desk.at("ask").suspension
    assert suspension is not None
    assert suspension.exception == "call-failed"
    assert (transition.kind, transition.body["choice"]) == ("failed", "call-failed")
    assert [(item.news, item.cause) for item in transition.calls] == [
        (CallNews.FAILED, "it did not answer")
    ]
    assert transition.fence == 5
    assert [item.suspended for item in transition.items] == ["call-failed"]


def test_the_owner_lets_a_failed_call_be_tried_again() -> None:
    desk = failed()

    transition = desk.do(Retry(desk.id("ask"), "the line is mended"), LINKS)

    assert desk.at("ask").suspension is None
    assert news(transition) == [CallNews.AGAIN]
    assert transition.body["actor"]["post"] == "links"
    desk.do(Answer(desk.id("ask"), FITTING), BUREAU)
    assert desk.steps() == {"judge"}


def test_its_ending_does_the_same_as_trying_again() -> None:
    desk = failed()

    assert news(desk.do(Resolve(desk.id("ask"), "retry"), LINKS)) == [CallNews.AGAIN]


def test_a_declared_exception_holds_the_record_until_somebody_ends_it() -> None:
    desk = failed(HELD)

    assert desk.case.state == "held"
    outcome = desk.try_(Retry(desk.id("ask")), CHECKER)
    assert refused(outcome) == "`ask` stands still until `no-score` is resolved"
    transition = desk.do(Resolve(desk.id("ask"), "back"), CHECKER)
    assert desk.case.state == "new"
    assert news(transition) == [CallNews.AGAIN]


def test_a_failure_may_lead_elsewhere() -> None:
    desk = begun(DIVERTED)

    transition = desk.do(Fail(desk.id("ask"), "it did not answer"), CLOCK)

    assert desk.steps() == {"by-hand"}
    assert news(transition) == [CallNews.OVER]
    assert transition.body["choice"] == "no-score"


def test_only_the_clock_counts_attempts() -> None:
    desk = begun()

    for actor in (LINKS, BUREAU):
        outcome = desk.try_(Fail(desk.id("ask"), "because"), actor)
        assert refused(outcome) == "`ask` is accepted only from `clock`"


def test_a_call_that_failed_is_not_answered_any_more() -> None:
    desk = failed()

    outcome = desk.try_(Answer(desk.id("ask"), FITTING), BUREAU)

    assert refused(outcome) == "`ask` stands still until `call-failed` is resolved"


def test_who_answers_for_a_call_may_give_it_up() -> None:
    desk = begun(DIVERTED)

    transition = desk.do(GiveUp(desk.id("ask"), "the bureau is closed for good"), LINKS)

    assert desk.steps() == {"by-hand"}
    assert transition.revealed["reason"] == "the bureau is closed for good"


def test_the_post_above_stands_in_for_the_owner() -> None:
    desk = begun()

    transition = desk.do(Retry(desk.id("ask")), CHECKER)

    assert transition.body["actor"]["via"] == "superior"
    assert transition.body["actor"]["for"] == "links"


@pytest.mark.parametrize("command", [Retry, GiveUp])
def test_nobody_else_may_meddle_with_a_call(command: type[Retry | GiveUp]) -> None:
    desk = begun(HELD)

    outcome = desk.try_(command(desk.id("ask")), CLERK)

    assert refused(outcome) == (
        "`ask` asks another system, and you do not answer for that: `chief`, `links` may"
    )


def test_a_call_that_is_withdrawn_is_over() -> None:
    branches = """
      ask:
        parallel:
          join: any
          branches:
            score: {steps: {score: {call: bureau, then: done}}}
            stop: {task: Stop it, role: clerk}
        then: judge
"""
    desk = begun(text=LOAN.replace("      ask: {call: bureau, then: judge}\n", branches))

    transition = desk.do(Complete(desk.id("stop")), CLERK)

    assert news(transition) == [CallNews.OVER]


def test_pauses_grow_or_stay_as_declared() -> None:
    growing, steady = Repeats(5), Repeats(5, BackOff.FIXED)

    assert [growing.pause(attempts, 1.0) for attempts in (1, 2, 3, 100)] == [2, 4, 8, 900]
    assert [growing.pause(attempts, 0.0) for attempts in (1, 2, 3, 100)] == [1, 2, 4, 450]
    assert {steady.pause(attempts, 0.5) for attempts in (1, 2, 9)} == {30}


# --- what a system sends --------------------------------------------------------------------------


def test_a_system_sends_what_it_declares_and_no_more() -> None:
    desk = begun()
    other = Desk(desk.program, workflow="loan")

    outcome = other.try_(Start({"name": "A", "amount": "5", "note": "b"}), PORTAL)
    assert refused(outcome) == "`portal` does not record `note`: it records `name`, `amount`"
    assert refused(other.try_(Start({"name": "A"}), PORTAL)) == "`portal` needs `amount`"
    other.do(Start({"name": "A", "amount": "5"}), PORTAL)


def test_people_are_not_bound_by_what_a_system_declares() -> None:
    desk = begun()
    other = Desk(desk.program, workflow="loan")

    other.do(Start({"name": "A", "note": "b"}), CLERK)
