"""Fields and lifecycles."""

from tests.checks.words import assert_says

STATES = "    states:\n"
DENIED = "      denied: {title: Denied, end: true}\n"
MOVES = "    moves:\n"


def test_records_begin_in_one_state() -> None:
    assert_says(
        {STATES: "    # Where they begin\n    states:\n", "      new:    {title: New, begin: true}":
         "      new: {title: New} # !"},
        "KP0401 no state of object `claim` is the one in which records begin | Mark one state with"
        " `begin: true`.",
    )  # fmt: skip
    assert_says(
        {"{title: Held}": "{title: Held, begin: true} # !"},
        "KP0401 records of object `claim` begin in `new` and `held` at once | Keep `begin: true`"
        " on one state only.",
    )


def test_a_lifecycle_ends_somewhere() -> None:
    letter = """\
objects:
  letter:
    title: Letter
    custodian: head
    fields: {text: {title: Text, type: text}}
    states: {new: {title: New, begin: true}, old: {title: Old}} # !
    moves: [new -> old, old -> new]
  claim:
"""
    assert_says(
        {"objects:\n  claim:\n": letter.replace("  letter:", "  letter: # !")},
        "KP0406? no workflow works on object `letter` | Name it as the `object` of a workflow, or"
        " remove it.",
        "KP0402 no state of object `letter` is final | Mark at least one with `end: true`.",
    )


def test_nothing_leads_out_of_a_final_state() -> None:
    assert_says(
        {MOVES: "    moves:\n      - paid -> open # !\n"},
        "KP0403 state `paid` is final, and a move leads from it to `open` | Remove the move, or"
        " `end: true` from `paid`.",
    )


def test_a_state_that_is_not_final_can_be_left() -> None:
    assert_says(
        {"      - held -> open\n": "",
         "      held:   {title: Held}": "      held:   {title: Held} # !",
         "          state: held\n": "          state: held # !\n"},
        "KP0404 state `held` of object `claim` has no way out | Add a move from `held`, or mark it"
        " `end: true`.",
        "KP0704 exception `papers-missing` cannot put the record back from state `held` into"
        " `open`: the lifecycle of `claim` has no such move | Add the move `held -> open` to object"
        " `claim`.",
    )  # fmt: skip


def test_every_state_can_be_come_to() -> None:
    assert_says(
        {DENIED: f"{DENIED}      lost: {{title: Lost, end: true}} # !\n"},
        "KP0405 no moves lead from the begin state to state `lost` of object `claim` | Add a move"
        " to `lost`, or remove the state.",
    )


def test_every_state_is_set_by_some_step() -> None:
    assert_says(
        {DENIED: f"{DENIED}      lost: {{title: Lost, end: true}} # !\n",
         MOVES: "    moves:\n      - open -> lost\n"},
        "KP0407 no step sets state `lost` of object `claim` | Write `state: lost` in a step, or"
        " remove the state.",
    )  # fmt: skip


def test_the_state_has_its_name_for_itself() -> None:
    assert_says(
        {"    fields:\n": "    fields:\n      state: {title: State, type: text} # !\n"},
        "KP0409 field `state` of object `claim` hides the state of the record | Give the field"
        " another id.",
    )


def test_a_choice_has_something_to_choose_from() -> None:
    assert_says(
        {"      urgent:   {title: Urgent, type: yes/no}\n":
         "      urgent:   {title: Urgent, type: yes/no}\n"
         "      mood: {title: Mood, type: choice} # !\n"},
        "KP0408 choice field `mood` has nothing to choose from | List its values in `of`.",
    )  # fmt: skip


def test_only_a_choice_lists_choices() -> None:
    assert_says(
        {"{title: Receipt, type: text}": "{title: Receipt, type: text, of: [short, long]}"},
        "KP0410 field `receipt` holds text and lists choices | Write `type: choice`, or remove"
        " `of`.",
    )


def test_a_list_of_choices_has_something_to_choose_from() -> None:
    assert_says(
        {"{title: Receipt, type: text}": "{title: Receipt, type: list, of: {type: choice}}"},
        "KP0408 choice field `receipt` has nothing to choose from | List its values in `of`.",
    )


def test_money_is_in_a_currency() -> None:
    assert_says(
        {"{title: Receipt, type: text}": "{title: Receipt, type: list, of: money}"},
        "KP0411 field `receipt` holds money, and nothing says in which currency |"
        " Write `currency: EUR` at the top of the model, or at the field.",
    )
    assert_says(
        {
            "{title: Receipt, type: text}": "{title: Receipt, type: money}",
            "company: ": "currency: EUR\ncompany: ",
        }
    )


def test_amounts_in_two_currencies_are_not_compared() -> None:
    fields = (
        "{title: Receipt, type: text}\n"
        "      cost: {title: Cost, type: money, currency: EUR}\n"
        "      paid: {title: Paid, type: money, currency: USD}"
    )
    assert_says(
        {
            "{title: Receipt, type: text}": fields,
            '"claim.urgent = true"': '"claim.cost > claim.paid"',
        },
        "KP0601 `>` cannot compare money in EUR with money in USD |"
        " Compare money in EUR with money in EUR.",
    )


def test_a_reference_names_an_object() -> None:
    assert_says(
        {"{title: Receipt, type: text}": "{title: Receipt, type: reference, of: clam}"},
        "KP0105 there is no object `clam` | Write `claim`.",
    )


def test_a_name_in_a_list_of_fields_may_be_that_of_a_group() -> None:
    group = "{title: Receipt, type: group, fields: {number: {type: text}, day: {type: date}}}"
    assert_says(
        {
            "{title: Receipt, type: text}": group,
            "requires: [receipt]": "requires: [receipt.day]",
            "shows: [amount, receipt]": "shows: [amount, recept, receipt, receipt.date] # !",
        },
        "KP0106 there is no field `recept` on object `claim` | Write `receipt`.",
        "KP0106 there is no field `receipt.date` on object `claim` | Write `receipt.day`.",
    )


def test_values_of_a_choice_without_any_are_not_reported_again() -> None:
    assert_says(
        {"type: choice, of: [low, high]}": "type: choice}"},
        "KP0408 choice field `band` has nothing to choose from | List its values in `of`.",
    )


def test_an_object_does_not_take_a_name_that_every_expression_has() -> None:
    entered = """\
objects:
  entered: # !
    title: Entered
    custodian: head
    fields: {text: {title: Text, type: text}}
    states: {new: {title: New, begin: true}, old: {title: Old, end: true}}
    moves: [new -> old]
  claim:
"""
    assert_says(
        {"objects:\n  claim:\n": entered},
        "KP0406? no workflow works on object `entered` | Name it as the `object` of a workflow, or"
        " remove it.",
        "KP0409 `entered` has a meaning of its own in expressions | Give the object another id.",
    )
