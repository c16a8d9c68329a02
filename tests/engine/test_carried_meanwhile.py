"""Carrying over while workers are killed and people work, and what is forged afterwards."""

import os
import random  # noqa: TID251 - when somebody is killed.
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Deliver
from kingpost.engine.carrying.applying import carry_all, carry_on
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.verify import verify
from tests.audit.forging import Body, Forged, change, unlock, write
from tests.database import Database
from tests.engine.carrying import EARLIER, RENAMED, carried, load, sound, told
from tests.engine.office import WITH_A_LADDER, Office, key, read
from tests.engine.test_races import at_once

LIMITED = EARLIER.replace("limit: 10 days", "limit: 11 days")
# Has everything imported, and forks a worker for each line that it reads.
NURSERY = """
import os, signal, sys
from kingpost.engine.carrying.applying import carry_on
from kingpost.engine.company import Company
from kingpost.store.pool import Database
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        with Database(sys.argv[1], connections=4) as pool:
            company = Company(pool)
            while carry_on(company, 2):
                pass
        os._exit(0)
    print(child, flush=True)
"""


@contextmanager
def nursery(url: str) -> Generator[Callable[[], int]]:
    """Give a way to begin a worker, which answers with the number of its process."""
    command = [sys.executable, "-c", NURSERY, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        told, tell = parent.stdout, parent.stdin
        assert told is not None
        assert tell is not None
        assert told.readline() == "ready\n"

        def begin() -> int:
            tell.write("\n")
            tell.flush()
            return int(told.readline())

        yield begin
        tell.close()


def left(office: Office) -> int:
    found = office.scalar("SELECT count(*) FROM carry_over_case WHERE outcome IS NULL")
    assert isinstance(found, int)
    return found


def test_workers_that_are_killed_in_a_stage_lose_and_double_nothing(
    office: Office, database: Database, size: Callable[[int], int]
) -> None:
    office.company.load(read(WITH_A_LADDER))
    count, kills, broke_off = size(30), size(6), 0
    cases = [office.start() for _ in range(count)]
    load(office, EARLIER)

    with nursery(database.app_url) as begin:
        for _ in range(kills):
            before, worker = left(office), begin()
            # It is killed once it has done something, and a little later, wherever it is then.
            for _ in range(2000):
                if left(office) < before or not before:
                    break
                time.sleep(0.005)
            time.sleep(random.random() / 50)
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
            broke_off += bool(left(office))
    assert broke_off
    [done] = carry_all(office.company)

    assert told(office, done) == {"carried": count}
    assert {office.case(case).version for case in cases} == {2}
    assert {office.case(case).model for case in cases} == {office.company.active().version}
    sound(office)


def test_people_work_and_cases_close_while_others_go_over(
    office: Office, size: Callable[[int], int]
) -> None:
    office.company.load(read(WITH_A_LADDER))
    half = size(6)
    working = [
        (case, office.task(case, "examine")) for case in (office.start() for _ in range(half))
    ]
    closing = [
        (case, office.task(case, "payment")) for case in (office.approved() for _ in range(half))
    ]
    load(office, LIMITED)

    def act(number: int) -> object:
        if number == 0:
            while carry_on(office.company, 2):
                pass
            return None
        case, task = (*working, *closing)[number - 1]
        if number <= half:
            asked = Asked(key(), Complete(task, {"report": "fine"}), person="anna", case=case)
        else:
            asked = Asked(key(), Deliver(task, "paid-out"), interface="bank", case=case)
        return perform(office.company, asked)

    answers = at_once(2 * half + 1, act)

    assert [type(each) for each in answers[1:]] == [Done] * (2 * half), answers
    [done] = carry_all(office.company)
    found = told(office, done)
    assert found.get("carried", 0) + found.get("ended", 0) == 2 * half, found
    assert all(office.case(case).is_closed for case, _ in closing)
    new = office.company.active().version
    assert {office.case(case).model for case, _ in working} == {new}
    sound(office)


def test_a_case_that_has_closed_before_its_stage_is_left_as_it_ended(office: Office) -> None:
    office.company.load(read(WITH_A_LADDER))
    case = office.approved()
    load(office, LIMITED)
    office.do(Deliver(office.task(case, "payment"), "paid-out"), interface="bank")
    before = office.case(case)

    [done] = carry_all(office.company)

    assert told(office, done) == {"ended": 1}
    assert office.case(case) == before
    sound(office)


def _another_place(body: Body) -> None:
    del change(body, "rename", part="step")["names"]["examine"]


def _time_back(body: Body) -> None:
    change(body, "clock")["clock"]["consumed-ms"] += 5000


def _from_nowhere(body: Body) -> None:
    body["carried"]["from"] = "0" * 64


def _not_carried(body: Body) -> None:
    body["changes"].remove(change(body, "carry"))


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (_another_place, "`position` of the case is not what its events give"),
        (_time_back, "ms at once"),
        (_from_nowhere, "it does not say from which version the case came"),
        (_not_carried, "it changes the version of the case, and is no event that may"),
    ],
)
def test_what_is_forged_of_going_over_gives_itself_away_to_both(
    office: Office, database: Database, forge: Callable[[Body], None], words: str
) -> None:
    office.company.load(read(WITH_A_LADDER))
    case: UUID = office.start()
    carried(office, RENAMED)
    sound(office)
    with Connection[DictRow].connect(database.owner_url, row_factory=dict_row) as connection:
        unlock(connection)
        write(connection, Forged(case, "carried", None, forge))

    found = [str(finding) for finding in audit(office.company.database)]
    assert any(words in each for each in found), found
    assert verify(office.company).faults
