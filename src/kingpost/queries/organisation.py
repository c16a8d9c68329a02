"""The organisation: units, posts and who holds them, and what a person has done."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.queries.changes.organisation import earlier_posts
from kingpost.queries.open_work import like
from kingpost.queries.page import PAGE_SIZE, Page, offset
from kingpost.queries.people import Answering, answering
from kingpost.store.pool import Database
from kingpost.store.reading import people
from kingpost.store.reading.delegations import delegations
from kingpost.store.reading.work import load


@dataclass(frozen=True, slots=True)
class PostNow:
    """A post as it is held. depth: from 0 at the top of the reporting tree.

    open_work: tasks and decisions addressed to it now. overdue: of them, those with a term that is
    over. Both are 0 when another day is looked at.
    """

    post: Post
    depth: int
    answering: Answering
    open_work: int
    overdue: int


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit with its posts, a superior before those who report to it."""

    id: str
    title: str
    parent: str | None
    posts: tuple[PostNow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the register with the posts held at the moment asked for.

    is_agent: it is a machine agent.
    """

    id: str
    name: str
    posts: tuple[str, ...]
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units and posts. people: how many are in the register; holders: how many hold a post."""

    as_at: datetime
    units: tuple[UnitNow, ...]
    people: int
    holders: int
    vacant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment. post_title: the id when the model that runs has it no longer.

    withdrawn: before it began; `until` is `since` then. ended_by: who ended or withdrew it.
    """

    id: UUID
    person: str
    name: str
    post: str
    post_title: str
    seat: int
    kind: str
    since: datetime
    until: datetime | None
    recorded_by: str
    withdrawn: bool
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Away:
    """An absence. until: None for until further notice. withdrawn: as in `Appointed`."""

    id: UUID
    reason: str
    since: datetime
    until: datetime | None
    withdrawn: bool
    recorded_by: str
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Delegated:
    """Authority that was lent: by the giver, who holds the post, to the person.

    workflows, outcomes, when: what it is narrowed to; empty and None for all that the post may do.
    until:    when it ends, at the latest with the appointment of the giver; exclusive.
    withdrawn: before it began; `until` is `since` then.
    """

    id: UUID
    post: str
    post_title: str
    giver: str
    giver_name: str
    person: str
    name: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: str | None
    reason: str
    since: datetime
    until: datetime
    withdrawn: bool
    recorded_by: str
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person did: one event of one case. choice: see the timeline."""

    case: UUID
    number: str
    workflow: str
    seq: int
    kind: str
    step: str | None
    choice: str | None
    post: str
    at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person: appointments that run, that are over, and that are to come; and what was done.

    given, received: the authority that was lent by and to the person, ever, the latest first.
    is_agent: it is a machine agent.
    """

    as_at: datetime
    id: str
    name: str
    now: tuple[Appointed, ...]
    past: tuple[Appointed, ...]
    later: tuple[Appointed, ...]
    given: tuple[Delegated, ...]
    received: tuple[Delegated, ...]
    absences: tuple[Away, ...]
    assigned: int
    acts: Page[Act]
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post with everyone who ever held it, the latest first. unit_title: of its unit.

    Those who held a post whose work it has taken over are among them.

    delegations: what was ever lent of its authority, the latest first.
    """

    as_at: datetime
    now: PostNow
    unit_title: str
    reports_to: Answering | None
    below: tuple[str, ...]
    appointments: tuple[Appointed, ...]
    delegations: tuple[Delegated, ...]


def read_organisation(
    database: Database, program: Program, at: datetime | None = None
) -> Organisation:
    """Read the organisation as it is held now, or at another moment."""
    model = program.model
    with database.snapshot() as connection:
        now = people.moment(connection)
        answers = answering(connection, program, at)
        burden = _load(connection) if at is None else dict[str, tuple[int, int]]()
        registered = people.count_people(connection, "%")
    posts = [_post(item, depth, answers, burden) for item, depth in from_top(model)]
    return Organisation(
        as_at=at or now,
        units=tuple(
            UnitNow(
                unit.id,
                unit.title,
                unit.parent,
                tuple(item for item in posts if item.post.unit == unit.id),
            )
            for unit in model.units.values()
        ),
        people=registered,
        holders=len({holder.person for item in answers.values() for holder in item.holders}),
        vacant=tuple(item.post for item in answers.values() if item.is_vacant),
    )


def list_people(
    database: Database, *, text: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Page[PersonRow]:
    """Read a page of people whose id or name contains a text, in order of name."""
    pattern = like(text) or "%"
    with database.snapshot() as connection:
        rows = people.find_people(connection, pattern, size, offset(page, size))
        total = people.count_people(connection, pattern)
    found = tuple(
        PersonRow(row["id"], row["name"], tuple(row["posts"]), row["is_agent"]) for row in rows
    )
    return Page(found, total, max(1, page), size)


def read_person(
    database: Database, program: Program, person: str, *, page: int = 1, size: int = PAGE_SIZE
) -> PersonPage | None:
    """Read a person with a page of what they did, the latest first; None for nobody."""
    with database.snapshot() as connection:
        now = people.moment(connection)
        name = people.names(connection, [person]).get(person)
        if name is None:
            return None
        is_agent = people.is_agent(connection, person)
        rows = people.appointments(connection, person=person)
        given = delegations(connection, giver=person)
        received = delegations(connection, person=person)
        away = people.absences(connection, person)
        total, assigned = people.count_acts(connection, person)
        acts = people.acts(connection, person, size, offset(page, size))
    held = [appointed(program, row) for row in rows]
    return PersonPage(
        as_at=now,
        id=person,
        name=name,
        now=tuple(item for item in held if item.since <= now and not _is_over(item, now)),
        past=tuple(item for item in held if _is_over(item, now)),
        later=tuple(item for item in held if item.since > now and not item.withdrawn),
        given=tuple(delegated(program, row) for row in given),
        received=tuple(delegated(program, row) for row in received),
        absences=tuple(Away(**row) for row in away),
        assigned=assigned,
        acts=Page(tuple(_act(row) for row in acts), total, max(1, page), size),
        is_agent=is_agent,
    )


def read_post(database: Database, program: Program, post: str) -> PostPage | None:
    """Read a post, or None when the model that runs has none of that id."""
    model = program.model
    if post not in model.posts:
        return None
    with database.snapshot() as connection:
        now = people.moment(connection)
        answers = answering(connection, program)
        burden = _load(connection)
        earlier = [was for was, heir in earlier_posts(connection).items() if heir == post]
        rows = people.appointments(connection, posts=[post, *earlier])
        lent = delegations(connection, post=post)
    declared = model.posts[post]
    depth = sum(1 for _ in model.superiors(post))
    return PostPage(
        as_at=now,
        now=_post(declared, depth, answers, burden),
        unit_title=model.units[declared.unit].title,
        reports_to=answers.get(declared.reports_to or ""),
        below=tuple(item.id for item in model.posts.values() if item.reports_to == post),
        appointments=tuple(appointed(program, row) for row in rows),
        delegations=tuple(delegated(program, row) for row in lent),
    )


def from_top(model: Model) -> Iterator[tuple[Post, int]]:
    """Yield every post with its depth in the tree of reports, each superior before those below."""
    below: dict[str | None, list[Post]] = {}
    for post in model.posts.values():
        above = post.reports_to if post.reports_to in model.posts else None
        below.setdefault(above, []).append(post)
    waiting, seen = [(post, 0) for post in reversed(below.get(None, []))], set[str]()
    while waiting:
        post, depth = waiting.pop()
        seen.add(post.id)
        yield post, depth
        waiting.extend((item, depth + 1) for item in reversed(below.get(post.id, [])))
    # Posts that report in a circle, which the check refuses, are shown all the same.
    yield from ((post, 0) for post in model.posts.values() if post.id not in seen)


def _load(connection: Connection[DictRow]) -> Mapping[str, tuple[int, int]]:
    """Return by post how much open work is addressed to it, and how much of that is overdue."""
    return {row["post"]: (row["work"], row["overdue"]) for row in load(connection)}


def _post(
    post: Post,
    depth: int,
    answers: Mapping[str, Answering],
    load: Mapping[str, tuple[int, int]],
) -> PostNow:
    return PostNow(post, depth, answers[post.id], *load.get(post.id, (0, 0)))


def appointed(program: Program, row: DictRow) -> Appointed:
    """Return an appointment from its row."""
    post = program.model.posts.get(row["post"])
    return Appointed(post_title=post.title if post else row["post"], **row)


def delegated(program: Program, row: DictRow) -> Delegated:
    """Return a delegation from its row."""
    post = program.model.posts.get(row["post"])
    row = {**row, "workflows": tuple(row["workflows"]), "outcomes": tuple(row["outcomes"])}
    return Delegated(post_title=post.title if post else row["post"], **row)


def _is_over(item: Appointed, now: datetime) -> bool:
    return item.withdrawn or (item.until is not None and item.until <= now)


def _act(row: DictRow) -> Act:
    body = json.loads(row["body"])
    return Act(
        case=row["case_id"],
        number=row["number"],
        workflow=row["workflow"],
        seq=row["seq"],
        kind=row["kind"],
        step=row["step"],
        choice=body.get("choice"),
        post=body["actor"]["post"],
        at=row["at"],
        hash=row["hash"],
    )
