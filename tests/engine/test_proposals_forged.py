"""The history of a proposal, changed by whoever owns the tables: both who verify tell of it."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from psycopg import connect
from psycopg.errors import InsufficientPrivilege

from kingpost.audit.auditing import audit
from kingpost.decisions.consenting.proposal import Kind
from kingpost.engine.plans.saving import Saved
from kingpost.engine.verify import verify
from kingpost.proof.canonical import canonical
from tests.database import Database
from tests.engine.consent import BOTH, applied, done, governed, proposed, sooner, sound
from tests.engine.office import Office, read

EVERY = governed(BOTH)


@pytest.fixture
def plan(office: Office) -> Saved:
    """A change that both approved, and that was applied."""
    office.company.load(read(EVERY))
    found = proposed(office, sooner(EVERY))
    for name in ("leo", "carl"):
        done(office, found, Kind.APPROVED, name)
    applied(office, found)
    sound(office)
    return found


def own(database: Database, *statements: str) -> None:
    """Do what only the owner of the tables can, with the triggers off."""
    with connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE proposal_event DISABLE TRIGGER USER")
        for statement in statements:
            connection.execute(statement.encode())


def told(office: Office) -> tuple[set[str], set[str]]:
    """Return what each of both who verify tells, without the place."""
    ours = {f"{fault.invariant}: {fault.message}" for fault in verify(office.company).faults}
    return ours, {f"{each.invariant}: {each.message}" for each in audit(office.company.database)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proposal_event SET kind = 'approved'",
        "DELETE FROM proposal_event",
        "TRUNCATE proposal_event",
        "DELETE FROM proposal",
        "UPDATE proposal SET person = 'ben'",
        "UPDATE plan SET version = running",
    ],
)
def test_the_program_only_adds_to_what_was_said(
    database: Database, plan: Saved, statement: str
) -> None:
    assert plan
    with connect(database.app_url) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


def test_what_is_taken_out_of_the_history_is_told(
    office: Office, database: Database, plan: Saved
) -> None:
    assert plan
    own(database, "DELETE FROM proposal_event WHERE person = 'leo'")

    ours, others = told(office)

    assert "I2: event 2 is missing: found 3" in ours
    assert "I2: event 2 does not follow the event before it" in others
    lacks = "I14: it took effect without the approvals that the version before it asks for"
    assert lacks in others


def forge(
    database: Database, plan: Saved, seq: int, change: Callable[[dict[str, Any]], None]
) -> None:
    """Change the body of an event, and chain all of the history anew."""
    with connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE proposal_event DISABLE TRIGGER USER")
        rows = connection.execute(
            "SELECT seq, header, body FROM proposal_event WHERE plan = %s ORDER BY seq",
            [plan.digest],
        ).fetchall()
        previous = "0" * 64
        for number, head, inside in rows:
            header, body = json.loads(head), json.loads(inside)
            if number == seq:
                change(body)
            written = canonical(body)
            header |= {"prev": previous, "body": sha256(written).hexdigest()}
            previous = sha256(canonical(header)).hexdigest()
            connection.execute(
                "UPDATE proposal_event SET header = %s, body = %s, hash = %s, person = %s"
                " WHERE plan = %s AND seq = %s",
                [
                    canonical(header),
                    written,
                    previous,
                    body["actor"]["person"],
                    plan.digest,
                    number,
                ],
            )
        connection.execute("UPDATE proposal SET head = %s", [previous])


def by_another_post(body: dict[str, Any]) -> None:
    body["answers"][0]["post"] = "check"


def by_another_person(body: dict[str, Any]) -> None:
    body["actor"]["person"] = "anna"


def by_nothing(body: dict[str, Any]) -> None:
    body["answers"] = []


@pytest.mark.parametrize(
    ("change", "ours", "others"),
    [
        (
            by_another_post,
            "I7: event 2 rests on another post than the one that is asked",
            "I7: event 2 answers for `check`, for which `lead` did not act then",
        ),
        (
            by_another_person,
            "I7: event 2 rests on an appointment that is not there",
            "I7: event 2 rests on an appointment that is not there",
        ),
        (
            by_nothing,
            "I14: it took effect without the approvals that it needed",
            "I14: it took effect without the approvals that the version before it asks for",
        ),
    ],
)
def test_an_approval_that_nobody_gave_is_told_though_every_hash_fits(
    office: Office,
    database: Database,
    plan: Saved,
    change: Callable[[dict[str, Any]], None],
    ours: str,
    others: str,
) -> None:
    forge(database, plan, 2, change)

    found = told(office)

    assert ours in found[0]
    assert others in found[1]


def test_a_proposal_that_says_it_stands_otherwise_is_told(
    office: Office, database: Database, plan: Saved
) -> None:
    assert plan
    own(database, "UPDATE proposal SET state = 'open'")

    assert "I3: its row is not what its events tell" in told(office)[0]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE plan SET applied_by = 'ben'", "who applied it is not who let the change begin"),
        ("UPDATE plan SET applied_by = 'ben'", "what came of it is not what its proposal tells"),
        (
            "UPDATE plan SET applied_by = NULL, carry_over = NULL, applied_at = NULL",
            "it was applied, and is told not to have been",
        ),
    ],
)
def test_who_applied_a_plan_is_held_against_the_change(
    office: Office, database: Database, plan: Saved, statement: str, words: str
) -> None:
    assert plan
    # The program itself may write there.
    with connect(database.app_url) as connection:
        connection.execute(statement.encode())

    assert f"I14: {words}" in told(office)[0]


def test_a_proposal_excuses_one_change_and_not_the_next_like_it(
    office: Office, plan: Saved
) -> None:
    back = proposed(office, EVERY)
    for name in ("leo", "carl"):
        done(office, back, Kind.APPROVED, name)
    applied(office, back)
    sound(office)

    # Past everything, as who owns the program can.
    office.company.load(read(sooner(EVERY)))

    assert plan
    lacks = "I14: it took effect without the approvals that the version before it asks for"
    assert lacks in told(office)[1]
