"""Other systems: used, asked what they can be asked, and with somebody who answers for them."""

from kingpost.checks import check
from tests.checks.words import HERE, assert_says, edited, read, said

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


# --- calls ----------------------------------------------------------------------------------------

OWNED = f"{BANK}{BUREAU}, owner: control}}\n"
UNOWNED = f"{BANK}{BUREAU}}}\n"
FIRST = "    exceptions:\n"


def fails(effect: str, *raisers: str, name: str = "no-score") -> str:
    """Return the exceptions of the sound model, with one more before them."""
    raised_by = ", ".join(raisers or ("step/ask",))
    return f"{FIRST}      {name}: {{cause: system, raised-by: [{raised_by}], {effect}}} # !\n"


def test_a_failure_that_leads_elsewhere_is_owned_by_who_works_there() -> None:
    assert_says({BANK: UNOWNED, SORT: ASK, FIRST: fails("divert: examine")})


def test_a_failure_that_nobody_may_end_is_owned_by_nobody() -> None:
    suspended = "suspend: {clocks: stop, ends: {back: {then: resume}}}"

    assert_says(
        {BANK: UNOWNED, SORT: ASK, FIRST: fails(suspended).replace(" # !", "")},
        "KP0531 nobody answers for it when step `ask` cannot ask `bureau` | Add `owner` to"
        " interface `bureau`, or an exception that `step/ask` raises.",
    )
    assert_says({BANK: UNOWNED, SORT: ASK, FIRST: fails(suspended, "step/ask", "clerk")})


def asks_at(path: str) -> dict[str, str]:
    """Return the edits by which the bureau is asked under a path."""
    at = f'path: "{path}" # !\n   '
    return {BANK: OWNED.replace("path: /scores,", f"{at} ,"), SORT: ASK.replace(" # !", "")}


def test_a_field_fills_a_part_of_a_path() -> None:
    edits = asks_at("/claims/{claim.receipt}/{claim.amount}/{claim.band}")
    assert_says({old: new.replace(" # !", "") for old, new in edits.items()})


def test_a_part_of_a_path_names_a_field_that_is_there() -> None:
    assert_says(
        asks_at("/claims/{claim.bandd}"),
        "KP0106 there is no field `bandd` on object `claim` | Write `band`.",
    )
    assert_says(
        asks_at("/claims/{clam.band}"),
        "KP0105 there is no object `clam` | Write `claim`.",
    )


def test_a_part_of_a_path_can_be_written_in_one_way_and_by_everybody_on_the_way() -> None:
    assert_says(
        asks_at("/claims/{claim.urgent}/{claim.claimant}"),
        "KP0560 `claim.urgent` fills a part of the path of interface `bureau`, and is of type"
        " yes/no | Name a field of type text, choice, integer or date.",
        "KP0561? `claim.claimant` is personal and fills a part of the path of interface `bureau` |"
        " Send it in the body: paths stand in the logs of everybody on the way.",
    )


def test_a_part_of_a_path_is_filled_by_the_object_that_is_worked_on() -> None:
    other = (
        "objects:\n  note:\n    custodian: head\n    fields: {band: {type: text}}\n"
        "    states: {new: {begin: true}, gone: {end: true}}\n    moves: [new -> gone]\n"
    )

    findings = said(check(read(edited({"objects:\n": other, **asks_at("/x/{note.band}")}))))

    assert (
        "KP0545 object `note` fills a part of the path of interface `bureau`, and step `ask` works"
        " on `claim` | Name a field of `claim`, or ask through another interface."
    ) in findings


def test_an_answer_is_for_the_object_that_is_worked_on() -> None:
    other = (
        "objects:\n  note:\n    custodian: head\n    fields: {band: {type: text}}\n"
        "    states: {new: {begin: true}, gone: {end: true}}\n    moves: [new -> gone]\n"
    )
    bureau = f"{BANK}{BUREAU}, owner: control}}\n".replace("claim.band", "note.band")

    findings = said(check(read(edited({"objects:\n": other, BANK: bureau, SORT: ASK}))))

    assert (
        "KP0545 `band` of interface `bureau` fills object `note`, and step `ask` works on `claim`"
        " | Name a field of `claim`, or ask through another interface."
    ) in findings


def test_only_a_call_or_a_run_can_fail() -> None:
    assert_says(
        {FIRST: fails("divert: denied", "step/judge")},
        "KP0546 step `judge` raises exception `no-score`, and only a call or a run can fail | Name"
        " a `call`, a `run`, a role or an interface.",
    )


def test_one_failure_raises_one_exception() -> None:
    twice = fails("divert: examine") + fails("divert: examine", name="other").removeprefix(FIRST)
    assert_says(
        {BANK: OWNED, SORT: ASK.replace(" # !", ""), FIRST: twice},
        "KP0547 step `ask` raises `no-score` and `other` when it fails | Let it raise one of them.",
    )


def test_a_member_is_a_value_or_holds_others() -> None:
    send = ", send: {person: claim.claimant, person.age: claim.amount} # !\n"
    assert_says(
        {BANK: f"{BANK}{BUREAU}, owner: control{send}    }}\n", SORT: ASK.replace(" # !", "")},
        "KP0548 interface `bureau` sends `person` as a value, and `person.age` in it | Remove"
        " `person` or `person.age`.",
    )


def test_what_is_sent_is_an_expression_over_the_record() -> None:
    send = ", send: {amount: claim.amont} # !\n"
    assert_says(
        {BANK: f"{BANK}{BUREAU}, owner: control{send}    }}\n", SORT: ASK.replace(" # !", "")},
        "KP0601 `amont` is not a field of `claim` | Write `claim.amount`.",
    )


def test_a_system_sends_a_field_as_what_it_is() -> None:
    sends = "  portal: {begins: claim, schema: {claimant: text, amount: decimal}} # !\n"
    assert_says(
        {BANK: f"{BANK}{sends}"},
        "KP0549 interface `portal` sends `amount` as decimal, and the field is integer | Write"
        " `integer`.",
    )


def test_a_system_sends_what_a_case_requires() -> None:
    assert_says(
        {BANK: f"{BANK}  portal: {{begins: claim, schema: {{amount: integer}}}} {HERE}\n"},
        "KP0562 interface `portal` does not send `claimant`, which a case of workflow `claim`"
        " requires | Add `claimant: text` to `schema`.",
    )


def test_a_system_sends_nothing_that_the_form_does_not_take() -> None:
    sent = "schema: {claimant: text, urgent: yes/no}"
    assert_says(
        {BANK: f"{BANK}  portal: {{begins: claim, {sent}}} {HERE}\n"},
        "KP0562 interface `portal` sends `urgent`, which the form of workflow `claim` does not take"
        " | Remove it, or add it to `form` in `begins`.",
    )


def test_what_a_system_sends_belongs_to_a_workflow() -> None:
    assert_says(
        {BANK: "  bank: {title: The bank, schema: {claimant: text}}\n"},
        "KP0550 interface `bank` has `schema` and begins no workflow | Add `begins`, which says"
        " whose fields they are, or remove `schema`.",
    )


def test_what_kingpost_raises_itself_has_its_name() -> None:
    named = fails("divert: examine", name="call-failed")
    assert_says(
        {BANK: OWNED, SORT: ASK.replace(" # !", ""), FIRST: named},
        "KP0707 exception `call-failed` has the name of what Kingpost raises itself | Give it"
        " another id.",
    )


def story(answers: str) -> dict[str, str]:
    """Return a story in which the bureau answers, put before the workflows."""
    given = f"{{claim: {{claimant: Ines}}, calls: {{ask: {answers}}}}}"
    told = f"asked: {{given: {given}, then: {{open: examine}}}} {HERE}"
    return {"workflows:\n": f"scenarios:\n  {told}\nworkflows:\n"}


def test_a_story_lets_a_call_be_answered_with_what_is_taken_from_it() -> None:
    called = {BANK: OWNED, SORT: ASK.replace(HERE, "")}

    assert_says({**called, **story("{band: high}")})
    assert_says(
        {**called, **story("{bandd: high}")},
        "KP1013 there is no member `bandd` of interface `bureau` | Write `band`.",
    )
    assert_says(
        {**called, **story("[{band: high}, {colour: red}]")},
        "KP1013 there is no member `colour` of interface `bureau` | Name one that its `receive`"
        " takes.",
    )


def test_a_story_lets_a_call_be_answered_and_nothing_else() -> None:
    called = {BANK: OWNED, SORT: ASK.replace(HERE, "")}
    answers = story("{band: high}")["workflows:\n"]

    assert_says(
        {**called, "workflows:\n": answers.replace("ask:", "examine:")},
        "KP1007 `examine` is not a call, which `calls` asks for | Name a step that asks another"
        " system.",
    )
    assert_says(
        {**called, "workflows:\n": answers.replace("ask:", "askk:")},
        "KP0110 there is no step `askk` in workflow `claim` | Write `ask`.",
    )
