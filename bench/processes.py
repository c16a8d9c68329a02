"""What a second program that serves, and a second worker, add over one PostgreSQL.

Tasks are completed through the API by as many clients for one program as for two, in turns; notices
that are due are worked off by one worker and by two, none of which gives way. Printed is how many
times as much two do as one: on a machine whose cores the database and the clients take as well it
can hardly be more than one and a half.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from measuring import desk
from timers import work

from kingpost.cli.commands.serving import free_port
from kingpost.cli.options import HOST
from kingpost.engine import access
from kingpost.store.pool import Database

sys.path.insert(0, str(Path(__file__).parents[1]))
from measuring.notices import given, left, prepare

from tests.engine.office import WITH_A_LADDER, Office

CLIENTS = 8
TURNS = 5
TIMES_MIN = 1.0
_PROGRAM = "from kingpost.cli import main; main()"


@contextmanager
def serving(server: desk.EmbeddedServer, port: int) -> Generator[int]:
    """Serve the pages and the API in a process of its own."""
    urls = {"KINGPOST_DATABASE_URL": server.url(user="kingpost_app")}
    urls["KINGPOST_OWNER_URL"] = server.url()
    command = [sys.executable, "-P", "-c", _PROGRAM, "serve", "--port", str(port)]
    process = subprocess.Popen(
        command,
        env={**os.environ, **urls},  # noqa: TID251 - of a program of its own.
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield port
    finally:
        process.terminate()
        process.wait()


def complete(port: int, jobs: Sequence[desk.Work], tokens: dict[str, str]) -> None:
    """Complete tasks through the API, one after the other over one connection."""
    line = http.client.HTTPConnection(HOST, port, timeout=60)
    body = json.dumps({"fields": desk.RECORDED})
    for job in jobs:
        headers = {
            "Authorization": f"Bearer {tokens[job.person]}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(desk.new_key()),
        }
        line.request("POST", f"/api/v1/tasks/{job.task}/complete", body, headers)
        answer = line.getresponse()
        told = answer.read()
        assert answer.status == http.HTTPStatus.OK, told
    line.close()


def web(server: desk.EmbeddedServer, size: int) -> float:
    """Return how many times as many tasks two programs complete as one."""
    speeds: dict[int, list[float]] = {1: [], 2: []}
    with ExitStack() as stack:
        database = stack.enter_context(Database(server.url(user="kingpost_app"), connections=2))
        company = desk.open_desk(database)
        first = free_port(23700)
        ports = [
            stack.enter_context(serving(server, port)) for port in (first, free_port(first + 1))
        ]
        for turn in range(-1, TURNS):
            for count, found in speeds.items():
                jobs = desk.start_cases(company, size)
                now = datetime.now(UTC)  # noqa: TID251 - a session begins.
                tokens = {
                    job.person: access.open_session(
                        company, person=job.person, interface=None, now=now
                    ).token
                    for job in jobs[: len({job.person for job in jobs})]
                }
                began = time.monotonic()
                with ThreadPoolExecutor(CLIENTS) as clients:
                    shares = [(ports[n % count], jobs[n::CLIENTS]) for n in range(CLIENTS)]
                    list(clients.map(lambda share, t=tokens: complete(*share, t), shares))
                if turn >= 0:
                    found.append(size / (time.monotonic() - began))
    return told("tasks completed through the API", speeds)


def workers(server: desk.EmbeddedServer, size: int) -> float:
    """Return how many times as many notices two workers give as one."""
    speeds: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(TURNS):
        for count, found in speeds.items():
            name = f"due_{turn}_{count}"
            url = desk.second_database(server, name)
            found.append(_notices(server, name, url, size, count))
    return told("notices given", speeds)


def _notices(server: desk.EmbeddedServer, name: str, url: str, size: int, count: int) -> float:
    context = multiprocessing.get_context("spawn")
    with Database(url, connections=2) as database:
        office = Office.opened(database, text=WITH_A_LADDER)
        prepare(server.url(name, "postgres"), office, size, lead=0, within=0.001)
        over = context.Event()
        hands = [context.Process(target=work, args=(url, over, 0.0)) for _ in range(count)]
        for hand in hands:
            hand.start()
        while left(office):
            time.sleep(0.05)
        over.set()
        for hand in hands:
            hand.join()
    told = given(server.url(name, "postgres"))
    assert (told.once, told.lost, told.twice, told.early) == (size, 0, 0, 0), told
    # From the first to the last: starting a process is none of it.
    return size / told.seconds


def told(what: str, speeds: dict[int, list[float]]) -> float:
    """Print what one and two did, and return how many times as much two did in the same turn."""
    times = statistics.median(two / one for one, two in zip(speeds[1], speeds[2], strict=True))
    one, two = (statistics.median(found) for found in speeds.values())
    print(f"{what}: {one:.0f} a second by one, {two:.0f} by two, {times:.2f} times", flush=True)
    return times


def main() -> int:
    """Measure, print, and return 1 when two do no more than one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=800, help="tasks, and notices, in each turn")
    size = parser.parse_args().size
    with desk.server() as server:
        times = [web(server, size), workers(server, size)]
    print(f"on {os.cpu_count()} cores; limit {TIMES_MIN} times")
    return 0 if min(times) > TIMES_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
