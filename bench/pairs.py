"""Judge live cases of random companies against random changes, and count what comes of them.

    python bench/pairs.py 10000

Each pair is made from its number, so that one that fails can be looked at again. What is asked of
each stands in `tests/decisions/carrying/pairs.py`.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.decisions.carrying.pairs import look


def main() -> int:
    """Judge as many pairs as are asked for; print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    counted, failed, began = Counter[str](), list[tuple[int, str]](), time.monotonic()
    for seed in range(asked.first, asked.first + asked.count):
        try:
            verdict = look(seed)
        except Exception as error:  # noqa: BLE001 - each is counted, and none ends the run
            failed.append((seed, f"{type(error).__name__}: {error}"[:200]))
        else:
            counted["had ended before" if verdict is None else verdict.value] += 1
    print(f"{asked.count:,} pairs from {asked.first:,} on, {time.monotonic() - began:.0f} s")
    for name, number in counted.most_common():
        print(f"{number:8,}  {name}")
    print(f"{len(failed):8,}  broke a rule")
    for seed, why in failed[:20]:
        print(f"  {seed}: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
