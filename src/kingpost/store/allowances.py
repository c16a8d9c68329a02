"""Allowances: what is used of them."""

from collections.abc import Iterable, Mapping

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.allowing.ledgers import Ledger, Used


def read_used(connection: Connection[DictRow], ledgers: Iterable[Ledger]) -> Mapping[Ledger, Used]:
    """Return what ledgers come to now, without those in which nothing is.

    What the post of an earlier version uses up counts in the ledger of its first heir.
    """
    wanted = tuple(ledgers)
    if not wanted:
        return {}
    keys = [
        [each.post, each.decision, each.field, each.per.value, each.since.isoformat()]
        for each in wanted
    ]
    rows = connection.execute(
        """
        SELECT key.place, coalesce(last.entry, 0) AS entry,
               coalesce(last.before + last.counts, 0) AS amount, coalesce(post.heir, '') AS post
          FROM jsonb_array_elements(%s) WITH ORDINALITY AS key (value, place)
          LEFT JOIN post ON post.id = key.value ->> 0
          LEFT JOIN LATERAL (
                SELECT entry, before, counts
                  FROM allowance_use
                 WHERE allowance_use.post = coalesce(post.heir, key.value ->> 0)
                   AND decision = key.value ->> 1
                   AND field = key.value ->> 2 AND per = key.value ->> 3
                   AND since = (key.value ->> 4)::date
                 ORDER BY entry DESC
                 LIMIT 1
               ) AS last ON true
         WHERE last.entry IS NOT NULL OR post.heir IS NOT NULL
        """,
        [Jsonb(keys)],
    ).fetchall()
    return {
        wanted[row["place"] - 1]: Used(row["entry"], row["amount"], row["post"]) for row in rows
    }


def lock(connection: Connection[DictRow], post: str) -> None:
    """Lock a post, so that nobody uses up its allowances between reading and recording.

    Lock: the post's row, until the transaction ends.
    """
    connection.execute("SELECT FROM post WHERE id = %s FOR NO KEY UPDATE", [post])
