"""Who answers: the holders of posts, now or on a day, and who acts while a post is vacant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.authority import falls_to
from kingpost.decisions.commands import Holding
from kingpost.decisions.program import Program
from kingpost.model.restructuring.heirs import NOBODY, Heirs
from kingpost.store.cases import read_holdings
from kingpost.store.changing import reorganising
from kingpost.store.models import heirs
from kingpost.store.pool import Database
from kingpost.store.reading import people
from kingpost.store.reading.delegations import lent_to
from kingpost.store.register import vacant_posts


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a post. kind: `substantive` or `acting`. until: exclusive, or None.

    absent: the person is away at the moment asked for.
    """

    person: str
    name: str
    kind: str
    since: datetime
    until: datetime | None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """A post that answers for something, and its holders at the moment asked for.

    title:    its id when the model that runs has it no longer.
    falls_to: the post that acts while it is vacant, or all who hold it are away; None when
              somebody is there, or nobody acts.
    """

    post: str
    title: str
    holders: tuple[Holder, ...]
    falls_to: str | None = None

    @property
    def is_vacant(self) -> bool:
        """Tell whether nobody holds the post."""
        return not self.holders


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the posts held or lent now, narrowed to the one chosen, and the vacant ones.

    heirs: to which post goes what is laid on one that the model that runs has no longer.
    earlier: the posts of earlier versions in which the reader acts by these. taken: who acts for
    every such post.
    """

    person: str
    holdings: tuple[Holding, ...]
    vacant: frozenset[str]
    heirs: Mapping[str, str] = field(default_factory=dict[str, str])
    earlier: tuple[Holding, ...] = ()
    taken: Heirs = NOBODY

    @property
    def every(self) -> tuple[Holding, ...]:
        """Return all the posts in which the reader acts, for a case of whatever version."""
        return (*self.holdings, *self.earlier)


def read_reader(database: Database, person: str, acting_as: str | None = None) -> Reader:
    """Read what a person holds now."""
    with database.snapshot() as connection:
        return reader(connection, person, acting_as)


def reader(connection: Connection[DictRow], person: str, acting_as: str | None) -> Reader:
    """Return in which posts a person may act at the snapshot: held ones, then those lent."""
    held = [tuple(row.values()) for row in people.held_by(connection, person)]
    every = people.answered(connection, read_holdings(held, lent_to(connection, person)))
    mine = [item for item in every if item.is_called(acting_as)] if acting_as else every
    own = tuple(item for item in mine if not item.held)
    earlier = tuple(item for item in mine if item.held)
    taken = reorganising.heirs(connection)
    return Reader(person, own, vacant_posts(connection), heirs(connection), earlier, taken)


def may_see_case(reader: Reader, program: Program) -> bool:
    """Tell whether somebody may open the page of a case: whoever holds a post of the model."""
    return any(holding.post in program.model.posts for holding in reader.holdings)


def answering(
    connection: Connection[DictRow], program: Program, at: datetime | None = None
) -> dict[str, Answering]:
    """Return every post of the model with its holders at a moment; None for now."""
    found: dict[str, list[Holder]] = {}
    for row in people.holders(connection, at or people.moment(connection)):
        found.setdefault(row["post"], []).append(_holder(row))
    posts = program.model.posts
    vacant = frozenset(
        post for post in posts if all(holder.absent for holder in found.get(post, ()))
    )
    return {
        post.id: Answering(
            post.id,
            post.title,
            tuple(found.get(post.id, ())),
            falls_to(program.model, post.id, vacant) if post.id in vacant else None,
        )
        for post in posts.values()
    }


def who_answered(database: Database, program: Program, post: str, at: datetime | None) -> Answering:
    """Return who held a post at a moment, also one that the model has no longer; None for now."""
    with database.snapshot() as connection:
        found = answering(connection, program, at).get(post)
        if found is not None:
            return found
        rows = people.holders(connection, at) if at is not None else ()
        return Answering(post, post, tuple(_holder(row) for row in rows if row["post"] == post))


def _holder(row: DictRow) -> Holder:
    return Holder(
        row["person"], row["name"], row["kind"], row["since"], row["until"], row["absent"]
    )
