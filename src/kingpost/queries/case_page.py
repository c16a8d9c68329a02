"""The page of one case: where it stands, its record, its history and its proof."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.model.objects import FieldClass
from kingpost.queries.history.timeline import Event, Programs
from kingpost.queries.history.trace import Trace
from kingpost.queries.open_work import FieldValue, OpenWork, Term
from kingpost.queries.people import Answering
from kingpost.store.pool import Database


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of the record. changed: how often a filled value got another one."""

    value: FieldValue
    privacy: FieldClass
    changed: int


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the stored bytes are the whole chain of the case. fault: None when they are."""

    fault: str | None
    events: int
    head: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A step at which the case stands; of a parallel step, too. since: when it came there."""

    step: str
    title: str
    since: datetime
    post: str | None
    term: Term | None
    suspended: str | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case.

    owner:   the post that answers for the workflow, now.
    term:    the one that ends soonest of all its running clocks; None without one.
    events:  oldest first.
    """

    as_at: datetime
    id: UUID
    number: str
    workflow: str
    workflow_title: str
    model: str
    version: int
    state: str
    state_title: str
    state_since: datetime
    started_at: datetime
    closed_at: datetime | None
    titles: tuple[FieldValue, ...]
    owner: Answering
    term: Term | None
    standings: tuple[Standing, ...]
    work: tuple[OpenWork, ...]
    record: tuple[RecordField, ...]
    events: tuple[Event, ...]
    trace: Trace
    chain: ChainCheck


def read_case_page(database: Database, number: str, programs: Programs) -> CasePage | None:
    """Read a case by its number, or None. programs: a model version to its program."""
    raise NotImplementedError
