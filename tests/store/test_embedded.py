"""The embedded server: started, joined, stopped, killed, and found as it was left."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from kingpost.store.embedded import EmbeddedServer
from kingpost.store.postgres.account import SHARED_HOME
from kingpost.store.postgres.binaries import Binaries, find_binaries
from kingpost.store.postgres.errors import EmbeddedServerError

IS_ROOT = os.geteuid() == 0
SITE_PACKAGES = Path(psycopg.__file__).parents[1]
SOURCE = Path(__file__).parents[2] / "src"

# A second process that starts or joins the server, writes a row, says so, and waits.
COMPANION = """
import sys, pathlib, psycopg
from kingpost.store.embedded import EmbeddedServer
server = EmbeddedServer(pathlib.Path(sys.argv[1])).start()
with psycopg.connect(server.url()) as connection:
    # Two that make the same table at once would collide.
    connection.execute("SELECT pg_advisory_xact_lock(1)")
    connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
    connection.execute("INSERT INTO note VALUES ('committed')")
print("ours" if server.is_ours else "joined", flush=True)
sys.stdin.read()
server.stop()
"""


def companion(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", COMPANION, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def notes(server: EmbeddedServer) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note").fetchall()]


def test_it_keeps_what_was_written(server_folder: Path) -> None:
    with EmbeddedServer(server_folder) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('kept')")

    with EmbeddedServer(server_folder) as server:
        assert notes(server) == ["kept"]


def test_nobody_else_can_enter_and_there_is_no_network(server_folder: Path) -> None:
    with EmbeddedServer(server_folder) as server, psycopg.connect(server.url()) as connection:
        query = "SELECT name, setting FROM pg_settings WHERE source = 'command line'"
        settings = dict(connection.execute(query).fetchall())

        assert settings["listen_addresses"] == ""
        assert settings["fsync"] == settings["full_page_writes"] == "on"
        assert settings["synchronous_commit"] == "on"
        assert stat.S_IMODE(Path(connection.info.host).stat().st_mode) == 0o700
    rules = (server_folder / "cluster/pg_hba.conf").read_text().splitlines()
    assert {line.split()[-1] for line in rules if line.startswith("host")} == {"reject"}


def test_the_application_owns_nothing(server_folder: Path) -> None:
    with EmbeddedServer(server_folder, durable=False) as server:
        app = psycopg.connect(server.url(user="kingpost_app"))
        with app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE note (text text)")
        with psycopg.connect(server.url()) as connection:
            query = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s"
            assert connection.execute(query, ["kingpost_owner"]).fetchone() == (False, True, False)
            assert connection.execute(query, ["kingpost_app"]).fetchone() == (False, False, False)


def test_a_second_process_joins_and_leaves_the_server_running(server_folder: Path) -> None:
    with EmbeddedServer(server_folder) as server:
        guest = companion(server_folder)
        assert first_line(guest) == "joined"
        guest.communicate()

        assert notes(server) == ["committed"]


def test_of_two_that_start_at_once_one_starts_and_one_joins(server_folder: Path) -> None:
    both = [companion(server_folder), companion(server_folder)]

    assert sorted(first_line(process) for process in both) == ["joined", "ours"]
    for process in both:
        process.communicate()


def test_what_was_committed_survives_a_killed_parent(server_folder: Path) -> None:
    host = companion(server_folder)
    assert first_line(host) == "ours"
    host.kill()
    host.communicate()

    # The server is going down with its parent; the next start waits for that, then takes over.
    with EmbeddedServer(server_folder) as server:
        assert server.is_ours
        assert notes(server) == ["committed"]


def test_what_was_committed_survives_a_killed_server(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder).start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('committed')")
    pid = int((server_folder / "cluster/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)

    with server.start():
        assert notes(server) == ["committed"]


def test_a_guest_takes_over_when_the_host_has_gone(server_folder: Path) -> None:
    host = EmbeddedServer(server_folder).start()
    guest = EmbeddedServer(server_folder).start()
    assert (host.is_ours, guest.is_ours) == (True, False)
    host.stop()

    with guest.start():
        assert guest.is_ours


def test_stale_files_do_not_keep_it_from_starting(server_folder: Path) -> None:
    with EmbeddedServer(server_folder):
        pass
    # The number of a live process of ours: a server that trusted it would refuse to start.
    stale = f"{os.getpid()}\n{server_folder}/cluster\n1\n5432\n{server_folder}/gone\n\n\n"
    (server_folder / "cluster/postmaster.pid").write_text(stale)
    (server_folder / "endpoint").write_text(f"{server_folder}/gone")
    (server_folder / "cluster-unfinished").mkdir()

    with EmbeddedServer(server_folder) as server:
        assert server.is_ours


def test_a_folder_with_a_long_name_and_a_comma(server_folder: Path) -> None:
    folder = server_folder / ("long" * 40 + ", and more")
    with EmbeddedServer(folder, durable=False) as server:
        with psycopg.connect(server.url()) as connection:
            short = Path(connection.info.host)
        assert not short.is_relative_to(folder)
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
    assert not short.exists()


def test_the_last_words_of_a_server_that_did_not_start(server_folder: Path) -> None:
    with EmbeddedServer(server_folder):
        pass
    (server_folder / "cluster/postgresql.conf").write_text("no such setting = 1\n")

    with pytest.raises(EmbeddedServerError, match=r"did not start: (.|\n)*syntax error"):
        EmbeddedServer(server_folder).start()


def test_a_url_needs_a_started_server(server_folder: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"^the server has not been started$"):
        EmbeddedServer(server_folder).url()


@pytest.mark.parametrize(
    ("version", "sound"),
    [((18, 6), "18.7"), ((18, 7), None), ((17, 11), "17.12"), ((16, 15), "16.16"), ((19, 0), None)],
)
def test_known_holes_are_said(version: tuple[int, int], sound: str | None) -> None:
    notice = Binaries(Path("/usr"), None, version).notice()

    expected = sound and (
        f"PostgreSQL {version[0]}.{version[1]} has known holes (before {sound}, upserts could "
        f"bypass row security): take {sound} or newer when you can"
    )
    assert notice == expected


def test_a_cluster_of_an_unknown_version_is_refused() -> None:
    with pytest.raises(EmbeddedServerError, match=r"^expected PostgreSQL 9 on this machine, found"):
        find_binaries(9)


@pytest.mark.skipif(not IS_ROOT, reason="only root has other accounts to choose from")
def test_root_does_not_run_it(server_folder: Path) -> None:
    with EmbeddedServer(server_folder, durable=False):
        pid = int((server_folder / "cluster/postmaster.pid").read_text().splitlines()[0])
        status = Path(f"/proc/{pid}/status").read_text()

    owner = pwd.getpwuid((server_folder / "cluster").stat().st_uid)
    assert owner.pw_name in {"postgres", "nobody"}
    assert f"Uid:\t{owner.pw_uid}\t{owner.pw_uid}" in status


@pytest.mark.skipif(not IS_ROOT, reason="only root has other accounts to choose from")
def test_root_opens_no_closed_folder(server_folder: Path) -> None:
    closed = server_folder / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedServer(closed / "server", durable=False):
        home = (closed / "server/cluster").resolve().parent
        assert home.parent == SHARED_HOME
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    with EmbeddedServer(closed / "server", durable=False) as again:
        assert again.is_ours
    subprocess.run(["rm", "-r", str(home)], check=True)


@pytest.mark.skipif(not IS_ROOT, reason="we are not root already, in every other test")
def test_an_ordinary_account_runs_it(server_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    server_folder.chmod(0o777)
    command = ["-c", COMPANION, str(server_folder / "server")]
    python = python_of(nobody.pw_uid)

    answer = subprocess.run(
        [python, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        cwd="/",
        env={"PYTHONPATH": f"{SOURCE}:{SITE_PACKAGES}"},
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
    )

    assert answer.stdout == "ours\n", answer.stderr
    assert (server_folder / "server/cluster").stat().st_uid == nobody.pw_uid


def python_of(user: int) -> str:
    """Return a Python like ours that the account can run; ours may lie in a closed folder."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            asked = [python, "-c", "import kingpost, psycopg"]
            environment = {"PYTHONPATH": f"{SOURCE}:{SITE_PACKAGES}"}
            subprocess.run(asked, user=user, extra_groups=[], env=environment, cwd="/", check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no Python on this machine can be run by the account `nobody`")
