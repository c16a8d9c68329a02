"""Warnings and ladders live: durable timers that fire once, none early and none lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Raise, Resolve
from kingpost.decisions.refusals import NotYourPost
from kingpost.engine.due import due_notices
from kingpost.engine.perform import Done, notify
from kingpost.engine.verify import verify
from kingpost.queries.case_page import read_case_page
from kingpost.queries.worklist import View, Wanted, read_worklist
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import pump_once
from tests.database import Database
from tests.engine.office import WITH_A_LADDER, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, text=WITH_A_LADDER)


def told(office: Office, case: UUID) -> tuple[str, ...]:
    token = office.case(case).at("examine")
    assert token is not None
    return token.told


def faults(office: Office) -> list[str]:
    """Return what either checker finds, the one that shares the fold and the one that does not."""
    found = [fault.invariant for fault in verify(office.company).faults]
    return [*found, *(each.invariant for each in audit(office.company.database))]


def pump(office: Office) -> int:
    """Let everything that is due be done, as a worker would; return how much it was."""
    done = 0
    while found := pump_once(office.company).done:
        done += found
    return done


def kinds(office: Office, case: UUID) -> object:
    return office.scalar("SELECT array_agg(kind ORDER BY seq) FROM event WHERE case_id = %s", case)


def test_each_notice_is_given_when_it_falls_due_and_once(office: Office) -> None:
    fresh, near, late = (office.begun_ago(age) for age in (DAY - HOUR, DAY + HOUR, 2 * DAY + HOUR))

    assert pump(office) == 1 + 2
    assert pump(office) == 0
    assert kinds(office, fresh) == ["started"]
    assert kinds(office, near) == ["started", "warned"]
    assert kinds(office, late) == ["started", "warned", "escalated"]
    assert (told(office, near), told(office, late)) == ((), ("check",))
    assert faults(office) == []


def test_what_fell_due_while_no_worker_ran_is_given_in_its_order(office: Office) -> None:
    case = office.begun_ago(30 * DAY)

    assert pump(office) == 3
    assert told(office, case) == ("check", "lead")
    assert office.scalar("SELECT count(*) FROM timer") == 0
    assert faults(office) == []


def test_two_workers_give_each_notice_once(office: Office) -> None:
    cases = [office.begun_ago(30 * DAY) for _ in range(6)]
    together = Barrier(2)

    def work() -> None:
        together.wait()
        pump(office)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    expected = ["started", "warned", "escalated", "escalated"]
    assert [kinds(office, case) for case in cases] == [expected] * 6
    assert faults(office) == []


def test_a_notice_that_is_given_again_has_one_effect(office: Office) -> None:
    case = office.begun_ago(2 * DAY + HOUR)
    (due,) = due_notices(office.company, 10)

    first, second = notify(office.company, due), notify(office.company, due)

    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (second.seq, second.repeated) == (first.seq, True)
    assert kinds(office, case) == ["started", "warned"]


def test_a_timer_stands_still_with_its_clock_and_goes_on_with_it(office: Office) -> None:
    case = office.start()
    task = office.task(case, "examine")
    (before,) = times(office)
    office.do(Raise(task, "info-missing", {}, "why"), "anna")
    assert times(office) == []

    office.do(Resolve(task, "answered"), "anna")

    (after,) = times(office)
    # It falls due later by just as long as it was held.
    held = office.scalar(
        "SELECT max(at) FILTER (WHERE seq = 3) - max(at) FILTER (WHERE seq = 2) FROM event"
    )
    assert isinstance(held, timedelta)
    assert abs((after - before) - held) < timedelta(milliseconds=2)
    assert faults(office) == []


def times(office: Office) -> list[datetime]:
    with office.company.database.connection() as connection:
        return [row["at"] for row in connection.execute("SELECT at FROM timer ORDER BY at")]


def test_done_work_has_no_timer(office: Office) -> None:
    case = office.start()

    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")

    assert times(office) == []
    assert faults(office) == []


def test_who_is_told_finds_the_work_on_the_worklist(office: Office) -> None:
    case = office.begun_ago(2 * DAY + HOUR)
    pump(office)
    company = office.company

    def rows(person: str, view: View) -> list[tuple[UUID, tuple[str, ...]]]:
        found = read_worklist(company.database, company.active(), person, Wanted(view))
        assert found.counts[view] == found.page.total
        return [(item.case, item.told) for item in found.page.rows if item.step == "examine"]

    # Carl's post was told, and does not carry the role: he is told and no more.
    assert rows("carl", View.ESCALATED) == [(case, ("check",))]
    assert rows("carl", View.ALL) == []
    assert rows("leo", View.ESCALATED) == []
    assert rows("anna", View.ALL) == [(case, ("check",))]


def test_the_timeline_tells_who_was_told(office: Office) -> None:
    case = office.begun_ago(30 * DAY)
    pump(office)
    company = office.company
    number = office.case(case).number

    page = read_case_page(company.database, number, company.program)

    assert page is not None
    assert [(event.kind, event.choice_title) for event in page.events[1:]] == [
        ("warned", None),
        ("escalated", "Fraud checker"),
        ("escalated", "Team lead"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM timer",
        "UPDATE timer SET at = at - interval '1 hour'",
        "UPDATE timer SET notice = notice + 1",
    ],
)
def test_a_timer_that_was_changed_is_found(
    office: Office, database: Database, statement: str
) -> None:
    office.start()

    with psycopg.connect(database.owner_url) as connection:
        connection.execute(statement.encode())

    assert set(faults(office)) == {"I10"}


def test_who_was_told_cannot_be_changed_beside_the_history(
    office: Office, database: Database
) -> None:
    office.begun_ago(2 * DAY + HOUR)
    pump(office)

    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE task SET told = '{}'")

    assert set(faults(office)) == {"I3"}


def test_a_notice_that_nobody_gave_is_found_as_left_lying(office: Office) -> None:
    office.begun_ago(30 * DAY)

    (found,) = audit(office.company.database)

    assert found.message.startswith("a notice about `examine` was to be given at ")


def test_who_acts_because_the_ladder_told_them_stands_before_both_checkers(
    database: Database,
) -> None:
    text = WITH_A_LADDER.replace("roles: [checker]", "roles: [checker, clerk]")
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool, text=text)
        case = office.begun_ago(2 * DAY + HOUR)
        examined = Complete(office.task(case, "examine"), {"report": "fine"})
        assert isinstance(office.ask(examined, "carl"), NotYourPost)

        pump(office)
        office.do(examined, "carl")

        via = "SELECT convert_from(body, 'UTF8')::jsonb #>> '{actor,via}' FROM event WHERE seq = 4"
        assert office.scalar(via) == "escalation"
        assert faults(office) == []
