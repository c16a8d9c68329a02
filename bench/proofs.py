"""Prove random workflows sound, try every case of each by force, and count where both agree.

    python bench/proofs.py 20000 --first 0

Each workflow is made from its number, so that one that fails can be looked at again. Counted is
what was compared: a workflow that is broken in another way, or has more cases than are tried, makes
room for the next number. What is asked of each stands in `tests/checks/proofs/force.py`.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, and of models

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.checks.proofs.force import Held, hold_against_force
from tests.checks.proofs.generated import small_model

COMPARED = {Held.SOUND, Held.UNSOUND}


def main() -> int:
    """Compare as many workflows as are asked for; print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="how many are to be compared")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    asked = parser.parse_args()
    counted, failed, began = Counter[str](), list[tuple[int, str]](), time.monotonic()
    compared, number = 0, asked.first
    while compared < asked.count:
        try:
            held = hold_against_force(small_model(Random(number)))
        except Exception as error:  # noqa: BLE001 - each is counted, and none ends the run
            failed.append((number, f"{type(error).__name__}: {error}"[:200]))
            print(f"  {number}: {failed[-1][1]}", flush=True)
            compared += 1
        else:
            counted[held] += 1
            compared += held in COMPARED
        number += 1
    print(
        f"{compared:,} workflows compared, of numbers {asked.first:,} to {number - 1:,},"
        f" in {time.monotonic() - began:.0f} s"
    )
    for held in Held:
        aside = "" if held in COMPARED else " (not counted)"
        print(f"{counted[held]:8,}  {held}{aside}")
    print(f"{len(failed):8,}  faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
