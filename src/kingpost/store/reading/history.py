"""The history of one case as it is kept, and past decisions of a step."""

import json
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def events(connection: Connection[DictRow], case: UUID) -> list[DictRow]:
    """Return the events of a case, oldest first, with their exact bytes."""
    return connection.execute(
        """
        SELECT seq, kind, step, at, hash, header, body
          FROM event
         WHERE case_id = %s
         ORDER BY seq
        """,
        [case],
    ).fetchall()


def versions(connection: Connection[DictRow], case: UUID) -> list[str]:
    """Return the versions of the model that a case has run on, the first one first.

    Headers that cannot be read any more are left out: the check of the chain tells of them.
    """
    rows = connection.execute(
        """
        SELECT header FROM event
         WHERE case_id = %s AND (seq = 1 OR kind = 'carried') ORDER BY seq
        """,
        [case],
    ).fetchall()
    return [model for row in rows if (model := _model(row["header"]))]


def _model(header: bytes) -> str | None:
    try:
        return json.loads(header)["model"]
    except (KeyError, TypeError, ValueError):
        return None


def secrets(connection: Connection[DictRow], case: UUID) -> list[DictRow]:
    """Return the personal values of a case that were not erased."""
    return connection.execute(
        "SELECT seq, name, value FROM vault WHERE case_id = %s", [case]
    ).fetchall()


def duties(connection: Connection[DictRow], case: UUID) -> list[DictRow]:
    """Return the obligations of a case as they stand."""
    return connection.execute(
        """
        SELECT obligation, status, due_at, since, seq
          FROM duty
         WHERE case_id = %s
         ORDER BY since, obligation
        """,
        [case],
    ).fetchall()


def past_decisions(
    connection: Connection[DictRow], workflow: str, step: str, limit: int
) -> list[DictRow]:
    """Return the latest decisions of a step: the body, and the values shown, None when erased."""
    return connection.execute(
        """
        SELECT decided.body, vault.value AS shown
          FROM (
                SELECT event.case_id, event.seq, event.body
                  FROM event
                  JOIN case_file ON case_file.id = event.case_id
                 WHERE event.kind = 'decided'
                   AND event.step = %(step)s
                   AND case_file.workflow = %(workflow)s
                 ORDER BY event.at DESC
                 LIMIT %(limit)s
               ) AS decided
          LEFT JOIN vault
            ON vault.case_id = decided.case_id AND vault.seq = decided.seq AND vault.name = 'shown'
        """,
        {"step": step, "workflow": workflow, "limit": limit},
    ).fetchall()
