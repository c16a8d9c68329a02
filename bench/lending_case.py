"""What a case costs from the form to the money, beside the floor and beside SpiffWorkflow.

The process is the same for each: a form, two decision tables, a call to another system, three
people, a wait with a timer. Each keeps every step in PostgreSQL before the next. Counted is the
processor time of the program and of the database's server together; the engines take turns, so
that whatever else the machine does meets all alike.
"""

import statistics
import sys
import time
from collections.abc import Callable

from measuring import desk
from measuring.loan import ours
from measuring.loan.spiff import Peer
from measuring.server import server_cpu

from kingpost.store.pool import Database

TURNS = 7
CASES = 30  # Of each engine, in each turn.
WARM_UP = 10
TIMES_FLOOR_MAX = 2.0
TIMES_LESS_THAN_SPIFF_MIN = 4.5
GOAL_MS = 6.0


def cost(url: str, case: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of one case, program and server together."""
    before, own = server_cpu(url), time.process_time()
    for _ in range(CASES):
        case()
    spent = time.process_time() - own
    after = server_cpu(url)
    served = sum(after[number] - before[number] for number in before.keys() & after.keys())
    return 1000 * (spent + served) / CASES


def main() -> int:
    """Measure, print, and return 1 when a limit is broken."""
    with desk.server() as server, Database(server.url(user="kingpost_app"), connections=1) as pool:
        company = ours.open_lender(pool)
        floor, peer = ours.Floor(company), Peer(server.url())
        engines: dict[str, Callable[[], object]] = {
            "floor": floor.case,
            "Kingpost": lambda: ours.case(company),
            "SpiffWorkflow": peer.case,
        }
        for case in engines.values():
            for _ in range(WARM_UP):
                case()
        turns = [
            {name: cost(server.url(), case) for name, case in engines.items()} for _ in range(TURNS)
        ]
        peer.close()
    for name in engines:
        found = [turn[name] for turn in turns]
        print(f"{name:14} {statistics.median(found):7.2f} ms a case, least {min(found):.2f}")
    above = statistics.median(turn["Kingpost"] / turn["floor"] for turn in turns)
    less = statistics.median(turn["SpiffWorkflow"] / turn["Kingpost"] for turn in turns)
    holds = above <= TIMES_FLOOR_MAX and less >= TIMES_LESS_THAN_SPIFF_MIN
    print(f"Kingpost takes {above:.2f} times the floor (limit {TIMES_FLOOR_MAX})")
    print(f"SpiffWorkflow takes {less:.1f} times Kingpost (limit {TIMES_LESS_THAN_SPIFF_MIN})")
    print(f"the goal on a quiet machine: {GOAL_MS} ms a case")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
