"""The proof of parallel steps: how their branches begin, and when they are over."""

import pytest

from kingpost.checks.soundness.proof import Kind
from tests.checks.explorer import explored
from tests.checks.proofs.small import COMPANY, proven, with_steps
from tests.checks.words import read

LAST = """\
      s0:
        title: Both
        state: open
        parallel:
          join: {join}
          branches:
            one:
              steps:
                s1: {{task: Do, role: clerk, then: done}}
            two:
              steps:
                s2: {{task: Do, role: clerk, records: [amount], requires: [{requires}], then: done}}
        then: [{{when: "thing.amount <= 5", go: shut}}, {{else: shut}}]
      shut: {{state: shut, end: true}}
"""


@pytest.mark.parametrize("join", ["all", "[one]"])
def test_the_last_branch_is_not_over_when_no_way_has_an_answer(join: str) -> None:
    model = with_steps(LAST.format(join=join, requires=""))

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure, stop.record, stop.why) for stop in proven(model)] == [
        (
            Kind.STUCK,
            "s0",
            False,
            (("thing.amount", None),),
            ("`thing.amount <= 5` has no answer",),
        )
    ]


@pytest.mark.parametrize("join", ["all", "any", "[one]"])
def test_a_branch_that_can_always_be_left_lets_the_case_go_on(join: str) -> None:
    model = with_steps(LAST.format(join=join, requires="amount"))

    assert explored(model, "flow").stranded() == set()
    assert proven(model) == ()


def test_the_case_stays_where_steps_that_need_nobody_lead_round_in_a_circle() -> None:
    model = with_steps(
        LAST.format(join="all", requires="").replace('"thing.amount <= 5", go: shut', "true, go: m")
        + "      m: {state: open, then: [{when: 'thing.urgent = null', go: m}, {else: shut}]}\n"
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure, stop.why) for stop in proven(model)] == [
        (Kind.STUCK, "s0", True, ("from `m` steps that need nobody lead round in a circle",))
    ]


def test_nothing_stops_for_certain_in_a_branch_that_is_over_before_anybody_can_act() -> None:
    model = with_steps(
        """\
      s0:
        title: Both
        state: open
        parallel:
          join: [one]
          branches:
            one: {steps: {s1: {state: open, then: done}}}
            two:
              steps:
                s2:
                  task: Do
                  role: clerk
                  then: [{when: "not(thing.urgent)", go: done}, {else: done}]
        then: shut
      shut: {state: shut, end: true}
"""
    )

    assert explored(model, "flow").stranded() == set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.STUCK, "s2", False)
    ]


@pytest.mark.parametrize("join", ["all", "any", "1 of 2"])
def test_what_the_last_act_of_each_branch_fills_is_not_empty_behind_them(join: str) -> None:
    task = "task: Do, role: clerk, records: [amount], requires: [amount], then: done"
    model = with_steps(
        f"""\
      s0:
        title: Both
        state: open
        parallel:
          join: {join}
          branches:
            one: {{steps: {{s1: {{{task}}}}}}}
            two: {{steps: {{s2: {{{task}}}}}}}
        then: [{{when: "thing.amount = null", go: shut}}, {{else: s0}}]
      shut: {{state: shut, end: true}}
"""
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.TURNING, "s0", True),
        (Kind.MISSED, "shut", True),
    ]


def test_no_case_begins_with_branches_in_a_state_that_does_not_suffer_its_record() -> None:
    task = "task: Do, role: clerk, then: [{when: 'thing.amount > 5', go: done}, {else: done}]"
    model = read(
        COMPANY.format(
            top="",
            middle="",
            new=', always: "thing.amount != null"',
            open="",
            moves='"new -> shut"',
            weight="1",
            form="amount",
            steps=f"""\
      s0:
        title: Both
        parallel:
          join: all
          branches:
            one: {{steps: {{s1: {{{task}}}}}}}
            two: {{steps: {{s2: {{task: Do, role: clerk, then: done}}}}}}
        then: shut
      shut: {{state: shut, end: true}}
""",
            exceptions="",
        )
    )

    assert explored(model, "flow").stranded() == set()
    assert proven(model) == ()


def test_branches_that_need_nobody_let_no_case_past_a_way_without_an_answer() -> None:
    model = with_steps(
        """\
      s0: {task: Do, role: clerk, then: s1}
      s1:
        title: Both
        parallel:
          join: any
          branches:
            one: {steps: {s2: {rule: weigh, then: done}}}
            two: {steps: {s3: {rule: weigh, then: done}}}
        then: [{when: "not(thing.urgent)", go: shut}, {else: s0}]
      shut: {state: shut, end: true}
"""
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.STUCK, "s1", False)
    ]


ENDLESS = """\
      s0: {{task: Do, role: clerk, then: s1}}
      s1:
        title: Both
        parallel:
          join: 1 of 2
          branches:
            one:
              steps:
                s2: {{rule: weigh, then: {then}}}
                s3: {{wait: Wait, limit: 1 day, then: done}}
            two: {{steps: {{s4: {{rule: weigh, then: s4}}}}}}
        then: shut
      shut: {{state: shut, end: true}}
"""


@pytest.mark.parametrize(
    ("then", "stops"),
    [
        ("done", []),
        ('[{when: "thing.amount = 9", go: done}, {else: s3}]', [(Kind.TURNING, "s0", False)]),
        ("s3", [(Kind.STUCK, "s0", True)]),
    ],
)
def test_no_branch_is_begun_behind_one_that_ends_the_step_at_once(
    then: str, stops: list[tuple[Kind, str, bool]]
) -> None:
    model = with_steps(ENDLESS.format(then=then))

    assert (explored(model, "flow").stranded() == set()) is (not stops)
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == stops


@pytest.mark.parametrize("first", ["one", "two"])
def test_a_case_has_come_to_where_the_other_branches_begin_when_somebody_acts(first: str) -> None:
    branches = {
        "one": "            one: {steps: {s1: {task: Do, role: clerk, then: s2},"
        " s2: {task: Do, role: clerk, then: done}}}\n",
        "two": "            two: {steps: {s3: {task: Do, role: clerk, then: s4},"
        " s4: {rule: weigh, then: [{when: 'entered.s1 > 0', go: done}, {else: s4}]}}}\n",
    }
    model = with_steps(
        f"""\
      s0:
        title: Both
        state: open
        parallel:
          join: all
          branches:
{branches.pop(first)}{"".join(branches.values())}\
        then:
          - {{when: "entered.s2 = 0", go: shut}}
          - {{when: "thing.amount in [1..5]", go: s0}}
          - {{else: shut}}
      shut: {{state: shut, end: true}}
""",
        weight="null",
    )

    assert explored(model, "flow").stranded() != set()
    assert [(stop.kind, stop.step, stop.sure) for stop in proven(model)] == [
        (Kind.STUCK, "s0", False)
    ]


def test_a_rule_that_begins_a_branch_finds_that_the_case_came_to_those_before_it() -> None:
    model = with_steps(
        """\
      s0:
        title: Both
        state: open
        parallel:
          join: all
          branches:
            one: {steps: {s1: {task: Do, role: clerk, then: done}}}
            two:
              steps:
                s2: {rule: weigh, then: [{when: 'entered.s1 = 0', go: s2}, {else: done}]}
        then: shut
      shut: {state: shut, end: true}
"""
    )

    assert explored(model, "flow").stranded() == set()
    assert proven(model) == ()
