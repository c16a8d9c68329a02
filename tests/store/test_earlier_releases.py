"""Databases as earlier programs left them: this one migrates them, goes on, and finds no fault.

`tools/golden_database.py` made them, each by the program of its time; none is ever made anew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Command,
    Complete,
    Confirm,
    Decide,
    Deliver,
    Resolve,
    Review,
)
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, KeyReusedError, perform
from kingpost.engine.verify import verify
from kingpost.store import migrations
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import MigrationError, migrate, numbered_files
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import pump_once
from tests.engine.office import Office, key

FILES = sorted((Path(__file__).parents[1] / "golden").glob("*.sql"))
# Who does what is open at a step; the exception is over when the claimant has answered.
ACTS: dict[str, tuple[Command, str]] = {
    "examine": (Complete("", {"report": "fine"}), "anna"),
    "suspect": (Decide("", "clear"), "carl"),
    "approve": (Decide("", "approve"), "rita"),
}


Applied: TypeAlias = tuple[str, ...]


@dataclass
class Earlier:
    """A database of an earlier program. url: connects as the owner. applied: when it was opened."""

    url: str
    office: Office
    last: str
    applied: Applied

    def faults(self) -> list[str]:
        found = [
            f"{fault.invariant} {fault.message}" for fault in verify(self.office.company).faults
        ]
        return [*found, *(str(each) for each in audit(self.office.company.database))]

    def told(self) -> list[str]:
        """Return the faults besides what is due and waits for a worker, the longer the older."""
        return [fault for fault in self.faults() if not fault.startswith("I10 ")]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def cases(self) -> list[Case]:
        ids = self.rows("SELECT id FROM case_file ORDER BY number")
        return [self.office.case(UUID(str(name))) for (name,) in ids]


def laid_down(server: EmbeddedServer, file: Path, name: str) -> str:
    """Return how to connect to a database that holds just what an earlier program left in it."""
    _make(server, name, "template1")
    then = [(each, text) for each, text in numbered_files() if each[:4] <= file.stem]
    with patch.object(migrations, "numbered_files", lambda: iter(then)):
        migrate(server.url(name))
    with psycopg.connect(server.url(name, "postgres")) as connection:
        # What it knew of its own migrations comes with it.
        connection.execute("TRUNCATE migration")
        connection.execute("SET session_replication_role = replica")
        connection.execute(file.read_bytes())
    return server.url(name)


def _make(server: EmbeddedServer, name: str, template: str) -> None:
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(
            f"CREATE DATABASE {name} OWNER kingpost_owner TEMPLATE {template}"
            " STRATEGY FILE_COPY".encode()
        )


@pytest.fixture(scope="module")
def migrated(server: EmbeddedServer, worker_id: str) -> Callable[[Path], tuple[str, Applied]]:
    """Return the database of a file, brought up to date, and what was applied for that."""

    @cache
    def brought(file: Path) -> tuple[str, Applied]:
        name = f"earlier_{worker_id}_{file.stem}"
        return name, migrate(laid_down(server, file, name))

    return brought


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def earlier(
    request: pytest.FixtureRequest,
    server: EmbeddedServer,
    migrated: Callable[[Path], tuple[str, Applied]],
) -> Iterator[Earlier]:
    file: Path = request.param
    template, applied = migrated(file)
    name = f"{template}_copy"
    _make(server, name, template)
    with Pool(server.url(name, "kingpost_app"), connections=2) as pool:
        yield Earlier(server.url(name), Office(Company(pool)), file.stem, applied)


def finish(office: Office, case: UUID) -> None:
    """Take a case from wherever it stands to its end."""
    if (proposal := office.case(case).proposal) is not None:
        wish = Asked(key(), Confirm(office.case(case).version), case, "leo", workflow="claim")
        assert isinstance(perform(office.company, wish), Done), proposal
    while not (now := office.case(case)).is_closed:
        token = min(now.tokens.values(), key=lambda token: (token.step == "handling", token.step))
        if token.suspension is not None:
            office.do(Resolve(token.id, "answered", {}), "anna")
        elif token.step == "payment":
            office.do(Deliver(token.id, "paid-out"), interface="bank")
        else:
            act, person = ACTS[token.step]
            office.do(_at(act, token.id), person)


def _at(command: Command, task: str) -> Command:
    match command:
        case Complete():
            return Complete(task, command.fields)
        case Decide():
            return Decide(task, command.outcome)
        case _:
            raise AssertionError(command)


def test_there_is_one_of_several_earlier_programs() -> None:
    assert [file.stem for file in FILES][:3] == ["0013", "0015", "0017"]


def test_it_is_brought_up_to_date_by_just_the_migrations_that_came_since(earlier: Earlier) -> None:
    names = [name for name, _ in numbered_files()]

    assert earlier.applied == tuple(name for name in names if name[:4] > earlier.last)
    assert earlier.rows("SELECT name FROM migration ORDER BY name") == [(name,) for name in names]


def test_its_history_is_whole_for_both_checkers(earlier: Earlier) -> None:
    assert earlier.told() == []
    assert len(earlier.cases()) >= 10


def test_every_case_goes_on_to_its_end_and_what_was_stays_as_it_was(earlier: Earlier) -> None:
    query = "SELECT case_id, seq, header, body, hash FROM event ORDER BY case_id, seq"
    before = earlier.rows(query)
    open_before = [case.id for case in earlier.cases() if not case.is_closed]
    assert len(open_before) >= 8

    for case in open_before:
        finish(earlier.office, case)

    after = earlier.rows(query)
    assert [row for row in after if row in set(before)] == before
    assert all(case.is_closed for case in earlier.cases())
    assert earlier.told() == []


def test_what_is_due_in_it_is_done(earlier: Earlier) -> None:
    assert earlier.rows("SELECT 1 FROM timer WHERE at <= now()")

    while pump_once(earlier.office.company).done:
        pass

    assert earlier.rows("SELECT 1 FROM timer WHERE at <= now()") == []
    assert earlier.rows("SELECT 1 FROM event WHERE kind = 'warned'")
    assert earlier.faults() == []


def test_who_was_lent_authority_then_decides_by_it_now(earlier: Earlier) -> None:
    office = earlier.office
    waiting = next(
        case for case in earlier.cases() if {t.step for t in case.tokens.values()} == {"approve"}
    )

    done = office.do(Decide(office.task(waiting.id, "approve"), "approve"), "ben")

    ((delegation,),) = earlier.rows(
        "SELECT convert_from(body, 'UTF8')::jsonb #>> '{actor,delegated-by}' FROM event"
        f" WHERE case_id = '{waiting.id}' AND seq = {done.seq}"
    )
    assert delegation == "leo"
    assert earlier.told() == []


def test_a_key_that_was_used_then_has_its_answer_and_is_for_nothing_else(earlier: Earlier) -> None:
    ((used, case, number, seq, task),) = earlier.rows(
        "SELECT command.id, case_id, number, event.seq,"
        "       convert_from(body, 'UTF8')::jsonb ->> 'task'"
        "  FROM event JOIN command USING (case_id, seq) JOIN case_file ON case_file.id = case_id"
        " WHERE kind = 'delivered'"
    )
    again = UUID(str(used))

    def ask(message: str) -> object:
        asked = Asked(again, Deliver(str(task), message), interface="bank")
        return perform(earlier.office.company, asked)

    assert ask("paid-out") == Done(UUID(str(case)), str(number), int(str(seq)), repeated=True)
    with pytest.raises(KeyReusedError):
        ask("another")


def test_an_override_of_then_is_reviewed_now(earlier: Earlier) -> None:
    if earlier.last < "0015":
        pytest.skip("there was none then")
    office = earlier.office
    (case,) = [case for case in earlier.cases() if case.reviews]
    (review,) = case.reviews
    command = Review(review, "kept", "the roof was off")

    assert isinstance(perform(office.company, Asked(key(), command, case.id, "alma")), Done)
    assert office.case(case.id).reviews == {}
    assert earlier.told() == []


def test_a_migration_that_was_edited_since_is_found_out(
    server: EmbeddedServer, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = laid_down(server, FILES[0], f"earlier_{worker_id}_edited")
    edited = {name: f"{text}\n" for name, text in numbered_files()}
    monkeypatch.setattr(migrations, "numbered_files", lambda: iter(edited.items()))

    with pytest.raises(MigrationError, match="migration `0001_spine` was edited"):
        migrate(url)
