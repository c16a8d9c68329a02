"""A plan as a value: its digest counts all that it says, and tells when it no longer holds."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.planned.plan import Foreseen, Plan, digest_of, worse

CASE = Foreseen(
    UUID(int=1), "CLM-1", "claim", "a" * 64, 3, Verdict.CARRIES, later=False, reasons=("due",)
)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLAN = Plan("a" * 64, "b" * 64, {}, NOON, 2, (), 1, digest_of([CASE]))


@pytest.mark.parametrize(
    "other",
    [
        {"running": "c" * 64},
        {"version": "c" * 64},
        {"policies": {"claim": {"policy": "now", "positions": {}}}},
        {"at": NOON.replace(minute=1)},
        {"scenarios": 3},
        {"failed": ("first",)},
        {"cases_number": 2},
        {"cases_digest": digest_of([])},
    ],
)
def test_all_that_a_plan_says_counts_in_its_name(other: dict[str, Any]) -> None:
    assert replace(PLAN, **other).digest != PLAN.digest
    assert replace(PLAN).digest == PLAN.digest


@pytest.mark.parametrize(
    "other",
    [
        {"case": UUID(int=2)},
        {"model": "c" * 64},
        {"seq": 4},
        {"verdict": Verdict.ASKS},
        {"later": True},
        {"reasons": ("due", "post")},
    ],
)
def test_all_that_is_said_of_a_case_counts(other: dict[str, Any]) -> None:
    assert digest_of([replace(CASE, **other)]) != digest_of([CASE])


V = Verdict


@pytest.mark.parametrize(
    ("planned", "now", "is_worse"),
    [
        (V.UNAFFECTED, V.CARRIES, False),
        (V.CARRIES, V.UNAFFECTED, False),
        (V.CARRIES, V.STAYS, True),
        (V.CARRIES, V.ASKS, True),
        (V.STAYS, V.CARRIES, False),
        (V.STAYS, V.ASKS, True),
        (V.ASKS, V.STAYS, False),
        (V.ASKS, V.ASKS, False),
        (V.ASKS, V.REFUSED, True),
        (V.REFUSED, V.REFUSED, False),
        (None, V.CARRIES, False),
        (None, V.STAYS, False),
        (None, V.ASKS, True),
        (None, V.REFUSED, True),
    ],
)
def test_a_plan_no_longer_holds_where_a_case_asks_for_more_attention(
    planned: Verdict | None, now: Verdict, is_worse: bool
) -> None:
    known = {} if planned is None else {CASE.case: planned}

    found = list(worse(known, [(CASE.case, CASE.number, now)]))

    assert [each.number for each in found] == (["CLM-1"] if is_worse else [])


def test_a_case_that_comes_to_worse_is_told_with_what_was_planned() -> None:
    cases = [(UUID(int=1), "CLM-1", V.REFUSED), (UUID(int=2), "CLM-2", V.ASKS)]

    assert [str(each) for each in worse({UUID(int=1): V.CARRIES}, cases)] == [
        "CLM-1: `refused` now; it was to be `carries over`",
        "CLM-2: `needs a decision` now; it began since",
    ]
