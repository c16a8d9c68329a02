"""Messages that are kept because no wait has taken them yet."""

from psycopg import Connection
from psycopg.rows import DictRow


def kept(connection: Connection[DictRow], limit: int, offset: int) -> list[DictRow]:
    """Return kept messages, the oldest first, each with how many there are."""
    return connection.execute(
        """
        SELECT id, name, sender, value, received_at, refusal, count(*) OVER () AS total
          FROM message
         WHERE delivered_at IS NULL AND dropped_at IS NULL
         ORDER BY received_at, id
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"limit": limit, "offset": offset},
    ).fetchall()
