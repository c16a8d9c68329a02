"""Obligations as the work keeps them: how each stands, and the cases and events that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.assurance import Obligation
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.queries.people import Answering, answering
from kingpost.queries.process import Window, beginning
from kingpost.store.pool import Database
from kingpost.store.reading import duties
from kingpost.store.reading.people import moment


class Standing(StrEnum):
    """How an obligation stands in a window.

    FAILED:         some case met it late or not at all, or owes it beyond its time.
    OPERATING:      it was met, and nothing failed.
    NO_OCCASION:    nothing was met and nothing failed.
    NOT_OBSERVABLE: no step of the model that runs makes its evidence.
    """

    OPERATING = "operating"
    FAILED = "failed"
    NO_OCCASION = "no-occasion"
    NOT_OBSERVABLE = "not-observable"


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases by how they stand: those settled in the window, and those that owe it now.

    owed includes overdue.
    """

    met: int = 0
    late: int = 0
    missing: int = 0
    owed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class ObligationNow:
    """An obligation with how it stands. latest: when its evidence was last made, at any time."""

    obligation: Obligation
    owner: Answering
    standing: Standing
    counts: Counts
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class FrameworkNow:
    """A framework with its obligations, in the order of the model."""

    id: str
    title: str
    edition: str
    obligations: tuple[ObligationNow, ...]


@dataclass(frozen=True, slots=True)
class Obligations:
    """Every obligation by framework. since: the beginning of the window, or None."""

    as_at: datetime
    window: Window
    since: datetime | None
    frameworks: tuple[FrameworkNow, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """How one case stands to an obligation, and the event that shows it.

    status:  `owed`, `overdue`, `met`, `late` or `missing`.
    kind, step, hash: of the event `seq`. person: who acted in it, or None.
    """

    case: UUID
    number: str
    workflow: str
    state: str
    status: str
    due_at: datetime | None
    since: datetime
    seq: int
    kind: str
    step: str | None
    hash: str
    person: str | None
    person_name: str | None


@dataclass(frozen=True, slots=True)
class ObligationPage:
    """An obligation and its occasions: what failed first, then the latest first."""

    as_at: datetime
    window: Window
    since: datetime | None
    now: ObligationNow
    framework_title: str
    edition: str
    occasions: Page[Occasion]


def read_obligations(
    database: Database, program: Program, window: Window = Window.MONTH
) -> Obligations:
    """Read the board of all obligations."""
    with database.snapshot() as connection:
        now = moment(connection)
        since = beginning(window, now)
        found = standings(connection, program, since)
    frameworks = tuple(
        FrameworkNow(
            framework.id,
            framework.title,
            framework.edition,
            tuple(item for item in found.values() if item.obligation.framework == framework.id),
        )
        for framework in program.model.frameworks.values()
    )
    return Obligations(now, window, since, frameworks)


def read_obligation(  # noqa: PLR0913 - which one, and which of its cases
    database: Database,
    program: Program,
    obligation: str,
    *,
    window: Window = Window.MONTH,
    status: str = "",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> ObligationPage | None:
    """Read one obligation, or None when the model has none of that id.

    status: of the occasions to list, as in `Occasion`; empty for all.
    """
    if obligation not in program.model.obligations:
        return None
    with database.snapshot() as connection:
        now = moment(connection)
        since = beginning(window, now)
        found = standings(connection, program, since)[obligation]
        rows = duties.occasions(
            connection,
            obligation,
            since=since,
            status=status,
            limit=size,
            offset=offset(page, size),
        )
    framework = program.model.frameworks[found.obligation.framework]
    occasions = tuple(Occasion(case=row.pop("case_id"), **row) for row in rows)
    return ObligationPage(
        as_at=now,
        window=window,
        since=since,
        now=found,
        framework_title=framework.title,
        edition=framework.edition,
        occasions=Page(occasions, _total(found.counts, status), max(1, page), size),
    )


def standings(
    connection: Connection[DictRow],
    program: Program,
    since: datetime | None,
    owners: Mapping[str, Answering] | None = None,
) -> dict[str, ObligationNow]:
    """Return every obligation of the model with how it stands at the snapshot, by its id.

    since: the beginning of the window in which what is settled counts; None for ever. owners: who
           answers for each post, where that was read before.
    """
    rows = {row["obligation"]: row for row in duties.counts(connection, since)}
    owners = answering(connection, program) if owners is None else owners
    found: dict[str, ObligationNow] = {}
    for name, declared in program.model.obligations.items():
        row = rows.get(name)
        counts = (
            Counts(row["met"], row["late"], row["missing"], row["owed"], row["overdue"])
            if row
            else Counts()
        )
        standing = _standing(program, declared, counts)
        latest = row["latest"] if row else None
        found[name] = ObligationNow(declared, owners[declared.owner], standing, counts, latest)
    return found


def _standing(program: Program, declared: Obligation, counts: Counts) -> Standing:
    if counts.late or counts.missing or counts.overdue:
        return Standing.FAILED
    if counts.met:
        return Standing.OPERATING
    return Standing.NO_OCCASION if _is_observable(program, declared) else Standing.NOT_OBSERVABLE


def _is_observable(program: Program, declared: Obligation) -> bool:
    return any(
        workflow in program.workflows
        and step in program.workflows[workflow].places
        and declared.id in program.workflows[workflow].places[step].step.discharges
        for workflow, step in declared.evidence.made_by
    )


def _total(counts: Counts, status: str) -> int:
    by_status = {
        "met": counts.met,
        "late": counts.late,
        "missing": counts.missing,
        "owed": counts.owed - counts.overdue,
        "overdue": counts.overdue,
    }
    return by_status.get(status, 0) if status else sum(by_status.values())
