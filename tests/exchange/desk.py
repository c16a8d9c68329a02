"""The service desk in a test: its model, a company that runs it, and logs of a few rows."""

import csv
import gzip
import hashlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import LiteralString
from uuid import UUID

from kingpost.decisions.program import Program, compile_model
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.exchange.imports import run_import
from kingpost.exchange.mapping.mapping import LogMapping
from kingpost.exchange.register_csv import read_appointments, read_people
from kingpost.exchange.replay.plan import load_mapping, plan_import
from kingpost.exchange.replay.replayer import Frame, Replayed, replay
from kingpost.exchange.replay.rights import Appointed, Rights
from kingpost.exchange.report import Report
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.store.pool import Database
from kingpost.values.identity import derive
from tests.database import Database as Address

DESK = Path(__file__).parents[2] / "examples" / "service-desk"
LOG = DESK / "log" / "incident_event_log.csv.gz"
MAPPING = DESK / "log" / "mapping.yaml"
NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)
SEED = bytes(range(32))
SOON = datetime(2016, 3, 10, tzinfo=UTC)

# Updated by 44 is a duty officer, 12 is of Group 70, 142 is nobody of the desk in these tests.
PEOPLE = {
    "updated-by-44": ("duty-officer", "employee"),
    "updated-by-12": ("group-70", "employee"),
    "updated-by-7": ("incident-manager", "employee"),
    "updated-by-142": ("employee",),
}

BASE = {
    "number": "INC1",
    "incident_state": "New",
    "caller_id": "Caller 1",
    "opened_at": "29/2/2016 09:00",
    "sys_updated_by": "Updated by 12",
    "sys_updated_at": "29/2/2016 09:00",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "assignment_group": "Group 70",
    "assigned_to": "?",
    "knowledge": "false",
    "u_priority_confirmation": "false",
    "problem_id": "?",
    "rfc": "?",
    "vendor": "?",
    "closed_code": "code 5",
    "resolved_by": "Resolved by 149",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
}


@cache
def desk_model() -> Model:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(DESK.glob("*.yaml"))}
    reading = read_model(texts)
    assert reading.model is not None, reading.diagnostics
    return reading.model


@cache
def desk_program() -> Program:
    return compile_model(desk_model())


@cache
def desk_mapping() -> LogMapping:
    return load_mapping(MAPPING, desk_program())


def rows(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Return rows of one incident, each the one before with changes."""
    made: list[dict[str, str]] = []
    for change in changes:
        made.append({**(made[-1] if made else BASE), **change})
    return made


def write_log(path: Path, made: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(made[0]))
        writer.writeheader()
        writer.writerows(made)
    return path


def rights() -> Rights:
    start = datetime(2016, 1, 1, tzinfo=UTC)
    appointed = [
        Appointed(person, post, derive(f"{person}/{post}"), "substantive", start, None)
        for person, posts in PEOPLE.items()
        for post in posts
    ]
    return Rights(appointed, desk_model().posts)


def replayed(folder: Path, *changes: Mapping[str, str], until: datetime = SOON) -> Replayed:
    """Replay one incident without a database."""
    log = write_log(folder / "log.csv", rows(*changes))
    with plan_import(log, MAPPING, desk_program()) as plan:
        (case,) = plan.cases
        frame = Frame(UUID(int=1), NOW - NOW, until, NOW, SEED)
        return replay(desk_program(), desk_mapping(), rights(), frame, plan.rows_of(case))


def said(result: Replayed) -> list[str]:
    """Return what deviated, as `line kind: reason`."""
    return [f"{item.row.line} {item.kind}: {item.reason}" for item in result.deviants]


def done(result: Replayed) -> list[str]:
    """Return the events, as `kind step` and for a choice which."""
    return [
        " ".join(str(part) for part in (item.kind, item.step, item.body.get("choice")) if part)
        for _, item in result.transitions
    ]


@contextmanager
def running_desk(address: Address) -> Generator[Company]:
    """Run the whole desk with its register in an empty database."""
    with Database(address.app_url) as database:
        company = Company(database)
        company.load(desk_model())
        people = read_people(DESK / "people.csv")
        register.keep_people(company, [(person.id, person.name) for person in people])
        wished = [
            register.Appointment(item.person, item.post, item.start, item.end, item.kind)
            for item in read_appointments(DESK / "appointments.csv")
        ]
        register.appoint(company, wished, by="test")
        yield company


def import_log(company: Company, log: Path, *, moment: datetime | None = None) -> Report:
    with plan_import(log, MAPPING, company.active(), moment=moment) as plan:
        return run_import(company.database, plan, now=NOW, seed=SEED)


_CONTENT: Mapping[str, LiteralString] = {
    "case_file": "SELECT t::text FROM case_file AS t",
    "event": """
        SELECT concat_ws('|', case_id, seq, kind, step, person, at, recorded_at, hash,
                         encode(header, 'hex'), encode(body, 'hex')) AS t FROM event
        """,
    "task": "SELECT t::text FROM task AS t",
    "visit": "SELECT t::text FROM visit AS t",
    "measurement": "SELECT t::text FROM measurement AS t",
    "duty": "SELECT t::text FROM duty AS t",
    "vault": "SELECT t::text FROM vault AS t",
    "command": "SELECT t::text FROM command AS t",
    "deviation": "SELECT t::text FROM deviation AS t",
    "import_run": "SELECT concat_ws('|', id, cases, done, counts, shift_ms) AS t FROM import_run",
}


def digests(company: Company) -> dict[str, tuple[int, str]]:
    """Return for each table how many rows it has and a digest of them all."""
    found: dict[str, tuple[int, str]] = {}
    with company.database.connection() as connection:
        for table, query in _CONTENT.items():
            texts = sorted(row["t"] for row in connection.execute(query).fetchall())
            found[table] = len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return found


def first_incidents(folder: Path, count: int) -> Path:
    """Write the first incidents of the real log as a log of their own."""
    seen: set[str] = set()
    path = folder / "first.csv"
    with gzip.open(LOG, "rt", encoding="utf-8") as source, path.open("w") as target:
        target.write(next(source))
        for line in source:
            seen.add(line.partition(",")[0])
            if len(seen) > count:
                break
            target.write(line)
    return path
