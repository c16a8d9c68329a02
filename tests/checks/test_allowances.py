"""Allowances must be of money that can be added up, and stories use up only what is there."""

# ruff: noqa: E501 - texts and words stand as they are written.

import pytest

from kingpost.checks import check
from tests.checks.words import read, said
from tests.decisions.purchase import PURCHASE

ALLOWANCE = "allowance: {at-most: 1000 EUR, of: price, per: month}"
STORY = """
scenarios:
  little-left:
    given: {purchase: {price: 400}, used: {lead: {approve: 900 EUR}}}
    when: [{post: head, decides: approve, outcome: refuse}]
    then: {closed: true}
"""


def findings(*edits: tuple[str, str], text: str = PURCHASE) -> list[str]:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return said(check(read(text)))


def test_an_allowance_of_money_is_sound() -> None:
    assert findings() == []
    assert findings(text=PURCHASE + STORY) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            ALLOWANCE,
            ALLOWANCE.replace("of: price", "of: prise"),
            "KP0106 there is no field `prise` on object `purchase` | Write `price`.",
        ),
        (
            ALLOWANCE,
            ALLOWANCE.replace("of: price", "of: what"),
            (
                "KP0314 an allowance adds up money, and `what` is of type `text` | Name a field of type"
                " `money` in `of`."
            ),
        ),
        (
            ALLOWANCE,
            ALLOWANCE.replace("EUR", "USD"),
            "KP0314 the allowance is 1000.00 USD, and `price` holds EUR | Write the amount in EUR.",
        ),
        (
            "price: {type: money}",
            "price: {type: money, class: personal}",
            (
                "KP0314 `price` is personal, and an allowance keeps what each case counts | Name a field"
                " of class `internal` in `of`."
            ),
        ),
        (
            "        due: 1 day\n",
            "        due: 1 day\n        quorum: 2 of 2\n",
            (
                "KP0314 several people take `purchase/approve` together, and an allowance counts what"
                " one post decides | Leave out `allowance`, or the `quorum` of the decision."
            ),
        ),
    ],
    ids=["unknown", "text", "other money", "personal", "several people"],
)
def test_what_cannot_be_added_up_is_found(old: str, new: str, words: str) -> None:
    # Both posts add the same up.
    assert set(findings((old, new))) == {words}


LEADS = "        when: purchase.price <= 600\n        allowance: {at-most: 1000 EUR, of: price, per: month}\n"
AGAIN = "      - {decide: purchase/approve, outcomes: [approve]"
DAILY = "allowance: {at-most: 200 EUR, of: price, per: day}"
MEND = "Write one entry for it, or give each its own condition in `when`."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (f"{AGAIN}}}", "without one"),
        (f"{AGAIN}, when: purchase.price <= 600}}", "without one"),
        (f"{AGAIN}, {DAILY}}}", "as long as another has room"),
        (f"{AGAIN}, when: purchase.price <= 600, {DAILY}}}", "as long as another has room"),
    ],
    ids=["any record", "the same records", "two allowances", "of the same records"],
)
def test_an_allowance_bounds_nothing_beside_a_grant_of_the_same(more: str, words: str) -> None:
    found = findings((LEADS, f"{LEADS}{more}\n"))

    assert found == [
        f"KP0320? the allowance bounds nothing: `lead` may take `approve` {words} | {MEND}"
    ]


@pytest.mark.parametrize(
    "more", [f"{AGAIN}, when: purchase.price > 600}}", f"{AGAIN.replace('[approve', '[refuse')}}}"]
)
def test_a_grant_for_other_records_or_outcomes_leaves_an_allowance_its_sense(more: str) -> None:
    assert findings((LEADS, f"{LEADS}{more}\n")) == []


@pytest.mark.parametrize(
    ("used", "words"),
    [
        (
            "{desk: {approve: 900 EUR}}",
            (
                "KP1012 `desk` has no allowance for `purchase/approve` | Leave it out, or add an"
                " `allowance` to its authority."
            ),
        ),
        (
            "{lead: {aprove: 900 EUR}}",
            (
                "KP1012 `lead` has no allowance for `purchase/aprove` | Leave it out, or add an"
                " `allowance` to its authority."
            ),
        ),
        (
            "{lead: {approve: 900 USD}}",
            "KP1012 the allowance of `lead` for `approve` is in EUR | Write it in EUR.",
        ),
        ("{leed: {approve: 900 EUR}}", "KP0104 there is no post `leed` | Write `lead`."),
    ],
)
def test_a_story_uses_up_only_what_is_there(used: str, words: str) -> None:
    assert findings(("{lead: {approve: 900 EUR}}", used), text=PURCHASE + STORY) == [words]


def test_nobody_may_decide_a_case_that_counts_for_more_than_a_whole_period_has() -> None:
    text = PURCHASE.replace("      - {decide: purchase/approve, outcomes: [refuse]}\n", "")

    assert findings(
        ("          refuse: {then: refused}\n", ""),
        ("      refused: {end: true, state: refused}\n", ""),
        (", refused: {end: true}}", "}"),
        (", new -> refused]", "]"),
        text=text,
    ) == [
        (
            "KP0526 nobody may take an outcome when `purchase.price` is `5001` | Grant an outcome for"
            " that too, to a post in reach that carries `approver`."
        )
    ]
