"""Notices that fall due within one minute, worked off by workers while somebody reads a worklist.

Each notice is a command of the system with an event of its own, given through the engine. Counted
are those given early, lost or twice; the worklist of a post with 1,000 open decisions is read
before and meanwhile. `--size 100000` is the size that the product promises. `--give-way 0 2` shows
what it does that workers give way: so many times as long as each group of notices took.
"""

import argparse
import itertools
import multiprocessing
import statistics
import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from measuring import desk

from kingpost.engine.company import Company
from kingpost.queries.worklist import read_worklist
from kingpost.queries.worklists.asking import Wanted
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database
from kingpost.worker import pump

sys.path.insert(0, str(Path(__file__).parents[1]))
from measuring.notices import given, left, prepare

from tests.engine.office import WITH_A_LADDER, Office

OWN = 1_000
SAMPLES = 60
SLOWER_MAX = 3.0


def work(url: str, over: Event, give_way: float) -> None:
    """Work off what is due until told that it is over, as a worker does."""
    pump.GIVE_WAY = give_way
    with Database(url, connections=2) as database:
        company = Company(database)
        while not over.is_set():
            if pump.pump_once(company, give_way=over.wait).done == 0:
                time.sleep(0.1)


def read(company: Company) -> float:
    """Return the milliseconds of reading the worklist of the team lead."""
    began = time.perf_counter()
    found = read_worklist(company.database, company.active(), "leo", Wanted())
    assert found.page.total == OWN
    return 1000 * (time.perf_counter() - began)


def p95(times: list[float]) -> float:
    """Return the time that 95 of 100 stay under."""
    return statistics.quantiles(times, n=20)[-1]


def run(server: desk.EmbeddedServer, size: int, workers: int, give_way: float) -> bool:
    """Work off so many notices; return whether each came once, in time, and lists stayed quick."""
    migrate(server.url())
    url = server.url(user="kingpost_app")
    with Database(url, connections=2) as database:
        office = Office.opened(database, text=WITH_A_LADDER)
        prepare(server.url(user="postgres"), office, size, lead=5 + size / 1000, own=OWN)
        before = [read(office.company) for _ in range(SAMPLES)]
        context = multiprocessing.get_context("spawn")
        over = context.Event()
        hands = [context.Process(target=work, args=(url, over, give_way)) for _ in range(workers)]
        for hand in hands:
            hand.start()
        meanwhile: list[float] = []
        while left(office):
            meanwhile.append(read(office.company))
            time.sleep(0.2)
        over.set()
        for hand in hands:
            hand.join()
    told = given(server.url(user="postgres"))
    slower = p95(meanwhile) / p95(before)
    print(
        f"{workers} workers that give way {give_way:g} times gave {told.once:,} of {size:,} "
        f"notices in {told.seconds:.0f} s, "
        f"{size / told.seconds:.0f} a second; 95 of 100 within {told.late:.1f} s of their time"
    )
    print(f"lost {told.lost}, twice {told.twice}, early {told.early}")
    print(
        f"worklist p95: {p95(before):.1f} ms before, {p95(meanwhile):.1f} ms meanwhile: "
        f"{slower:.2f} times (limit {SLOWER_MAX})"
    )
    whole = (told.once, told.lost, told.twice, told.early) == (size, 0, 0, 0)
    return whole and slower <= SLOWER_MAX


def main() -> int:
    """Measure, print, and answer as a process does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--give-way", type=float, nargs="+", default=[pump.GIVE_WAY])
    asked = parser.parse_args()
    good = True
    for workers, give_way in itertools.product(asked.workers, asked.give_way):
        with desk.server() as server:
            good = run(server, asked.size, workers, give_way) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
