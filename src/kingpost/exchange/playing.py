"""The rows of a log after the moment, in the order of their times, to be played on as live work."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kingpost.exchange.replay.plan import CaseIndex, Plan
from kingpost.exchange.replay.rows import Row
from kingpost.store import imports
from kingpost.store.bulk import DeviationRow
from kingpost.store.imports import ImportRun as ImportRun  # noqa: PLC0414 - for the worker
from kingpost.store.pool import Database

_STEP = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NextRow:
    """A row to be played.

    before: the row before it in the same case, or None.
    place:  its time, moved by a microsecond for each row before it at the same time, so that it
            says how far the log was played.
    """

    row: Row
    before: Row | None
    place: datetime


class Playlist:
    """The rows after the moment. Only their times are kept; the rows are read when they are due."""

    def __init__(self, plan: Plan, since: datetime) -> None:
        """Take the rows after `since`: the moment, or the place of the last row played."""
        self._plan = plan
        entries = [
            (row.at, row.line, case, index)
            for case in (*plan.cases, *plan.unstarted)
            if case.later
            for index, row in enumerate(plan.later_rows_of(case))
        ]
        entries.sort(key=lambda entry: entry[:2])
        places = _placed(entry[0] for entry in entries)
        played = bisect_right(places, since)
        self._entries = entries[played:]
        self._places = places[played:]
        self._next = 0

    @property
    def left(self) -> int:
        """Return how many rows are still to come."""
        return len(self._entries) - self._next

    def due(self, until: datetime, limit: int) -> Iterator[NextRow]:
        """Yield the rows up to a time of the log, at most `limit`.

        Each comes once, and again only when its reader failed before asking for the next one.
        """
        end = min(bisect_right(self._places, until), self._next + limit)
        while self._next < end:
            _, _, case, index = self._entries[self._next]
            yield self._read(case, index, self._places[self._next])
            self._next += 1

    def _read(self, case: CaseIndex, index: int, place: datetime) -> NextRow:
        rows = self._plan.later_rows_of(case)
        if index:
            return NextRow(rows[index], rows[index - 1], place)
        earlier = self._plan.rows_of(case)
        return NextRow(rows[0], earlier[-1] if earlier else None, place)


def _placed(times: Iterable[datetime]) -> list[datetime]:
    """Return times, in order, as places that differ."""
    places: list[datetime] = []
    for at in times:
        places.append(max(at, places[-1] + _STEP) if places else at)
    return places


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
