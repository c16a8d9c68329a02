"""Who was accountable for something on a day: its posts then, and who held them.

Two times count. The day is the one asked about; `known` is when one asks: what was recorded later,
such as an appointment that was written down too late, does not count.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.workflow import OPEN_WORK
from kingpost.queries.accountability.addresses import carriers, posts_of
from kingpost.queries.accountability.answer import (
    Accountable,
    AnsweredThen,
    Delegate,
    NothingThereError,
    StoodIn,
)
from kingpost.queries.accountability.filling import Held, emptiness, was_away
from kingpost.queries.accountability.naming import name_then
from kingpost.queries.accountability.places import stays
from kingpost.queries.people import Holder
from kingpost.store import cases, models
from kingpost.store.pool import Database
from kingpost.store.reading import history, people
from kingpost.store.reading import known as reading

_CASE = "case/"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one asks about: by which model, since when that ran, and what it is called there."""

    program: Program
    since: datetime
    address: str


def whole_day(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in a time zone; it may have 23 or 25 hours."""
    place = ZoneInfo(zone)
    begins = (datetime.combine(each, time(0), place) for each in (day, day + timedelta(days=1)))
    start, end = (moment.astimezone(ZoneInfo("UTC")) for moment in begins)
    return start, end


def who_was_accountable(
    database: Database,
    program_of: Callable[[str], Program],
    address: str,
    day: date,
    known: datetime | None = None,
) -> Accountable:
    """Answer who was accountable for something on a day.

    program_of: of a model version.
    address:    a post (its id will do), `workflow/W`, `workflow/W/step/S`, `obligation/O`,
                `objective/O`, `case/NUMBER`, or another part of the model, which its keeper answers
                for. A part is found by its name of today as well as by that of the day.
    day:        where the post that answers is. known: None for now.
    Raises:     NothingThereError.
    """
    with database.connection() as connection:
        asked = _asked(connection, program_of, address, day)
        when = whole_day(day, asked.program.model.zone)
        title, posts = _answering(connection, asked, when)
        zone = _zone(asked.program.model, posts)
        if zone != asked.program.model.zone:
            when = whole_day(day, zone)
            title, posts = _answering(connection, asked, when)
    with database.snapshot() as connection:
        seen = known or people.moment(connection)
        every = list(asked.program.model.posts)
        times = {"start": when[0], "end": when[1], "known": seen}
        held = [_held(row) for row in reading.held_then(connection, every, **times)]
        lent = reading.lent_then(connection, every, **times)
    answers = tuple(
        replace(_answered(asked.program.model, post, held, lent, when), what=what)
        for post, what in posts
    )
    return Accountable(
        asked.address,
        address,
        title,
        zone,
        *when,
        seen,
        asked.program.version,
        asked.since >= when[1],
        answers,
    )


def _asked(
    connection: Connection[DictRow],
    program_of: Callable[[str], Program],
    address: str,
    day: date,
) -> _Asked:
    """Return by which model something is answered, and what it is called there."""
    if address.startswith(_CASE):
        case = cases.find_case(connection, address.removeprefix(_CASE))
        if case is None:
            words = f"there is no case `{address.removeprefix(_CASE)}`. Look for it under Cases."
            raise NothingThereError(words)
        return _Asked(program_of(case.model), case.started_at, address)
    rows = models.activations(connection)
    versions = [row["digest"] for row in rows]
    # By the latest model first, whose company says where midnight is.
    end = whole_day(day, program_of(versions[-1]).model.zone)[1]
    then = max((nth for nth, row in enumerate(rows) if row["activated_at"] < end), default=0)
    full = address if "/" in address else f"post/{address}"
    name = name_then(versions, then, lambda version: program_of(version).model, full)
    name = address if name == full else name
    return _Asked(program_of(versions[then]), rows[then]["activated_at"], name)


def _answering(
    connection: Connection[DictRow], asked: _Asked, when: tuple[datetime, datetime]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the title of what is asked about, and the posts that answer, each with for what."""
    if asked.address.startswith(_CASE):
        return _of_case(connection, asked, when)
    title, posts = posts_of(asked.program, asked.address)
    return title, tuple((post, "") for post in posts)


def _of_case(
    connection: Connection[DictRow], asked: _Asked, when: tuple[datetime, datetime]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return who answers for a case: the owner of its workflow, and where its work lay."""
    case = cases.find_case(connection, asked.address.removeprefix(_CASE))
    assert case is not None, "it was found before"
    flow = asked.program.workflows[case.workflow]
    if case.started_at >= when[1]:
        words = f"the case `{case.number}` began on {case.started_at:%-d %B %Y}: nobody answered"
        raise NothingThereError(f"{words} for it before. Ask about a later day.")
    found = {(flow.workflow.owner, ""): None}
    for stay in stays(history.events(connection, case.id), *when):
        step = flow.places[stay.step].step if stay.step in flow.places else None
        if isinstance(step, OPEN_WORK):
            posts = (stay.post,) if stay.post else carriers(flow, stay.step)
            found |= {(post, step.title): None for post in posts}
    return f"{case.number}, {flow.workflow.title}", tuple(found)


def _zone(model: Model, posts: tuple[tuple[str, str], ...]) -> str:
    """Return the time zone of the unit of the first post."""
    post = model.posts[posts[0][0]]
    return model.calendars[model.units[post.unit].calendar].zone


def _held(row: DictRow) -> Held:
    away = tuple(zip(row["away_since"], row["away_until"], strict=True))
    times = row["since"], row["until"]
    return Held(row["post"], row["person"], row["name"], row["kind"], *times, away)


def _answered(
    model: Model,
    post: str,
    held: list[Held],
    lent: list[DictRow],
    when: tuple[datetime, datetime],
) -> AnsweredThen:
    title = model.posts[post].title
    own = [item for item in held if item.post == post]
    delegates = tuple(_delegate(row) for row in lent if row["post"] == post)
    stood_in = tuple(
        StoodIn(
            part.since,
            part.until,
            part.acts,
            model.posts[part.acts].title if part.acts else "",
            tuple(
                _holder(item, part.since, part.until)
                for item in held
                if item.post == part.acts and not was_away(item, part.since, part.until)
            ),
        )
        for part in emptiness(model, post, held, *when)
    )
    holders = tuple(_holder(item, *when) for item in own)
    by = model.posts[post].answered_for_by
    answered_for = _answered(model, by, held, lent, when) if by is not None else None
    return AnsweredThen(post, title, holders, delegates, stood_in, answered_for=answered_for)


def _holder(item: Held, start: datetime, end: datetime) -> Holder:
    absent = was_away(item, start, end)
    return Holder(item.person, item.name, item.kind, item.since, item.until, absent)


def _delegate(row: DictRow) -> Delegate:
    return Delegate(
        row["person"],
        row["name"],
        row["giver"],
        row["giver_name"],
        tuple(row["workflows"]),
        tuple(row["outcomes"]),
        row["when"],
        row["reason"],
        row["since"],
        row["until"],
    )
