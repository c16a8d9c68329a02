"""The watch: whoever kills the embedded server, somebody starts it again where it was."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from kingpost.store.embedded import EmbeddedServer
from kingpost.store.pool import Database
from kingpost.store.watch import kept_running

SECONDS_MAX = 30.0

# A process that owns the server until it is killed.
OWNER = """
import sys, pathlib
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.watch import kept_running
with EmbeddedServer(pathlib.Path(sys.argv[1])) as server, kept_running(server):
    print("ours" if server.is_ours else "joined", flush=True)
    sys.stdin.read()
"""


def kill_server(folder: Path) -> None:
    pid = int((folder / "cluster/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)


def write(database: Database, text: str) -> None:
    with database.connection() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def started(database: Database) -> datetime:
    with database.connection() as connection:
        row = connection.execute("SELECT pg_postmaster_start_time() AS at").fetchone()
    assert row is not None
    return row["at"]


def read_anew(database: Database, before: datetime) -> list[str]:
    """Read the rows as soon as another server answers than the one that was started before."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            if started(database) > before:
                with database.connection() as connection:
                    rows = connection.execute("SELECT text FROM note ORDER BY text").fetchall()
                return [row["text"] for row in rows]
        except psycopg.OperationalError:
            pass
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.parametrize("inner", ["server", "long" * 40])
def test_a_killed_server_is_started_again_under_the_same_pool(
    server_folder: Path, inner: str
) -> None:
    folder = server_folder / inner
    with (
        EmbeddedServer(folder) as server,
        kept_running(server),
        Database(server.url(), connections=2) as database,
    ):
        for text in ("first", "second"):
            write(database, text)
            before = started(database)
            kill_server(folder)
            rows = read_anew(database, before)
        assert server.is_ours

    assert rows == ["first", "second"]
    with EmbeddedServer(folder) as again:
        assert again.is_ours


def test_who_joined_takes_over_when_the_owner_is_gone(server_folder: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(server_folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ours\n"
    with (
        EmbeddedServer(server_folder) as server,
        kept_running(server),
        Database(server.url(), connections=2) as database,
    ):
        joined = not server.is_ours
        write(database, "kept")
        before = started(database)
        owner.kill()
        owner.communicate()

        assert read_anew(database, before) == ["kept"]
        assert (joined, server.is_ours) == (True, True)


def test_the_owner_starts_it_again_before_those_who_joined(server_folder: Path) -> None:
    with (
        EmbeddedServer(server_folder) as server,
        EmbeddedServer(server_folder) as guest,
        kept_running(server),
        kept_running(guest),
        Database(guest.url(), connections=2) as database,
    ):
        write(database, "kept")
        before = started(database)
        kill_server(server_folder)

        assert read_anew(database, before) == ["kept"]
        assert (server.is_ours, guest.is_ours) == (True, False)


def test_leaving_does_not_wait(server_folder: Path) -> None:
    with EmbeddedServer(server_folder, durable=False) as server:
        begun = time.monotonic()
        with kept_running(server):
            pass
        assert time.monotonic() - begun < 1
