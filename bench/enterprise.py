"""How long a large company takes to be read, checked and hashed, at three sizes.

Each size is a process of its own, from files to the version, as `kingpost check` does it: it shares
the proofs that every case ends out among processes. Prints the time by the clock, which is the
goal; the time of all processors, which for 1,000 steps must not grow with the size, since other
programs change it less; how much of both is the proof; and the peaks of memory of this process and
of its largest child together. For the largest, it prints the time of a look after an edit of one
file, as `kingpost check --watch` does it.
"""

import gc
import json
import resource
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from make_enterprise import STEPS_PER_DEPARTMENT, texts  # noqa: E402 - from the folder of programs.

from kingpost.checks.soundness.findings import check_soundness  # noqa: E402 - as above.
from kingpost.cli.checking.sharing import shared_out  # noqa: E402 - as above.
from kingpost.cli.findings import examine  # noqa: E402 - as above.
from kingpost.cli.watching import Watched  # noqa: E402 - as above.

DEPARTMENTS = (50, 150, 500)
SECONDS_MAX = 10.0
EDIT_SECONDS_MAX = 1.0
EDITS = 5
GROWTH_MAX = 1.3
MEMORY_MB_MAX = 1024
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def measure(folder: Path) -> dict[str, float]:
    """Read, check and hash what lies in a folder, then prove it once more by itself; seconds."""
    with _measured() as whole:
        model, found, version = examine(folder)
        assert model is not None, found[:5]
        assert version, found[:5]
        assert not found, found[:5]
    memory = sum(resource.getrusage(who).ru_maxrss for who in WHOSE) / 1024
    with _measured() as proof:
        assert list(check_soundness(model, set(), shared_out)) == []
    return {
        "clock": whole[0],
        "processor": whole[1],
        "proof": proof[0],
        "proof_processor": proof[1],
        "memory": memory,
    }


@contextmanager
def _measured() -> Generator[list[float]]:
    """Measure what is done meanwhile: seconds by the clock, and of the processors of all."""
    taken: list[float] = []
    began, worked = perf_counter(), _worked()
    yield taken
    taken += [perf_counter() - began, _worked() - worked]


def _worked() -> float:
    used = [resource.getrusage(who) for who in WHOSE]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure_edits(folder: Path) -> dict[str, float]:
    """Look at a folder, edit one file some times, and return the median time of a look after."""
    watched = Watched(folder)
    watched.look()
    gc.freeze()
    edited = min(folder.rglob("*-loan.yaml"))
    worked: list[float] = []
    passed: list[float] = []
    for number in range(EDITS):
        text = edited.read_text()
        edited.write_text(text.replace("Visit the place", f"Visit the place {number}"))
        began, since = process_time(), perf_counter()
        look = watched.look()
        worked.append(process_time() - began)
        passed.append(perf_counter() - since)
        assert look is not None, "the file was edited"
        assert look.version, look.found[:5]
    return {"processor": median(worked), "clock": median(passed)}


def main() -> int:
    """Measure every size; 1 when a limit is passed."""
    costs: list[float] = []
    good = True
    for departments in DEPARTMENTS:
        with TemporaryDirectory(prefix="kingpost-enterprise-") as name:
            for file, text in texts(departments).items():
                path = Path(name, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            found = _in_a_process("whole", name)
            edit = _in_a_process("edit", name) if departments == DEPARTMENTS[-1] else None
        steps = departments * STEPS_PER_DEPARTMENT
        costs.append(found["processor"] / steps * 1000)
        print(
            f"{departments:4} workflows, {steps:6,} steps, {departments * 10:5,} posts:"
            f" {found['clock']:5.2f} s ({found['proof']:.2f} s of it the proof),"
            f" {found['processor']:5.2f} s of processor ({found['proof_processor']:.2f} s),"
            f" {costs[-1]:.3f} s for 1,000 steps, {found['memory']:4.0f} MB"
        )
        if edit is not None:
            print(
                f"a look after an edit: {edit['processor']:.2f} s of processor,"
                f" {edit['clock']:.2f} s by the clock (limit {EDIT_SECONDS_MAX} s of processor)"
            )
            good = edit["processor"] <= EDIT_SECONDS_MAX and found["clock"] <= SECONDS_MAX
            good = good and found["memory"] <= MEMORY_MB_MAX
    growth = costs[-1] / costs[0]
    good = good and growth <= GROWTH_MAX
    print(
        f"growth of the processors' time for 1,000 steps: {growth:.2f} (limit {GROWTH_MAX}); limits"
        f" {SECONDS_MAX:.0f} s by the clock and {MEMORY_MB_MAX} MB"
    )
    print("PASS" if good else "FAIL")
    return 0 if good else 1


def _in_a_process(what: str, folder: str) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, __file__, what, folder], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measured = {"whole": measure, "edit": measure_edits}[sys.argv[1]]
        print(json.dumps(measured(Path(sys.argv[2]))))
        sys.exit()
    sys.exit(main())
