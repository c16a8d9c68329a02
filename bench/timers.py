"""Notices that fall due within one minute, worked off by workers while somebody reads a worklist.

Each notice is a command of the system with an event of its own, given through the engine. Counted
are those given early, lost or twice; the worklist of a post with 1,000 open decisions is read
before and meanwhile. `--size 100000` is the size that the product promises.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import psycopg
from measuring import desk

from kingpost.engine.company import Company
from kingpost.queries.worklist import read_worklist
from kingpost.queries.worklists.asking import Wanted
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database
from kingpost.worker.pump import pump_once

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.engine.office import WITH_A_LADDER, Office

OWN = 1_000
SAMPLES = 60
SLOWER_MAX = 3.0
# After half of its two days, examining is warned of.
_WARNED = timedelta(days=1)

_DRAWN = """
    CREATE TABLE expected AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS task, gen_random_uuid() AS other,
           gen_random_uuid() AS block, number,
           clock_timestamp() + %(lead)s * interval '1 second'
                + random() * interval '1 minute' AS at
      FROM generate_series(1, %(size)s) AS number
"""
_CASES = """
    INSERT INTO case_file (id, number, workflow, model, version, head, state, state_since,
                           started_at, fields, position)
    SELECT expected.id, 'DUE-' || number, workflow, model, version, head, state,
           expected.at - %(warned)s, expected.at - %(warned)s, fields,
           replace(replace(replace(replace(position::text,
                %(task)s, expected.task::text), %(other)s, expected.other::text),
                %(block)s, expected.block::text),
                to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                to_char((expected.at - %(warned)s) AT TIME ZONE 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::jsonb
      FROM expected, (SELECT workflow, model, version, head, state, fields, position, started_at
                        FROM case_file WHERE id = %(case)s) AS like_it
"""
_TASKS = """
    INSERT INTO task (id, case_id, workflow, step, kind, role, post, opened_at)
    SELECT expected.task, expected.id, 'claim', 'examine', 'task', 'clerk', 'desk',
           expected.at - %(warned)s
      FROM expected
"""
_TIMERS = "INSERT INTO timer (id, case_id, at, notice) SELECT task, id, at, 0 FROM expected"
_READ = """
    INSERT INTO task (id, case_id, workflow, step, kind, role, post, opened_at, ends_at)
    SELECT gen_random_uuid(), %(case)s, 'claim', 'approve', 'decision', 'approver', 'lead', now(),
           now() + random() * interval '2 days'
      FROM generate_series(1, %(own)s)
"""
# The case that the others are like has one, too, which is due tomorrow.
_LEFT = "SELECT count(*) FROM timer WHERE notice = 0 AND at < now() + interval '2 hours'"
_FOUND = """
    SELECT count(*) FILTER (WHERE given = 1) AS once, count(*) FILTER (WHERE given = 0) AS lost,
           count(*) FILTER (WHERE given > 1) AS twice,
           count(*) FILTER (WHERE first < at) AS early,
           extract(epoch FROM max(first) - min(first)) AS seconds,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM first - at)) AS late
      FROM expected
      LEFT JOIN LATERAL (
            SELECT count(*) AS given, min(event.at) AS first
              FROM event WHERE case_id = expected.id AND kind = 'warned') AS told ON true
"""


def prepare(superuser_url: str, office: Office, size: int) -> None:
    """Lay down cases like one that the engine began, each with a notice due within the minute."""
    case = office.case(office.begun_ago(timedelta(hours=1)))
    tokens = {token.step: token.id for token in case.tokens.values()}
    given = {
        "size": size,
        "lead": 5 + size / 1000,
        "warned": _WARNED,
        "own": OWN,
        "case": case.id,
        "task": tokens["examine"],
        "other": tokens["suspect"],
        "block": tokens["handling"],
    }
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for statement in (_DRAWN, _CASES, _TASKS, _TIMERS, _READ):
            connection.execute(statement, given)
        connection.execute("CREATE INDEX ON expected (id)")
        connection.execute("VACUUM ANALYZE")


def work(url: str, over: Event) -> None:
    """Work off what is due until told that it is over, as a worker does."""
    with Database(url, connections=2) as database:
        company = Company(database)
        while not over.is_set():
            if pump_once(company).done == 0:
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


def run(server: desk.EmbeddedServer, size: int, workers: int) -> bool:
    """Work off so many notices; return whether each came once, in time, and lists stayed quick."""
    migrate(server.url())
    url = server.url(user="kingpost_app")
    with Database(url, connections=2) as database:
        office = Office.opened(database, text=WITH_A_LADDER)
        prepare(server.url(user="postgres"), office, size)
        before = [read(office.company) for _ in range(SAMPLES)]
        context = multiprocessing.get_context("spawn")
        over = context.Event()
        hands = [context.Process(target=work, args=(url, over)) for _ in range(workers)]
        for hand in hands:
            hand.start()
        meanwhile: list[float] = []
        while office.scalar(_LEFT):
            meanwhile.append(read(office.company))
            time.sleep(0.2)
        over.set()
        for hand in hands:
            hand.join()
    with psycopg.connect(server.url(user="postgres")) as connection:
        row = connection.execute(_FOUND).fetchone()
    assert row is not None
    once, lost, twice, early, seconds, late = row
    slower = p95(meanwhile) / p95(before)
    print(
        f"{workers} workers gave {once:,} of {size:,} notices in {seconds:.0f} s, "
        f"{size / float(seconds):.0f} a second; 95 of 100 within {late:.1f} s of their time"
    )
    print(f"lost {lost}, twice {twice}, early {early}")
    print(
        f"worklist p95: {p95(before):.1f} ms before, {p95(meanwhile):.1f} ms meanwhile: "
        f"{slower:.2f} times (limit {SLOWER_MAX})"
    )
    return (once, lost, twice, early) == (size, 0, 0, 0) and slower <= SLOWER_MAX


def main() -> int:
    """Measure, print, and answer as a process does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    asked = parser.parse_args()
    good = True
    for workers in asked.workers:
        with desk.server() as server:
            good = run(server, asked.size, workers) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
