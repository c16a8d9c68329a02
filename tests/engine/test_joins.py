"""Branches that end at one moment: the case goes on behind their join once, whoever was last."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import cast
from uuid import UUID

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Decide, Start
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_races import at_once, kinds

BRANCHES = 6
# Numbers have more digits later.
GROWTH_MAX = 1.05
CASES = 5
WORKSHOP = """
kingpost: 1
company: Workshop
timezone: Europe/Lisbon
calendars: {c: {hours: always}}
units: {u: {calendar: c}}
roles: {hand: {}}
posts:
  bench:
    unit: u
    roles: [hand]
    seats: 9
    vacancy: holds
    authority: [{decide: order/check, outcomes: [again, good]}]
objects:
  order:
    custodian: bench
    fields: {note: {type: text}}
    states: {new: {begin: true}, made: {end: true}}
    moves: [new -> made]
workflows:
  order:
    object: order
    owner: bench
    begins: {form: [note], roles: [hand]}
    steps:
      parts:
        parallel:
          join: JOIN
          branches:
BRANCHES
        then: check
      check:
        decision: Is it good?
        role: hand
        outcomes: {again: {then: parts}, good: {then: close}}
      close: {end: true, state: made}
"""


def workshop(join: str) -> str:
    """Return a company whose orders are made in many branches at once, again and again."""
    branches = "\n".join(
        f"            b{n}: {{steps: {{p{n}: {{task: Part {n}, role: hand, then: done}}}}}}"
        for n in range(BRANCHES)
    )
    return WORKSHOP.replace("JOIN", join).replace("BRANCHES", branches)


@pytest.fixture
def pool(database: Database) -> Iterator[Pool]:
    with Pool(database.app_url, connections=BRANCHES) as opened:
        yield opened


def opened(pool: Pool, join: str) -> Office:
    return Office.opened(pool, {"anna": "bench"}, text=workshop(join), workflow="order")


def parts(office: Office, case: UUID) -> list[str]:
    return [office.task(case, f"p{n}") for n in range(BRANCHES)]


def complete_at_once(office: Office, tasks: list[str]) -> Counter[str]:
    return kinds(at_once(len(tasks), lambda n: office.ask(Complete(tasks[n]), "anna")))


@pytest.mark.parametrize("join", ["all", "any", f"3 of {BRANCHES}"])
def test_last_branches_at_one_moment_lead_on_once(pool: Pool, join: str) -> None:
    office = opened(pool, join)
    needed = {"all": BRANCHES, "any": 1}.get(join) or int(join[0])

    for _ in range(CASES):
        case = office.do(Start({}), "anna").case
        tasks = parts(office, case)
        # Those before the last that are needed are done one after the other.
        for task in tasks[: needed - 1] if join != "all" else []:
            office.do(Complete(task), "anna")
        left = tasks if join == "all" else tasks[needed - 1 :]

        answers = complete_at_once(office, left)

        assert answers == {"Done": BRANCHES} if join == "all" else answers["Done"] == 1
        assert office.steps(case) == {"check"}
        open_work = "SELECT count(*) FROM task WHERE case_id = %s"
        assert office.scalar(open_work, case) == 1
        # Every event is an act that was told to be done: nobody was told so in vain.
        assert office.case(case).version == 1 + needed

    assert (verify(office.company).faults, list(audit(office.company.database))) == ((), [])


def test_a_branch_that_ended_does_not_count_again_in_the_next_round(pool: Pool) -> None:
    office = opened(pool, "all")
    case = office.do(Start({}), "anna").case

    for _ in range(3):
        tasks = parts(office, case)
        answers = complete_at_once(office, [*tasks, *tasks])
        assert answers["Done"] == BRANCHES
        check = office.task(case, "check")
        assert (
            kinds(at_once(4, lambda _, at=check: office.ask(Decide(at, "again"), "anna")))["Done"]
            == 1
        )

    assert office.steps(case) == {"parts", *(f"p{n}" for n in range(BRANCHES))}
    assert (verify(office.company).faults, list(audit(office.company.database))) == ((), [])


@pytest.mark.slow
def test_a_loop_costs_the_same_however_often_it_was_gone_through(
    pool: Pool, size: Callable[[int], int]
) -> None:
    office = opened(pool, "any")
    case, rounds, rows = office.do(Start({}), "anna").case, size(40), list[int]()

    for _ in range(rounds):
        office.do(Complete(office.task(case, "p0")), "anna")
        office.do(Decide(office.task(case, "check"), "again"), "anna")
        rows.append(cast("int", office.scalar("SELECT length(position::text) FROM case_file")))

    events = cast(
        "list[int]",
        office.scalar("SELECT array_agg(length(header) + length(body) ORDER BY seq) FROM event"),
    )
    for sizes in (rows, events[1::2], events[2::2]):
        # Of the first round more is told: how the case began.
        assert max(sizes[2:]) <= GROWTH_MAX * sizes[1]
    assert office.scalar("SELECT count(*) FROM task") == BRANCHES
    assert (verify(office.company).faults, list(audit(office.company.database))) == ((), [])
