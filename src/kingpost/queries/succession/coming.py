"""The posts that are new to somebody, or will be theirs, and whose packs are for them to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kingpost.decisions.program import Program
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


def read_coming(database: Database, program: Program, person: str) -> tuple[Coming, ...]:
    """Read the posts that are new to a person, or to come, the next first."""
    posts = program.model.posts
    with database.snapshot() as connection:
        now = people.moment(connection)
        rows = people.appointments(connection, person=person)
    found = (
        Coming(row["post"], posts[row["post"]].title, row["since"])
        for row in rows
        if row["post"] in posts
        and not row["withdrawn"]
        and row["since"] > now - NEW
        and (row["until"] is None or row["until"] > now)
    )
    return tuple(sorted(found, key=lambda item: (item.since, item.post)))
