"""Conditions, and decision tables tried over all their inputs."""

import pytest

from kingpost.checks import check
from tests.checks.words import HERE, assert_says, edited, read, said

ROWS = """\
      - ['"fire"', "<= 100", '"low"']
      - ['"fire"', "> 100", '"high"']
      - ['"water"', "-", '"low"']
"""
INPUTS = "    inputs: {kind: claim.kind, amount: claim.amount}\n"


def test_a_condition_yields_yes_or_no() -> None:
    assert_says(
        {'when: "claim.amount > 100"': 'when: "claim.amount + 100"'},
        "KP0601 this place expects yes/no, found a number | Write a condition such as `a > 1`.",
    )


GRANTED = 'when: "claim.amount > 100"'
ALWAYS = 'always: "claim.claimant != null"'
NEVER = (
    "KP0616 the condition never holds, whatever the record says | Correct it, or remove what it is"
    " to decide."
)
ALWAYS_HOLDS = "KP0616? the condition holds whatever the record says | Leave it out, or correct it."
NULL = (
    "KP0616 the condition is null whatever the record says, and a null decides nothing | Correct"
    " it, or remove what it is to decide."
)


def test_a_condition_comes_out_one_way_or_the_other() -> None:
    assert_says({GRANTED: "when: 'false'"}, NEVER)
    assert_says({GRANTED: "when: '2 * 3 > 10 and claim.amount > 1'"}, NEVER)
    assert_says({GRANTED: "when: 'null'"}, NULL)


@pytest.mark.parametrize(
    "text",
    [
        "false",
        "null and null",
        "claim.amount > 5 and claim.amount < 3",
        "claim.amount = null and claim.amount >= 0",
        "claim.claimant = null and claim.claimant != null",
    ],
)
def test_no_record_can_be_in_a_state_whose_invariant_contradicts_itself(text: str) -> None:
    assert_says(
        {ALWAYS: f'always: "{text}"'},
        f"KP0616 no record can ever be in state `open`: what it asks for never holds | Correct"
        f" `{text}`, which no record fulfils.",
    )


@pytest.mark.parametrize(
    "text", ["claim.state = 'new'", "claim.state != 'open' and claim.amount > 5"]
)
def test_no_record_can_be_in_a_state_whose_invariant_asks_for_another(text: str) -> None:
    assert_says(
        {ALWAYS: f'always: "{text}"'},
        f"KP0616 no record can ever be in state `open`: what it asks for never holds | Correct"
        f" `{text}`, which no record fulfils.",
    )


def test_an_invariant_need_not_ask_for_its_own_state() -> None:
    assert_says({ALWAYS: "always: \"claim.state = 'open'\""}, ALWAYS_HOLDS)
    assert_says({ALWAYS: "always: \"claim.state = 'open' and claim.amount < 9999\""})


@pytest.mark.parametrize(
    "text",
    [
        "claim.amount > 5 and claim.amount < 3",
        "claim.amount between 9 and 3",
        "not(claim.amount > 5) and claim.amount in (5..8]",
        "claim.urgent = true and not(claim.urgent)",
        "claim.state = 'new' and claim.state = 'paid'",
    ],
)
def test_a_condition_never_holds_that_contradicts_itself(text: str) -> None:
    assert_says({GRANTED: f'when: "{text}"'}, NEVER)


@pytest.mark.parametrize(
    "text",
    [
        "claim.amount > 5 or claim.amount <= 5 or claim.amount = null",
        "claim.urgent = true or claim.urgent != true",
    ],
)
def test_a_condition_always_holds_that_leaves_nothing_out(text: str) -> None:
    assert_says({GRANTED: f'when: "{text}"'}, ALWAYS_HOLDS)


@pytest.mark.parametrize(
    "text",
    [
        # An empty field leaves it open, and no null decides.
        "claim.amount > 5 or claim.amount <= 5",
        "claim.amount > 3 and claim.amount < 5",
        # Beyond comparisons with what is written nothing is said.
        "claim.amount > 2 * claim.amount and claim.amount < 0",
        "claim.claimant > 'b' and claim.claimant < 'a'",
    ],
)
def test_nothing_is_said_of_a_condition_that_some_record_may_fulfil(text: str) -> None:
    assert_says({GRANTED: f'when: "{text}"'})


def test_a_condition_that_always_holds_need_not_be_written() -> None:
    assert_says(
        {GRANTED: "when: '10**10**10 > 1'"},
        ALWAYS_HOLDS,
    )


def test_a_way_that_is_never_taken_is_told_once() -> None:
    assert_says({'when: "claim.urgent = true"': "when: 'not(true)'"}, NEVER)


def test_an_operation_that_never_has_a_value_is_told_at_its_column() -> None:
    text = edited({GRANTED: "when: 'claim.urgent and claim.amount / 0 > 1'"})
    (finding,) = check(read(text))

    assert said([finding]) == ["KP0601 nothing can be divided by 0 | Divide by something else."]
    assert finding.place is not None
    line = text.splitlines()[finding.place.line - 1]
    assert line[finding.place.column - 1 :].startswith("claim.amount / 0")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ALWAYS, 'always: "claim.¶claimnt != null"'),
        (GRANTED, 'when: "claim.¶amounts > 100"'),
        (GRANTED, "when: claim.¶amounts > 100"),
        (GRANTED, 'when: "\\x63laim.¶amounts > 100"'),
        (GRANTED, "when: 'claim.kind = ''fire'' and claim.¶amounts > 100'"),
        ('when: "claim.urgent = true"', 'when: "claim.¶urgnt = true"'),
        ('when: "claim.urgent = true"', 'when: "claim.amount > 5 and\n              ¶urgnt"'),
        ("claim.kind, amount: claim.amount", "claim.¶kynd, amount: claim.amount"),
        ("claim.kind, amount: claim.amount", "{value: claim.¶kynd}, amount: claim.amount"),
        ('"<= 100"', '"<= claim.¶amounts"'),
        ('[\'"fire"\', "<= 100"', '[\'fire, ¶"watre"\', "<= 100"'),
        ("outputs: [band]", "outputs: {band: {default: ¶hihg}}"),
        (
            "that: within-due, window: 30 days}\n",
            "that: within-due, where: 'claim.¶amounts = 1'}\n",
        ),
        ('clause: "7"}, owner', "clause: \"7\"}, applies: 'claim.¶amounts = 1', owner"),
        ("workflows: [claim], exit", "workflows: [claim], entry: 'claim.¶amounts = 1', exit"),
    ],
)
def test_what_is_wrong_in_an_expression_is_told_where_it_is_written(old: str, new: str) -> None:
    before, after = edited({old: new}).split("¶")
    (finding,) = check(read(before + after))

    assert finding.code == "KP0601"
    assert finding.place is not None
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (finding.place.line, finding.place.column) == (line, column)


def test_a_table_answers_everything() -> None:
    assert_says(
        {'"> 100"': '"> 200"', '"<= 100", \'"low"\']': '"<= 100", \'"low"\'] # !'},
        "KP0602 no row of rule `band` answers when `kind` is `fire` and `amount` is `200` | Add a"
        " row for it, or one with `-` that answers the rest.",
    )


def test_an_example_is_a_number_as_people_write_it() -> None:
    assert_says(
        {'"<= 100", \'"low"\']': '"<= 10", \'"low"\'] # !'},
        "KP0602 no row of rule `band` answers when `kind` is `fire` and `amount` is `50` | Add a"
        " row for it, or one with `-` that answers the rest.",
    )


def test_several_gaps_are_told_together() -> None:
    assert_says(
        {ROWS: '      - [\'"fire"\', "[1..10]", \'"low"\']\n'},
        "KP0602 no row of rule `band` answers when `kind` is `water`, nor when `amount` is `0` |"
        " Add a row for it, or one with `-` that answers the rest.",
    )


def test_whole_numbers_leave_no_gap_between_neighbours() -> None:
    assert_says({'"> 100"': '">= 101"'})


def test_two_rows_of_a_unique_table_do_not_both_answer() -> None:
    assert_says(
        {"      - ['\"fire\"', \"> 100\", '\"high\"']\n":
         "      - ['\"fire\"', \">= 100\", '\"high\"'] # !\n"},
        "KP0603 rows 1 and 2 of rule `band` both answer when `kind` is `fire` and `amount` is `100`"
        " | Narrow one of them, or write `hit-policy: first`.",
    )  # fmt: skip


def test_rows_that_agree_may_both_answer_when_any_does() -> None:
    both = {'"> 100"': '">= 100"', "hit-policy: unique": "hit-policy: any"}
    assert_says({**both, "'\"high\"'": "'\"low\"'"})
    assert_says(
        both,
        "KP0603 rows 1 and 2 of rule `band` both answer, differently, when `kind` is `fire` and"
        " `amount` is `100` | Narrow one of them, or write `hit-policy: first`.",
    )


def test_a_row_behind_others_never_answers() -> None:
    assert_says(
        {"hit-policy: unique": "hit-policy: first",
         ROWS: "      - ['-', '-', '\"low\"']\n"
               f"      - ['\"fire\"', '> 1', '\"high\"'] {HERE}\n"},
        "KP0604 row 2 of rule `band` never answers: the rows above it answer first | Move it up, or"
        " remove it.",
    )  # fmt: skip


def test_a_row_that_contradicts_itself_never_answers() -> None:
    assert_says(
        {ROWS: f'{ROWS}      - [\'"fire"\', "(5..5)", \'"high"\'] # !\n'},
        "KP0604 row 4 of rule `band` never answers | Correct its tests, or remove it.",
    )


def test_a_row_has_a_cell_for_each_column() -> None:
    assert_says(
        {'[\'"water"\', "-", \'"low"\']': "['\"water\"', '\"low\"'] # !"},
        "KP0608 row 3 of rule `band` has 2 cells, and the table has 3 columns | Write a cell for"
        " each input, each output and each annotation; `-` accepts everything.",
    )


def test_a_table_whose_row_is_too_short_is_not_tried() -> None:
    tests = "    tests:\n      - {title: all, given: {claim: {kind: fire}}, expect: low}\n"
    cells = '      - [\'"water"\', "-", \'"low"\']\n'
    assert_says(
        {cells: f"      - ['\"water\"'] # !\n{tests}"},
        "KP0608 row 3 of rule `band` has 1 cell, and the table has 3 columns | Write a cell for"
        " each input, each output and each annotation; `-` accepts everything.",
    )


def test_what_is_beyond_the_search_is_said() -> None:
    assert_says(
        {'"> 100"': '"odd(?)"'},
        "KP0605? input `amount` in row 2 of rule `band` is beyond the search for gaps and overlaps:"
        " it computes with the input | Test it with values, comparisons and ranges, or try the rule"
        " by scenarios.",
    )
    assert_says(
        {
            '"> 100"': '"> claim.size"',
            "      urgent:   {": "      size: {type: integer}\n      urgent:   {",
        },
        "KP0605? input `amount` in row 2 of rule `band` is beyond the search for gaps and overlaps:"
        " it reads `claim.size` | Test it with values, comparisons and ranges, or try the rule by"
        " scenarios.",
    )


def test_what_is_beyond_the_search_hides_nothing_else() -> None:
    assert_says(
        {ROWS: f"""\
      - ['"fire"', "odd(?)", '"low"'] {HERE}
      - ['"fire"', "> 100", '"high"']
      - ['"water"', "(5..5)", '"low"'] {HERE}
""", "    rows:": f"    rows: {HERE}"},
        "KP0602 no row of rule `band` answers when `kind` is `water` | Add a row for it, or one"
        " with `-` that answers the rest.",
        "KP0605? input `amount` in row 1 of rule `band` is beyond the search for gaps and overlaps:"
        " it computes with the input | Test it with values, comparisons and ranges, or try the rule"
        " by scenarios.",
        "KP0604 row 3 of rule `band` never answers | Correct its tests, or remove it.",
    )  # fmt: skip


def test_a_constant_may_be_computed() -> None:
    assert_says({'"> 100"': '"> abs(-100)"'})


def test_one_row_in_the_way_of_many_is_one_finding() -> None:
    assert_says(
        {ROWS: f"{ROWS}      - ['-', \"-\", '\"low\"'] {HERE}\n"},
        "KP0603 rows 1 and 4 of rule `band` both answer when `kind` is `fire` and `amount` is"
        " `100`; so does row 4 with rows 2 and 3 | Narrow one of them, or write"
        " `hit-policy: first`.",
    )


def test_inputs_that_read_the_same_field_may_never_meet_in_a_gap() -> None:
    assert_says(
        {INPUTS: "    inputs: {kind: claim.amount > 5, amount: claim.amount}\n",
         ROWS: "      - ['true', \"> 5\", '\"low\"']\n      - ['false', \"<= 5\", '\"low\"']\n"},
        "KP0602? no row of rule `band` answers when `kind` is `true` and `amount` is `4`, nor when"
        " `kind` is `false` and `amount` is `6` | Add a row for it, or one with `-` that answers"
        " the rest. It may never occur, for `kind` and `amount` read the same field.",
    )  # fmt: skip


def test_a_rule_reads_the_object_of_its_workflow() -> None:
    letter = """\
objects:
  letter:
    title: Letter
    custodian: head
    fields: {size: {title: Size, type: integer}, urgent: {title: Urgent, type: yes/no}}
    states: {new: {title: New, begin: true}, sent: {title: Sent, end: true}}
    moves: [new -> sent]
  claim:
"""
    rule = """\
rules:
  express:
    object: letter
    inputs: {size: letter.size}
    outputs: [urgent]
    rows: [["-", "true"]]
"""
    findings = check(
        read(
            edited(
                {
                    "objects:\n  claim:\n": letter,
                    "rules:\n": rule,
                    "sort: {title: Sort, rule: band,": "sort: {title: Sort, rule: express,",
                }
            )
        )
    )
    assert said(findings) == [
        (
            "KP0406? no workflow works on object `letter` | Name it as the `object` of a workflow,"
            " or remove it."
        ),
        "KP0607? no step evaluates rule `band` | Name it as the `rule` of a step, or remove it.",
        (
            "KP0606 rule `express` is about object `letter`, and workflow `claim` works on `claim`"
            " | Name a rule about `claim`."
        ),
    ]
