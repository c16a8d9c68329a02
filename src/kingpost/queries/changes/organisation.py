"""The changes of the organisation that took effect: which posts and units became what, and when."""

import json
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.store.changing import reorganising as store
from kingpost.store.pool import Database


@dataclass(frozen=True, slots=True)
class Became:
    """A post or a unit that is gone. became: `renamed`, `merged`, `abolished` or `unsaid`."""

    was: str
    became: str
    heir: str | None


@dataclass(frozen=True, slots=True)
class Reorganised:
    """A change of the organisation. by: the name of who let it take effect. version: with which.

    parts: posts of which another one took a part. appointments, delegations: how many went over.
    """

    at: datetime
    by: str | None
    version: str
    posts: tuple[Became, ...]
    units: tuple[Became, ...]
    parts: tuple[tuple[str, str], ...]
    appointments: int
    delegations: int


def read_reorganisations(database: Database) -> tuple[Reorganised, ...]:
    """Read the changes of the organisation, the latest first."""
    with database.snapshot() as connection:
        rows = store.every(connection)
    return tuple(_reorganised(row) for row in reversed(rows))


def heir_of(database: Database, post: str) -> str | None:
    """Return the post that acts now for one that is gone, or None."""
    with database.snapshot() as connection:
        return earlier_posts(connection).get(post)


def earlier_posts(connection: Connection[DictRow]) -> dict[str, str]:
    """Return the posts that are gone, each with the one that acts for it now."""
    return {
        item.post: item.heir for item in store.heirs(connection) if item.first and not item.role
    }


def _reorganised(row: DictRow) -> Reorganised:
    body = json.loads(row["body"])
    return Reorganised(
        row["at"],
        row["name"],
        row["version"],
        tuple(Became(*each) for each in body["posts"]),
        tuple(Became(*each) for each in body["units"]),
        tuple((post, part) for post, part, _ in body["parts"]),
        sum(to is not None for _, to in body["appointments"]),
        sum(to is not None for _, to in body["delegations"]),
    )
