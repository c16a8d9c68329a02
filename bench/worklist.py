"""How long the worklist of a post takes at the database among 100,000 open tasks.

The questions that people ask, on a company with 1,000 open tasks, all of the post asked for, and
on one with 100,000 of which it has as many: what others have to do must not cost. Beside them the
list of a superior below whom everything lies, and the least that reading all of it takes.
Turns of both companies alternate, so that what else the machine does hits both alike.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from measuring import desk
from measuring.open_work import add_open_work

from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.register import Appointment
from kingpost.queries import worklist as question
from kingpost.queries.worklist import read_worklist
from kingpost.queries.worklists.asking import Condition, View, Wanted
from kingpost.store.pool import Database

OWN = 1_000
OPEN = 100_000
ROUNDS = 100
WARM_UP = 10
P95_MS_MAX = 50.0
GROWTH_MAX = 2.0
_HIGH = Condition("impact", "high")
QUESTIONS: Mapping[str, Wanted] = {
    "all of it": Wanted(),
    "overdue": Wanted(View.OVERDUE),
    "by text": Wanted(text="caller 12"),
    "by a field": Wanted(workflow="incident", where=(_HIGH,)),
    "by two, ordered by a third": Wanted(
        workflow="incident",
        where=(_HIGH, Condition("category", least="Category 2", most="Category 4")),
        order="-caller",
    ),
}


def open_world(server: desk.EmbeddedServer, name: str, count: int) -> Company:
    """Make a company with so many open tasks, and one above all of them."""
    url = desk.second_database(server, name)
    company = Company(Database(url, connections=1).open())
    start = datetime(2020, 1, 1, tzinfo=UTC)
    register.keep_people(company, [("boss", "Boss")])
    register.appoint(company, [Appointment("boss", "duty-officer", start)], by="bench")
    add_open_work(server.url(name, "postgres"), company, own=min(OWN, count), count=count)
    return company


def at_database(company: Company, person: str, wanted: Wanted, page: int = 1) -> float:
    """Return the milliseconds that the statements of one list take, and not the program."""
    spent = 0.0

    def timed(statement: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object, **more: object) -> object:
            nonlocal spent
            began = time.perf_counter()
            answer = statement(*given, **more)
            spent += time.perf_counter() - began
            return answer

        return run

    whole = (question.worklist.read, question.work.read_tasks)
    question.worklist.read, question.work.read_tasks = (timed(each) for each in whole)
    try:
        read_worklist(company.database, company.active(), person, wanted, page=page)
    finally:
        question.worklist.read, question.work.read_tasks = whole
    return 1000 * spent


def floor(company: Company) -> float:
    """Return the milliseconds of reading every open task once."""
    with company.database.connection() as connection:
        began = time.perf_counter()
        connection.execute("SELECT count(*), min(ends_at), min(opened_at) FROM task").fetchone()
        return 1000 * (time.perf_counter() - began)


def percentile(times: list[float], part: float) -> float:
    """Return the time that a part of all stays under."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def ask_all(few: Company, many: Company) -> bool:
    """Print the table; return whether every list of the post keeps to the limits."""
    good = True
    print(f"{'question':<28} {'1,000':>8} {'100,000':>8} {'p95':>8} {'growth':>7}")
    for name, wanted in QUESTIONS.items():
        alone: list[float] = []
        among: list[float] = []
        for turn in range(WARM_UP + ROUNDS):
            for company, times in ((few, alone), (many, among)):
                taken = at_database(company, "p0", wanted)
                if turn >= WARM_UP:
                    times.append(taken)
        growth = statistics.median(there / here for here, there in zip(alone, among, strict=True))
        p95 = percentile(among, 0.95)
        good = good and p95 <= P95_MS_MAX and growth <= GROWTH_MAX
        print(
            f"{name:<28} {statistics.median(alone):>8.2f} {statistics.median(among):>8.2f}"
            f" {p95:>8.2f} {growth:>7.2f}"
        )
    return good


def above_all(many: Company) -> None:
    """Print what it costs one below whom everything lies, beside reading everything once."""
    least = [floor(many) for _ in range(ROUNDS // 5)]
    print(f"every open task read once: {statistics.median(least):.1f} ms")
    for name, wanted in (
        ("below me", Wanted(View.BELOW)),
        ("by a field", Wanted(View.BELOW, workflow="incident", where=(_HIGH,))),
    ):
        times = [at_database(many, "boss", wanted) for _ in range(ROUNDS // 5)]
        ratio = statistics.median(times) / statistics.median(least)
        print(
            f"one above all, {name}: median {statistics.median(times):.1f} ms,"
            f" p95 {percentile(times, 0.95):.1f} ms, {ratio:.1f} times as long"
        )


def main() -> int:
    """Measure, print, and answer as a process does."""
    with desk.server() as server:
        few, many = open_world(server, "few", OWN), open_world(server, "many", OPEN)
        print(f"milliseconds at the database; a post with {OWN:,} of the open tasks")
        good = ask_all(few, many)
        above_all(many)
        for company in (few, many):
            company.database.close()
    print(f"limits: p95 {P95_MS_MAX:.0f} ms, growth {GROWTH_MAX}: {'kept' if good else 'broken'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
