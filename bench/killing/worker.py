"""Workers that can be killed at any moment: each writes down what it asks and what was answered.

The nursery has everything imported and forks a worker for each line that it reads; the worker's
process number is its answer. A worker first asks again what the one before it was not told.
"""

import json
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from psycopg import OperationalError

from kingpost.decisions.commands import Command, Complete, Start
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, perform
from kingpost.store.pool import Database

_FORM = {"caller": "Rita Prado", "impact": "low", "urgency": "low", "assignment-group": "group-70"}
_RECORDED: dict[str, dict[str, Any]] = {
    "triage": {"first-line": False},
    "work": {"closing-code": "solved"},
}
# Few cases at a time, so that workers meet at the same ones.
_CASES_OPEN_MAX = 6


def nursery(url: str, folder: str) -> None:
    """Fork a worker for each number that comes in, and print its process number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(url, Path(folder) / f"{line.strip()}.log")
        print(child, flush=True)


def work(url: str, path: Path) -> None:
    """Work until killed. What goes wrong is written down, and nothing is done any more."""
    with path.open("a", buffering=1) as log:
        try:
            database = _opened(url)
            company = Company(database)
            asked = _unanswered(path)
            while True:
                asked = asked or _chosen(company)
                _note(log, "asked", asked)
                _note(log, "answered", asked | _answer(company, asked))
                asked = None
        except BaseException as error:  # noqa: BLE001 - whatever it is, the harness must see it.
            _note(log, "failed", {"why": f"{type(error).__name__}: {error}"})
    while True:
        signal.pause()


def _opened(url: str) -> Database:
    while True:
        try:
            return Database(url, connections=1).open()
        except OperationalError:
            time.sleep(0.05)


def _unanswered(path: Path) -> dict[str, Any] | None:
    """Return what was asked last, when no answer to it was written. Half a line was never asked."""
    lines = [line for line in path.read_text().split("\n")[:-1] if line.startswith("{")]
    last = json.loads(lines[-1]) if lines else {"what": "answered"}
    return last["asked"] if last["what"] == "asked" else None


def _chosen(company: Company) -> dict[str, Any]:
    key = secrets.token_hex(16)
    query = "SELECT id, step FROM task WHERE step = ANY(%s) ORDER BY random() LIMIT 1"
    count = "SELECT count(*) AS open FROM task WHERE step = ANY(%s)"
    steps = [list(_RECORDED)]
    while True:
        try:
            with company.database.connection() as connection:
                total = connection.execute(count, steps).fetchone()
                row = connection.execute(query, steps).fetchone()
        except OperationalError:
            company.database.drop_broken()
            continue
        if row is None or (total and total["open"] < _CASES_OPEN_MAX):
            return {"key": key, "do": "start"}
        return {"key": key, "do": row["step"], "task": str(row["id"])}


def _answer(company: Company, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask until there is an answer; the database may be away for a while."""
    step = asked["do"]
    command: Command = Start(_FORM) if step == "start" else Complete(asked["task"], _RECORDED[step])
    whole = Asked(UUID(asked["key"]), command, person="p0", workflow="incident")
    while True:
        try:
            answer = perform(company, whole)
        except OperationalError:
            continue
        if isinstance(answer, Done):
            return {"case": str(answer.case), "seq": answer.seq}
        return {"refused": str(answer)}


def _note(log: TextIO, what: str, about: dict[str, Any]) -> None:
    """Write a line that survives our death at once."""
    log.write("\n" + json.dumps({"what": what, "asked": about}) + "\n")
    log.flush()
    os.fsync(log.fileno())


if __name__ == "__main__":
    nursery(*sys.argv[1:])
