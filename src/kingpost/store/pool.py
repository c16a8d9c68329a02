"""Connections to the database, as the role that owns nothing."""

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from kingpost.store.errors import WrongRoleError

_APP_ROLE = "kingpost_app"
_WAIT_SECONDS_MAX = 30.0
# The pause between two tries doubles from one second; after this long a new series begins, so that
# a database that is there again is seen within about two seconds.
_SERIES_SECONDS_MAX = 3.0


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
            reconnect_timeout=_SERIES_SECONDS_MAX,
            # Those who wait begin no series themselves.
            reconnect_failed=lambda pool: pool.check(),
            configure=_prepare,
            # A statement is prepared when it comes a second time: ours are few and come often.
            kwargs={"row_factory": dict_row, "autocommit": True, "prepare_threshold": 1},
        )

    def open(self) -> Self:
        """Open the pool and wait for its first connection.

        Raises: WrongRoleError, when we would work as the owner of the tables.
        """
        # Tried apart, since the pool would try the same again and again until its time is over.
        with psycopg.connect(self.url, autocommit=True) as connection:
            _prepare(connection)
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

    def drop_broken(self) -> None:
        """Try every connection that nobody uses, and replace those that are broken."""
        self._pool.check()

    def statistics(self) -> dict[str, Any]:
        """Return the pool's figures."""
        return dict(self._pool.get_stats())


def _prepare(connection: Connection[Any]) -> None:
    """Make a new connection ours: times in UTC, and the role that owns nothing."""
    connection.execute("SET timezone = 'UTC'")
    # Recording waits for locks and then looks again, which a frozen snapshot could not.
    connection.execute("SET default_transaction_isolation = 'read committed'")
    owner = connection.execute(
        """
        SELECT 1
          FROM pg_tables
         WHERE schemaname = current_schema()
           AND tablename = 'event'
           AND pg_has_role(current_user, tableowner, 'USAGE')
        """
    ).fetchone()
    if owner is None:
        return
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(_APP_ROLE)))
    except psycopg.Error as error:
        raise WrongRoleError(
            f"`{connection.info.user}` owns the tables and may not step down to `{_APP_ROLE}`: "
            f"connect as `{_APP_ROLE}`, or grant it to `{connection.info.user}`"
        ) from error
