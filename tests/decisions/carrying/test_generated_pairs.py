"""Random companies, changes and live cases: none is lost, doubled or led past a control."""

from collections import Counter

import pytest

from kingpost.decisions.carrying import carrying
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.case import Case
from tests.decisions.carrying.pairs import look, look_at_every_map

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


def test_no_map_leads_a_case_into_a_branch_where_it_stands_already() -> None:
    # A long run found it: the branch was doubled, and the one that was left began anew.
    assert [look(seed) for seed in (43052, 43136, 44648)] == [Verdict.ASKS] * 3


def test_a_message_that_leads_elsewhere_now_leads_no_case_past_a_decision() -> None:
    # A long run found it: by what came last at the wait, nothing led to the decision, nor there.
    assert look(20052) is Verdict.REFUSED


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


# Companies in whose cases a map would lead past a decision of an earlier round.
ROUNDS = (379, 413)


def test_no_map_of_any_place_leads_past_a_decision() -> None:
    carried = sum(look_at_every_map(seed) for seed in (*range(20), *ROUNDS))

    assert carried > 0


@pytest.mark.parametrize("seed", ROUNDS)
def test_the_oracle_tells_of_earlier_rounds_that_would_count(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    def counts_all(_: object, case: Case, *__: object, **___: object) -> Case:
        return case

    def none_ahead(*_: object, **__: object) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(carrying, "as_counts", counts_all)
    monkeypatch.setattr(carrying, "still_ahead", none_ahead)

    with pytest.raises(AssertionError, match="decision-"):
        look_at_every_map(seed)
