"""The service desk of the examples, run for measuring: people, open tasks, and the floor."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg
from psycopg import sql

from kingpost.decisions.commands import Complete, Start
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment
from kingpost.notation.reading import read_model
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database

_MODEL = Path(__file__).parents[2] / "examples" / "service-desk"
_PEOPLE = 8
_FIELDS = {
    "caller": "Rita Prado",
    "category": "Printer",
    "impact": "medium",
    "urgency": "low",
    "assignment-group": "group-70",
}
# What the measured completion records; the case then goes on to the next task.
RECORDED = {"first-line": False, "category": "Printer on floor 2"}


@dataclass(frozen=True, slots=True)
class Work:
    """A task to complete, and who may."""

    task: str
    person: str


@contextmanager
def server() -> Iterator[EmbeddedServer]:
    """Run a server of its own, as durable as in the product."""
    with TemporaryDirectory(prefix="kingpost-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedServer(folder) as running:
            migrate(running.url())
            yield running


def second_database(server: EmbeddedServer, name: str) -> str:
    """Make another database on the server, with the desk in it; return how the program connects."""
    url = empty_database(server, name)
    with Database(url, connections=1) as pool:
        open_desk(pool)
    return url


def empty_database(server: EmbeddedServer, name: str) -> str:
    """Make another database on the server; return how the program connects."""
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER kingpost_owner").format(database))
    migrate(server.url(name))
    return server.url(name, "kingpost_app")


def open_desk(database: Database) -> Company:
    """Load the model and put people on the service desk's posts."""
    company = Company(database)
    reading = read_model({path.name: path.read_text() for path in _MODEL.glob("*.yaml")})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    company.load(reading.model)
    people = [f"p{number}" for number in range(_PEOPLE)]
    register.keep_people(company, ((name, name) for name in people))
    start = datetime(2020, 1, 1, tzinfo=UTC)
    register.appoint(company, [Appointment(name, "group-70", start) for name in people], by="bench")
    return company


def start_cases(company: Company, count: int) -> list[Work]:
    """Start so many incidents; return the task that is open in each."""
    people: dict[UUID, str] = {}
    for number in range(count):
        person = f"p{number % _PEOPLE}"
        asked = Asked(new_key(), Start(_FIELDS), person=person, workflow="incident")
        answer = perform(company, asked)
        assert isinstance(answer, Done), str(answer)
        people[answer.case] = person
    with company.database.connection() as connection:
        rows = connection.execute(
            "SELECT id, case_id FROM task WHERE step = 'triage' AND case_id = ANY(%s)",
            [list(people)],
        ).fetchall()
    return [Work(str(row["id"]), people[row["case_id"]]) for row in rows]


def complete(company: Company, work: Work) -> None:
    """Complete a task through the engine."""
    asked = Asked(new_key(), Complete(work.task, RECORDED), person=work.person)
    answer = perform(company, asked)
    assert isinstance(answer, Done), str(answer)


def new_key() -> UUID:
    """Return a key as a caller makes one."""
    return UUID(bytes=secrets.token_bytes(16), version=4)
