"""Cases that a step begins: it may, their forms are filled in, values have a place, and it ends."""

import pytest

from tests.checks.words import assert_says

SORT = "      sort: {title: Sort, rule: band, then: examine}\n"
BEGINS = "begins: {form: [claimant, amount, kind], roles: [clerk]}"
ALSO = "begins: {form: [claimant, amount, kind], roles: [clerk], workflows: [claim]}"
LIST = "      amount:   {title: Amount, type: integer}\n"
FIELDS = f"{LIST}      parts: {{title: Parts, type: list, of: text}}\n"
ROUTED = "then: [{when: 'claim.band = \"high\"', go: other}, {else: examine}]"
PARTS = {LIST: FIELDS, BEGINS: ALSO}


def run(said: str, then: str = ROUTED) -> dict[str, str]:
    """Return the edit by which a claim may begin others."""
    return {
        SORT: (
            f"      sort: {{title: Sort, rule: band, {then}}}\n"
            f"      other: {{title: Others, run: {said}, then: examine}} # !\n"
        )
    }


@pytest.mark.parametrize(
    "said",
    [
        "claim",
        "{workflow: claim, each: parts, with: {claimant: each}}",
        "{workflow: claim, brings: {receipt: receipt}, waits: any}",
        "{workflow: claim, each: parts, brings: {parts: state}}",
    ],
)
def test_a_step_may_begin_cases_of_a_workflow_that_lets_it(said: str) -> None:
    assert_says({**PARTS, **run(said)})


def test_the_other_workflow_says_who_may_begin_it() -> None:
    assert_says(
        run("claim"),
        "KP0555 step `other` begins workflow `claim`, which does not let `claim` begin it | Add"
        " `claim` to `workflows` in `begins` of workflow `claim`.",
    )


def test_a_case_for_each_goes_through_a_list() -> None:
    assert_says(
        {**PARTS, **run("{workflow: claim, each: amount}")},
        "KP0556 step `other` begins a case for each of `amount`, which is integer | Name a field of"
        " type `list`, or remove `each`.",
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "{workflow: claim, brings: {parts: receipt}, each: amount}",
            (
                "KP0556 step `other` begins a case for each of `amount`, which is integer | Name a"
                " field of type `list`, or remove `each`."
            ),
        ),
        (
            "{workflow: claim, brings: {receipt: receipt}, each: parts}",
            (
                "KP0558 each case of step `other` brings `receipt`, and `receipt` is no list | Let"
                " `receipt` be a list of text."
            ),
        ),
        (
            "{workflow: claim, brings: {amount: receipt}}",
            (
                "KP0558 `amount` takes integer, and step `other` brings `receipt`, which is text |"
                " Name fields of one type."
            ),
        ),
        (
            "{workflow: claim, brings: {receipt: claimant}}",
            (
                "KP0558 `claimant` is personal, and `receipt`, which it fills, is not | Add `class:"
                " personal` to field `receipt`."
            ),
        ),
        (
            "{workflow: claim, brings: {receipt: receipt}, waits: none}",
            (
                "KP0558 step `other` waits for no case, and so none brings `receipt` | Write"
                " `waits: all` or `waits: any`."
            ),
        ),
        (
            "{workflow: claim, brings: {receipt: recept}}",
            "KP0106 there is no field `recept` on object `claim` | Write `receipt`.",
        ),
        (
            "{workflow: claim, with: {amont: 5}}",
            ("KP0106 there is no field `amont` in the form of workflow `claim` | Write `amount`."),
        ),
        (
            "{workflow: claim, with: {amount: claim.claimant}}",
            "KP0601 this place expects a number, found text | Write a number.",
        ),
    ],
)
def test_what_cases_bring_and_are_given_has_its_place(said: str, words: str) -> None:
    assert_says({**PARTS, **run(said)}, words)


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        ("choice, of: [ash, oak, elm]", "choice, of: [elm, oak]", ""),
        ("decimal", "integer", ""),
        ("list, of: decimal", "list, of: integer", ""),
        ("money, currency: EUR", "money, currency: EUR", ""),
        (
            "integer",
            "decimal",
            (
                "takes integer, and step `other` brings `there`, which is decimal | Name fields of"
                " one type."
            ),
        ),
        (
            "choice, of: [ash, oak]",
            "choice, of: [elm, oak]",
            (
                "takes a choice of `ash` and `oak`, and step `other` brings `there`, which is a"
                " choice of `elm` and `oak` | Add `elm` to the choices of `here`."
            ),
        ),
        (
            "money, currency: EUR",
            "money, currency: USD",
            (
                "takes money in EUR, and step `other` brings `there`, which is money in USD | Name"
                " fields of one currency."
            ),
        ),
        (
            "list, of: integer",
            "list, of: text",
            (
                "takes a list of integer, and step `other` brings `there`, which is a list of text"
                " | Name fields of one type."
            ),
        ),
    ],
)
def test_every_value_that_a_case_brings_has_a_place(here: str, there: str, words: str) -> None:
    fields = (
        f"{LIST}      here: {{title: Here, type: {here}}}\n"
        f"      there: {{title: There, type: {there}}}\n"
    )

    assert_says(
        {LIST: fields, BEGINS: ALSO, **run("{workflow: claim, brings: {here: there}}")},
        *([f"KP0558 `here` {words}"] if words else []),
    )


# A company that has slips too: a case of one says who.
SLIP = {
    "      - open -> denied\n": (
        "      - open -> denied\n"
        "  slip:\n    title: Slip\n    custodian: head\n"
        "    fields: {who: {title: Who, type: text, required: true}}\n"
        "    states: {new: {title: New, begin: true}, old: {title: Old, end: true}}\n"
        "    moves: [new -> old]\n"
    ),
    "workflows:\n": (
        "workflows:\n  slip:\n    title: Slip\n    object: slip\n    owner: head\n"
        "    prefix: SL\n    begins: {form: [who], workflows: [claim]}\n"
        "    steps: {end: {title: Over, state: old, end: true}}\n"
    ),
    'settle: {title: Settle, workflows: [claim], exit: \'claim.state = "paid" or'
    ' claim.state = "denied"\'}': "settle: {title: Settle, workflows: [claim, slip]}",
}


def test_a_required_field_of_another_form_is_filled_in() -> None:
    assert_says(
        {
            **PARTS,
            **run("{workflow: slip, each: parts}"),
            **SLIP,
        },
        "KP0557 step `other` leaves `who` empty, which a case of workflow `slip` requires | Add"
        " `who` to `with`, with an expression for it.",
    )


def test_a_misspelt_field_leaves_no_other_one_empty() -> None:
    assert_says(
        {**PARTS, **run("{workflow: slip, each: parts, with: {whoo: each}}"), **SLIP},
        "KP0106 there is no field `whoo` in the form of workflow `slip` | Write `who`.",
    )


# --- it ends --------------------------------------------------------------------------------------

ALWAYS = (
    "KP0559 a case of workflow `claim` always begins one of `claim`, and this goes on without end"
    " | Let a way lead to the end past the step."
)


def test_cases_that_always_begin_each_other_never_end() -> None:
    assert_says({**PARTS, **run("claim", "then: other")}, ALWAYS)


def test_cases_for_each_of_a_list_end_with_an_empty_list() -> None:
    assert_says({**PARTS, **run("{workflow: claim, each: parts}", "then: other")})


def test_going_round_in_circles_is_no_chain_of_cases() -> None:
    around = (
        "      sort: {title: Sort, rule: band, then: other} # !\n"
        "      other: {title: Others, run: claim, then: sort}\n"
        "      examine: # !\n"
    )
    assert_says(
        {**PARTS, f"{SORT}      examine:\n": around},
        "KP0502 no end of the case can be reached from `sort` and `other` | Let one of them go on"
        " to an end.",
        "KP0501 no way leads to step `examine` | Write `go: examine` in a step before it, or remove"
        " it.",
    )


def test_waiting_for_none_does_not_end_a_chain() -> None:
    assert_says({**PARTS, **run("{workflow: claim, waits: none}", "then: other")}, ALWAYS)


def test_a_branch_that_always_begins_another_never_ends() -> None:
    phone = "                call: {task: Call, role: clerk, then: done}\n"
    again = "                call: {run: claim, then: done} # !\n"
    around = '          - {when: "claim.urgent = true", go: judge}\n          - {else: both}\n'

    assert_says({BEGINS: ALSO, phone: again})
    assert_says({BEGINS: ALSO, phone: again, around: "          - {else: both}\n"}, ALWAYS)
