"""The proof of soundness against force: random small workflows, and every case of each.

What is proven sound never strands a case; what is found for certain really happens.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kingpost.checks import check
from kingpost.checks.soundness.proof import Kind, Stop
from kingpost.checks.workflows.flow import ways_on
from kingpost.model.model import Model
from kingpost.model.workflow import JoinKind, Parallel, RuleStep
from tests.checks.explorer import Explorer, TooManyError, explored
from tests.checks.proofs.small import COMPANY, proven
from tests.checks.words import read

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]  # of hypothesis
Targets: TypeAlias = tuple[list[str], str]  # where a step may lead, and what comes after it

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
        # An act that would begin branches is refused where one of them cannot be begun.
        begun = {
            one.id
            for one in explorer.parallels()
            if any(branch.steps[0].id in told for branch in one.branches)
        }
        on_the_way |= {step.id for step in steps if (told | begun) & set(ways_on(step))}
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
