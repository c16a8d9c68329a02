"""What came of carrying live cases over: the receipt of a change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.engine.company import Company
from kingpost.store.changing import receipts as store

# What becomes of a case, as it is written down, in words.
WORDS = {
    "carried": "carried over",
    "unaffected": "not affected",
    "stays": "stay on their version",
    "asks": "need a decision",
    "refused": "refused",
    "waits": "wait for their next step",
    "ended": "ended meanwhile",
    "failed": "failed",
    "superseded": "taken up by a later change",
    None: "still to be done",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases of a workflow, on a version, came to an outcome.

    planned: the verdict that was approved for them, or None. outcome: None while it is to come.
    """

    version: str
    workflow: str
    planned: str | None
    outcome: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one case. seq: the event by which it went over, or at which it was looked at."""

    number: str
    version: str
    planned: str | None
    outcome: str | None
    words: str
    seq: int | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was applied, by whom, and what came of it.

    reason:   why a person decided of one case; empty for a change of the model.
    ended_at: None while more may come.
    """

    id: UUID
    version: str
    person: str | None
    reason: str
    begun_at: datetime
    ended_at: datetime | None
    counted: tuple[Counted, ...]

    @property
    def left(self) -> int:
        """Return with how many cases it goes on."""
        return self.of(None) + self.of("waits")

    def of(self, outcome: str | None) -> int:
        """Return how many cases came to an outcome."""
        return sum(each.number for each in self.counted if each.outcome == outcome)

    def sentence(self) -> str:
        """Return what came of all, in words."""
        told = [f"{self.of(key):,} {words}" for key, words in WORDS.items() if self.of(key)]
        return ", ".join(told) if told else "no live case was to go over"


def receipt(company: Company, change: UUID) -> Receipt | None:
    """Return the receipt of a change, or None when there is no such change."""
    with company.database.snapshot() as connection:
        row = store.find(connection, change)
        counts = store.counted(connection, change)
    if row is None:
        return None
    counted = tuple(
        Counted(each["digest"], each["workflow"], each["planned"], each["outcome"], each["number"])
        for each in counts
    )
    told = {name: row[name] for name in ("id", "person", "reason", "begun_at", "ended_at")}
    return Receipt(version=row["digest"], counted=counted, **told)


def entries(
    company: Company, change: UUID, outcome: str | None, limit: int = 1000, offset: int = 0
) -> tuple[Entry, ...]:
    """Return the cases that came to an outcome, by their numbers. offset: so many come before."""
    with company.database.connection() as connection:
        rows = store.entries(connection, change, outcome, limit, offset)
    return tuple(
        Entry(
            row["number"],
            row["digest"],
            row["planned"],
            row["outcome"],
            row["words"],
            row["seq"],
            row["ended_at"],
        )
        for row in rows
    )
