"""Lists of cases: every number of the system opens into one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.workflow import Parallel
from kingpost.queries.open_work import (
    FieldValue,
    like,
    soonest,
    step_title,
    title_keys,
    titles,
    within,
)
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.store.pool import Database
from kingpost.store.reading import cases
from kingpost.store.reading.people import moment
from kingpost.store.reading.work import tasks_of


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


def list_cases(
    database: Database,
    program: Program,
    wanted: CaseFilter,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> CaseList:
    """Read a page of the cases that a filter lets through."""
    with database.snapshot() as connection:
        now = moment(connection)
        blocks = _late_blocks(connection, program, wanted, now) if wanted.overdue else []
        passes = {
            "workflow": wanted.workflow,
            "state": wanted.state,
            "step": wanted.step,
            "exception": wanted.exception,
            "post": wanted.post,
            "begins": like(wanted.text, begins=True),
            "pattern": like(wanted.text),
            "titles": title_keys(program),
            "is_open": wanted.is_open,
            "late": now if wanted.overdue else None,
            "blocks": blocks,
        }
        rows, total = cases.listed(connection, passes, size, offset(page, size))
        open_steps: dict[UUID, list[DictRow]] = {}
        for task in tasks_of(connection, [row["id"] for row in rows]):
            open_steps.setdefault(task["case_id"], []).append(task)
    listed = tuple(_row(program, row, open_steps.get(row["id"], [])) for row in rows)
    return CaseList(now, Page(listed, total, max(1, page), size))


def read_titles(
    database: Database, program: Program, ids: Iterable[UUID]
) -> dict[UUID, tuple[FieldValue, ...]]:
    """Read by which words people know some cases."""
    with database.connection() as connection:
        rows = cases.records(connection, list(ids))
    return {row["id"]: titles(program, row["workflow"], row["fields"]) for row in rows}


def _late_blocks(
    connection: Connection[DictRow], program: Program, wanted: CaseFilter, now: datetime
) -> list[UUID]:
    """Return the open cases that stand in the block asked for, if it is late: a block is no work.

    Late is also what stands in a block whose term is over.
    """
    flows = (flow for name, flow in program.workflows.items() if wanted.workflow in {"", name})
    steps = (flow.places[wanted.step].step for flow in flows if wanted.step in flow.places)
    if not any(isinstance(step, Parallel) for step in steps):
        return []
    found: list[UUID] = []
    for row in cases.timed_blocks(connection, wanted.workflow or None):
        around = within(program, row["workflow"], wanted.step)
        due = soonest(program, around, row["clocks"]) if wanted.step in row["steps"] else None
        if due is not None and due < now:
            found.append(row["id"])
    return found


def _row(program: Program, row: DictRow, tasks: list[DictRow]) -> CaseRow:
    workflow, clocks = row["workflow"], row["clocks"]
    flow = program.workflows.get(workflow)
    state = flow.object.state(row["state"]) if flow else None
    return CaseRow(
        id=row["id"],
        number=row["number"],
        workflow=workflow,
        state=row["state"],
        state_title=state.title if state else row["state"],
        state_since=row["state_since"],
        started_at=row["started_at"],
        closed_at=row["closed_at"],
        titles=titles(program, workflow, row["fields"]),
        steps=tuple(_open_step(program, workflow, task, clocks) for task in tasks),
        due_at=soonest(program, frozenset(token["step"] for token in clocks), clocks),
    )


def _open_step(program: Program, workflow: str, task: DictRow, clocks: list[Any]) -> OpenStep:
    return OpenStep(
        task=task["id"],
        step=task["step"],
        title=step_title(program, workflow, task["step"]),
        post=task["post"],
        person=task["person"],
        opened_at=task["opened_at"],
        due_at=soonest(program, within(program, workflow, task["step"]), clocks),
        suspended=task["suspended"],
    )
