"""The rows of a log after the moment, in the order of their times, to be played on as live work."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kingpost.exchange.replay.plan import CaseIndex, Plan
from kingpost.exchange.replay.rows import Row
from kingpost.store import imports
from kingpost.store.bulk import DeviationRow
from kingpost.store.imports import ImportRun as ImportRun  # noqa: PLC0414 - for the worker
from kingpost.store.pool import Database


@dataclass(frozen=True, slots=True)
class NextRow:
    """A row to be played. before: the row before it in the same case, or None."""

    row: Row
    before: Row | None


class Playlist:
    """The rows after the moment. Only their times are kept; the rows are read when they are due."""

    def __init__(self, plan: Plan, since: datetime) -> None:
        """Take the rows later than `since`, a time of the log."""
        self._plan = plan
        entries = [
            (row.at, row.line, case, index)
            for case in (*plan.cases, *plan.unstarted)
            if case.later
            for index, row in enumerate(plan.later_rows_of(case))
            if row.at > since
        ]
        entries.sort(key=lambda entry: entry[:2])
        self._entries = entries
        self._times = [entry[0] for entry in entries]
        self._next = 0

    @property
    def left(self) -> int:
        """Return how many rows are still to come."""
        return len(self._entries) - self._next

    def due(self, until: datetime, limit: int) -> Iterator[NextRow]:
        """Yield the rows up to a time of the log, at most `limit`, each only once."""
        end = min(bisect_right(self._times, until), self._next + limit)
        while self._next < end:
            _, _, case, index = self._entries[self._next]
            self._next += 1
            yield self._read(case, index)

    def _read(self, case: CaseIndex, index: int) -> NextRow:
        rows = self._plan.later_rows_of(case)
        if index:
            return NextRow(rows[index], rows[index - 1])
        earlier = self._plan.rows_of(case)
        return NextRow(rows[0], earlier[-1] if earlier else None)


def latest_run(database: Database) -> ImportRun | None:
    """Return the import that began last, or None."""
    with database.connection() as connection:
        return imports.latest_run(connection)


def note_played(database: Database, run: ImportRun, until: datetime) -> None:
    """Note up to which time of the log the rows were played."""
    with database.connection() as connection:
        imports.note_played(connection, run.id, until)


def note_deviation(
    database: Database, run: ImportRun, row: Row, *, part: int, kind: str, reason: str
) -> None:
    """Keep what a played row says and the model does not allow; once, however often it is said."""
    at = row.at + run.shift
    kept = DeviationRow(row.line, part, row.number, at, kind, reason, row.raw)
    with database.connection() as connection:
        imports.keep_deviation(connection, run.id, kept)
