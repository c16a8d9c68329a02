"""A short run of every fuzz target; `bench/fuzz.py` runs them for as long as one likes."""

import pytest

from kingpost.notation import read_model
from tests.fuzz.fuzzing import Run, Target, fuzz, targets

TARGETS = tuple(targets())
SECONDS = 30 / len(TARGETS)


def told(run: Run) -> list[str]:
    return [f"input {fault.number}: {fault.what}: {fault.given!r:.500}" for fault in run.faults]


def test_a_model_that_says_what_is_not_carried_out_yet_is_no_fault() -> None:
    reader = next(target for target in TARGETS if target.name == "reader")
    head = "kingpost: 1\ncompany: Meridian\ntimezone: Europe/Lisbon\n"
    text = f"{head}views: {{v: {{title: V}}}}\n"
    reading = read_model({"0.yaml": text})

    assert reading.model is not None
    assert [one.code for one in reading.diagnostics] == ["KP0017"]
    reader.feed(text)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_escapes(target: Target) -> None:
    run = fuzz(target, SECONDS, seed="test")

    assert told(run) == []
    assert run.count > 0
