"""Notices that fall due almost at once are worked off: none early, none lost and none twice."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from bench.measuring.notices import given, left, prepare

from kingpost.engine.company import Company
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.pool import Database as Pool
from kingpost.worker import pump
from tests.database import Database
from tests.engine.office import WITH_A_LADDER, Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=5) as pool:
        yield Office.opened(pool, text=WITH_A_LADDER)


def test_two_workers_give_every_notice_once_and_none_before_its_time(
    office: Office, server: EmbeddedServer, size: Callable[[int], int]
) -> None:
    superuser = server.url(str(office.scalar("SELECT current_database()")), "postgres")
    count = size(60)
    prepare(superuser, office, count, lead=0.5 + count / 1000, within=1)
    stop = Event()
    workers = [
        Thread(
            target=pump.run,
            args=(Company(office.company.database), stop),
            kwargs={"pause_seconds": 0.05},
        )
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()

    while left(office):
        stop.wait(0.05)
    stop.set()
    for worker in workers:
        worker.join()

    told = given(superuser)
    assert (told.once, told.lost, told.twice, told.early) == (count, 0, 0, 0)
