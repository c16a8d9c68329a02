"""What is due: waits whose time limit is over, and notices about the time of work."""

from collections.abc import Collection
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def due_waits(
    connection: Connection[DictRow], limit: int, without: Collection[UUID] = ()
) -> list[tuple[UUID, UUID]]:
    """Return up to `limit` waits whose time is over, as pairs of task and case, oldest first.

    without: waits to leave out.

    Two pumps may see the same wait: expiring it twice has one effect, by its key.
    """
    rows = connection.execute(
        """
        SELECT id, case_id
          FROM task
         WHERE limit_at <= clock_timestamp() AND suspended IS NULL AND NOT id = ANY(%(without)s)
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

    without: work whose notices to leave out.

    Two pumps may see the same one: giving it twice has one effect, by its key.
    """
    return connection.execute(
        """
        SELECT id, case_id, notice
          FROM timer
         WHERE at <= clock_timestamp() AND NOT id = ANY(%(without)s)
         ORDER BY at
         LIMIT %(limit)s
        """,
        {"limit": limit, "without": list(without)},
    ).fetchall()


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
