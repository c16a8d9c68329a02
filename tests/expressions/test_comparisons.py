"""Conditions that only compare are weighed without making Python of them, to the same answer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    ContextType,
    DateType,
    NumberType,
    Scope,
    TextType,
    YesNoType,
    compile_expression,
)
from kingpost.expressions.comparisons import Comparisons, comparisons

SCOPE: Scope = {
    "claim": ContextType(
        {
            "amount": NumberType(),
            "kind": ChoiceType(("fire", "water", "wind")),
            "on": DateType(),
            "urgent": YesNoType(),
            "note": TextType(),
        }
    )
}
VALUES = {
    "claim.amount": [None, Decimal(-1), Decimal(0), Decimal(5), Decimal("5.5"), Decimal(9)],
    "claim.kind": [None, "fire", "water", "wind"],
    "claim.on": [None, date(2026, 1, 1), date(2026, 6, 30), date(2027, 1, 1)],
    "claim.urgent": [None, True, False],
    "claim.note": [None, "", "fire", "other"],
}
ATOMS = (
    "claim.amount > 5",
    "5 >= claim.amount",
    "claim.amount = -1",
    "claim.amount != null",
    "null = claim.kind",
    "claim.amount in [0..5]",
    "claim.amount in (0..5)",
    "claim.amount in (1, 5, [7..9])",
    "claim.amount between -1 and 5.5",
    "claim.amount in (<= 5)",
    'claim.kind = "fire"',
    'claim.kind in ("fire", "wind")',
    'claim.note != "other"',
    'claim.note in ["fire", null]',
    'claim.on < date("2026-06-30")',
    'claim.on in [date("2026-01-01")..date("2026-06-30")]',
    "claim.urgent",
    "claim.urgent = true",
    "claim.urgent != null",
    "true",
)


def compiled(text: str) -> Compiled:
    found = compile_expression(text, SCOPE, YesNoType())
    assert isinstance(found, Compiled), found
    return found


def compared(text: str) -> Comparisons:
    found = comparisons(compiled(text))
    assert found is not None, text
    return found


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return conditions made of others."""
    two = st.tuples(parts, st.sampled_from(["and", "or"]), parts)
    three = st.tuples(parts, parts, parts)
    return (
        two.map(lambda it: f"({it[0]} {it[1]} {it[2]})")
        | parts.map(lambda it: f"not({it})")
        | three.map(lambda it: f"(if {it[0]} then {it[1]} else {it[2]})")
    )


CONDITIONS = st.recursive(st.sampled_from(ATOMS), joined, max_leaves=5)
RECORDS = st.fixed_dictionaries({path: st.sampled_from(some) for path, some in VALUES.items()})


@given(text=CONDITIONS, record=RECORDS)
def test_a_condition_says_the_same_however_it_is_weighed(text: str, record: dict[str, Any]) -> None:
    within = {path.removeprefix("claim."): value for path, value in record.items()}

    assert compared(text).answer(record) is compiled(text).evaluate({"claim": within}), text


def test_what_paths_are_held_against_is_told() -> None:
    found = compared('claim.amount > 5 and not(claim.amount in [7..9]) or claim.kind = "fire"')

    assert found.held == {
        "claim.amount": (Decimal(5), Decimal(7), Decimal(9)),
        "claim.kind": ("fire",),
    }


@pytest.mark.parametrize(
    "text",
    [
        "claim.amount * 2 > 5",
        "claim.amount > 5 and claim.note = claim.kind",
        'contains(claim.note, "x")',
        # No few texts stand for all that lie before another one.
        'claim.note < "m"',
        'claim.kind in ["fire".."wind"]',
        'claim.note between "a" and "m"',
    ],
)
def test_a_condition_that_does_more_than_compare_is_none_of_them(text: str) -> None:
    assert comparisons(compiled(text)) is None
