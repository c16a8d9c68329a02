"""The worklist: the open work that a person may act on now, in the order of its terms."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.rows import DictRow

from kingpost.decisions.commands import Holding
from kingpost.decisions.delegating import reaches
from kingpost.decisions.program import Program
from kingpost.model.vacancy import falls_to
from kingpost.queries.open_work import OpenWork, like, read_work, soonest, title_keys, within
from kingpost.queries.page import PAGE_SIZE, Page, cut
from kingpost.queries.people import Reader
from kingpost.queries.people import reader as read_reader
from kingpost.store.pool import Database
from kingpost.store.reading import work
from kingpost.store.reading.people import moment


class View(StrEnum):
    """What part of the work is looked at.

    ALL:        addressed to a post of the person, to a role it carries, or to a vacant post that
                falls to it. The next four are parts of it.
    OVERDUE:    its term is over.
    DUE_TODAY:  its term ends later today, in the company's time zone.
    MINE:       the person has taken it on. UNASSIGNED: nobody has.
    BELOW:      addressed to a post below one that carries the role itself.
    ESCALATED:  late, and a ladder has told a post of the person so; it need not be for the person
                to do.
    """

    ALL = "all"
    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BELOW = "below"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at. text: a part of the case number or of a title. Empty means any."""

    view: View = View.ALL
    workflow: str = ""
    step: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of open work, soonest term first, and how many each view has under the same filter.

    steps: how many of ALL stand at each (workflow, step), whatever the filter.
    """

    as_at: datetime
    reader: Reader
    page: Page[OpenWork]
    counts: Mapping[View, int]
    steps: Mapping[tuple[str, str], int]


def read_worklist(  # noqa: PLR0913 - who looks, and at what
    database: Database,
    program: Program,
    person: str,
    wanted: Wanted,
    *,
    acting_as: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Worklist:
    """Read the worklist of a person: exactly the tasks and decisions that they may work on.

    The view ESCALATED shows besides what others are late with.
    """
    with database.snapshot() as connection:
        now = moment(connection)
        reader = read_reader(connection, person, acting_as)
        filters: dict[str, Any] = {
            "workflow": wanted.workflow,
            "step": wanted.step,
            "pattern": like(wanted.text),
            "titles": title_keys(program),
        }
        rows = work.candidates(connection, _reach(program, reader), **filters)
        told = work.escalated(connection, sorted(_speaks_for(program, reader)), **filters)
        found = _entries(program, reader, rows, told)
        fitting = [entry for entry in found if entry.matches]
        day_ends = _end_of_day(now, program.model.zone)
        views = {
            view: [entry for entry in fitting if _is_in(view, entry, person, (now, day_ends))]
            for view in View
        }
        chosen = cut(sorted(views[wanted.view], key=_Entry.order), page, size)
        full = work.read_tasks(connection, ids=[entry.id for entry in chosen.rows])
        items = {item.id: item for item in read_work(program, full, now)}
    return Worklist(
        as_at=now,
        reader=reader,
        page=Page(tuple(items[e.id] for e in chosen.rows), chosen.total, chosen.number, size),
        counts={view: len(entries) for view, entries in views.items()},
        steps=Counter((entry.workflow, entry.step) for entry in found if entry.acts),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    id: UUID
    workflow: str
    step: str
    person: str | None
    opened_at: datetime
    due_at: datetime | None
    acts: bool
    is_below: bool
    is_told: bool
    matches: bool

    def order(self) -> tuple[bool, datetime, datetime, UUID]:
        return (self.due_at is None, self.due_at or self.opened_at, self.opened_at, self.id)


def _entries(
    program: Program, reader: Reader, rows: list[DictRow], told: list[DictRow]
) -> list[_Entry]:
    steps: dict[tuple[str, str], frozenset[str]] = {}
    found: list[_Entry] = []
    direct = {row["id"] for row in rows if not row["below"]}
    direct |= {row["id"] for row in told if _acts_when_told(program, reader, row)}
    below = {row["id"] for row in rows} - direct
    late = {row["id"] for row in told}
    # What is in reach in several ways, such as by oneself and for another, stands there once.
    for row in {row["id"]: row for row in (*rows, *told)}.values():
        key = (row["workflow"], row["step"])
        if key not in steps:
            steps[key] = within(program, *key)
        found.append(
            _Entry(
                row["id"],
                *key,
                row["person"],
                row["opened_at"],
                soonest(program, steps[key], row["clocks"]),
                row["id"] in direct,
                row["id"] in below,
                row["id"] in late,
                row["matches"],
            )
        )
    return found


def _speaks_for(program: Program, reader: Reader) -> set[str]:
    """Return the posts of the reader, and the vacant ones that fall to them."""
    held = {holding.post for holding in reader.holdings}
    vacant = reader.vacant & program.model.posts.keys()
    return held | {post for post in vacant if falls_to(program.model, post, reader.vacant) in held}


def _acts_when_told(program: Program, reader: Reader, row: DictRow) -> bool:
    """Tell whether the reader may do work because a post that carries its role was told."""
    if row["kind"] not in {"task", "decision"}:
        return False
    workflow, step = row["workflow"], row["step"]
    lent = (item for item in reader.holdings if reaches(item.delegation, workflow, step))
    mine = _speaks_for(program, replace(reader, holdings=tuple(lent)))
    posts = (program.model.posts.get(name) for name in row["told"] if name in mine)
    return any(post is not None and row["role"] in post.roles for post in posts)


def _reach(program: Program, reader: Reader) -> list[tuple[str, str, str, bool]]:
    """Return role, post and scope of all work that the reader may act on, and whether it is below.

    The scope is empty for any work, or a workflow, or workflow/step. It is the reverse of
    `decisions.authority.standings`, which says the same for one piece of work.
    """
    scopes: dict[str, list[Holding]] = {}
    for holding in reader.holdings:
        for scope in _scopes(holding):
            scopes.setdefault(scope, []).append(holding)
    return [
        (role, post, scope, is_below)
        for scope in sorted(scopes)
        for role, post, is_below in _reach_of(program, scopes[scope], reader.vacant)
    ]


def _scopes(holding: Holding) -> tuple[str, ...]:
    """Return what a holding is narrowed to."""
    lent = holding.delegation
    if lent is None or not (lent.workflows or lent.outcomes):
        return ("",)
    if not lent.outcomes:
        return lent.workflows
    steps = {name.rpartition("/")[0] for name in lent.outcomes}
    inside = (name for name in steps if not lent.workflows or name.split("/")[0] in lent.workflows)
    return tuple(sorted(inside))


def _reach_of(
    program: Program, holdings: list[Holding], vacant: frozenset[str]
) -> list[tuple[str, str, bool]]:
    model, direct, below = program.model, set[tuple[str, str]](), set[tuple[str, str]]()
    for holding in holdings:
        post = model.posts.get(holding.post)
        # A call that failed needs no role: it lies with the post that answers for it.
        if post:
            direct.add(("", holding.post))
            below |= {("", other) for other in model.posts if post.id in model.superiors(other)}
        for role in post.roles if post else ():
            direct |= {(role, holding.post), (role, "")}
            below |= {
                (role, other) for other in model.posts if holding.post in model.superiors(other)
            }
    held = {holding.post for holding in holdings}
    for absent in vacant & model.posts.keys():
        if falls_to(model, absent, vacant) in held:
            direct |= {(role, absent) for role in ("", *model.roles)}
            direct |= {(role, "") for role in model.posts[absent].roles}
    return [(*pair, False) for pair in sorted(direct)] + [
        (*pair, True) for pair in sorted(below - direct)
    ]


def _is_in(view: View, entry: _Entry, person: str, ends: tuple[datetime, datetime]) -> bool:
    match view:
        case View.BELOW:
            return entry.is_below
        case View.ESCALATED:
            return entry.is_told
        case _:
            return entry.acts and _is_part(view, entry, person, ends)


def _is_part(view: View, entry: _Entry, person: str, ends: tuple[datetime, datetime]) -> bool:
    """Tell whether work that the reader may do is in a part of it."""
    now, day_ends = ends
    match view:
        case View.ALL:
            return True
        case View.OVERDUE:
            return entry.due_at is not None and entry.due_at < now
        case View.DUE_TODAY:
            return entry.due_at is not None and now <= entry.due_at < day_ends
        case View.MINE:
            return entry.person == person
        case View.UNASSIGNED:
            return entry.person is None
        case _:
            return False


def _end_of_day(now: datetime, zone: str) -> datetime:
    """Return when the local day ends; a day may have 23 or 25 hours."""
    local = now.astimezone(ZoneInfo(zone))
    tomorrow = local.date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), ZoneInfo(zone)).astimezone(UTC)
