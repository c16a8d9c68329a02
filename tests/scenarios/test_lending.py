"""The lending company: nothing is wrong with it, its stories come out, and they cover it whole."""

from functools import cache
from pathlib import Path

import pytest

from kingpost.checks import check
from kingpost.decisions.program import Program, compile_model
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.scenarios import coverage, run_scenario, run_scenarios
from tests.scenarios.stories import differences

LENDING = Path(__file__).parents[2] / "examples" / "lending"
TEXTS = {
    path.relative_to(LENDING).as_posix(): path.read_text()
    for path in sorted(LENDING.rglob("*.yaml"))
    if not path.stem.startswith("mapping")
}


@cache
def lending() -> Model:
    reading = read_model(TEXTS)
    assert reading.model is not None, reading.diagnostics
    return reading.model


@cache
def program() -> Program:
    return compile_model(lending())


def test_nothing_is_wrong_with_the_company() -> None:
    assert check(lending()) == ()


@pytest.mark.parametrize("name", sorted(lending().scenarios))
def test_a_story_of_the_company_comes_out(name: str) -> None:
    assert differences(run_scenario(program(), name)) == []


def test_the_stories_come_by_every_part_of_the_company() -> None:
    covered = coverage(lending(), run_scenarios(program()))

    assert [part.address for part in covered if not part.by] == []
    assert len(lending().scenarios) >= 25
