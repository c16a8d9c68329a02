"""What the proof knows of a record, and of where its case came."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kingpost.checks.soundness.proof import Kind
from tests.checks.explorer import explored
from tests.checks.proofs.small import proven, with_steps


def test_nobody_records_what_the_state_of_the_record_forbids() -> None:
    model = with_steps(
        "      s0: {task: Do, role: clerk, records: [amount], requires: [amount], then: s1}\n"
        "      s1: {task: Do, role: clerk, state: open, records: [amount], then: s2}\n"
        "      s2: {task: Do, role: clerk, then: [{when: 'thing.amount = null', go: s3},"
        " {else: shut}]}\n"
        "      s3: {task: Do, role: clerk, then: shut}\n"
        "      shut: {state: shut, end: true}",
        always=', always: "thing.amount != null"',
    )

    assert explored(model, "flow").entered() == {"s0", "s1", "s2", "shut"}
    assert [(stop.kind, stop.step) for stop in proven(model)] == [(Kind.MISSED, "s3")]


@pytest.mark.parametrize("required", [True, False])
def test_no_case_comes_to_what_waits_for_a_required_field_to_be_emptied(*, required: bool) -> None:
    model = with_steps(
        "      s0: {task: Do, role: clerk, records: [amount], requires: [amount], then: s1}\n"
        "      s1: {task: Do, role: clerk, records: [amount], then: [{when: 'thing.amount = null',"
        " go: s2}, {else: shut}]}\n"
        "      s2: {task: Do, role: clerk, then: shut}\n"
        "      shut: {state: shut, end: true}",
    )
    thing = model.objects["thing"]
    fields = tuple(
        replace(one, required=required) if one.id == "amount" else one for one in thing.fields
    )
    model = replace(model, objects={**model.objects, "thing": replace(thing, fields=fields)})

    assert [(stop.kind, stop.step) for stop in proven(model)] == (
        [(Kind.MISSED, "s2")] if required else []
    )


STOPPED = """\
      s0:
        title: Both
        state: open
        parallel:
          join: any
          branches:
            one:
              steps:
                s1: {{task: Do, role: clerk, records: [amount], requires: [amount], then: done}}
            two:
              steps:
                s2: {{task: Think, role: clerk, then: s4}}
                s4: {{task: Stop, role: clerk, then: done}}
        then: [{{when: "{asked}", go: shut}}, {{else: s3}}]
      s3: {{task: Do, role: clerk, then: [{{when: "thing.amount > 5", go: shut}}, {{else: shut}}]}}
      shut: {{state: shut, end: true}}
"""


@pytest.mark.parametrize(
    ("asked", "stops"),
    [("entered.s4 > 0", []), ("changed.amount > 0", [(Kind.STUCK, "s3", False)])],
)
def test_where_a_case_came_tells_which_branch_is_over(
    asked: str, stops: list[tuple[Kind, str, bool]]
) -> None:
    model = with_steps(STOPPED.format(asked=asked))

    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == stops


AGAIN = """\
      s0: {{task: Do, role: clerk, then: [{{when: "{asked}", go: s1}}, {{else: s2}}]}}
      s1: {{task: Do, role: clerk, then: shut}}
      s2: {{task: Do, role: clerk, then: s0}}
      shut: {{state: shut, end: true}}
"""


@pytest.mark.parametrize(
    ("asked", "stops"),
    [
        ("entered.s2 > 0", []),
        ("0 != entered.s2", []),
        ("entered.s2 = 0", [(Kind.MISSED, "s2", True)]),
        ("entered.s1 > 0", [(Kind.TURNING, "s0", True), (Kind.MISSED, "s1", True)]),
        # How often is not known: it may be often enough.
        ("entered.s1 > 3", []),
    ],
)
def test_the_proof_knows_whether_a_case_came_to_a_step(
    asked: str, stops: list[tuple[Kind, str, bool]]
) -> None:
    model = with_steps(AGAIN.format(asked=asked))

    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == stops


def test_where_a_case_stops_the_words_tell_where_it_came() -> None:
    model = with_steps(AGAIN.format(asked="entered.s1 > 0"))

    assert [stop.record for stop in proven(model)] == [(("entered.s1", Decimal(0)),), ()]


ROUND = """\
      s0:
        title: Both
        parallel:
          join: {join}
          branches:
            one:
              steps:
                s1: {{task: Do, role: clerk, records: [amount], requires: [amount], then: s3}}
                s3: {{task: Do, role: clerk, then: done}}
            two:
              steps:
                s2: {{task: Do, role: clerk, records: [amount], requires: [amount], then: done}}
        then: [{{when: "entered.{asked} > 0", go: s0}}, {{else: shut}}]
      shut: {{state: shut, end: true}}
"""
NO_END = [(Kind.TURNING, "s0", True), (Kind.MISSED, "shut", True)]


@pytest.mark.parametrize(
    ("join", "asked", "stops"),
    [
        ("all", "s3", NO_END),
        ("[one]", "s3", NO_END),
        # Who has come there once goes round for good.
        ("any", "s3", [(Kind.TURNING, "s0", False)]),
        ("1 of 2", "s3", [(Kind.TURNING, "s0", False)]),
        # Both are begun, whichever is over first.
        ("any", "s1", NO_END),
    ],
)
def test_behind_its_branches_a_case_came_where_it_cannot_but_have_come(
    join: str, asked: str, stops: list[tuple[Kind, str, bool]]
) -> None:
    model = with_steps(ROUND.format(join=join, asked=asked))

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == stops


@pytest.mark.parametrize("step", ["task: Do, role: clerk, records: [amount]", "rule: weigh"])
def test_an_invariant_is_met_late_only_by_branches_that_begin_without_anybody(step: str) -> None:
    model = with_steps(
        "      s0: {state: open, then: s1}\n"
        "      s1:\n"
        "        title: Both\n"
        "        parallel:\n"
        "          join: all\n"
        "          branches:\n"
        "            one:\n"
        "              steps:\n"
        f"                s2: {{{step}, then: done}}\n"
        "            two:\n"
        "              steps:\n"
        "                s3: {task: Think, role: clerk, then: done}\n"
        "        then: shut\n"
        "      shut: {state: shut, end: true}",
        always=', always: "thing.amount != null"',
    )

    entered = explored(model, "flow").entered()

    assert ("s3" in entered) is (step == "rule: weigh")
    assert any(stop.sure for stop in proven(model)) is ("s3" not in entered)


def test_each_step_from_which_no_end_is_reached_is_told_unless_another_explains_it() -> None:
    # Number 659 of `bench/proofs.py`: from `s1` nothing leads on, along either way to it.
    model = with_steps(
        "      s0: {decision: Judge, role: judge, due: 1 day, outcomes: {yea: {then: s1}, nay:"
        " {then: s2}, end: {then: shut}}}\n"
        "      s1: {task: Do, role: clerk, then: s3}\n"
        "      s2: {task: Do, role: clerk, then: s2}\n"
        "      s3: {task: Do, role: clerk, then: s1}\n"
        "      shut: {state: shut, end: true}",
    )

    assert [(stop.kind, stop.step) for stop in proven(model)] == [
        (Kind.TURNING, "s1"),
        (Kind.TURNING, "s2"),
    ]


def test_a_rule_that_begins_a_branch_may_mend_what_was_recorded_by_the_same_act() -> None:
    # Number 56541 of `bench/proofs.py`: the amount may be emptied on the way to `s1`.
    model = with_steps(
        "      s0: {task: Do, role: clerk, state: open, records: [amount], then:"
        " [{when: 'thing.amount = null', go: s1}, {else: shut}]}\n"
        "      s1:\n"
        "        title: Both\n"
        "        parallel:\n"
        "          join: all\n"
        "          branches:\n"
        "            one: {steps: {s2: {rule: weigh, then: done}}}\n"
        "            two: {steps: {s3: {task: Do, role: clerk, then: done}}}\n"
        "        then: shut\n"
        "      shut: {state: shut, end: true}",
        always=', always: "thing.amount != null"',
    )
    model = replace(
        model,
        workflows={
            name: replace(one, begins=replace(one.begins, form=("amount",)))
            for name, one in model.workflows.items()
        },
    )

    assert explored(model, "flow").entered() == {"s0", "s1", "s2", "s3", "shut"}
    # Whether the rule mends it is taken as open.
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s2", False)
    ]
