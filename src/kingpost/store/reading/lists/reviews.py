"""Reviews of overrides that are to be made."""

from psycopg import Connection
from psycopg.rows import DictRow


def unreviewed_posts(connection: Connection[DictRow]) -> frozenset[str]:
    """Return the posts of which an override was not reviewed in its time.

    So is the post that has taken over from one of them.
    """
    rows = connection.execute(
        """
        WITH late AS (
                SELECT case_file.position #>> ARRAY['reviews', task.id::text, 'by'] AS post
                  FROM task
                  JOIN case_file ON case_file.id = task.case_id
                 WHERE task.kind = 'review' AND task.due_at <= clock_timestamp()
             )
        SELECT post FROM late
         UNION
        SELECT post.heir FROM late JOIN post ON post.id = late.post WHERE post.heir IS NOT NULL
        """
    ).fetchall()
    return frozenset(row["post"] for row in rows)


def overdue(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the reviews that were not made in their time, the longest overdue first."""
    return connection.execute(
        """
        SELECT task.id, case_file.number, case_file.model, task.workflow, task.step, task.post,
               task.due_at, case_file.position #>> ARRAY['reviews', task.id::text, 'by'] AS "by"
          FROM task
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.kind = 'review' AND task.due_at <= transaction_timestamp()
         ORDER BY task.due_at, task.id
        """
    ).fetchall()
