"""The checker: silent over sound work, and loud over every kind of damage."""

import json

import psycopg
import pytest

from kingpost.decisions.commands import Complete, Decide, Deliver, Raise
from kingpost.engine.company import Company, ModelChangedError
from kingpost.engine.verify import verify
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def worked(office: Office) -> Office:
    """Four cases: one that has just begun, one suspended, one that waits, one that is closed."""
    office.start()
    office.do(Raise(office.task(office.start(), "examine"), "info-missing", {}, "why"), "anna")
    office.approved()
    closed = office.approved()
    office.do(Deliver(office.task(closed, "payment"), "paid-out"), interface="bank")
    return office


def damage(database: Database, statement: str) -> None:
    """Change the store behind its back, as an owner could who drops the triggers first."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("DROP TRIGGER event_is_final ON event")
        connection.execute("DROP TRIGGER register_entry_is_final ON register_entry")
        connection.execute("DROP TRIGGER appointment_ended ON appointment")
        connection.execute(statement.encode())


def test_sound_work_has_no_faults(worked: Office) -> None:
    case = worked.start()
    worked.do(Complete(worked.task(case, "examine"), {"report": "fine"}), "anna")
    worked.do(Decide(worked.task(case, "suspect"), "again"), "carl")
    worked.paid_long_ago(days=3)

    report = verify(worked.company)

    assert report.faults == ()
    assert (report.cases, report.events) == (6, 1 + 2 + 4 + 5 + 3 + 4)


CLOSED = "ANY (SELECT id FROM case_file WHERE closed_at IS NOT NULL)"
# All of a closed case but its measurements and keys.
GONE = "".join(
    f"DELETE FROM {table} WHERE case_id = {CLOSED};"
    for table in ("event", "visit", "duty", "vault")
)
WAITING = "ANY (SELECT case_id FROM task WHERE kind = 'wait' ORDER BY case_id LIMIT 1)"


# What somebody could do who owns the tables, and which invariant it breaks.
DAMAGE = [
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
        UPDATE appointment SET wished = other, during = other
          FROM tstzrange('2019-01-01Z', '2019-02-01Z') AS other
         WHERE post = 'lead'
        """,
        "I7",
    ),
    (
        """
        UPDATE appointment SET during = 'empty', ended_by = 'nobody', ended_at = now()
         WHERE post = 'lead'
        """,
        "I7",
    ),
    ("DELETE FROM register_entry WHERE subject = (SELECT id FROM appointment LIMIT 1)", "I7"),
    ("UPDATE register_entry SET until_at = '2030-01-01Z'", "I7"),
    ("UPDATE register_entry SET recorded_by = 'nobody'", "I7"),
    ("UPDATE register_entry SET subject = gen_random_uuid() WHERE position = 1", "I7"),
    (
        """
        UPDATE appointment
           SET during = tstzrange(lower(during), now()), ended_by = 'x', ended_at = now()
         WHERE person = 'ben'
        """,
        "I7",
    ),
    ("UPDATE event SET person = 'ben' WHERE seq = 1", "I2"),
    ("UPDATE event SET person = NULL WHERE kind = 'decided'", "I2"),
    ("UPDATE event SET step = 'examine' WHERE seq = 1", "I2"),
    ("UPDATE event SET hash = repeat('0', 64) WHERE seq = 1", "I2"),
    ("UPDATE event SET recorded_at = recorded_at + interval '1 hour'", "I2"),
    ("UPDATE event SET recorded_at = recorded_at - interval '1 hour' WHERE seq = 2", "I2"),
    (f"UPDATE case_file SET number = 'CLM-99' WHERE id = {WAITING}", "I3"),
    ("UPDATE measurement SET at = at + interval '1 hour'", "I3"),
    ("UPDATE measurement SET value = value + 1", "I3"),
    ("UPDATE measurement SET metric = 'another' WHERE seq = 2", "I3"),
    ("UPDATE measurement SET seq = 1 WHERE seq = 2", "I3"),
    ("DELETE FROM measurement", "I3"),
    (f"DELETE FROM measurement WHERE case_id = {CLOSED}", "I3"),
    ("INSERT INTO measurement SELECT * FROM measurement LIMIT 1", "I3"),
    (
        """
        INSERT INTO measurement
        SELECT case_id, seq, 'speed', 1, at FROM event WHERE seq = 1 LIMIT 1
        """,
        "I3",
    ),
    ("DELETE FROM command WHERE seq = 2", "I5"),
    ("DELETE FROM command", "I5"),
    ("UPDATE command SET fingerprint = 'import'", "I5"),
    ("UPDATE task SET due_at = due_at + interval '1 hour'", "I3"),
    ("UPDATE task SET due_at = NULL", "I3"),
    ("UPDATE task SET limit_at = limit_at + interval '1 day'", "I3"),
    ("UPDATE task SET spent_ms = spent_ms + 1", "I3"),
    ("UPDATE task SET person = 'ben' WHERE kind = 'task'", "I3"),
    ("UPDATE task SET post = 'head' WHERE kind = 'task'", "I3"),
    ("UPDATE task SET suspended = 'other' WHERE suspended IS NOT NULL", "I3"),
    ("UPDATE duty SET due_at = since + interval '1 day'", "I3"),
    ("UPDATE duty SET since = since + interval '1 day'", "I3"),
    ("UPDATE duty SET workflow = 'other'", "I3"),
    (f"{GONE} DELETE FROM case_file WHERE id = {CLOSED}", "I1"),
    ("UPDATE model_version SET content = content || ' '::bytea", "I15"),
    (
        "INSERT INTO model_version SELECT repeat('0', 64), company, content FROM model_version",
        "I15",
    ),
]


@pytest.mark.parametrize(("statement", "invariant"), DAMAGE)
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


def test_a_model_that_was_changed_in_the_database_does_not_run(
    worked: Office, database: Database
) -> None:
    version = worked.company.active().version
    damage(database, "UPDATE model_version SET content = replace(content::text, '1', '2')::bytea")
    company = Company(worked.company.database)

    with pytest.raises(ModelChangedError, match=f"{version} does not match its version"):
        company.program(version)

    faults = verify(company).faults
    assert {fault.invariant for fault in faults} == {"I15"}
    assert {fault.place.split()[0] for fault in faults} == {"model", "case"}


def test_what_was_measured_stands_in_the_chain(worked: Office) -> None:
    with worked.company.database.connection() as connection:
        rows = connection.execute("SELECT case_id, seq, metric, value FROM measurement").fetchall()
        events = connection.execute("SELECT case_id, seq, body FROM event").fetchall()

    told = [
        (event["case_id"], event["seq"], item["metric"], item["value"])
        for event in events
        for item in json.loads(event["body"]).get("measured", ())
    ]

    assert sorted(told) == sorted(tuple(row.values()) for row in rows)
    assert told
