"""Connections to the database, as the role that owns nothing."""

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

_WAIT_SECONDS_MAX = 30.0


class Database:
    """A pool of connections. Rows are read by name.

    url:     a PostgreSQL connection string. When its role owns the tables, each connection steps
             down to `kingpost_app` first.
    """

    def __init__(self, url: str, *, connections: int = 10) -> None:
        """Prepare the pool; nothing is opened before `open`."""
        self.url = url
        self._pool = ConnectionPool[Connection[DictRow]](
            url,
            min_size=1,
            max_size=connections,
            open=False,
            timeout=_WAIT_SECONDS_MAX,
            configure=_step_down,
            kwargs={"row_factory": dict_row, "autocommit": True},
        )

    def open(self) -> Self:
        """Open the pool and wait for its first connection."""
        self._pool.open(wait=True, timeout=_WAIT_SECONDS_MAX)
        return self

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def connection(self) -> Generator[Connection[DictRow]]:
        """Lend a connection in which every statement is its own transaction."""
        with self._pool.connection() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Generator[Connection[DictRow]]:
        """Lend a connection in a transaction that commits at the end, or rolls back on an error."""
        with self._pool.connection() as connection, connection.transaction():
            yield connection

    @contextmanager
    def snapshot(self) -> Generator[Connection[DictRow]]:
        """Lend a connection whose statements all see the database at one moment, read only."""
        with self.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    def statistics(self) -> dict[str, Any]:
        """Return the pool's figures."""
        return dict(self._pool.get_stats())


def _step_down(connection: Connection[Any]) -> None:
    owns = connection.execute(
        """
        SELECT pg_has_role(current_user, tableowner, 'USAGE') AS owns
          FROM pg_tables
         WHERE schemaname = 'public' AND tablename = 'event'
        """
    ).fetchone()
    if owns and owns["owns"]:
        connection.execute("SET ROLE kingpost_app")
