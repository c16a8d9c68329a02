"""The posts that are new to somebody, or will be theirs, and whose packs are for them to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kingpost.decisions.commands import AGENT
from kingpost.decisions.program import Program
from kingpost.queries.succession.opening import is_for_people
from kingpost.store.pool import Database
from kingpost.store.reading import people

# How long a post is new to who holds it.
NEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coming:
    """A post that somebody holds since a short time, or will hold. since: from when."""

    post: str
    title: str
    since: datetime


def read_coming(
    database: Database, program: Program, person: str, acting_as: str | None = None
) -> tuple[Coming, ...]:
    """Read the posts that are new to a person, or to come, the next first.

    acting_as: the post in which they act, whose pack alone is theirs then; None for all.
    """
    posts = program.model.posts
    with database.snapshot() as connection:
        now = people.moment(connection)
        rows = people.appointments(connection, person=person)
    found = (
        Coming(row["post"], posts[row["post"]].title, row["since"])
        for row in rows
        if is_for_people(program.model, row["post"])
        and row["kind"] != AGENT
        and acting_as in {None, row["post"]}
        and not row["withdrawn"]
        and row["since"] > now - NEW
        and (row["until"] is None or row["until"] > now)
    )
    return tuple(sorted(found, key=lambda item: (item.since, item.post)))
