"""Obligations over all cases: how many were met, and the cases behind each number."""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def counts(connection: Connection[DictRow], since: datetime | None) -> list[DictRow]:
    """Return by obligation how many cases settled it after a moment, and how many owe it now."""
    return connection.execute(
        """
        SELECT obligation,
               count(*) FILTER (WHERE status = 'met' AND in_window) AS met,
               count(*) FILTER (WHERE status = 'late' AND in_window) AS late,
               count(*) FILTER (WHERE status = 'missing' AND in_window) AS missing,
               count(*) FILTER (WHERE status = 'owed') AS owed,
               count(*) FILTER (WHERE status = 'owed' AND due_at < transaction_timestamp())
               AS overdue,
               max(since) FILTER (WHERE status IN ('met', 'late')) AS latest
          FROM (
                SELECT obligation, status, due_at, since,
                       since > coalesce(%s, '-infinity'::timestamptz) AS in_window
                  FROM duty
               ) AS seen
         GROUP BY obligation
        """,
        [since],
    ).fetchall()


def occasions(
    connection: Connection[DictRow],
    obligation: str,
    *,
    since: datetime | None,
    status: str,
    limit: int,
    offset: int,
) -> list[DictRow]:
    """Return how cases stand to an obligation: failures first, then the latest first.

    status: `owed`, `overdue`, `met`, `late`, `missing`, or empty for all. What is settled counts
            when that was after `since`, what is owed always.
    """
    return connection.execute(
        """
        WITH occasion AS (
            SELECT case_id, seq, due_at, since,
                   CASE WHEN status = 'owed' AND due_at < transaction_timestamp() THEN 'overdue'
                        ELSE status END AS status
              FROM duty
             WHERE obligation = %(obligation)s
               AND (status = 'owed' OR status NOT IN ('lifted', 'spared')
                    AND since > coalesce(%(since)s, '-infinity'::timestamptz))
        ), page AS (
            -- The page is cut first: only its rows are joined with their cases and events.
            SELECT *, array_position(
                        ARRAY['overdue', 'missing', 'late', 'owed', 'met'], status) AS rank
              FROM occasion
             WHERE %(status)s = '' OR status = %(status)s
             ORDER BY rank, since DESC, case_id
             LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT page.case_id, case_file.number, case_file.workflow, case_file.state,
               page.status, page.due_at, page.since, page.seq,
               event.kind, event.step, event.hash, event.person, person.name AS person_name
          FROM page
          JOIN case_file ON case_file.id = page.case_id
          JOIN event ON event.case_id = page.case_id AND event.seq = page.seq
          LEFT JOIN person ON person.id = event.person
         ORDER BY page.rank, page.since DESC, page.case_id
        """,
        {
            "obligation": obligation,
            "since": since,
            "status": status,
            "limit": limit,
            "offset": offset,
        },
    ).fetchall()
