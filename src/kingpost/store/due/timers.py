"""What is due: waits whose time limit is over."""

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
