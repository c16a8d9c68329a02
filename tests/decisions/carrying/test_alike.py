"""Cases that stand alike are judged as each is by itself, and a dry judgement as a real one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random  # noqa: TID251 - seeded, and of cases

import pytest

from kingpost.decisions.carrying.carrying import Carrying, judge
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case
from kingpost.decisions.commands import CLOCK, Facts
from kingpost.decisions.program import Program
from kingpost.model.assurance import CarryOver
from tests.decisions.carrying.companies import begun, changed, company, program, walk
from tests.decisions.world import SEED, Desk

COMPANIES = 24
STEP = 8
CASES = 40


def cases_of(seed: int) -> Iterator[tuple[Desk, Program, Policy]]:
    """Yield cases of one random company, a change to it, and how it reaches them."""
    random = Random(seed)
    before = company(random)
    old, new = program(before), program(after := changed(random, before))
    targets = [name for block in after.blocks for name in block]
    moves = {name: random.choice(targets) for block in before.blocks for name in block}
    ways = (Policy(CarryOver.NOW), Policy(CarryOver.MAPPED, {"flow": moves}))
    policy = ways[seed % 2]
    for number in range(CASES):
        desk = begun(old)
        walk(Random(f"{seed}/{number}"), desk, 3 + number % 8)
        if not desk.case.is_closed:
            yield desk, new, policy


@pytest.mark.parametrize("first", range(0, COMPANIES, STEP))
def test_a_case_comes_to_the_same_beside_others_and_by_itself(first: int) -> None:
    found = Counter[Verdict]()
    looked = 0
    for seed in range(first, first + STEP):
        together: Carrying | None = None
        for desk, new, policy in cases_of(seed):
            facts = Facts(desk.now, desk.now, CLOCK, seed=SEED)
            together = together or Carrying(desk.program, new, policy)

            alone = judge(desk.program, new, desk.case, policy, facts)

            assert together.judge(desk.case, facts) == alone, seed
            assert together.judge(desk.case, facts, dry=True) == dry(alone), seed
            found[alone.verdict] += 1
        looked += together.looked if together else 0
    # It says something only when many are not looked at, and not all go over.
    assert 0 < looked < sum(found.values())
    assert len(found) > 1


def dry(judged: Judged) -> Judged:
    return replace(judged, transition=None)


def test_cases_that_differ_in_what_conditions_read_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Case] = []

    def counted(_: Carrying, __: object, case: Case, ___: object) -> Controls:
        seen.append(case)
        return Controls()

    monkeypatch.setattr(Carrying, "_looked", counted)
    desk, new, policy = next(cases_of(1))
    together, facts = Carrying(desk.program, new, policy), Facts(desk.now, desk.now, CLOCK)
    for name, value in (("note", "so"), ("note", "else"), ("size", 1), ("size", 2), ("size", 2)):
        case = replace(desk.case, fields={**desk.case.fields, name: value})
        together.judge(case, facts)

    # Conditions of these companies read the size, and nothing reads the note.
    assert [case.fields.get("size") for case in seen[1:]] == [1, 2]
