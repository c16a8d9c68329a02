"""Imports into a database: whole, again, killed in the middle, from XES, and from a moment on."""

import csv
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import plan_import
from kingpost.exchange.report import Progress
from tests.database import Database, Databases
from tests.exchange.desk import (
    MAPPING,
    NOW,
    SEED,
    digests,
    first_incidents,
    import_log,
    rows,
    running_desk,
    write_log,
)

INCIDENTS = 300


@pytest.fixture(scope="module")
def some_incidents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_incidents(tmp_path_factory.mktemp("log"), INCIDENTS)


def test_incidents_of_the_real_log_come_in_and_no_row_is_lost(
    database: Database, tmp_path: Path
) -> None:
    log = first_incidents(tmp_path, 1500)
    total = len(log.read_text(encoding="utf-8").splitlines()) - 1

    with running_desk(database) as company:
        report = import_log(company, log)
        kept = digests(company)

    assert report.finished
    assert report.tally.cases == 1500
    assert report.tally.rows == report.fresh == total
    assert kept["case_file"][0] == 1500
    assert kept["event"][0] == kept["command"][0] == report.tally.events
    assert kept["deviation"][0] == sum(kind.count for kind in report.tally.kinds.values())
    assert report.tally.conforming > 0.7 * total
    assert report.tally.deviating < 0.08 * total


def test_the_same_import_again_changes_nothing(database: Database, some_incidents: Path) -> None:
    with running_desk(database) as company:
        first = import_log(company, some_incidents)
        before = digests(company)
        second = import_log(company, some_incidents)

        assert digests(company) == before
    assert (second.fresh, second.finished) == (0, True)
    assert second.tally == first.tally


def test_an_import_that_was_stopped_goes_on_where_it_was(
    databases: Databases, some_incidents: Path
) -> None:
    address = databases.make()
    with running_desk(address) as company:
        import_log(company, some_incidents)
        whole = digests(company)

    seen: list[Progress] = []
    with running_desk(databases.make()) as company:
        with plan_import(some_incidents, MAPPING, company.active()) as plan:
            stopped = run_import(
                company.database,
                plan,
                now=NOW,
                seed=SEED,
                progress=seen.append,
                stop=lambda: len(seen) == 2,
                cases_a_batch=40,
            )
            assert not stopped.finished
            # The time and the seed of its beginning count, not those of going on.
            later = NOW + timedelta(days=1)
            ended = run_import(company.database, plan, now=later, seed=bytes(32))

        assert ended.finished
        assert digests(company) == whole
    assert [item.cases for item in seen] == [40, 80]


_CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from kingpost.engine.company import Company
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import plan_import
from kingpost.store.pool import Database

url, log, mapping, now = sys.argv[1:]
with Database(url) as database:
    with plan_import(Path(log), Path(mapping), Company(database).active()) as plan:
        print("begun", flush=True)
        run_import(
            database,
            plan,
            now=datetime.fromisoformat(now),
            seed=bytes(range(32)),
            progress=lambda at: print(at.cases, flush=True),
            cases_a_batch=20,
        )
"""


@pytest.mark.parametrize("lines", [1, 3, 9])
def test_an_import_that_is_killed_loses_and_doubles_nothing(
    lines: int, databases: Databases, some_incidents: Path
) -> None:
    with running_desk(databases.make()) as company:
        import_log(company, some_incidents)
        whole = digests(company)
    address = databases.make()
    with running_desk(address) as company:
        command = [sys.executable, "-c", _CHILD, address.app_url]
        command += [str(some_incidents), str(MAPPING), NOW.isoformat()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(lines):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
        assert child.returncode == -signal.SIGKILL

        report = import_log(company, some_incidents)

        assert report.finished
        assert digests(company) == whole


def test_two_imports_of_one_case_number_are_refused(database: Database, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", rows({}, {"sys_updated_at": "29/2/2016 09:30"}))
    other = write_log(tmp_path / "other.csv", rows({}))

    with running_desk(database) as company:
        import_log(company, log)
        before = digests(company)
        with pytest.raises(UnreadableError) as caught:
            import_log(company, other)

        assert digests(company) == before
    assert str(caught.value) == (
        "other.csv: there are cases with these numbers already: `INC1`. "
        "Import into an empty company, or take the cases out of the log."
    )


def test_a_log_that_runs_ahead_of_the_clock_needs_a_moment(
    database: Database, tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.csv", rows({"sys_updated_at": "1/1/2030 09:30"}))

    with running_desk(database) as company, pytest.raises(UnreadableError) as caught:
        import_log(company, log)

    assert str(caught.value) == (
        "log.csv: `INC1` has a row at 1 January 2030 09:30 UTC, which is to come. "
        "Choose a moment of the log that is to become now."
    )


def test_an_xes_log_comes_to_the_same_as_its_csv(
    databases: Databases, some_incidents: Path, tmp_path: Path
) -> None:
    found: list[object] = []
    for log in (some_incidents, _as_xes(some_incidents, tmp_path / "log.xes")):
        with running_desk(databases.make()) as company:
            tally = import_log(company, log).tally
            with company.database.connection() as connection:
                cases = connection.execute(
                    """
                    SELECT number, state, state_since, closed_at, version, fields::text
                      FROM case_file
                     ORDER BY number
                    """
                ).fetchall()
            counts = {kind: item.count for kind, item in tally.kinds.items()}
            found.append((cases, tally.events, tally.conforming, tally.unchanged, counts))

    assert found[0] == found[1]


def test_the_moment_becomes_now_and_what_comes_later_is_left(
    database: Database, some_incidents: Path
) -> None:
    moment = datetime(2016, 3, 2, 11, tzinfo=UTC)

    with running_desk(database) as company:
        report = import_log(company, some_incidents, moment=moment)
        with company.database.connection() as connection:
            last = connection.execute("SELECT max(at) AS at FROM event").fetchone()
            first = connection.execute("SELECT min(started_at) AS at FROM case_file").fetchone()

    total = len(some_incidents.read_text(encoding="utf-8").splitlines()) - 1
    assert last is not None
    assert NOW - timedelta(hours=2) < last["at"] <= NOW
    assert first is not None
    assert first["at"] - NOW == datetime(2016, 2, 29, 1, 16, tzinfo=UTC) - moment
    assert report.later > 0
    assert report.tally.rows + report.later == total


def test_what_is_in_flight_comes_first(some_incidents: Path, database: Database) -> None:
    moment = datetime(2016, 3, 2, 11, tzinfo=UTC)

    with (
        running_desk(database) as company,
        plan_import(some_incidents, MAPPING, company.active(), moment=moment) as plan,
    ):
        shows = [case.shows == "closed" for case in plan.cases]
        times = [case.last for case in plan.cases if case.shows != "closed"]

    assert shows == sorted(shows)
    assert times == sorted(times, reverse=True)


def test_a_report_can_be_told_and_read(database: Database, some_incidents: Path) -> None:
    with running_desk(database) as company:
        report = import_log(company, some_incidents)

    told, read = report.as_text(), report.as_json()
    assert told.startswith("first.csv is in\n  300 of 300 cases, ")
    assert "not-your-post" in told
    assert read["rows"] == read["conforming"] + read["unchanged"] + read["deviating"]
    assert read["finished"] is True


def _as_xes(log: Path, target: Path) -> Path:
    traces: dict[str, list[str]] = {}
    with log.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            keys = "".join(
                f"<string key={quoteattr(name)} value={quoteattr(value)}/>\n"
                for name, value in row.items()
            )
            traces.setdefault(row["number"], []).append(f"<event>{keys}</event>")
    body = "".join(f"<trace>{''.join(events)}</trace>" for events in traces.values())
    text = f'<?xml version="1.0"?>\n<log xmlns="http://www.xes-standard.org/">{body}</log>'
    target.write_text(text, encoding="utf-8")
    return target
