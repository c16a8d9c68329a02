"""What flows: arrivals and completions, imports, and the signal of change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.store.pool import Database
from kingpost.store.reading import process, running
from kingpost.store.reading.people import moment


@dataclass(frozen=True, slots=True)
class Bucket:
    """One hour or day: how many cases started and how many closed in it."""

    since: datetime
    started: int
    closed: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Arrivals and completions up to now; the last bucket is the one that runs."""

    as_at: datetime
    per: Literal["hour", "day"]
    buckets: tuple[Bucket, ...]
    started: int
    closed: int


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One reading of an event log. cases: in the log; done: that are in.

    counts: of the report, as it is printed with `--json`.

    shift:  added to every time of the log. moment: of the log, that was now at the start.
    played: the time of the log up to which it was played, or None.
    """

    id: UUID
    source: str
    cases: int
    done: int
    counts: Mapping[str, Any]
    shift: timedelta
    moment: datetime
    played: datetime | None
    started_at: datetime
    finished_at: datetime | None
    deviations: int


@dataclass(frozen=True, slots=True)
class DeviationKind:
    """How often the log deviated from the model in one way, and in how many cases."""

    kind: str
    count: int
    cases: int
    example: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that the log says and the model does not allow. row: of the log, as it was."""

    line: int
    part: int
    number: str
    at: datetime | None
    kind: str
    reason: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations of one import by kind, the most frequent first, and a page of them."""

    as_at: datetime
    kinds: tuple[DeviationKind, ...]
    page: Page[Deviation]


def read_flow(
    database: Database,
    *,
    workflow: str = "",
    per: Literal["hour", "day"] = "hour",
    buckets: int = 24,
) -> Flow:
    """Read arrivals and completions, of one workflow or of all.

    Each hour or day is counted back from now: the last bucket ends now.
    """
    length = timedelta(hours=1) if per == "hour" else timedelta(days=1)
    with database.snapshot() as connection:
        now = moment(connection)
        start = now - length * buckets
        rows = process.flow(
            connection,
            workflow,
            start=start,
            end=now,
            step_seconds=int(length.total_seconds()),
            buckets=buckets,
        )
    found = tuple(
        Bucket(start + length * row["bucket"], row["started"], row["closed"]) for row in rows
    )
    started, closed = sum(item.started for item in found), sum(item.closed for item in found)
    return Flow(now, per, found, started, closed)


def list_imports(database: Database) -> tuple[ImportRun, ...]:
    """Read every import, the latest first."""
    with database.connection() as connection:
        rows = running.imports(connection)
    return tuple(
        ImportRun(shift=timedelta(milliseconds=row.pop("shift_ms")), **row) for row in rows
    )


def read_deviations(
    database: Database, run: UUID, *, kind: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Deviations:
    """Read how an import deviated. kind: of the deviations to list; empty for all."""
    with database.snapshot() as connection:
        now = moment(connection)
        kinds = tuple(DeviationKind(**row) for row in running.deviation_kinds(connection, run))
        rows = running.deviations(connection, run, kind, size, offset(page, size))
    total = sum(item.count for item in kinds if kind in {"", item.kind})
    listed = tuple(Deviation(**row) for row in rows)
    return Deviations(now, kinds, Page(listed, total, max(1, page), size))


def last_position(database: Database) -> int:
    """Return a number that grows with every event: pages ask for it to see that work went on."""
    with database.connection() as connection:
        return running.last_position(connection)
