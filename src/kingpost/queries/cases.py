"""Lists of cases: every number of the system opens into one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.queries.open_work import FieldValue
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.store.pool import Database


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases. Empty means any.

    step:      where it stands now (of a parallel step, too). exception: what suspends it now.
    post:      to which some open work of it is addressed.
    text:      the beginning of a number, or a part of a title field.
    is_open:   None for both.
    overdue:   only those that stand at a step whose term is over (with `step`: at that one).
    """

    workflow: str = ""
    state: str = ""
    step: str = ""
    exception: str = ""
    post: str = ""
    text: str = ""
    is_open: bool | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Where a case stands: a task, decision or wait that is open."""

    task: UUID
    step: str
    title: str
    post: str | None
    person: str | None
    opened_at: datetime
    due_at: datetime | None
    suspended: str | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list. due_at: the soonest of all its running clocks, or None."""

    id: UUID
    number: str
    workflow: str
    state: str
    state_title: str
    state_since: datetime
    started_at: datetime
    closed_at: datetime | None
    titles: tuple[FieldValue, ...]
    steps: tuple[OpenStep, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of cases: open ones before closed ones, the latest start first."""

    as_at: datetime
    page: Page[CaseRow]


@dataclass(frozen=True, slots=True)
class Found:
    """A case found by its number."""

    number: str
    workflow: str
    state: str
    closed_at: datetime | None


def list_cases(
    database: Database,
    program: Program,
    wanted: CaseFilter,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> CaseList:
    """Read a page of the cases that a filter lets through."""
    raise NotImplementedError


def find_numbers(database: Database, beginning: str, *, limit: int = 10) -> tuple[Found, ...]:
    """Return the cases whose number begins so (in any case of letters), the latest first."""
    raise NotImplementedError
