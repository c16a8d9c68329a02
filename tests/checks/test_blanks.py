"""Fields that may be empty where a table asks for them."""

import pytest

from kingpost.checks import check
from tests.checks.words import HERE, assert_says, edited, read

SORTED_FIRST = {"      sort: {title: Sort, rule: band, then: examine}\n": ""}
SORTED_LATER = {
    **SORTED_FIRST,
    "- {else: both}": "- {else: sort}",
    "      both:\n": "      sort: {title: Sort, rule: band, then: both}\n      both:\n",
}
REQUIRE = " | Require the field before, or add a row that tests it with `null`."
AMOUNT = (
    f"KP0617? `examine` → `sort`: `claim.amount` may be empty, and row 1 of rule `band` tests it"
    f"{REQUIRE}"
)
KIND = (
    f"KP0617? `examine` → `sort`: `claim.kind` may be empty, and no row of rule `band` answers that"
    f"{REQUIRE}"
)


def test_a_field_that_may_be_empty_where_a_table_asks_for_it_is_told_with_the_way() -> None:
    assert_says(SORTED_LATER, AMOUNT, KIND)


def test_what_the_form_asks_for_is_filled_by_whoever_begins_the_case() -> None:
    assert_says({})
    assert_says(
        {
            "form: [claimant, amount, kind]": "form: [claimant, amount]",
            "rule: band, then: examine}": f"rule: band, then: examine}} {HERE}",
        },
        f"KP0617? `claim.kind` may be empty, and no row of rule `band` answers that{REQUIRE}",
    )


def test_what_whoever_comes_there_may_fill_in_at_once_is_not_told() -> None:
    both = {**SORTED_LATER, "records: [urgent, receipt]": "records: [urgent, receipt, amount]"}
    assert_says(both, KIND)


def test_what_is_required_before_is_not_empty() -> None:
    required = {
        "amount:   {title: Amount, type: integer}":
            "amount:   {title: Amount, type: integer, required: true}",
    }  # fmt: skip
    assert_says({**SORTED_LATER, **required}, KIND)


def test_what_is_required_stays_filled_whatever_is_recorded_there() -> None:
    required = {
        "amount:   {title: Amount, type: integer}":
            "amount:   {title: Amount, type: integer, required: true}",
        "records: [urgent, receipt]": "records: [urgent, receipt, amount]",
    }  # fmt: skip
    assert_says({**SORTED_LATER, **required}, KIND)


def test_a_condition_may_keep_what_is_empty_away() -> None:
    asked = 'when: "claim.amount = null or claim.urgent = true"'
    assert_says({**SORTED_LATER, 'when: "claim.urgent = true"': asked}, KIND)


def test_where_the_proof_is_not_certain_the_field_is_perhaps_empty() -> None:
    asked = 'when: "changed.amount > 0"'
    assert_says(
        {**SORTED_LATER, 'when: "claim.urgent = true"': asked},
        f"KP0617? `examine` → `sort`: perhaps `claim.amount` is empty, and row 1 of rule `band`"
        f" tests it{REQUIRE}",
        f"KP0617? `examine` → `sort`: perhaps `claim.kind` is empty, and no row of rule `band`"
        f" answers that{REQUIRE}",
    )


def test_a_row_that_names_null_answers_what_is_empty() -> None:
    rows = '      - [\'"water"\', "-", \'"low"\']\n'
    named = f'{rows}      - [\'"fire"\', "null", \'"high"\']\n'
    assert_says({**SORTED_LATER, rows: named}, KIND)


def test_a_table_that_answers_the_rest_needs_no_row_for_what_is_empty() -> None:
    rest = "outputs: {band: {of: [low, high], default: high}}"
    assert_says({**SORTED_LATER, "    outputs: [band]": f"    {rest}"}, AMOUNT)


def test_an_amount_that_is_computed_is_empty_when_a_part_of_it_is() -> None:
    asked = "inputs: {kind: claim.kind, amount: 2 * claim.amount}"
    assert_says(
        {**SORTED_LATER, "inputs: {kind: claim.kind, amount: claim.amount}": asked}, AMOUNT, KIND
    )


@pytest.mark.parametrize("kept", [False, True])
def test_what_a_case_brings_that_ended_is_filled_where_every_end_keeps_it(*, kept: bool) -> None:
    always = ', always: "claim.amount > 0"' if kept else ""
    states = {
        f"{name}:{space}{{title: {name.title()}, end: true}}": (
            f"{name}: {{title: {name.title()}, end: true{always}}}"
        )
        for name, space in (("paid", "   "), ("denied", " "))
    }
    begun = {
        "form: [claimant, amount, kind], roles: [clerk]": (
            "form: [claimant, amount, kind], roles: [clerk], workflows: [claim]"
        ),
        "- {else: both}": "- {else: other}",
        "      both:\n": (
            "      other: {run: {workflow: claim, brings: {amount: amount}}, then: sort}\n"
            "      sort: {title: Sort, rule: band, then: both}\n      both:\n"
        ),
    }
    told = read(edited({**SORTED_FIRST, **states, **begun}))

    empty = [one.message for one in check(told) if one.code == "KP0617"]
    assert [f"`claim.{name}`" in " ".join(empty) for name in ("amount", "kind")] == [not kept, True]
