"""What is due now."""

from collections.abc import Collection
from uuid import UUID

from kingpost.engine.company import Company
from kingpost.store.due import timers


def due_waits(company: Company, limit: int, *, without: Collection[UUID] = ()) -> list[UUID]:
    """Return up to `limit` waits whose time is over, oldest first, except `without`."""
    with company.database.connection() as connection:
        return [task for task, _ in timers.due_waits(connection, limit, without)]
