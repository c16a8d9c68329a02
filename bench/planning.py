"""What it costs to plan a change of a company at work, and to carry its live cases over.

Judging a case is held against reading it, and carrying it over against a statement, written by
hand, that adds as large an event and brings the case along. All by the time of processors, this
program's and the database's: what else the machine does hits both alike. Between 1,000 cases and
10,000 what one costs must not grow.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from measuring import desk
from measuring.many_cases import add_like, carry_by_hand, processor_seconds

sys.path.insert(0, str(Path(__file__).parents[1]))

from kingpost.decisions.program import compile_model
from kingpost.engine.carrying.applying import carry_all, judge_live
from kingpost.engine.carrying.policies import read_policies
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.plans.applying import Applied, apply_plan
from kingpost.store.changing.receipts import live_cases
from kingpost.store.pool import Database
from tests.engine.carrying import EARLIER, TEXT, saved
from tests.engine.office import Office, read

FEW, MANY = 1_000, 10_000
TURNS = 5
# How often judging a case may cost what reading it does, and carrying it over the bare statement.
JUDGED_MAX, CARRIED_MAX = 7.0, 45.0
# How much more a case may cost among ten times as many.
GROWTH_MAX = 1.4
# Something that every case meets.
CHANGED = EARLIER.replace("limit: 10 days", "limit: 9 days").replace("<= 500", "<= 400")
NOW: Mapping[str, Any] = {"claim": {"policy": "now", "positions": {}}}


@dataclass(frozen=True, slots=True)
class World:
    """A company with so many live cases, at four positions. owner: may do all in its database."""

    office: Office
    size: int
    url: str
    owner: psycopg.Connection

    def timed(self, act: Callable[[], object]) -> float:
        """Return the milliseconds of processors that something takes, a case."""
        began = time.process_time() + processor_seconds(self.url)
        act()
        return 1000 * (time.process_time() + processor_seconds(self.url) - began) / self.size

    def read(self) -> None:
        """Read every live case."""
        with self.office.company.database.snapshot() as connection:
            assert sum(1 for _ in live_cases(connection, "")) >= self.size

    def judge(self) -> None:
        """Judge every live case; nothing is written."""
        now = self.office.scalar("SELECT now()")
        policies = read_policies(NOW, now)  # type: ignore[arg-type] - a time
        new = compile_model(read(CHANGED))
        found = judge_live(self.office.company, new, policies, now)  # type: ignore[arg-type]
        assert sum(1 for _, each in found if each.different) >= self.size


def opened(server: desk.EmbeddedServer, name: str, size: int) -> World:
    """Make a company with so many live cases."""
    url = desk.empty_database(server, name)
    office = Office.opened(Database(url, connections=2).open(), text=TEXT)
    cases = [office.begun_ago(timedelta(hours=1)), office.start()]
    cases += [office.examined(), office.approved()]
    owner = server.url(name, "postgres")
    add_like(owner, cases, size)
    return World(office, size, owner, psycopg.connect(owner))


def judging(few: World, many: World) -> bool:
    """Print what judging costs; return whether that keeps to the limits."""
    reads, short, long = list[float](), list[float](), list[float]()
    for _ in range(TURNS):
        reads.append(many.timed(many.read))
        short.append(few.timed(few.judge))
        long.append(many.timed(many.judge))
    read_, judged = statistics.median(reads), statistics.median(long)
    growth = judged / statistics.median(short)
    print(f"reading a case: {read_:.3f} ms; reading and judging it: {judged:.3f} ms")
    print(f"judged {judged / read_:.1f} times (limit {JUDGED_MAX}), growth {growth:.2f}")
    return judged / read_ <= JUDGED_MAX and growth <= GROWTH_MAX


def carrying(few: World, many: World) -> bool:
    """Print what carrying over costs; return whether that keeps to the limits."""
    floor = statistics.median(few.timed(lambda: carry_by_hand(few.owner)) for _ in range(TURNS))
    short, long = carried(few), carried(many)
    print(f"the bare statement: {floor:.3f} ms; carrying a case over: {long:.3f} ms")
    print(f"carried {long / floor:.1f} times (limit {CARRIED_MAX}), growth {long / short:.2f}")
    return long / floor <= CARRIED_MAX and long / short <= GROWTH_MAX


def carried(world: World) -> float:
    """Return what it takes to apply a plan that was saved, and to carry every live case over."""
    plan, company = saved(world.office, CHANGED), world.office.company

    def apply() -> None:
        answer = apply_plan(company, plan, "hedy")
        assert isinstance(answer, Applied), answer
        carry_all(company)
        found = receipt(company, answer.change)
        assert found is not None
        assert found.of("carried") >= world.size

    return world.timed(apply)


def once(server: desk.EmbeddedServer, size: int) -> None:
    """Plan, save and apply one change to so many live cases, and print how long each takes."""
    world = opened(server, "once", size)
    company = world.office.company

    def clocks() -> tuple[float, float]:
        return time.perf_counter(), time.process_time() + processor_seconds(world.url)

    marks = [clocks()]
    plan = saved(world.office, CHANGED)
    marks.append(clocks())
    answer = apply_plan(company, plan, "hedy")
    assert isinstance(answer, Applied), answer
    marks.append(clocks())
    carry_all(company)
    marks.append(clocks())
    found = receipt(company, answer.change)
    assert found is not None
    print(f"{size:,} live cases: {found.sentence()}")
    parts = ("planned and saved", "looked at again and begun", "carried over by one process")
    for name, (before, after) in zip(parts, pairwise(marks), strict=True):
        clock, spent = (later - earlier for earlier, later in zip(before, after, strict=True))
        print(f"{name}: {clock:.0f} s, {spent:.0f} s of processor")
    company.database.close()


def main() -> int:
    """Measure, print, and answer as a process does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, help="so many, once, instead of the comparison")
    asked = parser.parse_args()
    with desk.server() as server:
        if asked.size:
            once(server, asked.size)
            return 0
        few, many = opened(server, "few", FEW), opened(server, "many", MANY)
        good = judging(few, many)
        good = carrying(few, many) and good
        for world in (few, many):
            world.office.company.database.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
