"""The checker: silent over sound work, and loud over every kind of damage."""

import psycopg
import pytest

from kingpost.decisions.commands import Complete, Decide, Deliver, Raise
from kingpost.engine.verify import verify
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def worked(office: Office) -> Office:
    """Three cases: one that has just begun and is suspended, one that waits, one that is closed."""
    office.do(Raise(office.task(office.start(), "examine"), "info-missing", {}, "why"), "anna")
    office.approved()
    closed = office.approved()
    office.do(Deliver(office.task(closed, "payment"), "paid-out"), interface="bank")
    return office


def damage(database: Database, statement: str) -> None:
    """Change the store behind its back, as an owner could who drops the triggers first."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("DROP TRIGGER event_is_final ON event")
        connection.execute(statement.encode())


def test_sound_work_has_no_faults(worked: Office) -> None:
    case = worked.start()
    worked.do(Complete(worked.task(case, "examine"), {"report": "fine"}), "anna")
    worked.do(Decide(worked.task(case, "suspect"), "again"), "carl")
    worked.paid_long_ago(days=3)

    report = verify(worked.company)

    assert report.faults == ()
    assert (report.cases, report.events) == (5, 2 + 4 + 5 + 3 + 4)


CLOSED = "(SELECT id FROM case_file WHERE closed_at IS NOT NULL)"
WAITING = "(SELECT case_id FROM task WHERE kind = 'wait')"


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        (f"DELETE FROM event WHERE case_id = {CLOSED} AND seq = 3", "I2"),
        (f"DELETE FROM event WHERE case_id = {CLOSED} AND seq = 5", "I3"),
        (f"DELETE FROM event WHERE case_id = {CLOSED}", "I2"),
        ("UPDATE event SET body = body || ' '::bytea WHERE seq = 2", "I2"),
        ("UPDATE event SET header = header || ' '::bytea WHERE seq = 2", "I2"),
        ("UPDATE event SET kind = 'decided' WHERE seq = 1", "I2"),
        ("UPDATE event SET header = 'garbage' WHERE seq = 1", "I2"),
        ("UPDATE event SET header = '[]' WHERE seq = 1", "I2"),
        ("UPDATE event SET header = '{}', body = '\\xff' WHERE seq = 2", "I2"),
        ("UPDATE case_file SET position = '{}' WHERE closed_at IS NULL", "I2"),
        ("UPDATE event SET at = at + interval '1 second' WHERE seq = 1", "I2"),
        (f"UPDATE case_file SET state = 'paid' WHERE id = {WAITING}", "I3"),
        (
            f'UPDATE case_file SET fields = fields || \'{{"amount": "9"}}\' WHERE id = {WAITING}',
            "I3",
        ),
        (f"UPDATE case_file SET version = version + 1 WHERE id = {WAITING}", "I3"),
        (f"DELETE FROM case_file WHERE id = {CLOSED}", "I1"),
        ("DELETE FROM task WHERE kind = 'wait'", "I3"),
        ("UPDATE task SET post = 'head' WHERE kind = 'decision'", "I3"),
        ("UPDATE task SET suspended = NULL WHERE suspended IS NOT NULL", "I3"),
        ("UPDATE task SET limit_at = NULL WHERE kind = 'wait'", "I3"),
        ("DELETE FROM visit WHERE name = 'examine'", "I3"),
        ("UPDATE visit SET until = until + interval '1 hour'", "I3"),
        ("UPDATE duty SET status = 'late' WHERE status = 'met'", "I3"),
        ("DELETE FROM duty", "I3"),
        ("UPDATE vault SET value = '\"Somebody\"' WHERE name LIKE 'field/claimant/%'", "I12"),
        ("DELETE FROM vault WHERE name = 'shown'", "I12"),
        ("INSERT INTO vault SELECT case_id, seq, 'more', salt, value FROM vault LIMIT 1", "I12"),
        (
            """
            INSERT INTO command
            SELECT gen_random_uuid(), fingerprint, case_id, seq FROM command LIMIT 1
            """,
            "I5",
        ),
        ("UPDATE command SET seq = 77 WHERE seq = 5", "I5"),
        ("UPDATE appointment SET person = 'ben' WHERE post = 'check'", "I7"),
        (
            """
            UPDATE appointment SET during = tstzrange('2019-01-01Z', '2019-02-01Z')
             WHERE post = 'lead'
            """,
            "I7",
        ),
        ("UPDATE measurement SET at = at + interval '1 hour'", "I3"),
    ],
)
def test_damage_is_found(
    worked: Office, database: Database, statement: str, invariant: str
) -> None:
    damage(database, statement)

    faults = verify(worked.company).faults

    assert invariant in {fault.invariant for fault in faults}, [str(fault) for fault in faults]


def test_a_fault_is_worded_for_people(worked: Office, database: Database) -> None:
    damage(database, f"DELETE FROM event WHERE case_id = {CLOSED} AND seq = 3")
    case = worked.scalar("SELECT id FROM case_file WHERE closed_at IS NOT NULL")

    (fault,) = verify(worked.company).faults

    assert str(fault) == f"I2 in case {case}: event 3 is missing: found 4"
