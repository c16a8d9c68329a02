"""Worklists: who sees what, in which order, and that it is exactly what they may act on."""

from typing import Any

import pytest

from kingpost.decisions.authority import Reach, standings
from kingpost.decisions.commands import Actor, Facts
from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Appointment
from kingpost.model.workflow import Decision, Task
from kingpost.queries.people import may_see_case, read_reader, who_answered
from kingpost.queries.worklist import View, Wanted, Worklist, read_worklist
from tests.engine.office import HOLDERS, LONG_AGO
from tests.queries.claims import DAY, HOUR, Claims

ALL = Wanted()


def worklist(
    claims: Claims, person: str, wanted: Wanted = ALL, page: int = 1, size: int = 50
) -> Worklist:
    return read_worklist(claims.database, claims.program, person, wanted, page=page, size=size)


def numbers(found: Worklist) -> list[str]:
    return [item.number for item in found.page.rows]


def test_the_soonest_term_comes_first_and_what_stands_still_last(claims: Claims) -> None:
    found = worklist(claims, "anna")

    assert numbers(found) == ["CLM-C", "CLM-D", "CLM-E"]
    assert {view.value: count for view, count in found.counts.items()} == {
        "all": 3,
        "overdue": 1,
        "due-today": 0,
        "mine": 1,
        "unassigned": 2,
        "below": 0,
        "escalated": 0,
    }
    assert found.steps == {("claim", "examine"): 3}


def test_an_entry_says_what_it_is_whose_and_until_when(claims: Claims) -> None:
    late, mine, still = worklist(claims, "anna").page.rows

    assert (late.kind, late.role, late.post, late.person) == ("task", "clerk", "desk", None)
    assert [(title.field, title.value) for title in late.titles] == [("claimant", "Claimant C")]
    assert late.term is not None
    assert late.term.due_at == claims.now - 3 * DAY
    assert late.term.fraction > 2.5
    assert (mine.person, mine.person_name) == ("anna", "Anna")
    assert mine.term is not None
    assert mine.term.due_at == claims.now - HOUR + 2 * DAY
    assert still.suspended == "info-missing"
    assert still.term is not None
    assert (still.term.due_at, still.term.spent_ms) == (None, 2 * 3_600_000)


def test_each_view_is_a_part(claims: Claims) -> None:
    assert numbers(worklist(claims, "anna", Wanted(View.OVERDUE))) == ["CLM-C"]
    assert numbers(worklist(claims, "anna", Wanted(View.MINE))) == ["CLM-D"]
    assert numbers(worklist(claims, "ben", Wanted(View.MINE))) == []
    assert numbers(worklist(claims, "anna", Wanted(View.UNASSIGNED))) == ["CLM-C", "CLM-E"]


def test_filters_narrow_the_page_and_the_counts_but_not_the_steps(claims: Claims) -> None:
    for wanted in (Wanted(text="clm-d"), Wanted(text="mant D"), Wanted(text=" claimant d ")):
        found = worklist(claims, "anna", wanted)
        assert numbers(found) == ["CLM-D"]
        assert found.counts[View.ALL] == 1
        assert found.steps == {("claim", "examine"): 3}
    assert numbers(worklist(claims, "anna", Wanted(text="%"))) == []
    assert numbers(worklist(claims, "anna", Wanted(step="approve"))) == []
    assert numbers(worklist(claims, "anna", Wanted(workflow="other"))) == []


def test_a_superior_that_carries_the_role_sees_it_below(claims: Claims) -> None:
    leo, hedy = worklist(claims, "leo"), worklist(claims, "hedy", Wanted(View.BELOW))

    assert numbers(leo) == ["CLM-F"]
    assert numbers(hedy) == ["CLM-F"]
    assert (hedy.counts[View.ALL], hedy.counts[View.BELOW]) == (0, 1)


def test_work_of_a_vacant_post_falls_to_another(claims: Claims) -> None:
    now = claims.now
    assert register.end_appointment(claims.company, claims.appointments["carl"], now, by="test")
    assert register.end_appointment(claims.company, claims.appointments["leo"], now, by="test")

    hedy = worklist(claims, "hedy")

    assert numbers(hedy) == ["CLM-F", "CLM-D"]
    assert hedy.reader.vacant == {"check", "lead"}
    assert numbers(worklist(claims, "carl")) == []


def test_a_post_that_one_acts_in_narrows_the_list(claims: Claims) -> None:
    register.appoint(claims.company, [Appointment("anna", "check", LONG_AGO)], by="test")

    assert len(worklist(claims, "anna").page.rows) == 4
    found = read_worklist(claims.database, claims.program, "anna", ALL, acting_as="check")
    assert numbers(found) == ["CLM-D"]
    found = read_worklist(claims.database, claims.program, "anna", ALL, acting_as="head")
    assert numbers(found) == []


def test_a_list_holds_exactly_what_its_reader_may_act_on(claims: Claims) -> None:
    """The worklist is the reverse of the authority that judges acts: both must say the same."""
    register.end_appointment(claims.company, claims.appointments["carl"], claims.now, by="test")
    flow = claims.program.workflows["claim"]
    for person in HOLDERS:
        found = {
            str(item.id)
            for view in (View.ALL, View.BELOW)
            for item in worklist(claims, person, Wanted(view)).page.rows
        }
        reader = read_reader(claims.database, person)
        actor = Actor(person, None, reader.holdings)
        facts = Facts(claims.now, claims.now, actor, reader.vacant)
        may = {
            token.id
            for case in claims.cases.values()
            for token in case.tokens.values()
            if isinstance(step := flow.places[token.step].step, Task | Decision)
            and any(standings(flow, facts, step.id, step.role, Reach(token.post, token.told)))
        }
        assert found == may, person


LENT: list[dict[str, Any]] = [
    {},
    {"workflows": ("claim",)},
    {"outcomes": ("claim/approve/approve",)},
    {"workflows": ("claim",), "outcomes": ("claim/approve/reject", "claim/approve/approve")},
]


@pytest.mark.parametrize("scope", LENT)
def test_a_list_holds_exactly_what_was_lent(claims: Claims, scope: dict[str, Any]) -> None:
    start = claims.now - HOUR
    for person in ("anna", "hedy"):
        wish = Delegation("leo", "lead", person, start, claims.now + DAY, "Leave", **scope)
        delegations.delegate(claims.company, wish, by="leo")
    flow = claims.program.workflows["claim"]
    for person in ("anna", "hedy"):
        rows = [
            item
            for view in (View.ALL, View.BELOW)
            for item in worklist(claims, person, Wanted(view)).page.rows
        ]
        reader = read_reader(claims.database, person)
        facts = Facts(claims.now, claims.now, Actor(person, None, reader.holdings), reader.vacant)
        may = {
            token.id
            for case in claims.cases.values()
            for token in case.tokens.values()
            if isinstance(step := flow.places[token.step].step, Task | Decision)
            and any(standings(flow, facts, step.id, step.role, Reach(token.post, token.told)))
        }
        assert sorted(str(item.id) for item in rows) == sorted(may), person
        assert any(item.step == "approve" for item in rows)


def test_pages_end_where_the_rows_end(claims: Claims) -> None:
    first, second = worklist(claims, "anna", size=2), worklist(claims, "anna", page=2, size=2)
    third = worklist(claims, "anna", page=3, size=2)

    assert (numbers(first), numbers(second), numbers(third)) == (
        ["CLM-C", "CLM-D"],
        ["CLM-E"],
        [],
    )
    assert (third.page.total, third.page.last, third.page.number) == (3, 2, 3)
    assert numbers(worklist(claims, "anna", page=0, size=2)) == ["CLM-C", "CLM-D"]


def test_nobody_and_an_empty_company_have_empty_lists(nothing: Claims) -> None:
    for person in ("anna", "nobody"):
        found = worklist(nothing, person)
        assert (found.page.rows, found.page.total, found.page.last) == ((), 0, 1)
        assert set(found.counts.values()) == {0}


def test_whoever_holds_a_post_may_see_a_case(claims: Claims) -> None:
    def may(person: str) -> bool:
        return may_see_case(read_reader(claims.database, person), claims.program)

    assert may("ben")
    assert not may("nobody")


def test_the_register_tells_who_answered_on_a_day(claims: Claims) -> None:
    company, now = claims.company, claims.now
    register.keep_people(company, [("gina", "Gina")])
    assert register.end_appointment(company, claims.appointments["leo"], now + HOUR, by="test")
    register.appoint(company, [Appointment("gina", "lead", now + DAY, kind="acting")], by="test")

    def names(post: str, days: int) -> list[tuple[str, str]]:
        found = who_answered(claims.database, claims.program, post, now + days * DAY)
        return [(holder.name, holder.kind) for holder in found.holders]

    assert names("lead", -10) == [("Leo", "substantive")]
    assert names("lead", 2) == [("Gina", "acting")]
    assert names("no-such-post", 0) == []
    vacant = who_answered(claims.database, claims.program, "lead", now + 2 * HOUR)
    assert (vacant.is_vacant, vacant.falls_to) == (True, "head")
