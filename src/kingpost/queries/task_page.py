"""The page of one task or decision: the facts for judging it, and what was decided before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Facts
from kingpost.decisions.program import Program
from kingpost.queries.case_page import RecordField
from kingpost.queries.history.timeline import Change, Event, Programs, RuleUse
from kingpost.queries.open_work import OpenWork
from kingpost.queries.people import Answering
from kingpost.store.pool import Database

SIMILAR_MAX = 500


@dataclass(frozen=True, slots=True)
class Similar:
    """Past decisions of the same step whose shown choices, posts and yes/no values were the same.

    considered: how many of the latest decisions of the step were looked at, at most SIMILAR_MAX.
    outcomes:   how many of those alike took each outcome, the most frequent first.
    fields:     the fields that were compared.
    """

    considered: int
    outcomes: Mapping[str, int]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One open task, decision or wait with its case.

    case, program, facts: for `decisions.options`; the facts say who looks and hold the vacancies.
    shown:  of a decision, the fields that it lays before the person, as they stand.
    digest: of what is shown, to be sent back with the decision; empty for others.
    rules:  the latest answer of each rule in this case.
    addressed: the post it is addressed to with its holders, or None for a role.
    """

    as_at: datetime
    work: OpenWork
    case: Case
    program: Program
    facts: Facts
    owner: Answering
    addressed: Answering | None
    record: tuple[RecordField, ...]
    shown: tuple[Change, ...]
    digest: str
    rules: tuple[RuleUse, ...]
    history: tuple[Event, ...]
    similar: Similar | None


def read_task_page(
    database: Database,
    task: UUID,
    programs: Programs,
    *,
    person: str,
    acting_as: str | None = None,
) -> TaskPage | None:
    """Read open work by its id, or None when it is open no longer."""
    raise NotImplementedError
