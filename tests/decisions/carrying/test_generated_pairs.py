"""Random companies, changes and live cases: none is lost, doubled or led past a control."""

from collections import Counter

import pytest

from kingpost.decisions.carrying import carrying
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.carrying.judged import Verdict
from tests.decisions.carrying.pairs import look

PAIRS = 240
STEP = 40


@pytest.mark.parametrize("first", range(0, PAIRS, STEP))
def test_every_case_goes_over_whole_ends_on_its_version_or_waits(first: int) -> None:
    found = Counter(look(seed) for seed in range(first, first + STEP))

    # It says something only when many go over, and some do not.
    assert found[Verdict.CARRIES] >= STEP // 5, found
    assert found[Verdict.REFUSED] + found[Verdict.ASKS] > 0, found


def test_a_step_to_which_no_way_leads_any_more_takes_no_case() -> None:
    # A long run found it: nothing on the way to such a step was looked for.
    assert look(4952) is Verdict.ASKS


def test_the_oracle_tells_of_a_control_that_nobody_looks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def finds_none(*_: object, **__: object) -> Controls:
        return Controls()

    monkeypatch.setattr(carrying, "controls", finds_none)
    told = 0
    for seed in range(STEP):
        try:
            look(seed)
        except AssertionError:
            told += 1
    assert told
