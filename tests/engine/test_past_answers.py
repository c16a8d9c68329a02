"""Changed rules asked again over cases of the past: what would have come out otherwise."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from psycopg import connect

from kingpost.decisions.carrying.answering import Otherwise
from kingpost.decisions.program import compile_model
from kingpost.engine.carrying.answers import Asked, Past, ask_past
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import TEXT, Office, read

# The rule sends what is high to another step, and finds a fee besides.
ROUTED = (
    TEXT.replace(
        "rule: levels, then: handling}",
        "rule: levels, then: [{when: 'claim.level = \"high\"', go: approve}, {else: handling}]}",
    )
    .replace(
        "      level:    {title: Level,",
        "      fee:      {title: Fee, type: decimal}\n      level:    {title: Level,",
    )
    .replace("outputs: [level]", "outputs: [level, fee]")
    .replace('["< 1000", \'"low"\']', '["< 1000", \'"low"\', "5"]')
    .replace('[">= 1000", \'"high"\']', '[">= 1000", \'"high"\', "20"]')
)
NOTHING: Mapping[str, str] = {}


def changed(changes: Mapping[str, str], text: str = ROUTED) -> str:
    """Return the company with each text replaced wherever it stands."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """Claims about 200, 400 and 2000, all of them classified."""
    with Pool(database.app_url, connections=3) as pool:
        office = Office.opened(pool, text=ROUTED)
        for amount in ("200", "400", "2000"):
            office.start(amount)
        yield office


def past(office: Office, text: str, limit: int = 100) -> Asked:
    (asked,) = ask_past(office.company, compile_model(read(text)), limit).rules
    return asked


def test_answers_that_would_have_come_out_otherwise_are_told_with_where_the_case_goes(
    office: Office,
) -> None:
    asked = past(office, changed({"1000": "300"}))

    assert (asked.rule, asked.workflow, asked.step) == ("levels", "claim", "classify")
    assert (asked.cases, asked.asked, asked.unsure, len(asked.other)) == (3, 3, 0, 1)
    assert asked.other[0].answered.otherwise == (
        Otherwise("level", "low", "high", None),
        Otherwise("fee", "5", "20", Decimal(15)),
    )
    assert asked.ways == {("handling", "approve"): 1}


def test_how_much_numbers_differ_is_told_over_all_of_them(office: Office) -> None:
    asked = past(office, changed({'"5"': '"4"', '"20"': '"26"'}))

    assert asked.by == {"fee": (3, Decimal(-1), Decimal(6), Decimal(4))}
    assert asked.outputs == {("fee", "5", "4"): 2, ("fee", "20", "26"): 1}
    assert asked.ways == {}


def test_a_rule_that_would_have_had_no_answer_is_told_without_a_value_of_the_record(
    office: Office,
) -> None:
    asked = past(office, changed({">= 1000": ">= 3000"}))

    assert asked.refused == {"`levels` has no single answer: no row matches": 1}
    assert asked.outputs == {}


def test_a_rule_that_did_not_change_is_not_asked(office: Office) -> None:
    other = changed({"title: Level from amount": "title: Level", "due: 2 days": "due: 1 day"})
    assert past(office, changed({"1000": "300"}, other)).asked == 3
    other = compile_model(read(changed({"due: 2 days": "due: 1 day"})))
    assert ask_past(office.company, other, 9) == Past()


def test_a_field_that_has_another_name_is_read_by_it(office: Office) -> None:
    renamed = {
        "amount:   {title: Amount,": "sum: {title: Sum, was: amount,",
        "claim.amount": "claim.sum",
    }
    renamed |= {
        "inputs:  {amount:": "inputs:  {sum:",
        "form: [claimant, amount]": "form: [claimant, sum]",
    }
    asked = past(office, changed({"1000": "300", **renamed}))

    assert asked.outputs == {("fee", "5", "20"): 1, ("level", "low", "high"): 1}


def test_a_personal_answer_is_not_told(database: Database) -> None:
    text = changed(
        {"type: choice, of: [low, high]}": "type: choice, of: [low, high], class: personal}"}
    )
    with Pool(database.app_url, connections=3) as pool:
        office = Office.opened(pool, text=text)
        office.start("400")
        asked = past(office, changed({"1000": "300"}, text))

    assert ("level", "(personal)", "(personal)") in asked.outputs


def test_what_the_rule_read_and_is_gone_is_counted_apart(database: Database) -> None:
    text = changed(
        {"title: Amount, type: decimal}": "title: Amount, type: decimal, class: personal}"}
    )
    with Pool(database.app_url, connections=3) as pool:
        office = Office.opened(pool, text=text)
        office.start("400")
        office.start("400")
        with connect(database.owner_url) as connection:
            connection.execute(
                "DELETE FROM vault WHERE case_id = (SELECT min(case_id::text)::uuid FROM vault)"
            )
        asked = past(office, changed({"1000": "300"}, text))

    assert (asked.asked, asked.unsure, len(asked.other)) == (2, 1, 1)


def test_the_latest_cases_are_asked_and_no_more(office: Office) -> None:
    asked = past(office, changed({"1000": "300"}), limit=2)
    assert (asked.cases, len(asked.other)) == (2, 1)
    assert past(office, changed({"1000": "300"}), limit=1).other == []


def test_each_case_is_asked_by_the_rule_that_it_was_asked_by_then(office: Office) -> None:
    office.company.load(read(changed({"1000": "300"})))
    office.start("400")

    asked = past(office, ROUTED)

    assert (asked.asked, len(asked.other)) == (1, 1)
    assert asked.outputs == {("fee", "20", "5"): 1, ("level", "high", "low"): 1}


def test_an_answer_that_was_personal_then_is_not_told_either(database: Database) -> None:
    choice = "type: choice, of: [low, high]}"
    secret = changed({choice: choice.replace("}", ", class: personal}")})
    with Pool(database.app_url, connections=3) as pool:
        office = Office.opened(pool, text=secret)
        office.start("400")
        asked = past(office, changed({"1000": "300"}))

    assert ("level", "(personal)", "(personal)") in asked.outputs


def test_a_rule_that_few_cases_asked_is_looked_for_behind_many_that_asked_another(
    office: Office,
) -> None:
    again = (
        "again: {title: Again, rule: levels, then: approve}\n      handling:\n        title: Handle"
    )
    text = changed(
        {"handling:\n        title: Handle": again, "go: approve}, {else": "go: again}, {else"}
    )
    office.company.load(read(text))
    office.start("2000")
    for _ in range(3):
        office.start("200")

    found = ask_past(office.company, compile_model(read(changed({"1000": "300"}, text))), 2).rules

    assert {each.step: each.asked for each in found} == {"classify": 2, "again": 1}


def test_a_step_that_had_another_name_is_known_by_both(office: Office) -> None:
    named = {"classify: {title: Classify,": "sort: {title: Sort, was: classify,"}
    office.company.load(read(changed(named)))
    office.start("400")

    asked = past(office, changed({"1000": "300", **named}))

    assert (asked.step, asked.cases, len(asked.other)) == ("sort", 4, 2)


def test_a_changed_rule_that_only_conditions_call_is_named(office: Office) -> None:
    called = """\
rules:
  much:
    title: Much
    parameters: {what: number}
    value: what > 1000
"""
    text = changed({"rules:\n": called, "claim.amount <= 500": "not(much(claim.amount))"})
    office.company.load(read(text))

    found = ask_past(office.company, compile_model(read(changed({"> 1000": "> 900"}, text))), 9)

    assert found == Past((), ("much",))
