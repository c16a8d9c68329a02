"""The disk of the database is full: nothing is recorded in part, all say so, and work goes on."""

import os
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Record
from kingpost.engine.away import OperationalError, is_full
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Databases
from tests.engine.office import Office, key

VOLUME_MB = 64
NO_ROOM = (
    "the disk of the database is full, and nothing of this was recorded: ask again when "
    "whoever runs Kingpost has made room, with the same idempotency key if there was one"
)
# Long, and of letters that cannot be made smaller, so that it fills its pages.
REPORT = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(1500))


@contextmanager
def small_volume(server: EmbeddedServer, folder: Path) -> Generator[Path]:
    """Provide a disk of its own for the data of one database, which the server may write to."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", f"size={VOLUME_MB}m", "tmpfs", disk],
        check=False,
        capture_output=True,
    ).returncode:
        pytest.skip("only root may give a test a disk of its own")
    try:
        place = disk / "data"
        place.mkdir()
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            assert row is not None
            owner = Path(row[0]).stat()
            os.chown(place, owner.st_uid, owner.st_gid)
            where = sql.Literal(str(place))
            connection.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(where))
            yield disk
            connection.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["/bin/umount", disk], check=True)


@pytest.fixture
def office(
    server: EmbeddedServer, databases: Databases, server_folder: Path
) -> Iterator[tuple[Office, Path]]:
    with small_volume(server, server_folder) as disk, databases.kept() as database:
        name = sql.Identifier(str(conninfo_to_dict(database.app_url)["dbname"]))
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE small").format(name))
        with Pool(database.app_url, connections=3) as pool:
            yield Office.opened(pool), disk


def fill(disk: Path) -> Path:
    """Leave no page free; return what is to be taken away again."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
    return ballast


def record_until_full(office: Office, task: str) -> tuple[UUID, Record, OperationalError]:
    """Record until the database says no; what is free in pages that are there is used up first."""
    for number in count():
        again, command = key(), Record(task, {"report": f"{number} {REPORT}"})
        try:
            assert isinstance(office.ask(command, "anna", again=again), Done)
        except OperationalError as error:
            return again, command, error
    raise AssertionError("it counts for ever")


def asked_by_a_program(front: Front, token: str, task: str) -> httpx.Response:
    return front.call(
        "POST",
        f"/tasks/{task}/record",
        token=token,
        json={"fields": {"report": REPORT}},
        headers={"Idempotency-Key": str(key())},
    )


@pytest.mark.slow
def test_a_full_disk_records_nothing_in_part_and_work_goes_on_without_a_restart(
    office: tuple[Office, Path],
) -> None:
    world, disk = office
    front = Front.opened(world)
    token = front.token("anna")
    case = world.start()
    task = world.task(case, "examine")
    ballast = fill(disk)

    again, command, error = record_until_full(world, task)
    acknowledged = world.case(case).version
    assert is_full(error)
    assert problem(asked_by_a_program(front, token, task)) == (507, "no-room", NO_ROOM)
    assert world.scalar("SELECT count(*) FROM event") == acknowledged
    assert (verify(world.company).faults, list(audit(world.company.database))) == ((), [])

    ballast.unlink()

    assert world.ask(command, "anna", again=again) == Done(case, "CLM-1", acknowledged + 1)
    assert asked_by_a_program(front, token, task).status_code == 200
    assert (verify(world.company).faults, list(audit(world.company.database))) == ((), [])
