"""Where a case would stop, with the shortest way to it in words."""

from tests.checks.words import assert_says

DENY = "      - {decide: claim/judge, outcomes: [deny]}\n"
LETTER = "letter: {task: Write, role: clerk, then: done}"
LIMIT = 'when: "claim.amount > 100"'
PAID = "      paid:   {state: paid, end: true}\n"
JUDGE = "      judge:\n        decision"
GRANT = "Grant an outcome for that too, to a post in reach that carries `judge`."
ADD = "Record what is missing before it, or add a way on for that."
HOLD = "Let one of the ways on hold at last, and lead to an end."


def test_somebody_may_decide_about_every_record_that_comes() -> None:
    assert_says(
        {DENY: "", JUDGE: JUDGE.replace(":\n", ": # !\n", 1)},
        "KP0526 `sort` → `examine` → `judge`: nobody may take an outcome when `claim.amount` is"
        f" `99` | {GRANT}",
    )


def test_where_it_cannot_be_told_whether_somebody_may_decide_this_is_said() -> None:
    assert_says(
        {DENY: "", LIMIT: 'when: "claim.amount * 2 > 100"',
         JUDGE: JUDGE.replace(":\n", ": # !\n", 1)},
        "KP0526? `sort` → `examine` → `judge`: perhaps nobody may take an outcome | " + GRANT,
    )  # fmt: skip


def test_a_limit_that_asks_a_function_may_hold_or_not() -> None:
    big = "  big: {parameters: {amount: integer}, value: amount > 100}\n"
    assert_says(
        {"rules:\n  band:\n": f"rules:\n{big}  band:\n", DENY: "",
         LIMIT: 'when: "big(claim.amount)"', JUDGE: JUDGE.replace(":\n", ": # !\n", 1)},
        "KP0526? `sort` → `examine` → `judge`: perhaps nobody may take an outcome | " + GRANT,
    )  # fmt: skip


def test_a_grant_counts_only_where_the_work_can_reach_its_post() -> None:
    # The decision goes to `counter`, above which nobody carries the role.
    assert_says(
        {
            "reports-to: head, roles: [clerk], seats: 2, vacancy: {falls-to: superior}}": (
                "roles: [clerk, judge], seats: 2, vacancy: holds}"
            ),
            "        to: {post: head}\n": "        to: {post: counter}\n",
            JUDGE: JUDGE.replace(":\n", ": # !\n", 1),
        },
        f"KP0526 `sort` → `examine` → `judge`: nobody may take an outcome | {GRANT}",
    )


def test_a_way_on_must_have_an_answer() -> None:
    assert_says(
        {LETTER: "letter: # !\n                  {task: Write, role: clerk,"
         " then: [{when: 'claim.amount > 100', go: done}, {else: done}]}"},
        "KP0527 `sort` → `examine` → `both` in branch `post` → `letter`: the case cannot go on from"
        " `letter` when `claim.amount` is empty: `claim.amount > 100` has no answer | " + ADD,
    )  # fmt: skip


def test_a_case_cannot_go_on_without_the_evidence_it_owes() -> None:
    assert_says(
        {"holds: [receipt]": "holds: [urgent]", JUDGE: JUDGE.replace(":\n", ": # !\n", 1)},
        "KP0527 `sort` → `examine` → `both` → `judge`: the case cannot go on from `judge`: evidence"
        f" of `fair-answer` needs `urgent`, which is empty | {ADD}",
    )


def test_a_case_cannot_go_on_into_a_state_that_does_not_suffer_its_record() -> None:
    assert_says(
        {
            "      paid:   {title: Paid, end: true}": (
                "      paid:   {title: Paid, end: true, always: 'claim.kind = \"fire\"'}"
            ),
            "        limit: 30 days\n        then: examine\n": "",
            "      pay:\n": "      pay: # !\n",
        },
        "KP0527 `sort` → `examine` → `judge` by outcome `grant` → `pay`: the case cannot go on"
        ' from `pay` when `claim.kind` is `water`: `claim.kind = "fire"` does not hold | ' + ADD,
    )


def test_a_case_begins_only_when_the_stage_accepts_its_record() -> None:
    assert_says(
        {
            "workflows: [claim], exit:": "workflows: [claim], entry: 'claim.amount > 5', exit:",
            "new:    {title: New, begin: true}": (
                "new:    {title: New, begin: true, always: 'claim.amount < 3'}"
            ),
            "      sort: {": "      sort: # !\n        {",
        },
        "KP0527 the case cannot go on from `sort`: `claim.amount < 3` does not hold and"
        " `claim.amount > 5` does not hold | " + ADD,
    )


def test_a_circle_that_the_record_never_leaves_is_found() -> None:
    assert_says(
        {LETTER: "letter: # !\n                  {task: Write, role: clerk,"
         " then: [{when: 'claim.kind = \"fire\"', go: letter}, {else: done}]}"},
        "KP0528 `sort` → `examine` → `both` in branch `post` → `letter`: no end can be reached from"
        " `letter` when `claim.kind` is `fire` | " + HOLD,
    )  # fmt: skip


def test_conditions_that_contradict_each_other_are_found() -> None:
    assert_says(
        {"[interface/bank, role/clerk], then: paid}": "[interface/bank, role/clerk], then: check}",
         PAID: "      check: {task: Check, role: clerk, then: [{when: 'claim.amount <= 100',"
         " go: more}, {else: paid}]}\n"
         f"      more: {{task: More, role: clerk, then: paid}} # !\n{PAID}"},
        "KP0529 no case comes to step `more`: the conditions on its way never agree | Correct a"
        " condition on the way to it, or remove the step.",
    )  # fmt: skip


def test_a_workflow_that_is_too_large_to_be_proven_is_said() -> None:
    fields = "".join(
        f"      f{number}: {{title: F, type: choice, of: [a, b, c, d]}}\n" for number in range(7)
    )
    condition = " or ".join(f"claim.f{number} = 'a'" for number in range(7))
    names = ", ".join(f"f{number}" for number in range(7))
    assert_says(
        {"      amount:   {title: Amount": f"{fields}      amount:   {{title: Amount",
         "form: [claimant, amount, kind]": f"form: [claimant, amount, kind, {names}]",
         '"claim.urgent = true"': f'"{condition}"',
         "workflows:\n  claim:\n": "workflows:\n  claim: # !\n"},
        "KP0530? workflow `claim` has too many positions to prove that every case ends | Decide in"
        " rules what its conditions decide now, or split it into two workflows.",
    )  # fmt: skip


def test_a_long_way_is_told_by_its_ends() -> None:
    steps = "".join(
        f"      w{number}: {{task: Do, role: clerk, then: w{number + 1}}}\n" for number in range(9)
    )
    assert_says(
        {"rule: band, then: examine}": "rule: band, then: w0}",
         "      examine:\n": f"{steps}      w9: {{task: Do, role: clerk, then: examine}}\n"
         "      examine:\n",
         DENY: "", JUDGE: JUDGE.replace(":\n", ": # !\n", 1)},
        "KP0526 `sort` → `w0` → `w1` → `w2` → … → `w8` → `w9` → `examine` → `judge`: nobody may"
        f" take an outcome when `claim.amount` is `99` | {GRANT}",
    )  # fmt: skip


def test_what_somebody_may_take_for_any_record_is_limited_by_nobody_else() -> None:
    # The head may grant above 100, and also without any limit: amounts are no part of the finding.
    turns = "[{when: 'claim.kind = \"fire\"', go: judge}, {else: "
    assert_says(
        {
            DENY: DENY.replace("[deny]", "[grant, deny]"),
            "{title: Grant, then: pay}": f"{{title: Grant, then: {turns}pay}}]}}",
            "reason: required, then: denied}": f"reason: required, then: {turns}denied}}]}}",
            "records: [urgent, receipt]": "records: [urgent, receipt, kind]",
            JUDGE: JUDGE.replace(":\n", ": # !\n", 1),
        },
        "KP0528 `sort` → `examine` → `judge`: no end can be reached from `judge` when"
        f" `claim.kind` is `fire` and `claim.receipt` is `something else` | {HOLD}",
    )


def test_a_condition_on_a_field_of_a_group_is_decided() -> None:
    assert_says(
        {"      amount:   {title: Amount": "      where: {title: Where, type: group, fields: {city:"
         " {title: City, type: text}}}\n      amount:   {title: Amount",
         LETTER: "letter: # !\n                  {task: Write, role: clerk, records: [where.city],"
         " requires: [where.city], then: [{when: 'claim.where.city = \"Faro\"', go: letter},"
         " {else: done}]}"},
    )  # fmt: skip


def test_whether_a_text_comes_before_another_is_left_open() -> None:
    assert_says(
        {LETTER: "letter: # !\n                  {task: Write, role: clerk,"
         " then: [{when: 'claim.claimant >= \"m\"', go: letter}, {else: done}]}"},
    )  # fmt: skip
