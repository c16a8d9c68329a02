"""The example companies: nothing is wrong with them, and their stories come out and cover them."""

import pytest

from kingpost.checks import check
from kingpost.scenarios import coverage, run_scenario, run_scenarios
from tests.scenarios.examples import COMPANIES, company, program
from tests.scenarios.stories import differences

STORIES = [(name, story) for name in COMPANIES for story in sorted(company(name).scenarios)]


@pytest.mark.parametrize("name", COMPANIES)
def test_nothing_is_wrong_with_a_company(name: str) -> None:
    assert check(company(name)) == ()


@pytest.mark.parametrize(("name", "story"), STORIES, ids=[f"{a}: {b}" for a, b in STORIES])
def test_a_story_of_a_company_comes_out(name: str, story: str) -> None:
    assert differences(run_scenario(program(name), story)) == []


@pytest.mark.parametrize("name", COMPANIES)
def test_the_stories_come_by_every_part_of_a_company(name: str) -> None:
    covered = coverage(company(name), run_scenarios(program(name)))

    assert [part.address for part in covered if not part.by] == []


def test_the_lending_company_tells_enough_stories() -> None:
    assert len(company("lending").scenarios) >= 25


@pytest.mark.parametrize("name", COMPANIES)
def test_a_story_is_the_same_alone_and_among_the_others(name: str) -> None:
    for result in run_scenarios(program(name)):
        assert result == run_scenario(program(name), result.scenario.id)
