"""What goes with a post: its latest decisions, and what is in trouble or owed."""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def decided(
    connection: Connection[DictRow], post: str, *, since: datetime, among: int, limit: int
) -> list[DictRow]:
    """Return the latest decisions that were taken in a post after a moment, the latest first.

    They are looked for among what people decided while they held it, or were lent its authority.

    among: how many of the latest decisions of each are looked through, in whatever post they were.
    """
    return connection.execute(
        """
        WITH hand AS (
            SELECT person, during FROM appointment WHERE post = %(post)s AND NOT isempty(during)
             UNION ALL
            SELECT delegation.person, delegation.during * given.during
              FROM delegation
              JOIN appointment AS given ON given.id = delegation.appointment
             WHERE given.post = %(post)s AND NOT isempty(delegation.during * given.during)
        ), own AS (
            SELECT DISTINCT latest.*
              FROM hand
              CROSS JOIN LATERAL (
                    SELECT event.case_id, event.seq, event.step, event.at, event.person, event.body
                      FROM event
                     WHERE event.person = hand.person AND event.kind = 'decided'
                       AND event.at > %(since)s
                       AND event.at <@ hand.during
                     ORDER BY event.at DESC
                     LIMIT %(among)s
                   ) AS latest
             -- Most are of other posts; to look for bytes is cheaper than to read a record.
             WHERE CASE WHEN position(%(bytes)s::bytea IN latest.body) > 0
                        THEN convert_from(latest.body, 'UTF8')::jsonb #>> '{actor,post}' = %(post)s
                        ELSE false END
             ORDER BY latest.at DESC, latest.case_id, latest.seq DESC
             LIMIT %(limit)s
        )
        SELECT own.at, own.seq, own.step, own.person, case_file.number, case_file.workflow,
               person.name, record.body ->> 'choice' AS choice,
               record.body #>> '{actor,delegated-by}' AS giver
          FROM own
         CROSS JOIN LATERAL (
                SELECT convert_from(own.body, 'UTF8')::jsonb AS body) AS record
          JOIN case_file ON case_file.id = own.case_id
          JOIN person ON person.id = own.person
         ORDER BY own.at DESC, case_file.number, own.seq DESC
        """,
        {
            "post": post,
            "bytes": f'"post":"{post}"'.encode(),
            "since": since,
            "among": among,
            "limit": limit,
        },
    ).fetchall()


def held_cases(connection: Connection[DictRow]) -> dict[tuple[str, str], int]:
    """Return how many open cases each exception of each workflow holds now."""
    rows = connection.execute(
        """
        SELECT workflow, suspended, count(DISTINCT case_id) AS cases
          FROM task
         WHERE suspended IS NOT NULL
         GROUP BY workflow, suspended
        """
    ).fetchall()
    return {(row["workflow"], row["suspended"]): row["cases"] for row in rows}


def troubled_calls(connection: Connection[DictRow]) -> dict[tuple[str, str, str], int]:
    """Return how many calls have failed at least once and are open, by interface and step."""
    rows = connection.execute(
        """
        SELECT interface, workflow, step, count(*) AS calls
          FROM outbox
         WHERE ended_at IS NULL AND cause IS NOT NULL
         GROUP BY interface, workflow, step
        """
    ).fetchall()
    return {(row["interface"], row["workflow"], row["step"]): row["calls"] for row in rows}


def first_due(connection: Connection[DictRow], obligations: list[str]) -> dict[str, datetime]:
    """Return when the first case must meet some obligations that are owed now."""
    rows = connection.execute(
        """
        SELECT obligation, min(due_at) AS due
          FROM duty
         WHERE obligation = ANY(%s) AND status = 'owed' AND due_at IS NOT NULL
         GROUP BY obligation
        """,
        [obligations],
    ).fetchall()
    return {row["obligation"]: row["due"] for row in rows}
