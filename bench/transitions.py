"""How fast the engine completes tasks, beside the least that any program would have to do.

Over 1, 4 and 16 connections, tasks are completed through the engine and on the floor (see
`measuring/floor.py`), in turns: by one process a core, with a thread for each connection. Before
that, the time of one completion with no history and with a million old events, or as many as
`--old-events` says.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from measuring import desk, floor
from measuring.old_events import add_old_events
from measuring.server import server_cpu

from kingpost.store.pool import Database

TURNS = 5
CONNECTIONS = (1, 4, 16)
COMPLETIONS = 100  # By each connection, in each turn.
WARM_UP = 10
SHARE_MIN = 0.5
GROWTH_MAX = 1.2
OLD_EVENTS = 1_000_000
PARTS = ("growth", "throughput")
LATENCY_SAMPLES = 250


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn took. per_second: completions. cpu_ms: of client and server, by completion."""

    per_second: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Side:
    """One process's part of a turn: when it began and ended, and its CPU seconds."""

    began: float
    ended: float
    cpu: float


def work(
    url: str,
    threads: int,
    side: str,
    barrier: Barrier,
    answers: multiprocessing.Queue,  # type: ignore[type-arg]
) -> None:
    """Start cases, wait for the others, complete them, and say how long that took."""
    warm = WARM_UP * threads
    with (
        Database(url, connections=threads) as database,
        ThreadPoolExecutor(threads) as pool,
    ):
        company = desk.open_desk(database)
        jobs = desk.start_cases(company, COMPLETIONS * threads + warm + 1)
        shape = floor.pattern(company, jobs[0])
        acts = {
            "engine": lambda job: desk.complete(company, job),
            "floor": lambda job: floor.complete(database, shape, job),
        }
        list(pool.map(acts[side], jobs[1 : warm + 1]))
        barrier.wait()
        began, cpu = time.monotonic(), time.process_time()
        list(pool.map(acts[side], jobs[warm + 1 :]))
        answers.put(Side(began, time.monotonic(), time.process_time() - cpu))
        barrier.wait()


def turn(url: str, connections: int, side: str) -> Turn:
    """Let processes complete their tasks at the same time: as many as there are cores."""
    context = multiprocessing.get_context("spawn")
    count = min(connections, os.cpu_count() or 1)
    barrier, answers = context.Barrier(count + 1), context.Queue()
    threads = connections // count
    processes = [
        context.Process(target=work, args=(url, threads, side, barrier, answers))
        for _ in range(count)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    before = server_cpu(url)
    sides = [answers.get() for _ in processes]
    after = server_cpu(url)
    barrier.wait()
    for process in processes:
        process.join()
    total = COMPLETIONS * connections
    seconds = max(item.ended for item in sides) - min(item.began for item in sides)
    served = sum(after[number] - before[number] for number in before.keys() & after.keys())
    cpu = sum(item.cpu for item in sides) + served
    return Turn(total / seconds, 1000 * cpu / total)


def throughput(url: str) -> bool:
    """Print the table of both sides; return whether the engine keeps its share."""
    print(
        f"{'connections':>11} {'engine/s':>9} {'floor/s':>9} {'ratio':>6} "
        f"{'engine CPU ms':>14} {'floor CPU ms':>13}"
    )
    ratios: list[float] = []
    for connections in CONNECTIONS:
        engine: list[Turn] = []
        bare: list[Turn] = []
        for _ in range(TURNS):
            engine.append(turn(url, connections, "engine"))
            bare.append(turn(url, connections, "floor"))
        speeds = [statistics.median(item.per_second for item in side) for side in (engine, bare)]
        costs = [statistics.median(item.cpu_ms for item in side) for side in (engine, bare)]
        # Each turn beside its neighbour, so that what else the machine does hits both alike.
        pairs = zip(engine, bare, strict=True)
        ratio = statistics.median(ours.per_second / least.per_second for ours, least in pairs)
        ratios.append(ratio)
        print(
            f"{connections:>11} {speeds[0]:>9.0f} {speeds[1]:>9.0f} {ratio:>6.2f} "
            f"{costs[0]:>14.2f} {costs[1]:>13.2f}"
        )
    return verdict(
        "engine beside the floor, the least of the ratios", min(ratios), at_least=SHARE_MIN
    )


def latency(url: str) -> list[float]:
    """Return the milliseconds of completions, one after the other."""
    took: list[float] = []
    with Database(url, connections=1) as database:
        company = desk.open_desk(database)
        for job in desk.start_cases(company, LATENCY_SAMPLES):
            began = time.monotonic()
            desk.complete(company, job)
            took.append(1000 * (time.monotonic() - began))
    return took[WARM_UP:]


def growth(server: desk.EmbeddedServer, old_events: int) -> bool:
    """Print the time of a completion without history and with much; return whether it holds."""
    empty, full = server.url(user="kingpost_app"), desk.second_database(server, "full")
    began = time.monotonic()
    add_old_events(server.url("full", "postgres"), old_events)
    print(f"({old_events:,} old events made in {time.monotonic() - began:.0f} s)", flush=True)
    pairs = [(latency(empty), latency(full)) for _ in range(TURNS)]
    for name, turns in (
        ("no old events", [first for first, _ in pairs]),
        (f"{old_events:,} old events", [second for _, second in pairs]),
    ):
        took = sorted(item for one in turns for item in one)
        print(
            f"{name:>22}: p50 {statistics.median(took):.2f} ms, "
            f"p99 {took[int(len(took) * 0.99)]:.2f} ms"
        )
    ratio = statistics.median(
        statistics.median(second) / statistics.median(first) for first, second in pairs
    )
    return verdict("growth of the median", ratio, at_most=GROWTH_MAX)


def verdict(
    what: str, value: float, *, at_least: float | None = None, at_most: float | None = None
) -> bool:
    """Print whether a figure keeps its limit."""
    holds = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    limit = f">= {at_least}" if at_least is not None else f"<= {at_most}"
    print(f"{'PASS' if holds else 'FAIL'}  {what}: {value:.2f} (limit {limit})")
    return holds


def main() -> int:
    """Measure what was asked for; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old-events", type=int, default=OLD_EVENTS)
    parser.add_argument("--only", choices=PARTS)
    asked = parser.parse_args()
    with desk.server() as server:
        parts = {
            "growth": lambda: growth(server, asked.old_events),
            "throughput": lambda: throughput(server.url(user="kingpost_app")),
        }
        held = [part() for name, part in parts.items() if asked.only in {None, name}]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
