"""Steps: who is addressed, what is recorded, how long it may take, and how cases begin."""

import pytest

from tests.checks.words import assert_says

BEGINS = "    begins: {form: [claimant, amount, kind], roles: [clerk]}"


def test_somebody_can_begin_a_case() -> None:
    assert_says(
        {BEGINS: "    begins: {form: [claimant, amount, kind]} # !"},
        "KP0510 nobody can begin a case of workflow `claim` | Name `roles` or `interfaces` in"
        " `begins`.",
    )


def test_the_form_asks_for_what_a_record_requires() -> None:
    assert_says(
        {BEGINS: "    begins: {form: [amount, kind], roles: [clerk]} # !"},
        "KP0511 the form of workflow `claim` leaves out the required field `claimant` | Add"
        " `claimant` to the form.",
    )


def test_case_numbers_tell_workflows_apart() -> None:
    second = """\
  second:
    title: Second
    object: claim
    owner: head
    prefix: CLM # !
    begins: {form: [claimant], roles: [clerk]}
    steps:
      look: {task: Look, role: clerk, state: open, then: gone}
      gone: {state: denied, end: true}
"""
    assert_says(
        {"workflows:\n  claim:\n": f"workflows:\n{second}  claim:\n",
         "workflows: [claim]": "workflows: [claim, second]"},
        "KP0512 workflows `claim` and `second` number their cases with the same prefix `CLM` | Give"
        " one of them another prefix.",
    )  # fmt: skip


def test_an_interface_is_there_for_something() -> None:
    assert_says(
        {"  bank: {title: The bank}": "  bank: {title: The bank}\n  post-office: {title: Post}"},
        "KP0513? nothing uses interface `post-office` | Let it begin a workflow or deliver a"
        " message, or remove it.",
    )


def test_a_decision_is_due() -> None:
    assert_says(
        {"        due: 4 working hours\n": "", "      judge:\n": "      judge: # !\n",
         "share-of: workflow/claim/step/judge,": "share-of: workflow/claim/step/examine,"},
        "KP0514 decision `judge` has no due time | Add `due`, such as `1 working day`.",
    )  # fmt: skip


def test_the_addressed_post_carries_the_role() -> None:
    assert_says(
        {"else: counter}": "else: control} # !"},
        "KP0515 step `examine` is addressed to post `control`, which does not carry role `clerk` |"
        " Add `clerk` to the `roles` of the post, or address another.",
    )


def test_a_field_that_addresses_holds_a_post() -> None:
    assert_says(
        {"{field: handler,": "{field: receipt,"},
        "KP0516 step `examine` is addressed by field `receipt`, which holds text and no post | Name"
        " a field of type post, or make `receipt` one.",
    )


def test_what_is_required_can_be_recorded() -> None:
    assert_says(
        {"        requires: [receipt]": "        requires: [receipt, amount] # !"},
        "KP0517 field `amount` is required here and cannot be recorded here | Add `amount` to"
        " `records`.",
    )
    assert_says(
        {"grant: {title: Grant, then: pay}": "grant: {title: Grant, requires: [band], then: pay}"},
        "KP0517 field `band` is required here and cannot be recorded here | Add `band` to"
        " `records`.",
    )


def test_a_wait_says_who_records() -> None:
    assert_says(
        {"        limit: 30 days": "        records: [receipt] # !\n        limit: 30 days"},
        "KP0518 wait `pay` lets fields be recorded, and does not say by which role | Add `role`.",
    )


def test_steps_are_kept_apart_from_steps_of_people() -> None:
    assert_says(
        {"separate-from: [examine]": "separate-from: [examine, judge]"},
        "KP0522 step `judge` is kept apart from itself | Name another step.",
    )
    assert_says(
        {"separate-from: [examine]": "separate-from: [sort]"},
        "KP0522 step `sort` is performed by nobody, so nobody is kept apart from it | Name a task"
        " or a decision.",
    )


def test_a_choice_picks_the_due_time() -> None:
    assert_says(
        {"{by: kind, fire: 1 working day, water: 2 days}": "{by: receipt, fire: 1 working day}"},
        "KP0523 the due time is picked by field `receipt`, which is no choice | Name a choice field"
        " in `by`.",
    )


def test_every_choice_has_a_due_time() -> None:
    assert_says(
        {"{by: kind, fire: 1 working day, water: 2 days}": "{by: kind, fire: 1 working day}"},
        "KP0524 the due time says nothing for `water` of field `kind` | Add `water` with a length.",
    )


def test_a_wait_ends_at_the_time_of_a_field_that_holds_one() -> None:
    assert_says(
        {"        limit: 30 days\n": "        until: receipt # !\n"},
        "KP0535 wait `pay` ends at the time of field `receipt`, which holds text and no time | Name"
        " a field of type date or datetime, or make `receipt` one.",
    )


def test_a_wait_that_only_a_time_ends_must_know_it() -> None:
    day = "      receipt:  {title: Receipt, type: text}\n"
    edits = {
        day: f"{day}      pay-on: {{type: date}}\n",
        "records: [urgent, receipt]": "records: [urgent, receipt, pay-on]",
        "        messages:\n          was-paid: {title: Paid, from: [interface/bank, role/clerk],"
        " then: paid}\n        limit: 30 days\n": "        until: pay-on\n",
        "        then: examine\n": "        then: paid\n",
        "  bank: {title: The bank}\n": "  bank: {title: The bank, begins: claim}\n",
    }
    assert_says(
        {**edits, "      pay:\n": "      pay: # !\n"},
        "KP0527 `sort` → `examine` → `judge` by outcome `grant` → `pay`: the case cannot go on"
        " from `pay`: `pay-on`, which says when it ends, is empty | Record what is missing before"
        " it, or add a way on for that.",
    )
    assert_says({**edits, "requires: [receipt]": "requires: [receipt, pay-on]"})


@pytest.mark.parametrize(
    ("senders", "field", "said", "advice"),
    [
        (
            "interface/bank, role/clerk",
            "urgent",
            "field `urgent`, which holds yes/no",
            "Name a field of type text, integer or reference that both sides know.",
        ),
        (
            "interface/bank, role/clerk",
            "claimant",
            "field `claimant`, which is personal: it would be kept outside the case",
            "Name a field that says nothing of a person, such as a number of the order.",
        ),
        (
            "role/clerk",
            "receipt",
            "field `receipt`, and no system may send it",
            "Name an interface in `from`, or leave out `by`: people see the case.",
        ),
        (
            "interface/bank",
            "parcel",
            "field `parcel`, which nothing fills",
            "Add `parcel` to the form or to the `records` of a step, or name another.",
        ),
    ],
)
def test_a_message_is_led_to_its_case_by_a_value_that_a_system_may_know(
    senders: str, field: str, said: str, advice: str
) -> None:
    edits = {
        "from: [interface/bank, role/clerk],": f"from: [{senders}], by: {field},",
        "then: paid}\n        limit": "then: paid} # !\n        limit",
    }
    if field == "parcel":
        handler = "      handler:  {title: Handler, type: post}\n"
        edits[handler] = f"{handler}      parcel: {{title: Parcel, type: text}}\n"
    if "bank" not in senders:
        edits["  bank: {title: The bank}\n"] = "  bank: {title: The bank, begins: claim}\n"
    assert_says(edits, f"KP0536 message `was-paid` is found by {said} | {advice}")


def test_a_message_may_be_led_by_a_number_that_both_sides_know() -> None:
    assert_says({"from: [interface/bank, role/clerk],": "from: [interface/bank], by: receipt,"})
