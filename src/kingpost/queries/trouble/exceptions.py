"""Triage: the exceptions that hold work and the calls in trouble, in groups, and one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.model.workflow import Ending, Exceptional
from kingpost.queries.history.timeline import Programs
from kingpost.queries.open_work import step_title
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.queries.people import Reader
from kingpost.queries.people import reader as read_reader
from kingpost.queries.worklists.reach import reach_rows, speaks_for
from kingpost.store.due.outbox import FAILURES_MAX
from kingpost.store.pool import Database
from kingpost.store.reading.lists import exceptions
from kingpost.store.reading.people import moment

# A call that is tried again by itself, or that waits for a system that is down: no exception yet.
PAUSED = "paused"
PAUSED_TITLE = "A call is being tried again"


@dataclass(frozen=True, slots=True)
class Sought:
    """What of it is asked for. Empty is anything; a cause may be empty, so None is anything.

    mine: only what the reader may do something about.
    """

    mine: bool = True
    workflow: str = ""
    kind: str = ""
    step: str = ""
    post: str = ""
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Work that an exception holds, or a call that does not run as it should.

    id:      of the open work, by which it is acted on.
    kind:    the exception, or PAUSED. cause: of a call's latest failure, in a clause; else empty.
    post:    that it is addressed to, or None. since: when it began to stand so.
    ends_at: the end of its term, or None. next_at: when a call is tried again, or None.
    own:     whether the reader may do something about it.
    endings: how the exception may be ended, by id, with their titles.
    """

    id: UUID
    number: str
    workflow: str
    step: str
    step_title: str
    kind: str
    title: str
    cause: str
    post: str | None
    since: datetime
    ends_at: datetime | None
    next_at: datetime | None
    own: bool
    endings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands so for the same reason. oldest: since when. soonest: when a term ends, or None.

    endings: as of each of them.
    """

    workflow: str
    workflow_title: str
    kind: str
    title: str
    cause: str
    count: int
    oldest: datetime
    soonest: datetime | None
    endings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exceptions:
    """A page of what is in trouble, the oldest first. mine, all: how many match the filter."""

    as_at: datetime
    groups: tuple[Group, ...]
    page: Page[Trouble]
    mine: int
    all: int


def read_exceptions(  # noqa: PLR0913 - who looks, and at what
    database: Database,
    programs: Programs,
    program: Program,
    person: str,
    sought: Sought,
    *,
    acting_as: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Exceptions:
    """Read what is in trouble, as it stands for one reader."""
    with database.snapshot() as connection:
        now = moment(connection)
        reader = read_reader(connection, person, acting_as)
        asked = _asked(program, reader, sought) | {"limit": size, "offset": offset(page, size)}
        row = exceptions.read(connection, asked)
    found = tuple(_trouble(programs(each["model"]), each) for each in row["page"])
    groups = tuple(_group(programs(each["model"]), each) for each in row["grouped"])
    total = row["mine"] if sought.mine else row["all"]
    return Exceptions(now, groups, Page(found, total, page, size), row["mine"], row["all"])


def own_ids(
    database: Database,
    program: Program,
    person: str,
    sought: Sought,
    *,
    limit: int,
    acting_as: str | None = None,
) -> tuple[tuple[UUID, ...], int]:
    """Return what a reader may do something about, up to a limit, and how many there are."""
    with database.snapshot() as connection:
        reader = read_reader(connection, person, acting_as)
        rows = exceptions.ids(connection, _asked(program, reader, sought) | {"limit": limit})
    return tuple(row["id"] for row in rows), rows[0]["total"] if rows else 0


def _asked(program: Program, reader: Reader, sought: Sought) -> dict[str, Any]:
    return {
        **reach_rows(program, reader),
        "raises": sorted(_raises(program, reader)),
        "failures": FAILURES_MAX,
        "mine": sought.mine,
        "workflow": sought.workflow,
        "kind": sought.kind,
        "step": sought.step,
        "post": sought.post,
        "cause": sought.cause,
    }


def _raises(program: Program, reader: Reader) -> Iterator[str]:
    """Yield the exceptions that a reader may raise, and so end, each as workflow/exception."""
    posts = speaks_for(program, reader.holdings, reader.vacant) & program.model.posts.keys()
    roles = {role for post in posts for role in program.model.posts[post].roles}
    for name, flow in program.workflows.items():
        for item in flow.workflow.exceptions:
            if roles.intersection(item.raised_by):
                yield f"{name}/{item.id}"


def _trouble(program: Program, row: Mapping[str, Any]) -> Trouble:
    exception = _exception(program, row)
    return Trouble(
        id=UUID(row["id"]),
        number=row["number"],
        workflow=row["workflow"],
        step=row["step"],
        step_title=step_title(program, row["workflow"], row["step"]),
        kind=row["kind"],
        title=_title(exception, row),
        cause=row["cause"],
        post=row["post"],
        since=datetime.fromisoformat(row["since"]),
        ends_at=_moment(row["ends_at"]),
        next_at=_moment(row["next_at"]),
        own=row["own"],
        endings=endings_of(exception),
    )


def _group(program: Program, row: Mapping[str, Any]) -> Group:
    exception, flow = _exception(program, row), program.workflows.get(row["workflow"])
    return Group(
        workflow=row["workflow"],
        workflow_title=flow.workflow.title if flow else row["workflow"],
        kind=row["kind"],
        title=_title(exception, row),
        cause=row["cause"],
        count=row["count"],
        oldest=datetime.fromisoformat(row["oldest"]),
        soonest=_moment(row["soonest"]),
        endings=endings_of(exception),
    )


def endings_of(exception: Exceptional | None) -> tuple[tuple[str, str], ...]:
    """Return how an exception may be ended, by id, with their titles."""
    endings: tuple[Ending, ...] = exception.endings if exception else ()
    return tuple((item.id, item.title) for item in endings)


def _exception(program: Program, row: Mapping[str, Any]) -> Exceptional | None:
    flow = program.workflows.get(row["workflow"])
    return flow.workflow.exception(row["kind"]) if flow else None


def _title(exception: Exceptional | None, row: Mapping[str, Any]) -> str:
    if exception is not None:
        return exception.title
    return PAUSED_TITLE if row["kind"] == PAUSED else row["kind"]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
