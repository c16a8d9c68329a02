"""The organisation: units, posts and who holds them, and what a person has done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.model.organisation import Post
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.queries.people import Answering
from kingpost.store.pool import Database


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
    """Somebody of the register with the posts held at the moment asked for."""

    id: str
    name: str
    posts: tuple[str, ...]


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
    """An appointment. post_title: the id when the model that runs has it no longer."""

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
    """A person: appointments that run, that are over, and that are to come; and what was done."""

    as_at: datetime
    id: str
    name: str
    now: tuple[Appointed, ...]
    past: tuple[Appointed, ...]
    later: tuple[Appointed, ...]
    assigned: int
    acts: Page[Act]


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post with everyone who ever held it, the latest first. unit_title: of its unit."""

    as_at: datetime
    now: PostNow
    unit_title: str
    reports_to: Answering | None
    below: tuple[str, ...]
    appointments: tuple[Appointed, ...]


def read_organisation(
    database: Database, program: Program, at: datetime | None = None
) -> Organisation:
    """Read the organisation as it is held now, or at another moment."""
    raise NotImplementedError


def list_people(
    database: Database, *, text: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Page[PersonRow]:
    """Read a page of people whose id or name contains a text, in order of name."""
    raise NotImplementedError


def read_person(
    database: Database, program: Program, person: str, *, page: int = 1, size: int = PAGE_SIZE
) -> PersonPage | None:
    """Read a person with a page of what they did, the latest first; None for nobody."""
    raise NotImplementedError


def read_post(database: Database, program: Program, post: str) -> PostPage | None:
    """Read a post, or None when the model that runs has none of that id."""
    raise NotImplementedError
