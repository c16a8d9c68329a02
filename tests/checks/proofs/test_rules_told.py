"""What the proof takes for open where a rule tells it."""

import pytest

from kingpost.checks.soundness.proof import Kind
from tests.checks.explorer import explored
from tests.checks.proofs.small import COMPANY, proven, with_steps
from tests.checks.words import read


@pytest.mark.parametrize(
    ("asked", "is_sound"), [("thing.amount <= 5", False), ("thing.amount != null", True)]
)
def test_a_case_is_not_proven_to_end_where_a_rule_may_answer_nothing(
    asked: str,
    is_sound: bool,
) -> None:
    model = read(
        COMPANY.format(
            top="",
            middle="",
            new="",
            open="",
            moves='"new -> open", "open -> shut"',
            weight="null",
            form="",
            steps="      s0: {task: Do, role: clerk, state: open, then: s1}\n"
            f'      s1: {{rule: weigh, state: open, then: [{{when: "{asked}", go: shut}},'
            " {else: shut}]}\n      shut: {state: shut, end: true}",
            exceptions="",
        )
    )
    stops = proven(model)

    assert (not explored(model, "flow").stranded()) is is_sound
    assert [(stop.kind, stop.step, stop.sure) for stop in stops] == (
        [] if is_sound else [(Kind.TURNING, "s0", False)]
    )


BOTH = """\
      s0:
        title: Both
        state: open
        parallel:
          join: {join}
          branches:
            one:
              steps:
                s1: {{task: Do, role: clerk, then: s2}}
                s2: {{rule: weigh, then: done}}
            two:
              steps:
                s3: {{task: Do, role: clerk, records: [urgent], requires: [urgent], then: done}}
        then: [{ways}, {{else: shut}}]
      shut: {{state: shut, end: true}}
"""


# What people record sends a case back; whatever the rule tells lets it go on.
REVISED = (
    '{when: "thing.urgent = false", go: s0}, {when: "thing.amount = null", go: shut},'
    ' {when: "thing.amount > 5", go: shut}'
)


@pytest.mark.parametrize("join", ["all", "any", "[one]"])
def test_nobody_chooses_what_a_rule_in_a_branch_tells(join: str) -> None:
    model = with_steps(BOTH.format(join=join, ways='{when: "thing.amount != 7", go: s0}'))

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s0", False)
    ]


@pytest.mark.parametrize("join", ["all", "any"])
def test_beside_a_rule_in_a_branch_people_choose_what_they_record_themselves(join: str) -> None:
    model = with_steps(BOTH.format(join=join, ways=REVISED))

    assert explored(model, "flow").stranded() == set()
    assert proven(model) == ()


def test_what_people_record_in_a_branch_before_a_rule_there_is_their_choice() -> None:
    model = with_steps(
        f"""\
      s0:
        title: Both
        state: open
        parallel:
          join: all
          branches:
            one:
              steps:
                s1: {{task: Do, role: clerk, records: [urgent], requires: [urgent], then: s2}}
                s2: {{rule: weigh, then: done}}
            two:
              steps:
                s3: {{task: Do, role: clerk, then: done}}
        then: [{REVISED}, {{else: shut}}]
      shut: {{state: shut, end: true}}
"""
    )

    assert explored(model, "flow").stranded() == set()
    assert proven(model) == ()


@pytest.mark.parametrize("is_sure", [False, True])
def test_a_case_does_not_come_for_certain_to_a_rule_that_may_refuse_it(
    is_sure: bool,
) -> None:
    always = "" if is_sure else ', always: "thing.amount != null"'
    model = with_steps(
        "      s0: {wait: Wait, messages: {come: {from: [role/clerk], then: shut}}, limit: 1 day,"
        " then: s1}\n"
        '      s1: {rule: weigh, state: open, then: [{when: "thing.amount = null", go: s2},'
        ' {when: "thing.amount > 5", go: s2}, {else: s2}]}\n'
        "      s2: {task: Do, role: clerk, then: s1}\n"
        "      shut: {state: shut, end: true}",
        always=always,
        weight="null",
    )

    assert ("s1" in explored(model, "flow").entered()) is is_sure
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s1", is_sure)
    ]


def test_a_rule_is_held_to_the_state_in_which_it_finds_the_record() -> None:
    model = with_steps(
        """\
      s0: {task: Do, role: clerk, records: [amount], requires: [amount], then: s1}
      s1: {task: Do, role: clerk, state: open, then: s2}
      s2: {rule: weigh, then: s3}
      s3: {task: Do, role: clerk, then: shut}
      shut: {state: shut, end: true}
""",
        always=', always: "thing.amount != null"',
        weight="null",
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s0", False)
    ]


FILLED_AT_ONCE = (
    "      s0: {state: open, then: s1}\n      s1: {rule: weigh, then: shut}\n",
    """\
      s0:
        title: Both
        state: open
        parallel:
          join: [one]
          branches:
            one: {steps: {s1: {rule: weigh, then: done}}}
            two: {steps: {s2: {task: Do, role: clerk, records: [urgent], then: done}}}
        then: shut
""",
)


@pytest.mark.parametrize("steps", FILLED_AT_ONCE)
def test_what_a_rule_fills_by_the_same_act_is_not_missed_for_certain(steps: str) -> None:
    model = with_steps(
        f"{steps}      shut: {{state: shut, end: true}}",
        always=', always: "thing.amount != null"',
    )

    assert explored(model, "flow").stranded() == set()
    assert [(stop.kind, stop.sure) for stop in proven(model)] == [(Kind.TURNING, False)]


def test_no_rule_before_a_state_mends_what_the_state_does_not_suffer() -> None:
    model = with_steps(
        "      s0: {task: Do, role: clerk, then: s1}\n"
        "      s1: {rule: weigh, then: s2}\n"
        "      s2: {state: open, then: shut}\n"
        "      shut: {state: shut, end: true}",
        always=', always: "thing.amount != null"',
        weight="null",
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s0", False)
    ]


def test_nobody_comes_to_act_in_a_branch_beside_one_that_ends_the_step_at_once() -> None:
    # Number 3894 of `bench/proofs.py`: the case goes round for ever.
    model = with_steps(
        "      s0: {task: Do, role: clerk, records: [amount], then: s1}\n"
        "      s1:\n"
        "        title: Both\n"
        "        parallel:\n"
        "          join: [one]\n"
        "          branches:\n"
        "            one: {steps: {s2: {rule: weigh, then: done}}}\n"
        "            two: {steps: {s3: {task: Do, role: clerk, records: [urgent], then: done}}}\n"
        '        then: [{when: "thing.amount > 5 or thing.urgent = true", go: shut}, {else: s0}]\n'
        "      shut: {state: shut, end: true}",
    )

    explorer = explored(model, "flow")

    assert explorer.entered() == {"s0", "s1", "s2"}
    assert explorer.stranded() == set(explorer.cases)
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s0", False)
    ]
