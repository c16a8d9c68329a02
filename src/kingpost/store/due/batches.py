"""Batches: many acts at once, each item with what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def begin(
    connection: Connection[DictRow], batch: Mapping[str, Any], tasks: Sequence[UUID], chosen: int
) -> bool:
    """Write down a batch and its items, in the caller's transaction; False when it was before.

    batch: `id`, `person`, `acting_as`, `act` and `reason`. chosen: how many were meant, the items
           and those beyond what one batch may hold.
    """
    found = connection.execute(
        """
        INSERT INTO batch (id, person, acting_as, act, reason, chosen)
        VALUES (%(id)s, %(person)s, %(acting_as)s, %(act)s, %(reason)s, %(chosen)s)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
        {**batch, "chosen": chosen},
    ).fetchone()
    if found is None:
        return False
    connection.execute(
        """
        INSERT INTO batch_item (batch, n, task, number)
        SELECT %(id)s, item.n, item.task, coalesce(case_file.number, '')
          FROM unnest(%(tasks)s::uuid[]) WITH ORDINALITY AS item (task, n)
          LEFT JOIN task ON task.id = item.task
          LEFT JOIN case_file ON case_file.id = task.case_id
        """,
        {"id": batch["id"], "tasks": list(tasks)},
    )
    return True


def find(connection: Connection[DictRow], batch: UUID) -> DictRow | None:
    """Return a batch with the number of its items by outcome, or None."""
    return connection.execute(
        """
        SELECT batch.*, count(*) AS items,
               count(*) FILTER (WHERE outcome = 'done') AS done,
               count(*) FILTER (WHERE outcome = 'refused') AS refused,
               count(*) FILTER (WHERE outcome = 'gone') AS gone
          FROM batch
          JOIN batch_item ON batch_item.batch = batch.id
         WHERE batch.id = %s
         GROUP BY batch.id
        """,
        [batch],
    ).fetchone()


def left(connection: Connection[DictRow], batch: UUID, limit: int) -> list[DictRow]:
    """Return up to `limit` items of a batch that were not tried yet, in their order."""
    return connection.execute(
        """
        SELECT n, task, number FROM batch_item
         WHERE batch = %s AND outcome IS NULL
         ORDER BY n
         LIMIT %s
        """,
        [batch, limit],
    ).fetchall()


def ended(
    connection: Connection[DictRow], batch: UUID, n: int, outcome: str, words: str, number: str
) -> None:
    """Write down what came of an item, unless that is known already."""
    connection.execute(
        """
        UPDATE batch_item
           SET outcome = %s, words = %s, number = coalesce(nullif(%s, ''), number),
               ended_at = clock_timestamp()
         WHERE batch = %s AND n = %s AND outcome IS NULL
        """,
        [outcome, words, number, batch, n],
    )


def items(connection: Connection[DictRow], batch: UUID, limit: int, offset: int) -> list[DictRow]:
    """Return items of a batch: what was refused first, then what was done, then what is left."""
    return connection.execute(
        """
        SELECT n, task, number, outcome, words, ended_at FROM batch_item
         WHERE batch = %s
         ORDER BY array_position(ARRAY['refused', 'gone', 'done'], outcome), n
         LIMIT %s OFFSET %s
        """,
        [batch, limit, offset],
    ).fetchall()


def unfinished(connection: Connection[DictRow], person: str, limit: int) -> list[DictRow]:
    """Return batches of a person with items that were not tried yet, the latest first."""
    return connection.execute(
        """
        SELECT batch.id, batch.act, batch.asked_at, count(*) AS left
          FROM batch
          JOIN batch_item ON batch_item.batch = batch.id AND batch_item.outcome IS NULL
         WHERE batch.person = %s
         GROUP BY batch.id
         ORDER BY batch.asked_at DESC
         LIMIT %s
        """,
        [person, limit],
    ).fetchall()
