"""`kingpost demo`: all at once from one folder, whatever is killed, and nothing is left over."""

import csv
import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import httpx
import psycopg
import pytest

from kingpost.cli.commands import demo
from kingpost.cli.options import HOST
from kingpost.engine.company import Company
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.pool import Database as Pool
from tests.cli.program import EXAMPLE, run, running, settings_of, until, wait_until
from tests.database import Database
from tests.engine.office import Office
from tests.exchange.desk import LOG

NO_EXAMPLE = (
    "there is no example at `{folder}`. "
    "Name a folder such as `examples/service-desk` of the source."
)
PLAYING = "The work of the log goes on live."
MOMENT = demo.MOMENT.replace(tzinfo=None)
# Fast enough that rows come within a second.
SPEED = 3600
WEEKEND_SECONDS_MAX = 150
LIVE = "SELECT count(*) FROM event WHERE convert_from(header, 'UTF8')::jsonb ->> 'origin' = 'live'"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with a log of some incidents around the moment, and those that follow it."""
    folder = tmp_path_factory.mktemp("demo") / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("*.gz"))
    with gzip.open(LOG, "rt", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    cases = defaultdict[str, list[dict[str, str]]](list)
    for row in rows:
        cases[row["number"]].append(row)
    around = [found for found in cases.values() if _at(found[0]) < MOMENT < _at(found[-1])]
    after = [found for found in cases.values() if _at(found[0]) > MOMENT]
    kept = [row for found in (*around[:150], *after[:50]) for row in found]
    with (folder / "log" / "small.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return folder


def _at(row: dict[str, str]) -> datetime:
    # Only compared with each other.
    return datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M")  # noqa: DTZ007


@pytest.mark.slow
def test_the_company_is_at_work_survives_kills_and_leaves_nothing_behind(
    example: Path, server_folder: Path
) -> None:
    data = server_folder / "data"
    words = ("demo", example, "--data", data, "--port", 24000, "--speed", SPEED)
    # A file that would be taken for a module of Python, were the working folder looked into.
    (server_folder / "json.py").write_text("raise SystemExit('taken for a module')")

    with running(*words, folder=server_folder) as process:
        told = until(process, PLAYING)
        address = _address(told)
        assert "Meridian IT Services: model " in told
        assert "    Mira Moreau        Service Desk\n" in told
        assert httpx.get(f"{address}/sign-in").status_code == 200
        # The log rests at weekends, for some sixty of its hours: as many seconds here.
        wait_until(lambda: _live_events(data) > 10, WEEKEND_SECONDS_MAX)
        pages, player = _child(data, "serve"), _child(data, "worker")
        assert _ends_with(process, player, "the worker ended: the same command goes on from here")
    _assert_gone(data)

    with running(*words, folder=server_folder) as process:
        told = until(process, PLAYING)
        before = _live_events(data)
        wait_until(lambda: _live_events(data) > before, WEEKEND_SECONDS_MAX)
        assert "Importing" not in told
        pages = _child(data, "serve")
        assert _ends_with(process, pages, "the pages ended: the same command goes on from here")
    _assert_gone(data)

    with running(*words, folder=server_folder) as process:
        until(process, PLAYING)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert out.endswith("Stopped. The same command goes on from here.\n")
        assert (process.returncode, "Traceback" in err) == (0, False)
    _assert_gone(data)

    answer = run("verify", "--data", data)
    assert answer.out.endswith("everything is whole.\n")


@pytest.mark.slow
def test_an_import_that_was_killed_goes_on_and_a_port_that_is_taken_is_passed_over(
    example: Path, server_folder: Path
) -> None:
    data = server_folder / "data"
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        words = ("demo", example, "--data", data, "--port", port, "--speed", SPEED)

        with running(*words) as process:
            until(process, "the rest of the history follows")
            wait_until(lambda: _children(data, "import"))
            words_told = "the history was not imported: see the lines above"
            assert _ends_with(process, _child(data, "import"), words_told)
        _assert_gone(data)

        with running(*words) as process:
            told = until(process, "the rest of the history follows")
            assert _address(told) != f"http://{HOST}:{port}"
            until(process, PLAYING)
            # Killed itself, it takes its children along.
            process.kill()
        wait_until(lambda: not _children(data, ""))


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("", NO_EXAMPLE),
        ("log", "`{folder}/log` holds no log. Put one in as CSV or XES."),
        ("demo.csv", "the example lacks `{folder}/demo.csv`. Add it."),
    ],
)  # fmt: skip
def test_an_example_that_is_not_whole_is_said(
    example: Path, tmp_path: Path, missing: str, words: str
) -> None:
    folder = tmp_path / "example"
    if missing:
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns(missing))

    answer = run("demo", folder, "--data", tmp_path / "data")

    assert (answer.status, answer.err) == (1, words.format(folder=folder) + "\n")


def test_an_unsound_example_is_said(example: Path, server_folder: Path) -> None:
    folder = server_folder / "example"
    shutil.copytree(example, folder)
    (folder / "intent.yaml").unlink()

    answer = run("demo", folder, "--data", server_folder / "data")

    assert answer.status == 1
    assert "error KP0" in answer.out


def test_an_example_does_not_undo_what_its_company_changed_since(
    example: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        company, found = Company(pool), demo.find_example(example)
        first = demo._load(company, found)  # pyright: ignore[reportPrivateUsage]
        changed = replace(first, zone="Europe/Oslo")
        there = company.load(changed).version
        capsys.readouterr()

        again = demo._load(company, found)  # pyright: ignore[reportPrivateUsage]

        assert company.active().version == there
        assert again.zone == "Europe/Oslo"
    told = " ".join(capsys.readouterr().out.split())
    assert f"model {there[:8]} runs, which is another than that of" in told
    assert "and is left as it is. `kingpost plan` tells what differs." in told


def test_an_example_does_not_take_the_place_of_another_company(
    example: Path, database: Database
) -> None:
    with Pool(database.app_url, connections=1) as pool:
        before = Office.opened(pool).company.active().version

        answer = run("demo", example, settings=settings_of(database))

        assert answer.status == 1
        assert answer.err == (
            "this database holds Harbour Mutual, and would become Meridian IT Services. Name"
            " another folder with `--data FOLDER`, or remove what is there with `make clean`.\n"
        )
        assert Company(pool).active().version == before


def test_the_example_of_the_source_is_the_one_that_is_run() -> None:
    assert demo.find_example(demo.EXAMPLE).folder == EXAMPLE


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-18T11:00", "2016-05-04T11:00"),
        ("2026-11-19T09:30", "2016-05-05T09:30"),
        ("2026-11-21T23:00", "2016-05-07T23:00"),
        ("2026-11-22T10:00", "2016-05-01T10:00"),
    ],
)
def test_the_moment_falls_on_the_weekday_and_the_time_of_now(now: str, expected: str) -> None:
    at = demo.aligned(demo.MOMENT, datetime.fromisoformat(f"{now}+00:00"))

    assert at == datetime.fromisoformat(f"{expected}+00:00")


def _address(told: str) -> str:
    found = re.search(rf"Open (http://{HOST}:\d+)", told)
    assert found, told
    return found[1]


def _live_events(data: Path) -> int:
    return _count(data, LIVE)


def _count(data: Path, query: LiteralString) -> int:
    """Count over the server that the demo runs."""
    server = EmbeddedServer(data).start()
    assert not server.is_ours
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _children(data: Path, command: str) -> list[int]:
    """Return the processes that work for the data folder with one command of ours."""
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        for words in [_words(path)]
        if f"--data={data}" in words and (not command or command in words)
    ]


def _child(data: Path, command: str) -> int:
    (child,) = _children(data, command)
    return child


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split("\0")
    except OSError:
        return []


def _ends_with(process: subprocess.Popen[str], child: int, words: str) -> bool:
    """Kill a child; tell whether the demo ends with these words."""
    os.kill(child, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    return process.returncode == 1 and words in err and "Traceback" not in err


def _assert_gone(data: Path) -> None:
    assert _children(data, "") == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(data / "socket"), dbname="kingpost", user="kingpost_app")
