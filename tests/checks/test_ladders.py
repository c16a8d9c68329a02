"""Ladders: whether each rung can tell somebody, in the order in which they stand."""

import pytest

from tests.checks.words import assert_says

DUE = "        due: 4 working hours\n"


def ladder(*rungs: str) -> dict[str, str]:
    lines = "".join(f"          - {rung}\n" for rung in rungs)
    return {DUE: f"{DUE}        escalate:\n{lines}"}


@pytest.mark.parametrize(
    "rungs",
    [
        ("{to: counter}",),
        ("{after: due, to: counter}", "{after: 1 working hour, to: control}"),
        ("{after: 8 working hours, to: counter}", "{after: 1 working day, to: control}"),
        ("{to: authority}",),
    ],
)
def test_a_ladder_whose_rungs_follow_each_other_is_sound(rungs: tuple[str, ...]) -> None:
    assert_says(ladder(*rungs))


def test_a_rung_counts_the_time_that_the_due_time_counts() -> None:
    assert_says(
        ladder("{to: counter}", "{after: 1 day, to: control} # !"),
        "KP0551 rung 2 of the ladder of `judge` counts plain time, and the due time working time"
        " | Count both in working time, or both without `working`.",
    )


def test_a_rung_fits_each_due_time_that_a_field_may_pick() -> None:
    picked = "        due: {by: kind, fire: 1 working day, water: 2 days}\n"
    assert_says(
        {picked: f"{picked}        escalate: [{{after: 1 working day, to: head}}] # !\n"},
        "KP0551 rung 1 of the ladder of `examine` counts working time, and some due times other"
        " time | Count both in working time, or both without `working`.",
    )


def test_a_rung_comes_no_earlier_than_the_one_before_it() -> None:
    assert_says(
        ladder("{after: 1 working day, to: counter}", "{after: 7 working hours, to: control} # !"),
        "KP0552 rung 2 of the ladder of `judge` comes before rung 1 | Put the rungs in order of"
        " time.",
    )


def test_above_the_head_of_the_company_is_nobody() -> None:
    assert_says(
        ladder("{to: superior} # !"),
        "KP0553 rung 1 of the ladder of `judge` tells nobody: above `head` are no posts | Name a"
        " post, or leave the rung out.",
    )


def test_above_work_of_no_one_post_is_the_owner_of_the_workflow_and_whoever_is_above() -> None:
    call = "call: {task: Call, role: clerk, then: done}"
    assert_says({call: call.replace("then", "due: 1 day, escalate: [{to: superior}], then")})
    assert_says(
        {
            call: call.replace(
                "then",
                "due: 1 day, escalate: [{to: superior}, {after: 1 day, to: superior}], then",
            )
        },
        "KP0553 rung 2 of the ladder of `call` tells nobody: above `head` are no posts | Name a"
        " post, or leave the rung out.",
    )


def test_only_a_decision_that_is_addressed_is_moved_to_who_may_take_it() -> None:
    call = "call: {task: Call, role: clerk, then: done}"
    words = (
        "it is no decision that is addressed to a post | Name a post or `superior`, or address the"
        " decision with `to`."
    )
    assert_says(
        {call: call.replace("then", "due: 1 day, escalate: [{to: authority}], then")},
        "KP0554 rung 1 of the ladder of `call` moves it to whoever has the authority, and " + words,
    )
    assert_says(
        {**ladder("{to: authority} # !"), "        to: {post: head}\n": ""},
        "KP0554 rung 1 of the ladder of `judge` moves it to whoever has the authority, and "
        + words,
    )


def test_who_is_told_must_be_there() -> None:
    assert_says(
        ladder("{to: conter} # !"),
        "KP0104 there is no post `conter` | Write `counter`.",
    )
