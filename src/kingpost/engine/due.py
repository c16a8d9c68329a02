"""What is due now."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kingpost.engine.company import Company
from kingpost.store.due import timers


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is due. task: whose time it is about. notice: how many were given before."""

    task: UUID
    case: UUID
    notice: int


def due_notices(company: Company, limit: int, *, without: Collection[UUID] = ()) -> list[DueNotice]:
    """Return up to `limit` notices that are due, oldest first, except those about `without`."""
    with company.database.connection() as connection:
        rows = timers.due_notices(connection, limit, without)
    return [DueNotice(row["id"], row["case_id"], row["notice"]) for row in rows]


def due_waits(company: Company, limit: int, *, without: Collection[UUID] = ()) -> list[UUID]:
    """Return up to `limit` waits whose time is over, oldest first, except `without`."""
    with company.database.connection() as connection:
        return [task for task, _ in timers.due_waits(connection, limit, without)]
