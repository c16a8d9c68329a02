"""The pump: waits whose time is over end once, whoever comes first and whatever restarts."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Event, Thread
from time import monotonic
from uuid import UUID

import pytest

from kingpost.decisions.commands import Raise
from kingpost.engine.company import Company
from kingpost.store.due.claims import claim, release
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database as Pool
from kingpost.worker import pump
from kingpost.worker.pump import REST_SECONDS, Pumped, Resting, pump_once
from tests.database import Database
from tests.engine.office import Office, key

DAYS_OVER, DAYS_NOT_OVER = 20, 5


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool)


def kinds(office: Office) -> object:
    return office.scalar(
        "SELECT coalesce(array_agg(kind ORDER BY at), '{}') FROM event WHERE kind = 'expired'"
    )


def test_a_wait_ends_when_its_time_is_over_and_not_before(office: Office) -> None:
    over, waiting = office.paid_long_ago(DAYS_OVER), office.paid_long_ago(DAYS_NOT_OVER)

    assert pump_once(office.company) == Pumped(done=1, left=0)
    assert pump_once(office.company) == Pumped(done=0, left=0)
    assert office.case(over).is_closed
    assert office.steps(waiting) == {"payment"}


def test_what_is_suspended_is_left_alone(office: Office) -> None:
    case = office.paid_long_ago(DAYS_NOT_OVER)
    office.do(Raise(office.task(case, "payment"), "delayed"), "anna")

    assert pump_once(office.company) == Pumped(done=0, left=0)
    assert office.scalar("SELECT limit_at IS NULL OR suspended IS NOT NULL FROM task")


def test_a_batch_takes_the_oldest_first(office: Office) -> None:
    younger, older = office.paid_long_ago(DAYS_OVER), office.paid_long_ago(2 * DAYS_OVER)

    assert pump_once(office.company, batch=1) == Pumped(done=1, left=0)
    assert (office.case(older).is_closed, office.case(younger).is_closed) == (True, False)


def test_when_much_is_due_it_gives_way_after_each_group(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "TOGETHER", 2)
    for _ in range(5):
        office.paid_long_ago(DAYS_OVER)
    given: list[float] = []

    began = monotonic()
    assert pump_once(office.company, batch=5, give_way=given.append) == Pumped(done=5, left=0)
    took = monotonic() - began

    assert len(given) == 3
    assert 0 < sum(given) <= pump.GIVE_WAY * took
    # What a database that hardly answers takes is no reason to wait until claims are over.
    monkeypatch.setattr(pump, "GIVE_WAY", 1e9)
    office.paid_long_ago(DAYS_OVER)
    assert pump_once(office.company, batch=1, give_way=given.append) == Pumped(done=1, left=0)
    assert given[3:] == [pump.GIVE_WAY_SECONDS_MAX]


def test_when_little_is_due_it_gives_way_to_nobody(office: Office) -> None:
    office.paid_long_ago(DAYS_OVER)
    given: list[float] = []

    assert pump_once(office.company, batch=2, give_way=given.append) == Pumped(done=1, left=0)
    assert given == []


def test_what_another_worker_has_claimed_is_left_until_its_claim_is_over(office: Office) -> None:
    claimed, other = office.paid_long_ago(2 * DAYS_OVER), office.paid_long_ago(DAYS_OVER)
    with office.company.database.connection() as connection:
        mine = claim(connection, [UUID(office.task(claimed, "payment"))], 3600)
        assert claim(connection, mine, 3600) == set()

        assert pump_once(office.company, batch=1) == Pumped(done=1, left=0)
        assert (office.case(claimed).is_closed, office.case(other).is_closed) == (False, True)
        assert pump_once(office.company) == Pumped(done=0, left=0)

        # As time passes for one who died.
        connection.execute("UPDATE claim SET until = clock_timestamp()")

    assert pump_once(office.company) == Pumped(done=1, left=0)
    assert office.case(claimed).is_closed


def test_giving_up_claims_waits_for_no_other_worker(office: Office) -> None:
    ours, theirs = key(), key()
    database = office.company.database
    with database.connection() as mine, database.transaction() as other:
        claim(mine, [theirs], 0)
        assert claim(mine, [ours], 3600) == {ours}
        # Another worker takes over what is over, and is not done with it.
        assert claim(other, [theirs], 3600) == {theirs}
        mine.execute("SET lock_timeout = '2s'")
        release(mine, [ours])
        mine.execute("RESET lock_timeout")

        left = mine.execute("SELECT id FROM claim").fetchall()

    assert [row["id"] for row in left] == [theirs]


def test_two_pumps_at_once_end_every_wait_once(office: Office) -> None:
    cases = [office.paid_long_ago(DAYS_OVER) for _ in range(12)]
    together, found = Barrier(2), list[Pumped]()

    def work() -> None:
        company = Company(office.company.database)
        together.wait()
        found.append(pump_once(company))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert all(office.case(case).is_closed for case in cases)
    # None is taken up by both, so that the second has not worked in vain.
    assert sum(item.done for item in found) == len(cases)
    assert sum(item.left for item in found) == 0
    assert office.scalar("SELECT count(*) FROM claim") == 0
    closing = "SELECT count(*) FROM event WHERE case_id = %s AND seq > 4"
    assert {office.scalar(closing, case) for case in cases} == {1}


def test_a_failing_round_is_logged_and_the_next_one_comes(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    stop, rounds = Event(), list[int]()

    def extra() -> int:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
            return 0
        raise OSError("the log is gone")

    with caplog.at_level(logging.ERROR):
        pump.run(office.company, stop, extra, pause_seconds=0.01)

    assert len(rounds) == 2
    assert "a round of the worker failed; trying again" in caplog.text


@pytest.mark.slow
def test_a_worker_outlives_a_database_that_restarts(server_folder: Path) -> None:
    first = EmbeddedServer(server_folder, durable=False).start()
    migrate(first.url())
    stop = Event()
    with Pool(first.url(user="kingpost_app"), connections=4) as pool:
        office = Office.opened(pool)
        worker = Thread(
            target=pump.run, args=(office.company, stop), kwargs={"pause_seconds": 0.05}
        )
        worker.start()
        try:
            first.stop()
            second = EmbeddedServer(server_folder, durable=False).start()
            try:
                pool.drop_broken()
                case = office.paid_long_ago(DAYS_OVER)
                assert _closes(office, case)
            finally:
                stop.set()
                worker.join()
                second.stop()
        finally:
            stop.set()
            first.stop()


def _closes(office: Office, case: object) -> bool:
    deadline = monotonic() + 60
    tick = Event()
    while monotonic() < deadline:
        if office.scalar("SELECT closed_at IS NOT NULL FROM case_file WHERE id = %s", case):
            return True
        tick.wait(0.02)
    return False


def test_a_wait_that_cannot_be_ended_holds_up_no_other(office: Office) -> None:
    younger, older = office.paid_long_ago(DAYS_OVER), office.paid_long_ago(2 * DAYS_OVER)
    seconds = [0.0]
    resting = Resting(lambda: seconds[0])
    resting.rest(UUID(office.task(older, "payment")), "it fails")

    assert pump_once(office.company, batch=1, resting=resting) == Pumped(done=1, left=0)
    assert (office.case(older).is_closed, office.case(younger).is_closed) == (False, True)

    seconds[0] = REST_SECONDS + 1
    assert pump_once(office.company, batch=1, resting=resting) == Pumped(done=1, left=0)
    assert office.case(older).is_closed
