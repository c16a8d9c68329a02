"""Calls to other systems that do not run as they should."""

from psycopg import Connection
from psycopg.rows import DictRow


def troubled(
    connection: Connection[DictRow], failures: int, limit: int, offset: int
) -> list[DictRow]:
    """Return calls that failed, that are tried again, or that an open circuit holds back.

    failures: in a row, from which on a circuit is open. Those that failed come first.
    """
    return connection.execute(
        """
        SELECT outbox.id, outbox.workflow, outbox.step, outbox.interface, outbox.asked_at,
               outbox.attempts, outbox.next_at, outbox.cause, outbox.failed_at,
               case_file.number, case_file.model, task.post, task.suspended,
               breaker.open_until, count(*) OVER () AS total
          FROM outbox
          JOIN case_file ON case_file.id = outbox.case_id
          JOIN task ON task.id = outbox.id
          LEFT JOIN breaker
            ON breaker.interface = outbox.interface AND breaker.failures >= %(failures)s
         WHERE outbox.ended_at IS NULL
           AND (outbox.cause IS NOT NULL OR breaker.interface IS NOT NULL)
         ORDER BY outbox.failed_at IS NULL, outbox.asked_at, outbox.id
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"failures": failures, "limit": limit, "offset": offset},
    ).fetchall()
