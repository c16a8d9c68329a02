"""Batches: what came of each item, and those of a person that broke off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.queries.page import PAGE_SIZE, offset
from kingpost.store.due import batches
from kingpost.store.pool import Database

_UNFINISHED_MAX = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One of many. outcome: `done`, `refused`, `gone`, or None until it was tried. words: why."""

    task: UUID
    number: str
    outcome: str | None
    words: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A batch with items that were not tried yet."""

    id: UUID
    act: str
    asked_at: datetime
    left: int


def read_items(
    database: Database, batch: UUID, *, page: int = 1, size: int = PAGE_SIZE
) -> tuple[Item, ...]:
    """Read items of a batch, those that were refused first. Whose it is, the caller has asked."""
    with database.snapshot() as connection:
        rows = batches.items(connection, batch, size, offset(page, size))
    names = ("task", "number", "outcome", "words", "ended_at")
    return tuple(Item(*(row[name] for name in names)) for row in rows)


def read_unfinished(database: Database, person: str) -> tuple[Unfinished, ...]:
    """Read the batches of a person that broke off, the latest first."""
    with database.snapshot() as connection:
        rows = batches.unfinished(connection, person, _UNFINISHED_MAX)
    return tuple(Unfinished(row["id"], row["act"], row["asked_at"], row["left"]) for row in rows)
