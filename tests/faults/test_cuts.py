"""The network to the database is cut, or falls silent: the key tells what became of a command."""

import random  # noqa: TID251 - with a seed, so that it can be had again
from collections.abc import Callable, Iterator

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Record
from kingpost.engine import perform as performing
from kingpost.engine.away import OperationalError
from kingpost.engine.perform import Done
from kingpost.store.pool import Database as Pool
from kingpost.store.pool import SilentDatabaseError, left, within
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import Office, key
from tests.faults.wire import Wire, wire_to

# A command is two statements, or three when its answer was lost and it asks what became of it.
_STATEMENTS = 3


@pytest.fixture
def wired(database: Database) -> Iterator[tuple[Office, Wire]]:
    with (
        wire_to(database.app_url) as (wire, url),
        Pool(url, connections=1) as pool,
    ):
        yield Office.opened(pool), wire


@pytest.mark.slow
@pytest.mark.parametrize("freezes", [False, True], ids=["cut", "frozen"])
def test_every_unknown_outcome_is_resolved_by_the_key(
    wired: tuple[Office, Wire],
    freezes: bool,
    size: Callable[[int], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if freezes:
        monkeypatch.setattr(performing, "_ATTEMPT_SECONDS_MAX", 1.0)
    office, wire = wired
    task = office.task(office.start(), "examine")
    chance, cuts, done, lost = random.Random(7), size(12), 0, 0

    while cuts:
        asked, again = Record(task, {"report": f"{done}"}), key()
        after = chance.random() < 2 / 3
        wire.arm(chance.randint(1, _STATEMENTS), after=after, freezes=freezes)
        answer = office.ask(asked, "anna", again=again)
        cuts -= wire.disarm()
        done += 1
        assert isinstance(answer, Done), str(answer)
        lost += answer.repeated
        # Whatever was told, asked once more it is the same event.
        once_more = office.ask(asked, "anna", again=again)
        assert once_more == Done(answer.case, answer.number, answer.seq, repeated=True)
        assert answer.seq == done + 1

    assert office.scalar("SELECT count(*) FROM event") == done + 1
    assert lost > 0, "an answer was lost after the commit at least once"
    assert list(audit(office.company.database)) == []


@pytest.mark.slow
def test_nobody_waits_for_ever_on_a_frozen_network_and_all_is_well_when_it_thaws(
    wired: tuple[Office, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "_ATTEMPT_SECONDS_MAX", 0.5)
    monkeypatch.setattr(performing, "_SECONDS_MAX", 2.0)
    office, wire = wired
    task = office.task(office.start(), "examine")
    asked, again = Record(task, {"report": "r"}), key()

    wire.freeze()
    with pytest.raises(OperationalError):
        office.ask(asked, "anna", again=again)
    wire.thaw()

    assert isinstance(office.ask(asked, "anna", again=again), Done)
    assert office.scalar("SELECT count(*) FROM event") == 2


def test_a_connection_that_fell_silent_is_not_lent_again(wired: tuple[Office, Wire]) -> None:
    office, wire = wired
    pool = office.company.database

    wire.arm(1, after=True, freezes=True)
    with (
        pytest.raises(SilentDatabaseError, match="has not answered for 1 seconds"),
        within(1),
        pool.connection() as connection,
    ):
        connection.execute("SELECT 1 AS late")
    assert wire.disarm()

    with pool.connection() as connection:
        row = connection.execute("SELECT 2 AS mine").fetchone()
    assert row == {"mine": 2}


def test_a_pool_has_a_patience_of_its_own(database: Database) -> None:
    with (
        wire_to(database.app_url) as (wire, url),
        Pool(url, connections=1, patience=1) as pool,
        pool.connection() as connection,
    ):
        wire.arm(1, after=False, freezes=True)
        with pytest.raises(SilentDatabaseError, match="has not answered for 1 seconds"):
            connection.execute("SELECT 1")
        assert connection.closed


def test_a_request_finds_out_that_the_database_is_silent(
    wired: tuple[Office, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, wire = wired
    front = Front.opened(office)
    token = front.token("anna")
    monkeypatch.setattr("kingpost.api.limits._SECONDS_MAX", 0.5)

    wire.freeze()
    answer = front.call("GET", "/worklist", token=token)
    wire.thaw()

    assert problem(answer)[:2] == (503, "no-database")
    assert front.get("/worklist", "anna")


def test_a_bound_inside_another_never_goes_beyond_it() -> None:
    with within(0.0):
        with within(60.0):
            assert left(99.0) == 0.0
        assert left(99.0) == 0.0
    assert left(99.0) == 99.0
