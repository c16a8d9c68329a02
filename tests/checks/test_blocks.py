"""Blocks of steps: reachable, with a way to an end, and well bracketed."""

from tests.checks.words import assert_says, check, edited, read

LETTER = "                letter: {task: Write, role: clerk, then: done}\n"
PAID = "      paid:   {state: paid, end: true}\n"


def test_nothing_is_wrong_with_the_sound_model() -> None:
    assert check(read(edited({}))) == ()


def test_a_step_to_which_nothing_leads_is_reported_and_what_follows_it_is_not() -> None:
    lost = (
        "      first-lost: {task: Look, role: clerk, then: second-lost} # !\n"
        "      second-lost: {task: Look, role: clerk, then: paid}\n"
    )
    assert_says(
        {PAID: f"{lost}{PAID}"},
        "KP0501 no way leads to step `first-lost` | Write `go: first-lost` in a step before it, or"
        " remove it.",
    )


def test_steps_that_only_lead_to_each_other_are_reported_once() -> None:
    lost = (
        "      one: {task: Look, role: clerk, then: two} # !\n"
        "      two: {task: Look, role: clerk, then: one}\n"
    )
    assert_says(
        {PAID: f"{lost}{PAID}"},
        "KP0501 no way leads to step `one` | Write `go: one` in a step before it, or remove it.",
    )


def test_steps_without_an_end_are_told_together() -> None:
    loop = (
        "      one: {task: Look, role: clerk, then: two} # !\n"
        "      two: {task: Look, role: clerk, then: one}\n"
    )
    assert_says(
        {
            PAID: f"{loop}{PAID}",
            "deny:  {title: Deny, reason: required, then: denied}": (
                "deny:  {title: Deny, then: [{when: 'claim.amount > 1', go: denied}, {else: one}]}"
            ),
        },
        "KP0502 no end of the case can be reached from `one` and `two` | Let one of them go on to"
        " an end.",
    )


def test_a_branch_can_be_left() -> None:
    loop = (
        "                letter: {task: Write, role: clerk, then: again} # !\n"
        "                again: {task: Write, role: clerk, then: letter}\n"
    )
    assert_says(
        {LETTER: loop},
        "KP0503 no way out of the branch can be reached from `letter` and `again` | Let one go to"
        " `done`.",
    )


def test_conditions_need_an_else() -> None:
    assert_says(
        {"          - {else: both}": "          - {when: 'claim.urgent = false', go: both} # !"},
        "KP0504 the ways on from here have no `else` | Add `{else: …}` as the last way, for when no"
        " condition holds.",
    )


def test_done_leaves_branches_only() -> None:
    assert_says(
        {"        then: judge\n": "        then: done # !\n"},
        "KP0505 step `both` goes to `done`, and stands in no branch | Name a step of the workflow.",
    )


def test_no_step_is_called_done() -> None:
    assert_says(
        {PAID: "      done: {state: paid, end: true} # !\n",
         "role/clerk], then: paid}": "role/clerk], then: denied}",
         "then: examine}":
         "then: [{when: 'claim.amount > 1', go: examine}, {else: done}]} # !"},
        "KP0505 step `sort` goes to `done`, and stands in no branch | Name a step of the workflow.",
        "KP0525 a step of workflow `claim` is called `done`, which leaves a branch | Give the step"
        " another id.",
    )  # fmt: skip


def test_a_way_stays_in_its_block() -> None:
    assert_says(
        {LETTER: LETTER.replace("then: done}", "then: judge} # !")},
        "KP0506 step `letter` goes to `judge`, which stands in another block | Name a step of the"
        " same block, or `done` to leave a branch.",
    )


def test_one_branch_runs_beside_nothing() -> None:
    branch = "            post:\n              title: Post\n              steps:\n"
    assert_says(
        {branch + LETTER: "", "          branches:\n            phone:\n":
         "          branches:\n            phone: # !\n"},
        "KP0507 step `both` has fewer than two branches, so nothing runs at once | Add a branch, or"
        " write its steps into the block around it.",
    )  # fmt: skip


def test_a_case_does_not_end_in_a_branch() -> None:
    gone = (
        "                letter: {task: Write, role: clerk, then:"
        " [{when: 'claim.urgent = true', go: gone}, {else: done}]}\n"
        "                gone: {state: denied, end: true} # !\n"
    )
    assert_says(
        {LETTER: gone},
        "KP0508 `gone` ends the case in branch `post`, while others may run | Leave the branch with"
        " `done`, and end the case after the branches.",
    )


def test_a_join_that_names_every_branch_is_a_join_of_all() -> None:
    assert_says(
        {"          join: all": "          join: [phone, post] # !"},
        "KP0509? step `both` names all of its branches in `join` | Write `join: all`.",
    )
