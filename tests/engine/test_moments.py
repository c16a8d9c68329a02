"""Waits that a field ends, over a real database, also when the time changes at that moment."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import Record, Start
from kingpost.engine import perform as road
from kingpost.engine.perform import expire
from kingpost.engine.verify import verify
from kingpost.store.due.timers import due_waits
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office

LETTER = """
kingpost: 1
company: Office
timezone: Europe/Lisbon
calendars: {c: {hours: always}}
units: {u: {calendar: c}}
roles: {clerk: {}}
posts: {desk: {unit: u, roles: [clerk], seats: 2, vacancy: holds}}
objects:
  letter:
    custodian: desk
    fields: {send-at: {type: datetime}}
    states: {new: {begin: true}, sent: {end: true}}
    moves: [new -> sent]
workflows:
  letter:
    object: letter
    owner: desk
    begins: {form: [send-at], roles: [clerk]}
    steps:
      hold: {wait: It is time, until: send-at, role: clerk, records: [send-at], then: send}
      send: {state: sent, then: end}
"""
PAST, FUTURE = "2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool, {"anna": "desk"}, text=LETTER, workflow="letter")


def due(office: Office) -> list[UUID]:
    with office.company.database.connection() as connection:
        return [task for task, _ in due_waits(connection, 10)]


def test_the_worker_finds_a_wait_when_its_time_has_come(office: Office) -> None:
    office.do(Start({"send-at": FUTURE}), "anna")
    office.do(Start({}), "anna")
    over = office.do(Start({"send-at": PAST}), "anna").case

    (task,) = due(office)
    expire(office.company, task)

    assert office.case(over).is_closed
    assert due(office) == []
    assert verify(office.company).faults == ()


def test_a_time_that_is_put_off_at_the_last_moment_counts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.do(Start({"send-at": PAST}), "anna").case
    (task,), decide, moved = due(office), road.decide, list[bool]()

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if not moved:
            moved.append(True)
            office.do(Record(str(task), {"send-at": FUTURE}), "anna")
        return outcome

    monkeypatch.setattr(road, "decide", slow)

    assert type(expire(office.company, task)).__name__ == "NotYetDue"
    assert not office.case(case).is_closed
    assert verify(office.company).faults == ()
