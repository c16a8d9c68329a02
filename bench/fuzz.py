"""Feed every fuzz target for some minutes, and fail on any fault.

`bench/fuzz.py MINUTES [--target NAME] [--seed SEED] [--first NUMBER]`. A fault is an exception that
escapes, a refusal that names no place, or more than a second of processor time for an input. What
made it is written to a file; `--first` with its number makes it again.
"""

import argparse
import sys
from pathlib import Path
from tempfile import gettempdir

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzz.fuzzing import SECONDS_MAX, Fault, Run, fuzz, targets


def main() -> int:
    """Run the targets in turns of equal length; 1 when any has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=1.0)
    parser.add_argument("--target", help="only this one")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    wanted = parser.parse_args()
    chosen = [each for each in targets() if wanted.target in {None, each.name}]
    seconds = wanted.minutes * 60 / max(len(chosen), 1)
    good = bool(chosen)
    for target in chosen:
        good = _tell(fuzz(target, seconds, wanted.seed, wanted.first)) and good
    print("PASS" if good else "FAIL")
    return 0 if good else 1


def _tell(run: Run) -> bool:
    """Print what came of a run, and return whether all is well."""
    slow = run.seconds > SECONDS_MAX
    print(
        f"{run.target}: {run.count} inputs, the slowest {run.seconds:.2f} s (input {run.slowest},"
        f" limit {SECONDS_MAX:.0f} s), {len(run.faults)} faults{'  SLOW' if slow else ''}"
    )
    for fault in run.faults[:20]:
        print(f"  input {fault.number}: {fault.what}\n    kept in {_kept(run.target, fault)}")
    return not slow and not run.faults


def _kept(target: str, fault: Fault) -> Path:
    path = Path(gettempdir()) / f"kingpost-fuzz-{target}-{fault.number}"
    given = fault.given
    path.write_bytes(given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass"))
    return path


if __name__ == "__main__":
    sys.exit(main())
