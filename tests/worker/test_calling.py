"""Calls over a real database and real HTTP: made at least once, and never without an owner."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, GiveUp, Retry
from kingpost.engine.company import Company
from kingpost.engine.outside import calls
from kingpost.engine.perform import Asked, Done, perform
from kingpost.store.due.outbox import FAILURES_MAX
from kingpost.store.pool import Database as Pool
from kingpost.worker.calling import Caller
from tests.database import Database
from tests.engine.office import key
from tests.engine.test_races import at_once
from tests.worker.lender import Lender
from tests.worker.receiver import Manner, receiving


@pytest.fixture
def lender(database: Database) -> Iterator[Lender]:
    with Pool(database.app_url, connections=12) as pool:
        yield Lender(pool)


def test_a_call_is_written_with_the_event_that_reached_it_and_made_afterwards(
    lender: Lender,
) -> None:
    case = lender.begin()
    assert lender.open_steps(case) == [("ask", None)]
    assert lender.sound()

    with receiving((200, {"score": 640})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()

    assert lender.open_steps(case) == [("judge", None)]
    assert [body for _, _, body in bureau.asked] == ['{"name":"Ines Prado"}']
    call = lender.call(case)
    assert (call["attempts"], call["request"], call["ended_at"] is None) == (1, None, False)
    assert lender.sound()


@pytest.mark.parametrize("manner", [(500, {}), "break", "silence", "drip"])
def test_whatever_breaks_off_is_tried_again_under_the_same_key(
    lender: Lender, manner: Manner
) -> None:
    case = lender.begin()
    with receiving(manner, manner, (200, {"score": 640})) as bureau:
        lender.knows("bureau", bureau)
        lender.work(3)

    assert len(bureau.asked) == 3
    assert bureau.keys == {f'"{lender.call(case)["id"]}"'}
    # The effect was there each time; a system that knows the key has it once.
    assert len(bureau.effects) == 1
    assert lender.open_steps(case) == [("judge", None)]


def test_a_call_whose_attempts_are_used_up_is_held_for_its_owner(lender: Lender) -> None:
    case = lender.begin()
    with receiving((500, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work(4)
        assert lender.open_steps(case) == [("ask", None)]
        lender.sql("UPDATE breaker SET open_until = clock_timestamp()")
        lender.work(3)

    assert len(bureau.asked) == 5
    assert lender.open_steps(case) == [("ask", "call-failed")]
    assert lender.call(case)["cause"] == "it answers 500"
    assert lender.sound()


LASTING: list[tuple[Manner, str]] = [
    ((404, {}), "it answers 404"),
    ("http://127.0.0.1:1/", "it answers 302, and nobody is sent on elsewhere"),
    ("flood", "it answers with more than 1,000,000 bytes"),
    ((200, {"score": "high"}), "`bureau` answered without `score` as a whole number: got text"),
]


@pytest.mark.parametrize(
    ("manner", "cause"),
    LASTING,
)
def test_what_trying_again_would_not_mend_fails_at_once(
    lender: Lender, manner: Manner, cause: str
) -> None:
    case = lender.begin()
    with receiving(manner) as bureau:
        lender.knows("bureau", bureau)
        lender.work(3)

    assert len(bureau.asked) == 1
    assert lender.open_steps(case) == [("ask", "call-failed")]
    assert lender.call(case)["cause"] == cause


def test_a_system_without_an_address_fails_and_says_so(lender: Lender) -> None:
    case = lender.begin()
    lender.work()

    assert lender.call(case)["cause"] == "`KINGPOST_INTERFACE_BUREAU_URL` is not set"
    assert lender.open_steps(case) == [("ask", "call-failed")]


def test_the_owner_lets_it_be_tried_again_with_all_its_attempts(lender: Lender) -> None:
    case = lender.begin()
    lender.work()
    call = str(lender.call(case)["id"])

    refused = perform(lender.company, Asked(key(), Retry(call), person="carl"))
    assert str(refused) == (
        "`ask` asks another system, and you do not answer for that: `links` may"
    )
    done = perform(lender.company, Asked(key(), Retry(call), person="lina"))

    assert isinstance(done, Done)
    assert (lender.call(case)["attempts"], lender.call(case)["failed_at"]) == (0, None)
    with receiving((200, {"score": 5})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()
    assert lender.open_steps(case) == [("judge", None)]
    assert lender.sound()


def test_what_is_given_up_is_not_tried_any_more(lender: Lender) -> None:
    case = lender.begin()
    with receiving((500, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()
        command = GiveUp(str(lender.call(case)["id"]), "the bureau has closed")
        assert isinstance(perform(lender.company, Asked(key(), command, person="lina")), Done)
        lender.work()

    assert len(bureau.asked) == 1
    assert lender.call(case)["cause"] == "the bureau has closed"
    assert lender.sound()


def test_an_answer_that_nobody_looks_at_may_be_anything(lender: Lender) -> None:
    case = lender.begin()
    with receiving((200, {"score": 5})) as bureau, receiving((204, "")) as bank:
        lender.knows("bureau", bureau)
        lender.knows("bank", bank)
        lender.work()
        (row,) = lender.sql("SELECT id FROM task WHERE case_id = %s", case)
        perform(lender.company, Asked(key(), Complete(str(row["id"])), person="carl"))
        lender.work()

    assert lender.open_steps(case) == []
    assert lender.sound()


# --- poison, and workers that die -----------------------------------------------------------------


def test_a_call_that_kills_each_of_its_workers_ends_as_well(lender: Lender) -> None:
    case = lender.begin()
    for _ in range(5):
        # Claimed and never told of again: the attempt counts.
        lender.sql("UPDATE outbox SET next_at = clock_timestamp() WHERE next_at IS NOT NULL")
        assert len(calls.claim(lender.company, "bureau", 1)) == 1
    lender.work()

    assert lender.open_steps(case) == [("ask", "call-failed")]
    assert lender.call(case)["cause"] == (
        "each attempt ended without a result, as if it had killed its worker"
    )


def test_what_a_worker_holds_nobody_else_takes_until_its_lease_is_over(lender: Lender) -> None:
    lender.begin()

    assert len(calls.claim(lender.company, "bureau", 5)) == 1
    assert calls.claim(lender.company, "bureau", 5) == []
    assert calls.due_interfaces(lender.company) == []


def test_a_worker_that_comes_back_late_tells_nothing(lender: Lender) -> None:
    case = lender.begin()
    (late,) = calls.claim(lender.company, "bureau", 1)
    lender.sql("UPDATE outbox SET next_at = clock_timestamp()")
    (job,) = calls.claim(lender.company, "bureau", 1)

    calls.failed(lender.company, late, "too late", unwell=False)
    assert calls.answered(lender.company, late, {"score": 1}) is None
    assert lender.open_steps(case) == [("ask", None)]

    assert calls.answered(lender.company, job, {"score": 2}) is None
    assert lender.open_steps(case) == [("judge", None)]
    (fields,) = lender.sql("SELECT fields FROM case_file WHERE id = %s", case)
    assert fields["fields"] == {"name": "Ines Prado", "score": 2}


def _work_until_killed(url: str, systems: dict[str, str]) -> None:
    with Pool(url, connections=4) as pool:
        caller = Caller(Company(pool), systems)
        caller.round()
        caller.settle()


def test_a_worker_killed_between_claiming_and_recording_loses_nothing(
    lender: Lender, database: Database
) -> None:
    case = lender.begin()
    with receiving("silence", (200, {"score": 640})) as bureau:
        lender.knows("bureau", bureau)
        worker = multiprocessing.get_context("spawn").Process(
            target=_work_until_killed, args=(database.app_url, lender.systems)
        )
        worker.start()
        while not bureau.asked:
            worker.join(0.02)
            assert worker.is_alive(), "it asks before it ends"
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert lender.call(case)["attempts"] == 1
        lender.work()

    assert len(bureau.keys) == 1
    assert lender.open_steps(case) == [("judge", None)]
    assert lender.sound()


# --- the circuit ----------------------------------------------------------------------------------


def test_a_system_that_is_down_is_left_alone_and_holds_up_no_other(lender: Lender) -> None:
    for _ in range(3 * FAILURES_MAX):
        lender.begin()
    with receiving((503, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work(6)
        told = len(bureau.asked)
        assert FAILURES_MAX <= told <= 2 * FAILURES_MAX
        lender.work(2)
        assert len(bureau.asked) == told

        # After a while one call tries whether it is over.
        lender.sql("UPDATE breaker SET open_until = clock_timestamp()")
        lender.work()
        assert len(bureau.asked) == told + 1
        bureau.manners[:] = [(200, {"score": 5})]
        lender.sql("UPDATE breaker SET open_until = clock_timestamp()")
        lender.work(8)

    assert lender.sql("SELECT interface FROM breaker") == []
    (left,) = lender.sql("SELECT count(*) AS open FROM outbox WHERE ended_at IS NULL")
    assert left["open"] == 0
    assert lender.sound()


def down(lender: Lender, caller: Caller) -> None:
    """Let the worker ask until the circuit of the bureau is open."""
    while not lender.sql("SELECT interface FROM breaker WHERE failures >= %s", FAILURES_MAX):
        lender.sql("UPDATE outbox SET next_at = clock_timestamp() WHERE attempts < 2")
        caller.round()
        caller.settle()
    # The others pause after their attempts.
    lender.sql("UPDATE outbox SET next_at = clock_timestamp() + interval '1 hour'")


def held_for(lender: Lender, case: UUID, seconds: int) -> None:
    """Let a call have been due for so long, and the circuit have been open for longer."""
    since = "UPDATE outbox SET next_at = clock_timestamp() - %s * interval '1 second'"
    lender.sql(f"{since} WHERE case_id = %s", seconds, case)
    lender.sql("UPDATE breaker SET opened_at = clock_timestamp() - interval '1 hour'")


def test_what_an_open_circuit_holds_back_has_an_owner_within_a_minute(lender: Lender) -> None:
    others = [lender.begin() for _ in range(FAILURES_MAX)]
    with receiving((503, {})) as bureau:
        lender.knows("bureau", bureau)
        caller = Caller(lender.company, lender.systems)
        down(lender, caller)
        asked, held = len(bureau.asked), lender.begin()

        held_for(lender, held, 44)
        assert caller.round() == 0
        held_for(lender, held, 46)
        assert caller.round() == 1
        assert len(bureau.asked) == asked

    assert lender.open_steps(held) == [("ask", "call-failed")]
    call = lender.call(held)
    assert (call["attempts"], call["next_at"]) == (0, None)
    assert call["cause"] == "nothing is asked of it for now: it failed 5 times in a row"
    (task,) = lender.sql("SELECT post FROM task WHERE case_id = %s", held)
    assert task["post"] == "links"
    # The others still have their attempts, and the circuit is open as before.
    assert {tuple(lender.open_steps(case)) for case in others} == {(("ask", None),)}
    assert len(lender.sql("SELECT interface FROM breaker")) == 1
    assert lender.sound()


def test_the_owner_lets_what_was_held_back_be_asked_when_the_system_is_back(
    lender: Lender,
) -> None:
    lender.begin()
    with receiving((503, {})) as bureau:
        lender.knows("bureau", bureau)
        caller = Caller(lender.company, lender.systems)
        lender.sql("INSERT INTO breaker VALUES ('bureau', 5, clock_timestamp())")
        held = lender.begin()
        held_for(lender, held, 46)
        # The one that tries whether the system is back is asked, however long it was held.
        caller.round()
        caller.settle()
        assert len(bureau.asked) == 1
        held_for(lender, held, 46)
        caller.round()
        assert lender.open_steps(held) == [("ask", "call-failed")]

        bureau.manners[:] = [(200, {"score": 5})]
        retry = Retry(str(lender.call(held)["id"]), "it is back")
        assert isinstance(perform(lender.company, Asked(key(), retry, person="lina")), Done)
        lender.sql("UPDATE breaker SET open_until = clock_timestamp()")
        lender.work()

    assert lender.sql("SELECT interface FROM breaker") == []
    assert lender.sound()


def test_a_circuit_that_nobody_tried_for_long_holds_nothing_back_yet(lender: Lender) -> None:
    cases = [lender.begin() for _ in range(4)]
    lender.sql(
        "INSERT INTO breaker VALUES ('bureau', 5, clock_timestamp() - interval '1 day',"
        " clock_timestamp() - interval '1 day')"
    )
    # Since a minute, for the worker stood still.
    lender.sql("UPDATE outbox SET next_at = clock_timestamp() - interval '1 minute'")
    with receiving((200, {"score": 640})) as bureau:
        lender.knows("bureau", bureau)
        caller = Caller(lender.company, lender.systems)
        for _ in range(2):
            caller.round()
            caller.settle()

        assert len(bureau.asked) == 4

    assert [lender.call(case)["next_at"] for case in cases] == [None] * 4
    assert lender.sql("SELECT count(*) AS n FROM event WHERE kind = 'failed'") == [{"n": 0}]
    assert lender.sound()


def test_two_workers_let_what_is_held_back_fail_once(lender: Lender) -> None:
    cases = [lender.begin() for _ in range(6)]
    lender.sql(
        "INSERT INTO breaker VALUES ('bureau', 5, clock_timestamp() + interval '20 seconds')"
    )
    lender.sql("UPDATE outbox SET next_at = clock_timestamp() - interval '50 seconds'")

    at_once(2, lambda _: Caller(lender.company, lender.systems).round())

    assert [lender.open_steps(case) for case in cases] == [[("ask", "call-failed")]] * 6
    assert lender.sql("SELECT count(*) AS n FROM event WHERE kind = 'failed'") == [{"n": 6}]
    assert lender.sound()


def test_a_system_that_hangs_takes_no_more_than_its_share(lender: Lender) -> None:
    for _ in range(10):
        lender.begin()
    with receiving("silence") as bureau:
        lender.knows("bureau", bureau)
        caller = Caller(lender.company, lender.systems)
        assert caller.round() == 4
        assert caller.round() == 0
        bureau.over.set()
        caller.settle()
