"""Where a repair may move a case: past no decision, whatever else it may skip.

The last test makes workflows at random and lets people act and repair in them at random. Two things
are worked out apart from the code that judges moves: what a case that has ended must have taken, an
outcome without which no ordinary way leads from the first step to that end; and at each step that
it comes to, whether a case may be there for which each decision was taken last as it was for this.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kingpost.decisions.case import Token
from kingpost.decisions.changes import Entered
from kingpost.decisions.commands import (
    Actor,
    Command,
    Complete,
    Confirm,
    Decide,
    Deliver,
    Propose,
    Raise,
)
from kingpost.decisions.judging.repairs import repairing
from kingpost.decisions.judging.repairs.moving import moves_from
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.transition import Transition
from kingpost.model.objects import Move
from kingpost.model.organisation import Grant
from kingpost.model.workflow import (
    DONE,
    Addressee,
    Begin,
    Branch,
    Cause,
    Decision,
    End,
    Exceptional,
    JoinKind,
    Outcome,
    Parallel,
    Route,
    Run,
    Step,
    Task,
    Waits,
    Workflow,
)
from tests.decisions.world import ANNA, CLAIM, HEDY, LEO, MODEL, WORKFLOW, Desk, person, to

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - Hypothesis makes it

WHY = "why"
HUGO = person("hugo", "head")
REPAIRED = replace(WORKFLOW, repaired_by=("head", "lead"))
PROGRAM = compile_model(replace(MODEL, workflows={"claim": REPAIRED}))


def at_approve() -> Desk:
    found = Desk(PROGRAM)
    found.start()
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    return found


def after(outcome: str) -> Desk:
    found = at_approve()
    fields = {"report": "thin"} if outcome == "send-back" else {}
    found.do(Decide(found.id("approve"), outcome, fields, WHY), LEO)
    return found


def said(found: Desk, step: str, where: str) -> str:
    return str(found.try_(Propose(task=found.id(step), to=where, reason=WHY), HEDY))


def moves(found: Desk, step: str) -> tuple[str, ...]:
    flow = found.program.workflows["claim"]
    offered = moves_from(flow, found.case, found.at(step))
    for name in flow.places[step].block:
        if name != step:
            tried = found.try_(Propose(task=found.id(step), to=name, reason=WHY), HEDY)
            refused = str(tried).startswith("no repair moves a case past")
            assert refused == (name not in offered), name
    return offered


def test_a_case_is_moved_to_a_decision_and_not_past_it() -> None:
    found = Desk(PROGRAM)
    found.start()

    assert moves(found, "handling") == ("classify", "approve")
    assert said(found, "handling", "payment") == (
        "no repair moves a case past what is decided about it, and from `handling` to `payment` it"
        " would go past `approve`: move it to where that is decided, or force the outcome there,"
        " which needs the right to it"
    )


def test_what_waits_for_a_decision_goes_back_and_not_on() -> None:
    found = at_approve()

    assert moves(found, "approve") == ("classify", "handling")
    assert said(found, "approve", "payment") == (
        "no repair moves a case past what is decided about it, and from `approve` to `payment` it"
        " would go past `approve`: force the outcome there, which needs the right to it"
    )


def test_behind_a_decision_a_case_goes_where_that_outcome_leads() -> None:
    paying, back = after("approve"), after("send-back")

    assert moves(paying, "payment") == (
        "classify",
        "handling",
        "approve",
        "rework",
        "paid",
    )
    assert moves(back, "rework") == ("classify", "handling", "approve")


def test_a_case_that_was_sent_back_is_sent_back_again_only_by_that_decision() -> None:
    found = after("send-back")
    found.do(Complete(found.id("rework"), {"report": "thicker"}), ANNA)

    assert moves(found, "approve") == ("classify", "handling")


def test_what_was_decided_once_is_not_decided_for_another_time() -> None:
    """It was approved, came back with a complaint, and is to be approved anew."""
    found = after("approve")
    found.do(Deliver(found.id("payment"), "complaint"), ANNA)

    assert moves(found, "rework") == ("classify", "handling", "approve")
    assert "it would go past `approve`" in said(found, "rework", "payment")


def test_two_repairs_after_each_other_lead_past_nothing_either() -> None:
    found = at_approve()
    found.do(Propose(task=found.id("approve"), to="handling", reason=WHY), HEDY)
    found.do(Confirm(found.case.version), HUGO)

    assert moves(found, "handling") == ("classify", "approve")


def test_what_is_confirmed_leads_past_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    found = at_approve()
    with monkeypatch.context() as before:
        # As a proposal was kept that was made before this was forbidden.
        before.setattr(repairing, "led_past", nothing)
        found.do(Propose(task=found.id("approve"), to="payment", reason=WHY), HEDY)

    refused = found.try_(Confirm(found.case.version), HUGO)

    assert str(refused).startswith("no repair moves a case past what is decided about it")


def nothing(*_: object) -> None:
    """Stand for what looks past what a move would lead, and finds nothing."""


def ask(name: str, **outcomes: str) -> Decision:
    answers = tuple(Outcome(key, key, then=to(go)) for key, go in outcomes.items())
    return Decision(name, name, role="approver", to=Addressee("head"), outcomes=answers)


def work(name: str, *ways: Route) -> Task:
    return Task(name, name, then=ways, role="clerk", to=Addressee("group-a"))


END = End("end", "End", state="paid")


def desk_of(*steps: Step, exceptions: tuple[Exceptional, ...] = (), **others: Workflow) -> Desk:
    workflow = replace(REPAIRED, steps=steps, exceptions=exceptions)
    found = Desk(program_of(workflow, **others))
    found.start()
    return found


def program_of(workflow: Workflow, **others: Workflow) -> Program:
    """Make a company ready in which everything is permitted, so that only the flow counts."""
    decisions = [step for step in workflow.all_steps() if isinstance(step, Decision)]
    grants = tuple(
        Grant("claim", step.id, tuple(item.id for item in step.outcomes)) for step in decisions
    )
    posts = {**MODEL.posts, "head": replace(MODEL.posts["head"], authority=grants)}
    posts["lead"] = replace(posts["lead"], authority=())
    posts["checker"] = replace(posts["checker"], authority=())
    states = tuple(replace(state, always=None) for state in CLAIM.states)
    claim = replace(CLAIM, states=states, moves=(Move("*", "paid"), Move("*", "rejected")))
    return compile_model(
        replace(
            MODEL,
            workflows={"claim": workflow, **others},
            objects={"claim": claim},
            posts=posts,
            metrics={},
            obligations={},
            streams={},
        )
    )


@pytest.mark.parametrize(
    ("join", "count", "named", "may"),
    [
        (JoinKind.ALL, 0, (), False),
        (JoinKind.ANY, 0, (), True),
        (JoinKind.NAMED, 0, ("judging",), False),
        (JoinKind.NAMED, 0, ("doing",), True),
        (JoinKind.COUNT, 1, (), True),
        (JoinKind.COUNT, 2, (), False),
    ],
)
def test_a_block_is_left_only_when_nothing_in_it_must_be_decided(
    join: JoinKind, count: int, named: tuple[str, ...], *, may: bool
) -> None:
    branches = (
        Branch("judging", "Judging", (ask("judge", yes=DONE),)),
        Branch("doing", "Doing", (work("do", Route(DONE)),)),
    )
    block = Parallel(
        "block",
        "Block",
        then=to("after"),
        branches=branches,
        join=join,
        count=count,
        named=named,
    )
    found = desk_of(block, work("after", Route("end")), END)

    assert moves(found, "block") == (("after", "end") if may else ())
    assert moves(found, "do") == (DONE,)
    if not may:
        assert "it would go past `judge`" in said(found, "block", "after")


@pytest.mark.parametrize(
    ("waits", "may"), [(Waits.ALL, False), (Waits.ANY, False), (Waits.NONE, True)]
)
def test_what_other_cases_decide_is_not_passed_over(waits: Waits, *, may: bool) -> None:
    other = replace(WORKFLOW, id="other", begins=Begin(form=(), workflows=("claim",)))
    begins = Run("begin", "Begin", then=to("after"), workflow="other", waits=waits)
    found = desk_of(
        work("first", Route("begin")), begins, work("after", Route("end")), END, other=other
    )

    assert moves(found, "first") == (("begin", "after", "end") if may else ("begin",))


def test_a_decision_that_only_some_records_need_is_not_passed_over() -> None:
    ways = (Route("judge", "claim.amount > 100"), Route("pay"))
    found = desk_of(work("first", *ways), ask("judge", yes="pay"), work("pay", Route("end")), END)

    assert moves(found, "first") == ("judge",)
    small = Propose({"amount": "90"}, found.id("first"), "pay", reason=WHY)
    assert isinstance(found.try_(small, HEDY), Transition), "this record needs no decision"
    found.do(Complete(found.id("first")), ANNA)
    assert moves(found, "judge") == ("first",)


# --- whatever people do, in whatever workflow -----------------------------------------------------


def any_workflow(chance: "Random") -> Workflow:
    names = (f"s{number}" for number in range(100))
    steps = tuple(any_block(chance, names, depth=0))
    inner = [item.id for item in steps if isinstance(item, Task | Decision)]
    diverts = [item.id for item in steps]
    at, where = (chance.choice(inner),) if inner else (), chance.choice(diverts)
    odd = Exceptional("odd", "Odd", Cause.PARTY, ("clerk",), at, divert=where)
    exceptions = (odd,) if inner and chance.random() < 0.3 else ()
    return replace(REPAIRED, steps=steps, exceptions=exceptions)


def any_block(chance: "Random", names: Iterator[str], depth: int) -> Iterator[Step]:
    """Yield steps of a block: each leads on to a later one, and some back to any."""
    ids = [next(names) for _ in range(chance.randint(1, 3 if depth else 6))]
    ends = [DONE] if depth else ["paid", "rejected"]
    for number, name in enumerate(ids):
        later = [*ids[number + 1 :], *(ends if number + 3 > len(ids) else ())]

        def way(later: list[str] = later) -> str:
            return chance.choice(later if chance.random() < 0.75 else [*ids, *ends])

        onward = chance.choice(later)
        kind = chance.choice(("task", "task", "decision", "decision", "parallel"))
        if kind == "parallel" and depth < 2:
            inner = (tuple(any_block(chance, names, depth + 1)) for _ in range(2))
            branches = tuple(Branch(f"{name}-{n}", "b", each) for n, each in enumerate(inner))
            join = chance.choice(tuple(JoinKind))
            yield Parallel(name, name, then=to(onward), branches=branches, join=join,
                named=(branches[0].id,) if join is JoinKind.NAMED else (),
                count=chance.randint(1, 2) if join is JoinKind.COUNT else 0)  # fmt: skip
        elif kind == "decision":
            yield ask(name, yes=onward, no=way(), over=chance.choice(ends))
        elif number and chance.random() < 0.3:
            yield work(name, Route(chance.choice(ids[:number])))
        else:
            yield work(name, Route(way(), "claim.amount > 100"), Route(onward))
    if not depth:
        yield End("paid", "Paid", state="paid")
        yield End("rejected", "Rejected", state="rejected")


def ends_without(
    workflow: Workflow, block: tuple[Step, ...], decision: str, outcome: str
) -> set[str]:
    """Return the ends of a block to which ordinary ways lead although an outcome is never taken."""
    members, reached, waiting = {step.id: step for step in block}, {block[0].id}, [block[0].id]
    while waiting:
        step = members.get(waiting.pop())
        if step is None or isinstance(step, End):
            continue
        go = [way.go for way in step.then]
        if isinstance(step, Decision):
            others = (item for item in step.outcomes if (step.id, item.id) != (decision, outcome))
            go = [way.go for item in others for way in item.then]
        if isinstance(step, Parallel):
            over = {
                branch.id
                for branch in step.branches
                if DONE in ends_without(workflow, branch.steps, decision, outcome)
            }
            needed = {
                JoinKind.ALL: len(over) == len(step.branches),
                JoinKind.ANY: bool(over),
                JoinKind.NAMED: set(step.named) <= over,
                JoinKind.COUNT: len(over) >= step.count,
            }
            go = go if needed[step.join] else []
        go += [item.divert for item in workflow.exceptions if item.divert and step.id in item.steps]
        waiting += [name for name in go if name not in reached]
        reached.update(go)
    return {name for name in reached if name not in members or isinstance(members[name], End)}


def may_stand(workflow: Workflow, block: Iterable[Step], decision: str) -> set[tuple[str, str]]:
    """Return each step of a block with each outcome by which a decision was taken last there.

    An empty outcome stands for none.
    """
    members = {step.id: step for step in block}
    reached = {(next(iter(members)), "")}
    waiting = list(reached)
    while waiting:
        name, last = waiting.pop()
        step = members.get(name)
        if step is None:
            continue
        pairs = {(way.go, last) for way in step.then}
        for item in step.outcomes if isinstance(step, Decision) else ():
            pairs |= {(way.go, item.id if name == decision else last) for way in item.then}
        pairs |= {
            (item.divert, last)
            for item in workflow.exceptions
            if item.divert and name in item.steps
        }
        waiting += pairs - reached
        reached |= pairs
    return reached


class Walk:
    """People who act and repair at random.

    taken: the outcomes that they took on the way. last: the latest of each decision, as far as it
    counts: a case that goes back to where it was not taken yet has it before it again.
    astray: a step that the case came to, with a decision and what was decided there instead.
    """

    def __init__(self, chance: "Random") -> None:
        self.chance = chance
        self.program = program_of(any_workflow(chance))
        self.flow = self.program.workflows["claim"]
        self.desk = Desk(self.program)
        self.desk.start(amount=chance.choice(("50", "200")))
        self.taken: set[tuple[str, str]] = set()
        self.last: dict[str, str] = {}
        self.astray: list[tuple[str, str, str]] = []
        self.known: dict[str, set[tuple[str, str]]] = {}

    def go(self) -> None:
        for _ in range(40):
            if self.desk.case.is_closed:
                return
            tokens = sorted(self.desk.case.tokens.values(), key=lambda item: item.id)
            self.chance.choice((self.act, self.repair, self.act, self.repair, self.interrupt))(
                self.chance.choice(tokens)
            )

    def act(self, token: Token) -> None:
        step = self.flow.places[token.step].step
        if isinstance(step, Decision):
            outcome = self.chance.choice(step.outcomes).id
            self.taken.add((step.id, outcome))
            self.last[step.id] = outcome
            self.do(Decide(token.id, outcome), HEDY)
        elif isinstance(step, Task):
            self.do(Complete(token.id), ANNA)

    def repair(self, token: Token) -> None:
        where = self.chance.choice((*self.flow.places[token.step].block, DONE))
        wanted = Propose(task=token.id, to=where, reason=WHY)
        if isinstance(self.desk.try_(wanted, HEDY), Transition):
            self.desk.do(wanted, HEDY)
            self.do(Confirm(self.desk.case.version), HUGO)

    def interrupt(self, token: Token) -> None:
        for item in self.flow.workflow.exceptions:
            if token.step in item.steps:
                self.do(Raise(token.id, item.id), ANNA)

    def do(self, command: Command, actor: Actor) -> None:
        for change in self.desk.do(command, actor).changes:
            if isinstance(change, Entered):
                self.come(change.step)

    def come(self, name: str) -> None:
        """Look at what was decided last when the case comes to a step."""
        place = self.flow.places[name]
        for branch in place.step.branches if isinstance(place.step, Parallel) else ():
            for step in branch.steps:
                self.last.pop(step.id, None)
        for step in place.block.values():
            if isinstance(step, Decision):
                if step.id not in self.known:
                    block = place.block.values()
                    self.known[step.id] = may_stand(self.flow.workflow, block, step.id)
                if (name, self.last.get(step.id, "")) not in self.known[step.id]:
                    last = self.last.pop(step.id, "")
                    if (name, "") not in self.known[step.id]:
                        self.astray.append((name, step.id, last))


def skipped(chance: "Random") -> list[tuple[str, ...]]:
    """Return where a case went against what was decided, and what it lacks at its end.

    It lacks the outcomes that it never took, and without which no way leads there.
    """
    walk = Walk(chance)
    walk.go()
    if walk.astray:
        return [*walk.astray]
    workflow, entered = walk.flow.workflow, walk.desk.case.entered
    end = next(
        (item.id for item in workflow.steps if isinstance(item, End) and item.id in entered), None
    )
    # The check lets no model run in which no way at all leads to an end.
    if end not in ends_without(workflow, workflow.steps, "", ""):
        return []
    return [
        (step.id, item.id)
        for step in workflow.all_steps()
        if isinstance(step, Decision)
        for item in step.outcomes
        if (step.id, item.id) not in walk.taken
        and end not in ends_without(workflow, workflow.steps, step.id, item.id)
    ]


MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(chance=st.randoms(use_true_random=True))
def test_no_repair_leads_past_a_decision_in_any_workflow(chance: "Random") -> None:
    assert skipped(chance) == []


def test_the_walk_would_find_a_repair_that_leads_past_a_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repairing, "led_past", nothing)

    @settings(MANY, max_examples=200, phases=[Phase.generate], database=None)
    @given(chance=st.randoms(use_true_random=True))
    def unguarded(chance: "Random") -> None:
        assert skipped(chance) == []

    with pytest.raises(AssertionError):
        unguarded()
