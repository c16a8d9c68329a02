"""What a worker is about to do: others take what comes after it."""

from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def claim(connection: Connection[DictRow], work: Iterable[UUID], seconds: float) -> set[UUID]:
    """Claim what nobody else is about to do; return of what is asked for that which is now ours.

    seconds: after which others may take it, should we have died over it.
    """
    rows = connection.execute(
        """
        INSERT INTO claim (id, until)
        SELECT id, clock_timestamp() + %(seconds)s * interval '1 second'
          FROM unnest(%(work)s::uuid[]) AS id
         ORDER BY id
        ON CONFLICT (id) DO UPDATE SET until = EXCLUDED.until
         WHERE claim.until <= clock_timestamp()
        RETURNING id
        """,
        {"work": list(set(work)), "seconds": seconds},
    ).fetchall()
    return {row["id"] for row in rows}


def release(connection: Connection[DictRow], work: Iterable[UUID]) -> None:
    """Give up claims, and those that ended with the worker that had them.

    Lock: our own in the order of `claim`; of the others none is waited for. Two workers that lock
          in different orders would wait for each other.
    """
    for which in (
        "id = ANY (%s) ORDER BY id FOR UPDATE",
        "id <> ALL (%s) AND until <= clock_timestamp() FOR UPDATE SKIP LOCKED",
    ):
        connection.execute(
            f"DELETE FROM claim WHERE id IN (SELECT id FROM claim WHERE {which})",  # noqa: S608 - both stand above
            [list(work)],
        )
