"""Allowances: what is used of them."""

from collections.abc import Iterable, Mapping

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.allowing.ledgers import Ledger, Used


def read_used(connection: Connection[DictRow], ledgers: Iterable[Ledger]) -> Mapping[Ledger, Used]:
    """Return what ledgers come to now, without those in which nothing is."""
    wanted = tuple(ledgers)
    if not wanted:
        return {}
    keys = [
        [each.post, each.decision, each.field, each.per.value, each.since.isoformat()]
        for each in wanted
    ]
    rows = connection.execute(
        """
        SELECT key.place, last.entry, last.before + last.counts AS amount
          FROM jsonb_array_elements(%s) WITH ORDINALITY AS key (value, place)
         CROSS JOIN LATERAL (
                SELECT entry, before, counts
                  FROM allowance_use
                 WHERE post = key.value ->> 0 AND decision = key.value ->> 1
                   AND field = key.value ->> 2 AND per = key.value ->> 3
                   AND since = (key.value ->> 4)::date
                 ORDER BY entry DESC
                 LIMIT 1
               ) AS last
        """,
        [Jsonb(keys)],
    ).fetchall()
    return {wanted[row["place"] - 1]: Used(row["entry"], row["amount"]) for row in rows}


def lock(connection: Connection[DictRow], post: str) -> None:
    """Lock a post, so that nobody uses up its allowances between reading and recording.

    Lock: the post's row, until the transaction ends.
    """
    connection.execute("SELECT FROM post WHERE id = %s FOR NO KEY UPDATE", [post])
