"""What is due: waits whose time limit is over, and notices about the time of work."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def due_waits(
    connection: Connection[DictRow], limit: int, without: Collection[UUID] = ()
) -> list[tuple[UUID, UUID]]:
    """Return up to `limit` waits whose time is over, as pairs of task and case, oldest first.

    without: waits to leave out. What another worker has claimed is left out as well.

    Two pumps may see the same wait: expiring it twice has one effect, by its key.
    """
    rows = connection.execute(
        """
        SELECT id, case_id
          FROM task
         WHERE limit_at <= clock_timestamp() AND suspended IS NULL AND NOT id = ANY(%(without)s)
           AND NOT EXISTS (SELECT FROM claim
                            WHERE claim.id = task.id AND claim.until > clock_timestamp())
         ORDER BY limit_at
         LIMIT %(limit)s
        """,
        {"limit": limit, "without": list(without)},
    ).fetchall()
    return [(row["id"], row["case_id"]) for row in rows]


def due_notices(
    connection: Connection[DictRow], limit: int, without: Collection[UUID] = ()
) -> list[DictRow]:
    """Return up to `limit` notices that are due, as id, case and notice, the oldest first.

    without: work whose notices to leave out. What another worker has claimed is left out as well.

    Two pumps may see the same one: giving it twice has one effect, by its key.
    """
    return connection.execute(
        """
        SELECT id, case_id, notice
          FROM timer
         WHERE at <= clock_timestamp() AND NOT id = ANY(%(without)s)
           AND NOT EXISTS (SELECT FROM claim
                            WHERE claim.id = timer.id AND claim.until > clock_timestamp())
         ORDER BY at
         LIMIT %(limit)s
        """,
        {"limit": limit, "without": list(without)},
    ).fetchall()


def terms_to_find(connection: Connection[DictRow], limit: int) -> list[tuple[UUID, UUID | None]]:
    """Return up to `limit` tasks whose first term is not worked out yet, and the case of each.

    Returns: None for the case of work that is open no longer.
    """
    rows = connection.execute(
        """
        SELECT term_to_find.task, task.case_id
          FROM term_to_find
          LEFT JOIN task ON task.id = term_to_find.task
         ORDER BY term_to_find.task
         LIMIT %s
        """,
        [limit],
    ).fetchall()
    return [(row["task"], row["case_id"]) for row in rows]


def found_term(connection: Connection[DictRow], task: UUID, ends_at: datetime | None) -> None:
    """Write down when the first term of work is over, and that it is worked out."""
    connection.execute("UPDATE task SET ends_at = %s WHERE id = %s", [ends_at, task])
    connection.execute("DELETE FROM term_to_find WHERE task = %s", [task])


def provide_months(connection: Connection[DictRow], ahead: int) -> None:
    """Provide the event partitions of this month and of `ahead` months after it."""
    connection.execute(
        """
        SELECT provide_event_month((date_trunc('month', clock_timestamp())
                                    + make_interval(months => ahead))::date)
          FROM generate_series(0, %s) AS ahead
        """,
        [ahead],
    )
