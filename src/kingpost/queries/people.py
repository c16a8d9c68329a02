"""Who answers: the holders of posts, now or on a day, and who acts while a post is vacant."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import Holding
from kingpost.decisions.program import Program
from kingpost.store.pool import Database


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a post. kind: `substantive` or `acting`. until: exclusive, or None."""

    person: str
    name: str
    kind: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Answering:
    """A post that answers for something, and its holders at the moment asked for.

    title:    its id when the model that runs has it no longer.
    falls_to: the post that acts while it is vacant; None when it is held, or nobody acts.
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
    """Who looks: the posts held now, narrowed to the one chosen, and the posts that are vacant."""

    person: str
    holdings: tuple[Holding, ...]
    vacant: frozenset[str]


def read_reader(database: Database, person: str, acting_as: str | None = None) -> Reader:
    """Read what a person holds now."""
    raise NotImplementedError


def may_see_case(reader: Reader, program: Program) -> bool:
    """Tell whether somebody may open the page of a case: whoever holds a post of the model."""
    raise NotImplementedError


def answering(
    connection: Connection[DictRow], program: Program, at: datetime | None = None
) -> dict[str, Answering]:
    """Return every post of the model with its holders at a moment; None for now."""
    raise NotImplementedError


def who_answered(database: Database, program: Program, post: str, at: datetime) -> Answering:
    """Return who held a post at any moment of the past."""
    raise NotImplementedError
