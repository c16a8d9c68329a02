"""The state of the record along the way, and how suspensions fit the lifecycle."""

from tests.checks.words import HERE, assert_says

CALL = "                call: {task: Call, role: clerk, then: done}\n"
LETTER = "                letter: {task: Write, role: clerk, then: done}\n"
ENDS = "            came: {title: Came, then: resume}\n"


def test_a_move_that_the_lifecycle_never_permits_is_an_error() -> None:
    assert_says(
        {
            "      - new -> open\n": "      - new -> held\n",
            "        state: open\n": "        state: open # !\n",
        },
        "KP0519 step `examine` always sets state `open` when the record is `new`, and the lifecycle"
        " of `claim` has no such move | Add the move `new -> open` to object `claim`, or another"
        " `state` to the step.",
    )  # fmt: skip


def test_a_move_that_is_forbidden_on_some_ways_is_a_warning() -> None:
    assert_says(
        {"        wait: The bank pays\n": "        wait: The bank pays\n        state: held\n",
         "      paid:   {state: paid": "      paid:   {state: paid",
         "from: [interface/bank, role/clerk], then: paid}":
         "from: [interface/bank, role/clerk], then: denied}",
         "deny:  {title: Deny, reason: required, then: denied}":
         "deny:  {title: Deny, reason: required,"
         " then: [{when: 'claim.urgent = true', go: paid}, {else: denied}]}",
         "      denied: {state: denied, end: true}":
         "      denied: {state: denied, end: true} # !"},
        "KP0520? step `denied` may set state `denied` when the record is `held`, and the lifecycle"
        " of `claim` has no such move | Add the move `held -> denied` to object `claim`, or another"
        " `state` to the step.",
    )  # fmt: skip


def test_a_case_ends_with_its_record_in_a_final_state() -> None:
    assert_says(
        {"      paid:   {state: paid, end: true}": "      paid:   {end: true} # !",
         "      paid:   {title: Paid, end: true}": "      paid:   {title: Paid, end: true} # !"},
        "KP0407 no step sets state `paid` of object `claim` | Write `state: paid` in a step, or"
        " remove the state.",
        "KP0521 the case ends at `paid` while its record may be `open`, which is not final | Set a"
        " final `state` in step `paid`.",
    )  # fmt: skip


def test_an_end_without_a_step_of_its_own_is_to_be_written() -> None:
    assert_says(
        {
            "rule: band, then: examine}": f"rule: band, then: examine}} {HERE}",
            "reason: required, then: denied}": "reason: required, then: end}",
            "      denied: {state: denied, end: true}\n": "",
            "denied: {title: Denied, end: true}": f"denied: {{title: Denied, end: true}} {HERE}",
        },
        "KP0407 no step sets state `denied` of object `claim` | Write `state: denied` in a step, or"
        " remove the state.",
        "KP0521 the case ends at `end` while its record may be `open`, which is not final | Write"
        " the step, such as `end: {state: denied, end: true}`.",
    )


def test_branches_that_set_states_are_followed_to_the_join() -> None:
    # The state of one branch is possible at every step of the other, and after the join.
    assert_says(
        {CALL: CALL.replace("role: clerk,", "role: clerk, state: held,"),
         "      paid:   {state: paid, end: true}": "      paid:   {state: paid, end: true} # !",
         "      denied: {state: denied, end: true}":
         "      denied: {state: denied, end: true} # !"},
        "KP0520? step `paid` may set state `paid` when the record is `held`, and the lifecycle of"
        " `claim` has no such move | Add the move `held -> paid` to object `claim`, or another"
        " `state` to the step.",
        "KP0520? step `denied` may set state `denied` when the record is `held`, and the lifecycle"
        " of `claim` has no such move | Add the move `held -> denied` to object `claim`, or another"
        " `state` to the step.",
    )  # fmt: skip


def test_a_suspension_is_entered_from_where_the_record_is() -> None:
    assert_says(
        {"      - open -> held\n": "      - new -> held\n",
         "          state: held\n": "          state: held # !\n"},
        "KP0703 exception `papers-missing` cannot put the record into state `held` from `open`: the"
        " lifecycle of `claim` has no such move | Add the move `open -> held` to object `claim`.",
    )  # fmt: skip


def test_a_suspension_goes_back_to_where_the_record_was() -> None:
    assert_says(
        {"      - held -> open\n": "      - held -> denied\n",
         "          state: held\n": "          state: held # !\n"},
        "KP0704 exception `papers-missing` cannot put the record back from state `held` into"
        " `open`: the lifecycle of `claim` has no such move | Add the move `held -> open` to object"
        " `claim`.",
    )  # fmt: skip


def test_an_ending_that_completes_the_step_goes_straight_on_to_the_next_state() -> None:
    # `examine` completes from `held`; the next step that sets a state sets it from there.
    assert_says(
        {ENDS: f"{ENDS}            solved: {{title: Solved, then: complete}}\n",
         "        decision: Shall we pay?\n":
         "        decision: Shall we pay?\n        state: checked # !\n",
         "      held:   {title: Held}\n":
         "      held:   {title: Held}\n      checked: {title: Checked}\n",
         "      - open -> paid\n": "      - open -> checked\n      - checked -> open\n"
         "      - checked -> paid\n",
         "      - open -> denied\n": "      - checked -> denied\n"},
        "KP0520? step `judge` may set state `checked` when the record is `held`, and the lifecycle"
        " of `claim` has no such move | Add the move `held -> checked` to object `claim`, or"
        " another `state` to the step.",
    )  # fmt: skip
