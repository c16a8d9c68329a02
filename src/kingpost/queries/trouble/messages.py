"""Triage: the messages that no wait has taken yet, and who answers for what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.judging.calling.messages import takers
from kingpost.decisions.program import Program
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.store.due.messages import KEPT_DAYS
from kingpost.store.pool import Database
from kingpost.store.reading import messages
from kingpost.store.reading.people import moment


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message that no wait has taken yet.

    value:   tells for which case it is. until: when it is dropped if nobody waits for it.
    refusal: why a wait did not take it when it was tried, or None.
    owners:  the posts that own a workflow in which it is waited for.
    """

    id: UUID
    message: str
    value: str
    interface: str
    interface_title: str
    received_at: datetime
    until: datetime
    refusal: str | None
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptMessages:
    """A page of messages, the oldest first."""

    as_at: datetime
    page: Page[KeptMessage]


def read_messages(
    database: Database, program: Program, *, page: int = 1, size: int = PAGE_SIZE
) -> KeptMessages:
    """Read the messages that no wait has taken yet."""
    with database.snapshot() as connection:
        now = moment(connection)
        rows = messages.kept(connection, size, offset(page, size))
    found = tuple(_message(program, row) for row in rows)
    return KeptMessages(now, Page(found, rows[0]["total"] if rows else 0, page, size))


def _message(program: Program, row: DictRow) -> KeptMessage:
    interface = program.model.interfaces.get(row["sender"])
    owners = {
        program.workflows[taker.workflow].workflow.owner: None
        for taker in takers(program)
        if taker.awaited.message == row["name"]
    }
    return KeptMessage(
        id=row["id"],
        message=row["name"],
        value=row["value"],
        interface=row["sender"],
        interface_title=interface.title if interface else row["sender"],
        received_at=row["received_at"],
        until=row["received_at"] + timedelta(days=KEPT_DAYS),
        refusal=row["refusal"],
        owners=tuple(owners),
    )
