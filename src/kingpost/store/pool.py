"""Connections to the database, as the role that owns nothing.

A network may fall silent: no answer comes, and no error either. What waits for ever keeps its
connection, its thread, and whoever asked; so every wait can be bounded, and is by those who serve.
"""

import math
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, LiteralString, Self, TypeVar

import psycopg
from psycopg import Connection, Cursor, OperationalError, sql
from psycopg.abc import Params, PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq.abc import PGconn
from psycopg.rows import DictRow, RowFactory, dict_row
from psycopg_pool import ConnectionPool

from kingpost.store.errors import WrongRoleError

_APP_ROLE = "kingpost_app"
_WAIT_SECONDS_MAX = 30.0
# So long all connections together have to show that they are not broken.
_CHECK_SECONDS_MAX = 3.0
# So long a new connection has to answer what makes it ours. The few threads that make connections
# would otherwise wait for ever for one that broke just then, and none would be made any more.
_READY_SECONDS_MAX = 5.0
# What a network may take that loses what it carries; an address may say otherwise.
_NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
# The server gives up what a program has begun that is gone, and with it the locks that it held.
_SERVER = (
    "SET client_connection_check_interval = '5s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)
# The pause between two tries doubles from one second; after this long a new series begins, so that
# a database that is there again is seen within about two seconds.
_SERIES_SECONDS_MAX = 3.0

_Answer = TypeVar("_Answer")
_until: ContextVar[float | None] = ContextVar("until", default=None)


class SilentDatabaseError(OperationalError):
    """The database has not answered in time. Whether it did what was asked, nobody knows."""


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Bound the wait for all that is asked of the database inside, within the bound around."""
    around, until = _until.get(), time.monotonic() + seconds
    token = _until.set(until if around is None else min(around, until))
    try:
        yield
    finally:
        _until.reset(token)


def left(otherwise: float) -> float:
    """Return for how many seconds we still wait; `otherwise` is the bound where there is none."""
    until = _until.get()
    return otherwise if until is None else max(until - time.monotonic(), 0.0)


class PatientConnection(Connection[DictRow]):
    """A connection that is given up when the database falls silent.

    patience: for how many seconds it waits for one answer where `within` sets no bound.
    """

    patience: float = math.inf

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[DictRow] = dict_row) -> None:
        """Begin without any cursor that is kept."""
        super().__init__(pgconn, row_factory)
        self._kept: dict[str, Cursor[DictRow]] = {}

    def kept(self, query: LiteralString) -> Cursor[DictRow]:
        """Return the one cursor of a statement, made ready when it came first."""
        found = self._kept.get(query)
        if found is None:
            found = self._kept[query] = self.cursor()
        return found

    def wait(
        self, gen: PQGen[_Answer], interval: float = 0.1, timeout: float | None = None
    ) -> _Answer:
        """Wait for an answer.

        Raises: SilentDatabaseError; the connection is closed, so that the server ends what nobody
                waits for, and nobody takes a late answer for their own.
        """
        bound = left(self.patience)
        if timeout is not None or bound == math.inf:
            return super().wait(gen, interval, timeout)
        until = time.monotonic() + bound
        try:
            return super().wait(gen, interval, bound)
        except OperationalError as error:
            if self.closed or time.monotonic() < until:
                raise
            self.close()
            raise SilentDatabaseError(
                f"the database has not answered for {bound:.0f} seconds"
            ) from error


def read_one(
    connection: Connection[DictRow], query: LiteralString, params: Params | None = None
) -> DictRow | None:
    """Return the first row of a statement that every command sends; None when there is none.

    Making a cursor and taking its text apart costs as much as sending it: it is done once.
    """
    if not isinstance(connection, PatientConnection):
        return connection.execute(query, params).fetchone()
    return connection.kept(query).execute(query, params).fetchone()


class Database:
    """A pool of connections. Rows are read by name.

    url:     a PostgreSQL connection string. When its role owns the tables, each connection steps
             down to `kingpost_app` first.
    patience: for how many seconds we wait for one answer, where `within` sets no bound. None is for
             those who ask for much: such a connection is lost only when the network tells it.
    """

    def __init__(self, url: str, *, connections: int = 10, patience: float | None = None) -> None:
        """Prepare the pool; nothing is opened before `open`."""
        self.url = url
        self._patience = math.inf if patience is None else patience
        told = conninfo_to_dict(url)
        self._network: dict[str, Any] = {
            name: value for name, value in _NETWORK.items() if name not in told
        }
        self._pool = ConnectionPool[PatientConnection](
            url,
            connection_class=PatientConnection,
            min_size=1,
            max_size=connections,
            open=False,
            timeout=_WAIT_SECONDS_MAX,
            reconnect_timeout=_SERIES_SECONDS_MAX,
            # Those who wait begin no series themselves.
            reconnect_failed=lambda _: self.drop_broken(),
            configure=self._configure,
            kwargs={
                **self._network,
                "row_factory": dict_row,
                "autocommit": True,
                # A statement is prepared when it comes a second time: ours are few and come often.
                "prepare_threshold": 1,
            },
        )

    def open(self) -> Self:
        """Open the pool and wait for its first connection.

        Raises: WrongRoleError, when we would work as the owner of the tables.
        """
        # Tried apart, since the pool would try the same again and again until its time is over.
        with (
            within(_WAIT_SECONDS_MAX),
            PatientConnection.connect(self.url, autocommit=True, **self._network) as connection,
        ):
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
        """Lend a connection in which every statement is its own transaction.

        So there is nothing to commit at the end; the pool drops one that an error left in a
        transaction or in the middle of an answer.
        """
        connection = self._pool.getconn(timeout=left(_WAIT_SECONDS_MAX))
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    @contextmanager
    def transaction(self) -> Generator[Connection[DictRow]]:
        """Lend a connection in a transaction that commits at the end, or rolls back on an error."""
        with self.connection() as connection, connection.transaction():
            yield connection

    @contextmanager
    def snapshot(self) -> Generator[Connection[DictRow]]:
        """Lend a connection whose statements all see the database at one moment, read only."""
        with self.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # It holds no locks, and whoever reads may think between two statements.
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection

    def drop_broken(self) -> None:
        """Try every connection that nobody uses, and replace those that are broken."""
        with within(_CHECK_SECONDS_MAX):
            self._pool.check()

    def statistics(self) -> dict[str, Any]:
        """Return the pool's figures."""
        return dict(self._pool.get_stats())

    def _configure(self, connection: PatientConnection) -> None:
        connection.patience = self._patience
        with within(_READY_SECONDS_MAX):
            _prepare(connection)


def _prepare(connection: Connection[Any]) -> None:
    """Make a new connection ours: times in UTC, and the role that owns nothing."""
    connection.execute("SET timezone = 'UTC'")
    # Recording waits for locks and then looks again, which a frozen snapshot could not.
    connection.execute("SET default_transaction_isolation = 'read committed'")
    for statement in _SERVER:
        connection.execute(statement)
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
