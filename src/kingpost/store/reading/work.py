"""Open work: whose it is, and the clocks that run on its case."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def read_tasks(
    connection: Connection[DictRow], *, ids: list[UUID] | None = None, case: UUID | None = None
) -> list[DictRow]:
    """Return open work in full, by its ids or by its case."""
    return connection.execute(
        """
        SELECT task.id, task.case_id, case_file.number, task.workflow, case_file.state,
               case_file.fields, task.step, task.kind, task.role, task.post, task.person,
               person.name AS person_name, task.opened_at, task.due_at, task.suspended,
               task.limit_at, task.told, task.ends_at,
               case_file.position #> ARRAY['reviews', task.id::text] AS review,
               CASE WHEN task.kind = 'confirmation' THEN case_file.position -> 'proposal' END
                    AS proposal,
               asker.name AS asker_name,
               task.kind = 'decision' AND coalesce(
                    (SELECT event.kind = 'declined' AND event.step = task.step
                       FROM event
                      WHERE event.case_id = task.case_id
                        AND event.kind NOT IN ('warned', 'escalated')
                      ORDER BY event.seq DESC
                      LIMIT 1), false) AS declined,
               jsonb_path_query_array(
                    case_file.position, '$.tokens.* ? (exists(@.clock))') AS clocks
          FROM task
          JOIN case_file ON case_file.id = task.case_id
          LEFT JOIN person ON person.id = task.person
          LEFT JOIN person AS asker
            ON task.kind = 'confirmation'
           AND asker.id = case_file.position #>> '{proposal,person}'
         WHERE task.id = ANY(%(ids)s) OR task.case_id = %(case)s
         ORDER BY task.opened_at, task.step, task.id
        """,
        {"ids": ids, "case": case},
    ).fetchall()


def tasks_of(connection: Connection[DictRow], cases: list[UUID]) -> list[DictRow]:
    """Return the open work of several cases."""
    return connection.execute(
        """
        SELECT id, case_id, step, post, person, opened_at, suspended
          FROM task
         WHERE case_id = ANY(%s)
         ORDER BY opened_at, step, id
        """,
        [cases],
    ).fetchall()


def load(connection: Connection[DictRow]) -> list[DictRow]:
    """Return by post how much work of people is addressed to it, and how much of it is late."""
    return connection.execute(
        """
        SELECT coalesce(post.heir, task.post) AS post, count(*) AS work,
               count(*) FILTER (WHERE ends_at < transaction_timestamp()) AS overdue
          FROM task
          LEFT JOIN post ON post.id = task.post
         WHERE kind IN ('task', 'decision', 'review') AND task.post IS NOT NULL
         GROUP BY 1
        """
    ).fetchall()
