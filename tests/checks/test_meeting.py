"""States that ask for values of which no record can hold all."""

import pytest

from kingpost.checks import check
from tests.checks.words import assert_says, edited, read

NEW = "{title: New, begin: true}"
OPEN = '{title: Open, always: "claim.claimant != null"}'
PAID = "{title: Paid, end: true}"
HELP = "Correct one of the two, or let a step record"


def always(state: str, text: str, here: str = "") -> dict[str, str]:
    """Return the edit by which something must always be true in a state. here: ends the line."""
    titled = state.partition(", always")[0].removesuffix("}")
    return {state: f"{titled}, always: '{text}'}}{here}"}


def test_no_record_makes_a_move_between_states_that_ask_for_other_values() -> None:
    assert_says(
        {**always(OPEN, "claim.amount > 5"), **always(PAID, "claim.amount <= 5", " # !")},
        "KP0412 no record can go from state `open` to `paid`: state `open` asks for other values"
        " of `amount` at kingpost.yaml:43:37, and nothing changes it on the way"
        f" | {HELP} `amount`.",
    )


def test_the_state_that_asks_otherwise_may_lie_further_back() -> None:
    assert_says(
        {**always(NEW, 'claim.kind = "fire"'), **always(PAID, 'claim.kind = "water"', " # !")},
        "KP0412 no record can go from state `open` to `paid`: state `new` asks for other values of"
        f" `kind` at kingpost.yaml:42:49, and nothing changes it on the way | {HELP} `kind`.",
    )


def test_two_states_may_part_over_several_fields_at_once() -> None:
    assert_says(
        {
            **always(NEW, 'claim.amount > 5 or claim.kind = "fire"'),
            **always(OPEN, 'not(claim.amount > 5) and not(claim.kind = "fire")', " # !"),
        },
        "KP0412 no record can go from state `new` to `open`: state `new` asks for other values of"
        " `amount` and `kind` at kingpost.yaml:42:49, and nothing changes them on the way"
        f" | {HELP} `amount` or `kind`.",
    )


def test_one_finding_is_enough_for_all_moves_behind_a_state() -> None:
    assert_says(
        {
            **always(OPEN, "claim.amount > 5"),
            **always(PAID, "claim.amount <= 5", " # !"),
            "      - open -> paid\n": "      - open -> paid\n      - held -> paid\n",
        },
        "KP0412 no record can go from state `open` to `paid`: state `open` asks for other values"
        " of `amount` at kingpost.yaml:43:37, and nothing changes it on the way"
        f" | {HELP} `amount`.",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("claim.amount > 5", "claim.amount > 3"),
        # The step that examines records it, and may do so by the very act that pays.
        ("claim.receipt = null", "claim.receipt != null"),
        # Of more than comparisons with written values nothing is said.
        ("claim.amount > 2 * claim.amount", "claim.amount < 0"),
    ],
)
def test_nothing_is_said_of_states_that_some_record_may_come_through(
    first: str, second: str
) -> None:
    edits = {**always(OPEN, first), **always(PAID, second)}
    assert "KP0412" not in {finding.code for finding in check(read(edited(edits)))}
