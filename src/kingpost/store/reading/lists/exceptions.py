"""Exceptions that hold work, and calls that do not run as they should: grouped, counted, paged."""

from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import DictRow

_FOUND: LiteralString = """
    WITH trouble AS (
        SELECT task.id, task.workflow, task.step, task.kind AS work, task.post, task.ends_at,
               coalesce(task.suspended, 'paused') AS kind,
               CASE WHEN task.kind = 'call' THEN coalesce(outbox.cause, '') ELSE '' END AS cause,
               outbox.attempts, outbox.next_at,
               c.number, c.model,
               coalesce((c.position #>> ARRAY[
                        'tokens', task.id::text, 'suspension', 'since'])::timestamptz,
                        outbox.asked_at, task.opened_at) AS since,
               coalesce(task.workflow || '/' || task.suspended = ANY (%(raises)s::text[]), false)
               OR EXISTS (
                    SELECT FROM unnest(%(roles)s::text[], %(posts)s::text[], %(acts)s::boolean[],
                                       %(below)s::boolean[], %(narrow)s::text[]::jsonb[])
                             AS reach (role, post, acts, below, narrow)
                     WHERE reach.role = task.role AND reach.post = coalesce(task.post, '')
                       AND (reach.acts OR reach.below
                            OR (reach.narrow -> 'acts') || (reach.narrow -> 'below')
                               ?| ARRAY[task.workflow, task.workflow || '/' || task.step])
               ) AS own
          FROM task
          JOIN case_file AS c ON c.id = task.case_id
          LEFT JOIN outbox ON outbox.id = task.id AND outbox.ended_at IS NULL
          LEFT JOIN breaker
            ON breaker.interface = outbox.interface AND breaker.failures >= %(failures)s
         WHERE task.suspended IS NOT NULL
            OR (outbox.id IS NOT NULL
                AND (outbox.cause IS NOT NULL OR breaker.interface IS NOT NULL))
    ), found AS MATERIALIZED (
        SELECT * FROM trouble
         WHERE (%(workflow)s = '' OR workflow = %(workflow)s)
           AND (%(kind)s = '' OR kind = %(kind)s)
           AND (%(step)s = '' OR step = %(step)s)
           AND (%(post)s = '' OR post = %(post)s)
           AND (%(cause)s::text IS NULL OR cause = %(cause)s)
    )"""
_READ: LiteralString = """
    , page AS (
        SELECT * FROM found WHERE own OR NOT %(mine)s
         ORDER BY since, id LIMIT %(limit)s OFFSET %(offset)s
    ), grouped AS (
        SELECT workflow, kind, cause, min(model) AS model, count(*) AS count,
               min(since) AS oldest, min(ends_at) AS soonest
          FROM found WHERE own OR NOT %(mine)s
         GROUP BY workflow, kind, cause
         ORDER BY count(*) DESC, workflow, kind, cause
         LIMIT 100
    )
    SELECT count(*) AS "all", count(*) FILTER (WHERE own) AS mine,
           (SELECT coalesce(jsonb_agg(to_jsonb(page) ORDER BY since, id), '[]') FROM page) AS page,
           (SELECT coalesce(jsonb_agg(to_jsonb(grouped)), '[]') FROM grouped) AS grouped
      FROM found
"""

_IDS: LiteralString = """
    SELECT id, count(*) OVER () AS total FROM found WHERE own
     ORDER BY since, id LIMIT %(limit)s
"""


def read(connection: Connection[DictRow], asked: Mapping[str, Any]) -> DictRow:
    """Return the counts, the groups, and one page of what is in trouble.

    asked: the rows of reach, `raises` (the exceptions that the reader may raise, each as
           workflow/exception), the filter, whether only the reader's own count, and the page.
    """
    row = connection.execute(_FOUND + _READ, asked).fetchone()
    assert row is not None, "an aggregate without groups has one row"
    return row


def ids(connection: Connection[DictRow], asked: Mapping[str, Any]) -> list[DictRow]:
    """Return the ids of the reader's own, the oldest first, up to a limit, and how many there are.

    Of others nothing could be done.
    """
    return connection.execute(_FOUND + _IDS, asked).fetchall()
