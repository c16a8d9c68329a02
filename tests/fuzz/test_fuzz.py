"""A short run of every fuzz target; `bench/fuzz.py` runs them for as long as one likes."""

import pytest

from tests.fuzz.fuzzing import Run, Target, fuzz, targets

TARGETS = tuple(targets())
SECONDS = 30 / len(TARGETS)


def told(run: Run) -> list[str]:
    return [f"input {fault.number}: {fault.what}: {fault.given!r:.500}" for fault in run.faults]


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_escapes(target: Target) -> None:
    run = fuzz(target, SECONDS, seed="test")

    assert told(run) == []
    assert run.count > 0
