"""The player: rows after the moment become live work, once, whoever is killed when."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg_pool import PoolClosed

from kingpost.decisions.commands import Complete
from kingpost.engine.company import Company
from kingpost.engine.lookup import find_case
from kingpost.engine.perform import Asked, Done, perform
from kingpost.exchange.imports import run_import
from kingpost.exchange.playing import ImportRun, latest_run, note_played
from kingpost.exchange.replay.plan import plan_import
from kingpost.store.pool import Database as Pool
from kingpost.worker import play
from kingpost.worker.play import Player
from tests.database import Database
from tests.engine.office import key
from tests.exchange.desk import BASE, MAPPING, SEED, running_desk, write_log

MOMENT = datetime(2016, 3, 1, 12, tzinfo=UTC)
BEGUN = datetime(2026, 11, 18, 11, tzinfo=UTC)
LATER = BEGUN + timedelta(days=30)


def row(number: str, at: str, **changes: str) -> dict[str, str]:
    return {**BASE, "number": number, "sys_updated_at": at, "opened_at": at} | changes


# INC1 is in flight at the moment and goes on, INC2 begins after it, INC3 does what cannot be.
LOG = [
    row("INC1", "29/2/2016 09:00"),
    row("INC1", "2/3/2016 09:00", opened_at="29/2/2016 09:00", incident_state="Active",
        sys_updated_by="Updated by 44"),
    row("INC1", "2/3/2016 10:00", opened_at="29/2/2016 09:00",
        incident_state="Awaiting User Info"),
    row("INC1", "3/3/2016 10:00", opened_at="29/2/2016 09:00", incident_state="Active"),
    row("INC2", "2/3/2016 09:00"),
    row("INC2", "2/3/2016 09:00", incident_state="Active"),
    row("INC3", "29/2/2016 09:00"),
    row("INC3", "2/3/2016 11:00", opened_at="29/2/2016 09:00", incident_state="Closed"),
]  # fmt: skip
PLAYED = ["started", "completed", "raised", "resolved"]


@contextmanager
def desk(database: Database, folder: Path) -> Generator[tuple[Company, Path]]:
    """Run the desk with the log imported up to the moment."""
    log = write_log(folder / "log.csv", LOG)
    with running_desk(database) as company:
        with plan_import(log, MAPPING, company.active(), moment=MOMENT) as plan:
            report = run_import(company.database, plan, now=BEGUN, seed=SEED)
        assert (report.finished, report.later) == (True, 6)
        yield company, log


@contextmanager
def playing(company: Company, log: Path) -> Generator[Player]:
    run = latest_run(company.database)
    assert run is not None
    with plan_import(log, MAPPING, company.active(), moment=run.moment) as plan:
        yield Player(company, plan, run, begun=BEGUN, speed=1)


def events(company: Company, number: str) -> list[tuple[str, str | None, str]]:
    """Return kind, person and origin of each event."""
    case = find_case(company, number)
    assert case is not None
    query = """
        SELECT kind, person, convert_from(header, 'UTF8')::jsonb ->> 'origin' AS origin
          FROM event
         WHERE case_id = %s
         ORDER BY seq
        """
    with company.database.connection() as connection:
        found = connection.execute(query, [case.id]).fetchall()
    return [(item["kind"], item["person"], item["origin"]) for item in found]


def deviations(company: Company) -> list[str]:
    with company.database.connection() as connection:
        found = connection.execute("SELECT number, kind FROM deviation ORDER BY line").fetchall()
    return [f"{item['number']} {item['kind']}" for item in found]


def test_rows_become_live_acts_of_the_people_of_the_log(database: Database, tmp_path: Path) -> None:
    with desk(database, tmp_path) as (company, log), playing(company, log) as player:
        assert player.left == 6
        assert player.round(LATER) == 6

        assert events(company, "INC1") == [
            ("started", "updated-by-12", "import"),
            ("completed", "updated-by-44", "live"),
            ("raised", "updated-by-12", "live"),
            ("resolved", "updated-by-12", "live"),
        ]
        assert events(company, "INC2") == [
            ("started", "updated-by-12", "live"),
            ("completed", "updated-by-12", "live"),
        ]
        assert deviations(company) == ["INC3 no-way"]


def test_rows_come_when_they_are_due(database: Database, tmp_path: Path) -> None:
    with desk(database, tmp_path) as (company, log), playing(company, log) as player:
        assert player.round(BEGUN) == 0
        assert player.round(BEGUN + timedelta(hours=21, seconds=1)) == 3
        assert player.round(BEGUN + timedelta(hours=22, seconds=1)) == 1
        assert player.left == 2


@pytest.mark.parametrize("played", range(6))
@pytest.mark.parametrize("noted", [True, False])
def test_a_player_that_starts_over_doubles_nothing_and_forgets_nothing(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    played: int,
    noted: bool,
) -> None:
    with desk(database, tmp_path) as (company, log):
        with playing(company, log) as killed:
            _kill_after(monkeypatch, played, noted=noted)
            with pytest.raises(KeyboardInterrupt):
                killed.round(LATER)
            monkeypatch.undo()
        with playing(company, log) as player:
            assert player.left == 6 - played - noted
            player.round(LATER)

        assert [kind for kind, _, _ in events(company, "INC1")] == PLAYED
        assert [kind for kind, _, _ in events(company, "INC2")] == ["started", "completed"]
        assert deviations(company) == ["INC3 no-way"]


def test_a_row_that_failed_comes_again(database: Database, tmp_path: Path) -> None:
    with desk(database, tmp_path) as (company, log), playing(company, log) as player:
        with Pool(database.app_url, connections=1) as pool:
            broken = Company(pool)
        player._company = broken  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(PoolClosed):
            player.round(LATER)
        player._company = company  # pyright: ignore[reportPrivateUsage]

        assert player.round(LATER) == 6
        assert [kind for kind, _, _ in events(company, "INC1")] == PLAYED


def test_work_that_people_did_meanwhile_is_not_done_again(
    database: Database, tmp_path: Path
) -> None:
    with desk(database, tmp_path) as (company, log), playing(company, log) as player:
        case = find_case(company, "INC1")
        assert case is not None
        triage = case.at("triage")
        assert triage is not None
        asked = Asked(key(), Complete(triage.id), person="updated-by-44")
        assert isinstance(perform(company, asked), Done)

        player.round(LATER)

        assert [kind for kind, _, _ in events(company, "INC1")] == PLAYED


def _kill_after(monkeypatch: pytest.MonkeyPatch, played: int, *, noted: bool) -> None:
    """Kill the player with the row after `played` rows, before or after it is noted as played."""
    count = 0

    def note(database: Pool, run: ImportRun, until: datetime) -> None:
        nonlocal count
        count += 1
        if count > played and not noted:
            raise KeyboardInterrupt
        note_played(database, run, until)
        if count > played:
            raise KeyboardInterrupt

    monkeypatch.setattr(play, "note_played", note)
