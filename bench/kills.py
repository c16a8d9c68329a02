"""Kill workers and the database under load, and tell what was lost: nothing, or it fails.

For longer: `bench/kills.py --workers 3000 --database 60`.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from killing.harness import shake


def main() -> int:
    """Shake, print what came of it; 1 when anything was lost, doubled or forked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=60, help="how many workers are killed")
    parser.add_argument("--database", type=int, default=3, help="how often the database is killed")
    wanted = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory(prefix="kingpost-kills-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        left = shake(folder, workers=wanted.workers, databases=wanted.database)
    print(
        f"{left.worker_kills} kills of workers, {left.database_kills} of the database, "
        f"in {time.monotonic() - began:.0f} s"
    )
    print(
        f"{left.events} events, {left.acknowledged} acknowledged, {left.unacknowledged} "
        f"recorded but not acknowledged yet, {left.refused} refused"
    )
    print(f"the database answered again within {left.slowest_return_seconds:.1f} s")
    for fault in left.faults:
        print(f"FAULT {fault}")
    print("FAIL" if left.faults else "PASS  nothing acknowledged was lost, doubled or forked")
    return 1 if left.faults else 0


if __name__ == "__main__":
    sys.exit(main())
