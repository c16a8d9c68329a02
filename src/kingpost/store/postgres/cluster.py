"""A cluster: making it once, the settings it runs with, the roles and the database in it."""

import shutil
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from kingpost.store.postgres.account import Account, make_private, run_as
from kingpost.store.postgres.binaries import Binaries
from kingpost.store.postgres.errors import EmbeddedServerError

# For a machine of two cores that also runs Kingpost itself.
_SETTINGS = {
    "listen_addresses": "",  # No network: whoever may enter the socket's folder may connect.
    "port": "5432",  # Only names the socket.
    "unix_socket_permissions": "0700",
    "cluster_name": "kingpost",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_duration_statement": "1s",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",  # Disks without moving parts.
    "jit": "off",  # Our statements are short; compiling one takes longer than running it.
    # Both cores are busy, and parallel queries need more shared memory than containers grant.
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "wal_compression": "on",
    "idle_in_transaction_session_timeout": "5min",
}

# INVARIANT: in the product, what was acknowledged is on disk.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_FLEETING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def arguments_of(cluster: Path, socket_folder: Path, *, durable: bool) -> list[str]:
    """Return the arguments that the server is run with."""
    quoted = str(socket_folder).replace('"', '""')
    settings = {
        **_SETTINGS,
        **(_DURABLE if durable else _FLEETING),
        "unix_socket_directories": f'"{quoted}"',
    }
    return ["-D", str(cluster), *(f"--{name}={value}" for name, value in settings.items())]


def read_major(cluster: Path) -> int | None:
    """Return the major version that made the cluster, or None when there is none yet."""
    version = cluster / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def make_cluster(
    cluster: Path, binaries: Binaries, account: Account | None, *, durable: bool
) -> None:
    """Run `initdb` beside the cluster's place and move the result there, so it is whole or not."""
    unfinished = cluster.with_name("cluster-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, account)
    choices = _choices(unfinished, binaries, durable=durable)
    answer = run_as(account, [str(binaries.program("initdb")), *choices])
    if answer.returncode != 0:
        raise EmbeddedServerError(f"cannot make a database in `{cluster}`: {answer.stderr.strip()}")
    unfinished.rename(cluster)


def _choices(place: Path, binaries: Binaries, *, durable: bool) -> list[str]:
    choices = [
        f"--pgdata={place}",
        "--username=postgres",
        "--auth-local=trust",  # The socket's folder is the door; nobody else can enter it.
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums",
        "--no-instructions",
    ]
    if binaries.version >= (17, 0):
        # One order of text on every machine, whatever its C library says this year.
        choices += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return choices if durable else [*choices, "--no-sync"]


def answers(url: str) -> bool:
    """Tell whether a server answers a real query."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def provide(connection: psycopg.Connection[TupleRow]) -> None:
    """Make the roles and the database, where they are missing.

    connection: as superuser, in autocommit, since a database is not made in a transaction.
    """
    _provide_roles(connection)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'kingpost'").fetchone()
    if known is None:
        connection.execute("CREATE DATABASE kingpost OWNER kingpost_owner")
    connection.execute("REVOKE ALL ON DATABASE kingpost FROM PUBLIC")
    connection.execute("GRANT CONNECT ON DATABASE kingpost TO kingpost_app")


def _provide_roles(connection: psycopg.Connection[TupleRow]) -> None:
    rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
    known = {str(row[0]) for row in rows}
    if "kingpost_owner" not in known:
        connection.execute("CREATE ROLE kingpost_owner LOGIN CREATEDB")
    if "kingpost_app" not in known:
        connection.execute("CREATE ROLE kingpost_app LOGIN")
