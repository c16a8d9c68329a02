"""Kill workers and the database at random moments, and look whether anything was lost."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from kingpost.audit.auditing import audit
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.register import Appointment
from kingpost.engine.verify import verify
from kingpost.notation.reading import read_model
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database

_MODEL = Path(__file__).parents[2] / "examples" / "service-desk"
_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was left after all the killing. faults: everything that must not be, in words."""

    worker_kills: int
    database_kills: int
    events: int
    acknowledged: int
    unacknowledged: int
    refused: int
    slowest_return_seconds: float
    faults: tuple[str, ...]


def shake(
    folder: Path,
    *,
    workers: int,
    databases: int,
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Kill `workers` workers and `databases` times the whole database, under load.

    folder: for the server and the workers' notes; the server's account may enter it.
    """
    kills = ["worker"] * workers
    for number in range(databases):
        kills.insert((number + 1) * len(kills) // (databases + 1), "database")
    slowest = 0.0
    with EmbeddedServer(folder / "server") as server:
        migrate(server.url())
        url = server.url(user="kingpost_app")
        _open_company(url)
        with _running(url, folder) as (pids, start):
            for done, kill in enumerate(kills):
                time.sleep(0.02 + secrets.randbelow(250) / 1000)
                if kill == "worker":
                    number = secrets.randbelow(_WORKERS)
                    os.kill(pids[number], signal.SIGKILL)
                    pids[number] = start(number)
                else:
                    slowest = max(slowest, _kill_database(server, url))
                if done % 20 == 0:
                    tell(f"{done} of {len(kills)} kills")
            time.sleep(1)
        return _judge(url, folder, (workers, databases), slowest)


def _open_company(url: str) -> None:
    reading = read_model({path.name: path.read_text() for path in _MODEL.glob("*.yaml")})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    with Database(url, connections=2) as database:
        company = Company(database)
        company.load(reading.model)
        register.keep_people(company, [("p0", "P 0")])
        start = datetime(2020, 1, 1, tzinfo=UTC)
        register.appoint(company, [Appointment("p0", "group-70", start)], by="harness")


@contextmanager
def _running(url: str, folder: Path) -> Iterator[tuple[list[int], Callable[[int], int]]]:
    """Run workers, each with a number for its notes; kill them at the end."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), url, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        asked, answers = nursery.stdin, nursery.stdout
        assert asked is not None
        assert answers is not None
        assert answers.readline() == "ready\n"

        def start(number: int) -> int:
            asked.write(f"{number}\n")
            asked.flush()
            return int(answers.readline())

        pids = [start(number) for number in range(_WORKERS)]
        try:
            yield pids, start
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            asked.close()


def _kill_database(server: EmbeddedServer, url: str) -> float:
    """Kill the server and all its processes; return after how many seconds it answers again."""
    with psycopg.connect(url) as connection:
        parent = _parent(connection.info.backend_pid)
    family = [parent, *(pid for pid in _processes() if _parent(pid) == parent)]
    for pid in family:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    began = time.monotonic()
    server.start()
    with psycopg.connect(url) as connection:
        connection.execute("SELECT count(*) FROM event")
    return time.monotonic() - began


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(text.rpartition(")")[2].split()[1])


def _judge(url: str, folder: Path, kills: tuple[int, int], slowest: float) -> Outcome:
    """Compare the workers' notes with the store, and check the store itself."""
    _wait_for_quiet(url)
    told, refused, faults = _notes(folder)
    with Database(url, connections=2) as database:
        report = verify(Company(database))
        faults += [str(fault) for fault in report.faults]
        faults += [str(finding) for finding in audit(database)]
        with database.connection() as connection:
            rows = connection.execute("SELECT id, case_id, seq FROM command").fetchall()
    kept = {row["id"].hex: (str(row["case_id"]), row["seq"]) for row in rows}
    for key, effect in told.items():
        if key not in kept:
            faults.append(f"{key} was acknowledged and is lost")
        elif kept[key] != effect:
            faults.append(f"{key} was acknowledged as {effect} and is {kept[key]}")
    if len(rows) != report.events:
        faults.append(f"{len(rows)} commands led to {report.events} events")
    return Outcome(
        *kills,
        events=report.events,
        acknowledged=len(told),
        unacknowledged=len(kept.keys() - told.keys()),
        refused=refused,
        slowest_return_seconds=slowest,
        faults=tuple(faults),
    )


def _wait_for_quiet(url: str) -> None:
    """Wait until the server has finished what the dead had asked of it."""
    with psycopg.connect(url, autocommit=True) as connection:
        query = """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'
            """
        while connection.execute(query).fetchone() != (0,):
            time.sleep(0.05)


def _notes(folder: Path) -> tuple[dict[str, tuple[str, int]], int, list[str]]:
    """Return what was acknowledged by key, how often was refused, and what went wrong."""
    told: dict[str, tuple[str, int]] = {}
    refused, faults = 0, list[str]()
    for path in folder.glob("*.log"):
        for line in _lines(path):
            about = line["asked"]
            if line["what"] == "failed":
                faults.append(f"a worker failed: {about['why']}")
            elif "seq" in about:
                effect = (about["case"], about["seq"])
                if told.setdefault(about["key"], effect) != effect:
                    faults.append(f"{about['key']} was answered in two ways")
            elif "refused" in about:
                refused += 1
    return told, refused, faults


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue  # The worker was killed while it wrote.
