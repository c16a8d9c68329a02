"""Other systems: used, asked what they can be asked, and with somebody who answers for them."""

from tests.checks.words import assert_says

BANK = "  bank: {title: The bank}\n"
BUREAU = "  bureau: {kind: outbound, method: POST, path: /scores, receive: {band: claim.band}"
SORT = "      sort: {title: Sort, rule: band, then: examine}\n"
ASK = (
    "      sort: {title: Sort, rule: band, then: ask}\n      ask:\n"
    "        call: bureau # !\n        then: examine\n"
)


def test_somebody_owns_the_failure_of_a_call() -> None:
    assert_says(
        {BANK: f"{BANK}{BUREAU}}}\n", SORT: ASK},
        "KP0531 nobody answers for it when step `ask` cannot ask `bureau` | Add `owner` to"
        " interface `bureau`, or an exception that `step/ask` raises.",
    )


def test_a_call_whose_interface_has_an_owner_is_sound() -> None:
    assert_says({BANK: f"{BANK}{BUREAU}, owner: control}}\n", SORT: ASK})


def test_only_an_outbound_interface_can_be_asked() -> None:
    assert_says(
        {SORT: ASK.replace("call: bureau", "call: bank")},
        "KP0532 step `ask` asks interface `bank`, which is not outbound | Name an outbound"
        " interface.",
    )


def test_an_outbound_interface_is_asked_somewhere() -> None:
    assert_says(
        {BANK: f"{BANK}{BUREAU}, owner: control}} # !\n"},
        "KP0513? nothing uses interface `bureau` | Name it in a `call`, or remove it.",
    )


def test_a_workflow_that_begins_by_itself_needs_nobody() -> None:
    assert_says(
        {
            "begins: {form: [claimant, amount, kind], roles: [clerk]}": (
                "begins: {form: [claimant, amount, kind], schedule: every Mon at 08:00}"
            )
        }
    )
