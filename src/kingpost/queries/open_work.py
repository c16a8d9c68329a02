"""Open work as it stands now: the case it belongs to, whom it is addressed to, and its term."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.decisions.case import Plain
from kingpost.model.objects import FieldType


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of a record as it stands. value: None when it is empty. type: None when unknown."""

    field: str
    title: str
    type: FieldType | None
    value: Plain


@dataclass(frozen=True, slots=True)
class Term:
    """The time that some work may take: its own, or that of a block around it that ends sooner.

    step:   whose term it is.
    due_at: None while the clock stands still.
    budget_ms, spent_ms: of the calendar's open time, at the moment of reading.
    """

    step: str
    due_at: datetime | None
    budget_ms: int
    spent_ms: int

    @property
    def fraction(self) -> float:
        """Return how much of the time is used: 1.0 is all of it, and more is late."""
        return self.spent_ms / self.budget_ms


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One task, decision or wait that stands open.

    titles:    the fields by which people know the case.
    post:      None when it is addressed to every post that carries the role.
    suspended: the exception that holds it, or None.
    limit_at:  when a wait ends by itself, or None.
    """

    id: UUID
    case: UUID
    number: str
    workflow: str
    state: str
    titles: tuple[FieldValue, ...]
    step: str
    step_title: str
    kind: str
    role: str
    post: str | None
    person: str | None
    person_name: str | None
    opened_at: datetime
    term: Term | None
    suspended: str | None
    limit_at: datetime | None
