"""Imports of logs: which one it is, how far it came, and what it counted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.store.bulk import DeviationRow
from kingpost.store.errors import StoreError


class ImportTakenError(StoreError):
    """Another process carries this import on at the same time. Nothing was written."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One reading of a log; as the table has it. moment: in the time of the log."""

    id: UUID
    source: str
    cases: int
    done: int
    counts: Mapping[str, Any]
    shift: timedelta
    moment: datetime
    played: datetime | None
    seed: bytes | None
    started_at: datetime
    finished_at: datetime | None


def open_run(connection: Connection[DictRow], run: ImportRun) -> ImportRun:
    """Begin an import, or return the one that was begun before with the same id."""
    connection.execute(
        """
        INSERT INTO import_run (id, source, cases, shift_ms, moment, seed, started_at)
        VALUES (%(id)s, %(source)s, %(cases)s, %(shift_ms)s, %(moment)s, %(seed)s, %(started_at)s)
        ON CONFLICT (id) DO NOTHING
        """,
        {
            "id": run.id,
            "source": run.source,
            "cases": run.cases,
            "shift_ms": run.shift // timedelta(milliseconds=1),
            "moment": run.moment,
            "seed": run.seed,
            "started_at": run.started_at,
        },
    )
    found = read_run(connection, run.id)
    assert found is not None, "it was inserted, or was there"
    return found


def read_run(connection: Connection[DictRow], run: UUID) -> ImportRun | None:
    """Return an import, or None."""
    row = connection.execute(
        """
        SELECT id, source, cases, done, counts, shift_ms, moment, played, seed, started_at,
               finished_at
          FROM import_run
         WHERE id = %s
        """,
        [run],
    ).fetchone()
    return None if row is None else _run(row)


def latest_run(connection: Connection[DictRow]) -> ImportRun | None:
    """Return the import that began last, or None when there was none."""
    row = connection.execute(
        """
        SELECT id, source, cases, done, counts, shift_ms, moment, played, seed, started_at,
               finished_at
          FROM import_run
         ORDER BY started_at DESC, id DESC
         LIMIT 1
        """
    ).fetchone()
    return None if row is None else _run(row)


def advance(
    connection: Connection[DictRow],
    run: UUID,
    *,
    done: tuple[int, int],
    counts: Mapping[str, Any],
) -> None:
    """Note how far an import came. done: before and after.

    Raises: ImportTakenError, when another process went on from `done` first.
    Lock:   the import's row, until the transaction ends.
    """
    cursor = connection.execute(
        """
        UPDATE import_run
           SET done = %(after)s, counts = %(counts)s::jsonb
         WHERE id = %(run)s AND done = %(before)s AND finished_at IS NULL
        """,
        {"run": run, "before": done[0], "after": done[1], "counts": json.dumps(dict(counts))},
    )
    if cursor.rowcount != 1:
        raise ImportTakenError("another process carries on this import: wait until it is done")


def finish(connection: Connection[DictRow], run: UUID, at: datetime) -> None:
    """Note that an import is complete, and forget what its salts were derived from."""
    connection.execute(
        """
        UPDATE import_run
           SET finished_at = %(at)s, seed = NULL
         WHERE id = %(run)s AND finished_at IS NULL AND done = cases
        """,
        {"run": run, "at": at},
    )


def note_played(connection: Connection[DictRow], run: UUID, until: datetime) -> None:
    """Note up to which time of the log the rows after the moment were played on."""
    connection.execute("UPDATE import_run SET played = %s WHERE id = %s", [until, run])


def known_numbers(connection: Connection[DictRow], numbers: Sequence[str]) -> list[str]:
    """Return up to five of the numbers that cases have already."""
    rows = connection.execute(
        """
        SELECT number
          FROM case_file
         WHERE number = ANY(%s)
         ORDER BY number
         LIMIT 5
        """,
        [list(numbers)],
    ).fetchall()
    return [row["number"] for row in rows]


def _run(row: Mapping[str, Any]) -> ImportRun:
    return ImportRun(
        id=row["id"],
        source=row["source"],
        cases=row["cases"],
        done=row["done"],
        counts=row["counts"],
        shift=timedelta(milliseconds=row["shift_ms"]),
        moment=row["moment"],
        played=row["played"],
        seed=row["seed"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )


def keep_deviation(connection: Connection[DictRow], run: UUID, found: DeviationRow) -> None:
    """Keep one deviation; one that is kept already stays as it is."""
    connection.execute(
        """
        INSERT INTO deviation (run_id, line, part, number, at, kind, reason, row)
        VALUES (%(run)s, %(line)s, %(part)s, %(number)s, %(at)s, %(kind)s, %(reason)s,
                %(row)s::jsonb)
        ON CONFLICT (run_id, line, part) DO NOTHING
        """,
        {
            "run": run,
            "line": found.line,
            "part": found.part,
            "number": found.number,
            "at": found.at,
            "kind": found.kind,
            "reason": found.reason,
            "row": json.dumps(dict(found.row)),
        },
    )
