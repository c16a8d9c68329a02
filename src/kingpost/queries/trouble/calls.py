"""Triage: the calls to other systems that do not run as they should, and who answers for them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.queries.history.timeline import Programs
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.store.due.outbox import FAILURES_MAX
from kingpost.store.pool import Database
from kingpost.store.reading import calls
from kingpost.store.reading.people import moment


class CallState(StrEnum):
    """How a call stands.

    FAILED: its attempts are used up, or trying again would not mend it; somebody must act.
    PAUSED: it is tried again at its time. HELD: its system is down, and is left alone for a while.
    """

    FAILED = "failed"
    PAUSED = "paused"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class TroubledCall:
    """A call that does not run as it should.

    id:       of the open work, by which it is acted on. attempts: begun, of `most`.
    cause:    of the latest failure, in a clause. next_at: when it is tried again, or None.
    post:     that answers for it. exception: that it became, or None.
    """

    id: UUID
    number: str
    workflow: str
    step: str
    step_title: str
    interface: str
    interface_title: str
    state: CallState
    attempts: int
    most: int
    asked_at: datetime
    next_at: datetime | None
    cause: str
    post: str | None
    exception: str | None


@dataclass(frozen=True, slots=True)
class TroubledCalls:
    """A page of calls, those that failed first."""

    as_at: datetime
    page: Page[TroubledCall]


def read_calls(
    database: Database, programs: Programs, *, page: int = 1, size: int = PAGE_SIZE
) -> TroubledCalls:
    """Read the calls that do not run as they should."""
    with database.snapshot() as connection:
        now = moment(connection)
        rows = calls.troubled(connection, FAILURES_MAX, size, offset(page, size))
    found = tuple(_call(programs, row, now) for row in rows)
    return TroubledCalls(now, Page(found, rows[0]["total"] if rows else 0, page, size))


def _call(programs: Programs, row: DictRow, now: datetime) -> TroubledCall:
    flow = programs(row["model"]).workflows[row["workflow"]]
    interface = flow.model.interfaces[row["interface"]]
    until = row["open_until"]
    state = CallState.FAILED if row["failed_at"] else CallState.PAUSED
    next_at = row["next_at"]
    if state is CallState.PAUSED and until is not None and until > now:
        state, next_at = CallState.HELD, max(until, next_at)
    return TroubledCall(
        id=row["id"],
        number=row["number"],
        workflow=row["workflow"],
        step=row["step"],
        step_title=flow.places[row["step"]].step.title,
        interface=interface.id,
        interface_title=interface.title,
        state=state,
        attempts=row["attempts"],
        most=flow.askings[row["step"]].contract.attempts,
        asked_at=row["asked_at"],
        next_at=next_at,
        cause=row["cause"] or "",
        post=row["post"],
        exception=row["suspended"],
    )
