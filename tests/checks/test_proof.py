"""The proof of soundness against force: random small workflows, and every case of each.

What is proven sound never strands a case; what is found for certain really happens.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kingpost.checks import check
from kingpost.checks.conditions import Scopes
from kingpost.checks.soundness.authority import read_authority
from kingpost.checks.soundness.plan import make_plan, read_stages
from kingpost.checks.soundness.proof import Kind, Stop, prove
from kingpost.checks.workflows.flow import ways_on
from kingpost.model.model import Model
from kingpost.model.workflow import JoinKind, Parallel, RuleStep
from tests.checks.explorer import Explorer, TooManyError, explored
from tests.checks.words import read

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]  # of hypothesis
Targets: TypeAlias = tuple[list[str], str]  # where a step may lead, and what comes after it

COMPANY = """\
kingpost: 1
company: Small
timezone: Europe/Lisbon
calendars: {{always: {{hours: always}}}}
units: {{all: {{calendar: always}}}}
roles: {{clerk: {{}}, judge: {{}}}}
posts:
  top:    {{unit: all, roles: [judge], vacancy: holds, authority: [{top}]}}
  middle: {{unit: all, roles: [judge], reports-to: top, vacancy: holds, authority: [{middle}]}}
  desk:   {{unit: all, roles: [clerk], reports-to: middle, vacancy: holds}}
objects:
  thing:
    custodian: top
    fields: {{amount: {{type: integer}}, urgent: {{type: yes/no}}}}
    states:
      new: {{begin: true{new}}}
      open: {{title: Open{open}}}
      held: {{}}
      shut: {{end: true}}
    moves: [{moves}]
rules:
  weigh: {{object: thing, value: 'if thing.urgent = true then 9 else {weight}', outputs: [amount]}}
workflows:
  flow:
    object: thing
    owner: top
    prefix: FLO
    begins: {{form: [{form}], roles: [clerk]}}
    steps:
{steps}
    exceptions: {{{exceptions}}}
"""
CONDITIONS = (
    "thing.amount > 5",
    "thing.amount <= 5",
    "thing.amount = null",
    "thing.urgent = true",
    "thing.amount in [1..5]",
    "not(thing.urgent)",
    "thing.amount > 5 or thing.urgent = true",
    "thing.amount != null and thing.urgent != false",
    "thing.state = 'open'",
    "entered.s1 > 0",
    "entered.s2 = 0",
)
# How a suspension may end.
ENDED = (
    "ends: {back: {then: resume}}",
    "until: {task: Ask, role: clerk}",
    "until: {limit: 1 day}",
)
LIMITS = (None, "thing.amount > 5", "thing.amount <= 5", "thing.urgent = true")
# Whatever else is wrong with these models has nothing to do with how their cases move.
BROKEN = ("KP0312", "KP01", "KP0401", "KP0403", "KP0404", "KP05", "KP06", "KP07")
HARMLESS = ("KP0607", "KP0616")  # a rule that is not used, an invariant that holds of everything
HEALTHY = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
ABOUT_THE_PROOF = {"KP0526", "KP0527", "KP0528", "KP0529", "KP0530"}


def some(draw: Draw, names: tuple[str, ...]) -> list[str]:
    return sorted(draw(st.sets(st.sampled_from(names))))


def routes(draw: Draw, targets: list[str], after: str) -> str:
    """Return ways on. after: the next step, to which they often lead, so that it is come to."""
    aims = st.sampled_from([*targets, *[after] * len(targets)])
    if draw(st.booleans()):
        return str(draw(aims))
    conditions = draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=2))
    ways = [f'{{when: "{text}", go: {draw(aims)}}}' for text in conditions]
    return f"[{', '.join(ways)}, {{else: {draw(aims)}}}]"


class Flow:
    """A workflow in the making. people: the steps where somebody works, by block."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.count = 0
        self.people: list[list[str]] = []
        self.decisions: list[str] = []
        self.homes: list[list[str]] = []

    def block(self, indent: int, depth: int) -> str:
        size = self.draw(st.integers(1, 3 if depth == 0 else 2))
        names = [f"s{self.count + number}" for number in range(size)]
        self.count += size
        targets = [*names, "shut"] if depth == 0 else [*names, "done"]
        self.people.append([])
        self.homes.append(targets)
        mine = len(self.people) - 1
        steps = [
            self.step(name, (targets, after), indent, depth, mine)
            for name, after in pairwise(targets)
        ]
        return "\n".join(steps)

    def step(self, name: str, targets: Targets, indent: int, depth: int, block: int) -> str:
        pad = " " * indent
        kinds = ["task", "task", "decision", "rule", "wait"]
        kinds += ["parallel", "mark"] if depth == 0 else []
        kind = self.draw(st.sampled_from(kinds))
        # What sets a state beside another that does so is for the checks of the lifecycle.
        state = ", state: open" if depth == 0 and self.draw(st.integers(0, 2)) == 0 else ""
        then = routes(self.draw, *targets)
        if kind in {"task", "decision", "wait"}:
            self.people[block].append(name)
        match kind:
            case "task":
                records = some(self.draw, ("amount", "urgent"))
                requires = [one for one in records if self.draw(st.booleans())]
                return (
                    f"{pad}{name}: {{task: Do, role: clerk{state}, records: [{', '.join(records)}],"
                    f" requires: [{', '.join(requires)}], then: {then}}}"
                )
            case "decision":
                self.decisions.append(name)
                records = some(self.draw, ("amount",))
                other = routes(self.draw, *targets)
                return (
                    f"{pad}{name}: {{decision: Judge, role: judge{state}, due: 1 day, outcomes:"
                    f" {{yea: {{then: {then}, records: [{', '.join(records)}]}},"
                    f" nay: {{then: {other}}}}}}}"
                )
            case "rule":
                return f"{pad}{name}: {{rule: weigh{state}, then: {then}}}"
            case "mark":
                return f"{pad}{name}: {{state: open, then: {then}}}"
            case "wait":
                limit = ", limit: 1 day" if self.draw(st.booleans()) else ""
                other = routes(self.draw, *targets)
                messages = f"messages: {{come: {{from: [role/clerk], then: {other}}}}}"
                timed = f"{limit}, then: {then}" if limit else ""
                return f"{pad}{name}: {{wait: Wait{state}, {messages}{timed}}}"
            case _:
                join = self.draw(st.sampled_from(["all", "all", "any", "[one]", "1 of 2"]))
                one, two = (self.block(indent + 6, depth + 1) for _ in range(2))
                head = f"{pad}{name}:\n{pad}  title: Both\n"
                head += f"{pad}  state: open\n" if state else ""
                return (
                    f"{head}{pad}  parallel:\n{pad}    join: {join}\n{pad}    branches:\n"
                    f"{pad}      one:\n{pad}        steps:\n{_deeper(one)}\n"
                    f"{pad}      two:\n{pad}        steps:\n{_deeper(two)}\n"
                    f"{pad}  then: {then}"
                )

    def exceptions(self) -> str:
        found: list[str] = []
        for number in range(self.draw(st.integers(0, 2))):
            block = int(self.draw(st.integers(0, len(self.people) - 1)))
            if not self.people[block]:
                continue
            step = str(self.draw(st.sampled_from(self.people[block])))
            head = f"e{number}: {{cause: party, raised-by: [clerk], steps: [{step}]"
            effect = self.draw(st.sampled_from(["divert", "divert", "alongside", *ENDED]))
            if effect == "divert":
                aim = str(self.draw(st.sampled_from(self.homes[block])))
                found.append(f"{head}, divert: {aim}}}")
            elif effect == "alongside":
                found.append(f"{head}, alongside: {{task: Tell, role: clerk}}}}")
            else:
                state = "state: held, " if self.draw(st.booleans()) and block == 0 else ""
                found.append(f"{head}, suspend: {{{state}clocks: stop, {effect}}}}}")
        return ", ".join(found)


def _deeper(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def grants(draw: Draw, decisions: list[str]) -> tuple[str, str]:
    """Return the authority of two posts: between them every outcome may be taken, at times."""
    found: tuple[list[str], list[str]] = ([], [])
    for step in decisions:
        for outcome in ("yea", "nay"):
            for post in map(int, draw(st.sampled_from([(0,), (1,), (0, 1)]))):
                limit = draw(st.sampled_from(LIMITS))
                when = f', when: "{limit}"' if limit else ""
                found[post].append(f"{{decide: flow/{step}, outcomes: [{outcome}]{when}}}")
    return ", ".join(found[0]), ", ".join(found[1])


def small_model(draw: Draw) -> Model:
    flow = Flow(draw)
    steps = flow.block(6, 0) + "\n      shut: {state: shut, end: true}"
    always = draw(st.sampled_from(["", "", ', always: "thing.amount != null"']))
    moves = ["new -> open", "open -> held", "held -> open", "new -> held", "held -> new"]
    if draw(st.booleans()):
        moves.append("* -> shut")
    else:
        moves += ["open -> shut", "new -> shut"]
    top, middle = grants(draw, flow.decisions)
    return read(
        COMPANY.format(
            top=top,
            middle=middle,
            new=draw(st.sampled_from(["", "", "", always])),
            open=always,
            moves=", ".join(f'"{move}"' for move in moves),
            weight=draw(st.sampled_from(["1", "9", "null"])),
            form=", ".join(some(draw, ("amount", "urgent"))),
            steps=steps,
            exceptions=flow.exceptions(),
        )
    )


def proven(model: Model) -> tuple[Stop, ...]:
    workflow = model.workflows["flow"]
    authority, stages = read_authority(model), read_stages(model)
    return prove(make_plan(model, workflow, authority, stages, Scopes(model).of_case(workflow)))


def is_real(explorer: Explorer, stop: Stop) -> bool:
    """Tell whether a case that went along the way of a stop really stops there."""
    arrived = explorer.along(tuple(step for step, _ in stop.way))
    if stop.kind is Kind.TURNING:
        # Where a join does not wait for a branch, the case may end around it.
        waited = all(one.join is JoinKind.ALL for one in explorer.parallels())
        return bool(arrived & explorer.stranded() if waited else arrived)
    if isinstance(explorer.step(stop.step), Parallel):
        return bool(arrived & explorer.stranded())
    stops = explorer.nobody_decides if stop.kind is Kind.NOBODY else explorer.nothing_leads_on
    return any(stops(key, stop.step) for key in arrived)


def hold_against_force(data: st.DataObject) -> None:
    model = small_model(data.draw)
    codes = {item.code for item in check(model) if item.code.startswith(BROKEN)}
    assume(codes <= {*ABOUT_THE_PROOF, *HARMLESS, "KP0520"})
    stops = proven(model)
    try:
        explorer = explored(model, "flow")
    except TooManyError:
        assume(False)
        return

    if not stops:
        assert explorer.stranded() == set()
        # What a rule tells, and what is left where branches are cut off, is taken as open: not
        # every answer need ever come.
        steps = {step.id: step for step in model.workflows["flow"].all_steps()}
        waited = all(one.join is JoinKind.ALL for one in explorer.parallels())
        if waited and not any(isinstance(step, RuleStep) for step in steps.values()):
            besides = model.workflows["flow"].errands.keys()
            assert explorer.entered() - besides == steps.keys()
    # What the lifecycle bars is told by itself.
    if not codes & {"KP0519", "KP0520"}:
        on_the_way = {step for stop in stops for step, _ in stop.way}
        told = {stop.step for stop in stops}
        steps = model.workflows["flow"].all_steps()
        on_the_way |= {step.id for step in steps if told & set(ways_on(step))}
        assert explorer.untold(told, on_the_way) == set()
    for stop in stops:
        if stop.kind is Kind.MISSED:
            assert stop.step not in explorer.entered()
        elif stop.sure and explorer.starts:
            assert is_real(explorer, stop), stop


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=HEALTHY)
def test_what_is_proven_holds_for_every_case(data: st.DataObject) -> None:
    hold_against_force(data)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=HEALTHY)
def test_what_is_proven_holds_for_every_case_of_many_workflows(data: st.DataObject) -> None:
    hold_against_force(data)


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


def with_steps(steps: str, *, always: str = "", weight: str = "1") -> Model:
    return read(
        COMPANY.format(
            top="",
            middle="",
            new="",
            open=always,
            moves='"new -> open", "open -> shut", "new -> shut"',
            weight=weight,
            form="",
            steps=steps,
            exceptions="",
        )
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
