"""The public conformance kit of the standard, whole: the score may not fall."""

import re
import sys
from functools import cache

import pytest
from tools.conformance_page import PAGE, score

from tests.conformance.kit import KIT, Case, agrees, answers, cases, graph, passed

SCORE_MIN = 3374
VALUES_MIN = 1910

pytestmark = pytest.mark.skipif(not KIT.exists(), reason="the conformance kit is not beside us")


@cache
def results() -> list[tuple[Case, bool]]:
    return [(case, passed(case)) for case in cases()]


def test_the_score_does_not_fall(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{score(results())}")

    assert sum(good for _, good in results()) >= SCORE_MIN
    assert sum(good for case, good in results() if case.has_value) >= VALUES_MIN


def test_every_case_that_is_not_met_is_on_the_page_of_the_score() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    told = {
        f"{row.split(' | ')[0][2:]}/{name}" for row in rows for name in re.findall(r"`(.+?)`", row)
    }

    missing = [case.name for case, good in results() if not good and case.name not in told]

    assert missing == [], "run `python tools/conformance_page.py`, and say why"


def test_what_is_wrong_with_a_model_of_the_kit_is_said_with_its_place() -> None:
    graphs = {case.model: graph(case.model) for case in cases()}

    placeless = [fault for one in graphs.values() for fault in one.faults if not fault.site.at.line]

    assert placeless == []


def test_to_ask_for_an_explanation_changes_no_answer() -> None:
    for case in list(cases())[::7]:
        plain, explained = answers(case), answers(case, explaining=True)

        for name, value in plain.items():
            assert agrees(explained[name], value) or explained[name] == value, case.name
