"""The worklist: the open work that a person may act on now, in the order of its terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.queries.open_work import OpenWork, like, read_work, title_columns
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.queries.people import Reader
from kingpost.queries.people import reader as read_reader
from kingpost.queries.worklists.asking import (
    View,
    Wanted,
    conditions_asked,
    order_asked,
    read_place,
    write_place,
)
from kingpost.queries.worklists.reach import reach_rows
from kingpost.store.pool import Database
from kingpost.store.reading import work
from kingpost.store.reading.lists import worklist
from kingpost.store.reading.people import moment


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of open work, and how many each view has under the same filter.

    steps: how many of ALL stand at each (workflow, step), whatever the filter.
    next:  the place after which the next page begins; empty when this is the last.
    """

    as_at: datetime
    reader: Reader
    page: Page[OpenWork]
    counts: Mapping[View, int]
    steps: Mapping[tuple[str, str], int]
    next: str = ""


def read_worklist(  # noqa: PLR0913 - who looks, and at what
    database: Database,
    program: Program,
    person: str,
    wanted: Wanted,
    *,
    acting_as: str | None = None,
    page: int = 1,
    after: str = "",
    size: int = PAGE_SIZE,
) -> Worklist:
    """Read the worklist of a person: exactly the tasks and decisions that they may work on.

    The view ESCALATED shows besides what others are late with.

    page:   by its number. after: or the `next` of the page before, so that what comes or goes
            meanwhile neither hides a row nor shows one twice.
    Raises: CannotAskError.
    """
    with database.snapshot() as connection:
        reader = read_reader(connection, person, acting_as)
        return worklist_at(connection, program, reader, wanted, page=page, after=after, size=size)


def worklist_at(  # noqa: PLR0913 - as above
    connection: Connection[DictRow],
    program: Program,
    reader: Reader,
    wanted: Wanted,
    *,
    page: int = 1,
    after: str = "",
    size: int = PAGE_SIZE,
) -> Worklist:
    """Read the worklist of whoever has some rights, at the snapshot; as `read_worklist`."""
    order = order_asked(program, wanted)
    asked = _filter(program, wanted) | order | read_place(wanted.order, after)
    asked |= reach_rows(program, reader)
    now = moment(connection)
    asked |= {
        "person": reader.person,
        # One more, which tells whether there is a next page.
        "limit": size + 1,
        "offset": 0 if after else offset(page, size),
        "now": now,
        "day_ends": _end_of_day(now, program.model.zone),
    }
    row = worklist.read(
        connection,
        asked,
        by_record=bool(wanted.text or wanted.where or order["by"] in {"number", "field"}),
        descending=wanted.order.startswith("-"),
    )
    rows = row["page"][:size]
    ids = [UUID(each[0]) for each in rows]
    full = work.read_tasks(connection, ids=ids)
    items = {item.id: item for item in read_work(program, full, now)}
    counts = {view: sum(each[view.value] for each in row["counted"]) for view in View}
    steps = {(each["workflow"], each["step"]): each["steps"] for each in row["counted"]}
    return Worklist(
        as_at=now,
        reader=reader,
        page=Page(tuple(items[each] for each in ids), counts[wanted.view], max(1, page), size),
        counts=counts,
        steps={place: count for place, count in steps.items() if count},
        next=write_place(wanted.order, rows[-1]) if len(row["page"]) > size else "",
    )


def _filter(program: Program, wanted: Wanted) -> dict[str, Any]:
    """Return what a row must be, as the database takes it. Raises CannotAskError."""
    return {
        "view": wanted.view.value,
        "workflow": wanted.workflow,
        "step": wanted.step,
        "pattern": like(wanted.text),
        **title_columns(program),
        **conditions_asked(program, wanted),
    }


def _end_of_day(now: datetime, zone: str) -> datetime:
    """Return when the local day ends; a day may have 23 or 25 hours."""
    local = now.astimezone(ZoneInfo(zone))
    tomorrow = local.date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), ZoneInfo(zone)).astimezone(UTC)
