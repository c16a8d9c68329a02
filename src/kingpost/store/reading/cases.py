"""Cases for lists: where they stand, and those that a filter lets through."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def timed_blocks(connection: Connection[DictRow], workflow: str | None = None) -> list[DictRow]:
    """Return the open cases of a workflow, or of all, that stand in a block with a clock.

    When work is late stands in its row; a block has none. `steps` are the blocks that a case stands
    in, and `clocks` the tokens of those that have a clock.
    """
    return connection.execute(
        """
        SELECT c.id, c.workflow, array_agg(token.value ->> 'step') AS steps,
               jsonb_agg(token.value) FILTER (WHERE token.value -> 'clock' IS NOT NULL) AS clocks
          FROM case_file AS c
          CROSS JOIN LATERAL jsonb_each(c.position -> 'tokens') AS token
         WHERE c.closed_at IS NULL AND (%(workflow)s::text IS NULL OR workflow = %(workflow)s)
           AND NOT EXISTS (SELECT FROM task WHERE task.id = token.key::uuid)
         GROUP BY c.id
        HAVING bool_or(token.value -> 'clock' IS NOT NULL)
        """,
        {"workflow": workflow},
    ).fetchall()


def standing(
    connection: Connection[DictRow], workflow: str, *, state: str | None, step: str | None
) -> list[DictRow]:
    """Return the open cases of a workflow, and since when each is there, the latest first.

    state, step: only those that are in a state, or stand at a step; None for any.
    """
    return connection.execute(
        """
        SELECT id, number, workflow, state,
               CASE WHEN %(step)s::text IS NOT NULL THEN (jsonb_path_query_first(
                        position, '$.tokens.* ? (@.step == $step).since',
                        jsonb_build_object('step', %(step)s::text)) #>> '{}')::timestamptz
                    WHEN %(state)s::text IS NOT NULL THEN state_since
                    ELSE started_at END AS since
          FROM case_file
         WHERE closed_at IS NULL AND workflow = %(workflow)s
           AND (%(state)s::text IS NULL OR state = %(state)s)
           AND (%(step)s::text IS NULL OR jsonb_path_exists(
                    position, '$.tokens.* ? (@.step == $step)',
                    jsonb_build_object('step', %(step)s::text)))
         ORDER BY since DESC, id
        """,
        {"workflow": workflow, "state": state, "step": step},
    ).fetchall()


def read_whole(connection: Connection[DictRow], ids: list[UUID]) -> list[DictRow]:
    """Return cases as `store.cases.read_row` reads them, in any order."""
    return connection.execute(
        """
        SELECT id, number, workflow, model, version, head, state, state_since, started_at,
               closed_at, fields, position
          FROM case_file
         WHERE id = ANY(%s)
        """,
        [ids],
    ).fetchall()


def records(connection: Connection[DictRow], ids: list[UUID]) -> list[DictRow]:
    """Return the records of some cases."""
    return connection.execute(
        "SELECT id, workflow, fields FROM case_file WHERE id = ANY(%s)", [ids]
    ).fetchall()


def listed(
    connection: Connection[DictRow], wanted: dict[str, Any], limit: int, offset: int
) -> tuple[list[DictRow], int]:
    """Return a page of the cases that a filter lets through, and how many these are in all.

    Open ones come before closed ones, the latest start first.
    wanted: workflow, state, step, exception, post, begins, pattern, titles, is_open; empty or None
            for any. late: only cases with work that is late at that moment (at `step`, if that is
            given), and those of `blocks`.
    """
    rows = connection.execute(
        """
        WITH passed AS MATERIALIZED (
            SELECT id, closed_at IS NOT NULL AS is_over, started_at
              FROM case_file AS c
             WHERE (%(workflow)s = '' OR workflow = %(workflow)s)
               AND (%(state)s = '' OR state = %(state)s)
               AND (%(step)s = '' OR closed_at IS NULL AND jsonb_path_exists(
                        position, '$.tokens.* ? (@.step == $step)',
                        jsonb_build_object('step', %(step)s::text)))
               AND (%(exception)s = '' OR closed_at IS NULL AND jsonb_path_exists(
                        position, '$.tokens.* ? (@.suspension.exception == $why)',
                        jsonb_build_object('why', %(exception)s::text)))
               AND (%(post)s = '' OR EXISTS (
                        SELECT FROM task WHERE case_id = c.id AND task.post = %(post)s))
               AND (%(pattern)s = '' OR number ILIKE %(begins)s OR EXISTS (
                        SELECT FROM jsonb_each_text(fields) AS field
                         WHERE workflow || '/' || field.key = ANY(%(titles)s)
                           AND field.value ILIKE %(pattern)s))
               AND (%(is_open)s::boolean IS NULL OR (closed_at IS NULL) = %(is_open)s)
               AND (%(late)s::timestamptz IS NULL OR id = ANY(%(blocks)s::uuid[])
                    OR closed_at IS NULL AND EXISTS (
                        SELECT FROM task
                         WHERE case_id = c.id AND kind <> 'review' AND ends_at < %(late)s
                           AND (%(step)s = '' OR task.step = %(step)s)))
        ), page AS (
            SELECT id FROM passed ORDER BY is_over, started_at DESC, id
             LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT total.cases AS total, c.id, number, workflow, state, state_since, started_at,
               closed_at, fields,
               jsonb_path_query_array(position, '$.tokens.* ? (exists(@.clock))') AS clocks
          FROM (SELECT count(*) AS cases FROM passed) AS total
          LEFT JOIN (page JOIN case_file AS c ON c.id = page.id) ON true
         ORDER BY closed_at IS NOT NULL, started_at DESC, c.id
        """,
        wanted | {"limit": limit, "offset": offset},
    ).fetchall()
    return [row for row in rows if row["id"] is not None], rows[0]["total"]


def numbers(connection: Connection[DictRow], begins: str, limit: int) -> list[DictRow]:
    """Return cases whose number is like a pattern, the latest first."""
    return connection.execute(
        """
        SELECT number, workflow, state, closed_at
          FROM case_file
         WHERE number ILIKE %(begins)s
         ORDER BY length(number), started_at DESC
         LIMIT %(limit)s
        """,
        {"begins": begins, "limit": limit},
    ).fetchall()
