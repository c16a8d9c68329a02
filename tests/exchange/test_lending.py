"""The simulated loan log comes into the lending company, and what deviates has one reason."""

import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.exchange.imports import run_import
from kingpost.exchange.register_csv import read_appointments, read_people
from kingpost.exchange.replay.plan import load_mapping, plan_import
from kingpost.exchange.replay.replayer import Frame, Replayed, replay
from kingpost.exchange.replay.rights import Appointed, Rights
from kingpost.store.pool import Database
from kingpost.values.identity import derive
from tests.database import Database as Address
from tests.scenarios.examples import LENDING, company, program

LOG = LENDING / "log" / "loan_application.csv.gz"
MAPPING = LENDING / "log" / "mapping.yaml"
PUBLISHED = Path(__file__).parents[2] / ".." / "shared" / "data" / "loan-simulation"
NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)
END = datetime(2023, 2, 17, 16, tzinfo=UTC)
SEED = bytes(range(32))
CASES = 60


def rights() -> Rights:
    begun = datetime(2023, 1, 1, tzinfo=UTC)
    appointed = [
        Appointed(
            item.person, item.post, derive(f"{item.person}/{item.post}"), item.kind, begun, None
        )
        for item in read_appointments(LENDING / "appointments.csv")
    ]
    return Rights(appointed, company("lending").posts)


def replayed(log: Path) -> Iterator[Replayed]:
    mapping, held = load_mapping(MAPPING, program("lending")), rights()
    frame = Frame(UUID(int=1), timedelta(), END, NOW, SEED)
    with plan_import(log, MAPPING, program("lending")) as plan:
        for case in plan.cases:
            yield replay(program("lending"), mapping, held, frame, plan.rows_of(case))


def first_cases(folder: Path, count: int) -> Path:
    """Write the first cases of the log as a log of their own."""
    path = folder / "first.csv"
    with gzip.open(LOG, "rt", encoding="utf-8") as source, path.open("w") as target:
        target.write(next(source))
        target.writelines(line for line in source if int(line.partition(",")[0]) < count)
    return path


def counted(results: list[Replayed]) -> tuple[int, int, int]:
    return (
        sum(item.conforming for item in results),
        sum(item.unchanged for item in results),
        sum(item.deviating for item in results),
    )


def first_reasons(results: list[Replayed]) -> Counter[str]:
    """Return why cases left the way of the log: the first deviation of each."""
    return Counter(item.deviants[0].reason for item in results if item.deviants)


PREPARED = "`approve-pack` is for somebody else: you performed `prepare-pack` in this case"


def test_the_first_applications_come_in_and_deviate_for_one_reason(tmp_path: Path) -> None:
    results = list(replayed(first_cases(tmp_path, CASES)))

    assert counted(results) == (699, 0, 23)
    assert set(first_reasons(results)) == {PREPARED}


@pytest.mark.slow
def test_the_whole_log_comes_in_and_deviates_for_one_reason() -> None:
    results = list(replayed(LOG))
    ends = Counter(item.case.state for item in results if item.case is not None)

    assert counted(results) == (11_320, 0, 485)
    assert first_reasons(results) == {PREPARED: 120}
    assert ends == {"declined": 502, "accepted": 265, "cancelled": 138, "assessing": 95}


def test_the_log_is_imported_into_a_company_that_runs(database: Address, tmp_path: Path) -> None:
    log = first_cases(tmp_path, 20)
    with Database(database.app_url) as store:
        house = Company(store)
        house.load(company("lending"))
        people = read_people(LENDING / "people.csv")
        register.keep_people(house, [(person.id, person.name) for person in people])
        wished = [
            register.Appointment(item.person, item.post, item.start, item.end, item.kind)
            for item in read_appointments(LENDING / "appointments.csv")
        ]
        register.appoint(house, wished, by="test")
        with plan_import(log, MAPPING, house.active()) as plan:
            report = run_import(store, plan, now=NOW, seed=SEED)

    assert report.finished
    assert report.tally.cases == 20
    assert (report.tally.conforming, report.tally.deviating) == (241, 4)


def test_nobody_holds_a_post_that_is_not_there_and_every_seat_suffices() -> None:
    posts = company("lending").posts
    holders = Counter(item.post for item in read_appointments(LENDING / "appointments.csv"))

    assert holders.keys() == posts.keys()
    assert all(count <= posts[post].seats for post, count in holders.items())


def test_the_log_is_the_published_one_with_a_column_more() -> None:
    published = PUBLISHED / "Loan_Application.csv.gz"
    if not published.exists():
        pytest.skip("the published log is not there")
    with gzip.open(published, "rt") as theirs, gzip.open(LOG, "rt") as ours:
        for their_line, our_line in zip(theirs, ours, strict=True):
            assert our_line.rpartition(",")[0] == their_line.strip()
