"""How long a large company takes to be read, checked and hashed, at three sizes.

Each size is a process of its own, from files to the version, as `kingpost check` does it. Prints
the time for 1,000 steps, which must not grow with the size, and the peak of memory.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from make_enterprise import STEPS_PER_DEPARTMENT, texts  # noqa: E402 - from the folder of programs.

from kingpost.cli.findings import examine  # noqa: E402 - after the path is known.
from kingpost.model.content import version  # noqa: E402 - as above.

DEPARTMENTS = (50, 150, 500)
SECONDS_MAX = 10.0
GROWTH_MAX = 1.3
MEMORY_MB_MAX = 1024


def measure(folder: Path) -> dict[str, float]:
    """Read, check and hash what lies in a folder; seconds of the clock and of the processor."""
    began, worked = monotonic(), process_time()
    model, found = examine(folder)
    assert model is not None, found[:5]
    assert not found, found[:5]
    version(model)
    return {
        "seconds": monotonic() - began,
        "processor": process_time() - worked,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Measure every size; 1 when a limit is passed."""
    costs: list[float] = []
    found: dict[str, float] = {}
    for departments in DEPARTMENTS:
        with TemporaryDirectory(prefix="kingpost-enterprise-") as name:
            for file, text in texts(departments).items():
                path = Path(name, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            answer = subprocess.run(
                [sys.executable, __file__, name], check=True, capture_output=True, text=True
            )
        found = json.loads(answer.stdout)
        steps = departments * STEPS_PER_DEPARTMENT
        costs.append(found["processor"] / steps * 1000)
        print(
            f"{departments:4} workflows, {steps:6,} steps, {departments * 10:5,} posts:"
            f" {found['seconds']:5.2f} s, {found['processor']:5.2f} s of processor,"
            f" {costs[-1]:.3f} s for 1,000 steps, {found['memory']:4.0f} MB"
        )
    growth = costs[-1] / costs[0]
    good = (
        found["processor"] <= SECONDS_MAX
        and found["memory"] <= MEMORY_MB_MAX
        and growth <= GROWTH_MAX
    )
    print(
        f"growth of the time for 1,000 steps: {growth:.2f} (limit {GROWTH_MAX}); limits"
        f" {SECONDS_MAX:.0f} s of processor and {MEMORY_MB_MAX} MB"
    )
    print("PASS" if good else "FAIL")
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]))))
        sys.exit()
    sys.exit(main())
