"""Where a repair may move a step: nowhere past a decision or a rule, nor against what was taken."""

from collections.abc import Iterable, Mapping
from typing import Any

from kingpost.checks.workflows.flow import diversions, ways_on
from kingpost.decisions.asking import Unknown, ask
from kingpost.decisions.case import Case, Token
from kingpost.decisions.changes import Draft
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import Way, WorkflowProgram
from kingpost.model.model import Model
from kingpost.model.workflow import (
    DONE,
    Branch,
    Call,
    Decision,
    End,
    JoinKind,
    Parallel,
    RuleStep,
    Run,
    Step,
    Wait,
    Waits,
    Workflow,
)

_UNTAKEN = ""


def moves_from(program: WorkflowProgram, case: Case | Draft, token: Token) -> tuple[str, ...]:
    """Return where a repair may move the step at a token, in the order of its block."""
    if halted_at(program, case, token) is not None:
        return ()
    block = _Block(program, token.step)
    known = places_besides(program, token)
    return tuple(name for name in known if block.led_past(case, token.step, name) is None)


def places_besides(program: WorkflowProgram, token: Token) -> tuple[str, ...]:
    """Return the other steps of the block in which a token stands, and the way out of a branch."""
    names = (*program.places[token.step].block, *((DONE,) if token.branch else ()))
    return tuple(name for name in names if name != token.step)


def led_past(program: WorkflowProgram, case: Case | Draft, step: str, to: str) -> str | None:
    """Return a decision or rule past which, or against which, a move would lead; None for none.

    A move leaves alone what is decided about the case, and by which rules. Work may be passed over:
    a case is moved to where the flow leads next on its record. Otherwise each decision and each
    rule of the block must

    * lie behind the step that is come to: no way on from there leaves it out, or no way to it
      leaves that step out, and a case may come there without it. Then it is taken, or taken anew,
      as the flow has it; or
    * not lie between the two steps, and stand as it may stand at the one that is come to:
      untaken, or taken by an outcome that may lead there.

    What a case has taken is not asked but worked out from where it stands, so that of two
    histories the stricter one counts.

    Source: F. Allen, Control flow analysis, 1970, for dominance and what reaches a place.
    """
    return _Block(program, step).led_past(case, step, to)


def is_to_come(program: WorkflowProgram, at: str, step: str) -> bool:
    """Tell whether a case at a step certainly comes to another one of its block, or is there."""
    return _Block(program, at).is_to_come(step, at)


class _Block:
    """The flow of one block, as a graph.

    ways:     from each step, what the flow leads to. diverted: what exceptions do.
    controls: the steps at which something is decided or worked out, each with what to name.
    """

    def __init__(self, program: WorkflowProgram, step: str) -> None:
        place = program.places[step]
        self.program = program
        self.steps = place.block
        self.first = next(iter(place.block), step)
        self.ways = {name: ways_on(item) for name, item in place.block.items()}
        self.diverted = {
            name: diversions(program.workflow, item) for name, item in place.block.items()
        }
        decided = ((name, decided_at(program.model, item)) for name, item in place.block.items())
        self.controls = {name: told for name, told in decided if told}

    def led_past(self, case: Case | Draft, step: str, to: str) -> str | None:
        if step not in self.controls and to in self.onward(case, step):
            return None
        ahead = self.reach((step,), stop=to, by_exceptions=False)
        for name, told in self.controls.items():
            at, there = self.standings(name, step), self.standings(name, to)
            if case.entered.get(name, 0) == (1 if name == step else 0):
                at = frozenset({_UNTAKEN})
            again = self.is_behind(name, to) and _UNTAKEN in there
            passed = name != to and name in ahead
            if not again and (passed or not at <= there):
                return told
        return None

    def onward(self, case: Case | Draft, name: str) -> set[str]:
        """Return where the flow leads from a step on the record as it is."""
        step, keys, values = self.steps[name], [name], case_values(self.program, case)
        if isinstance(step, Wait):
            keys = [f"{name}/{item.message}" for item in step.messages]
            keys += [name] if step.may_end_alone else []
        chosen = (_chosen(self.program.ways[key], values) for key in keys)
        return set(filter(None, chosen))

    def reach(self, starts: Iterable[str], *, stop: str, by_exceptions: bool = True) -> set[str]:
        """Return what is come to from some steps; the flow is not followed beyond `stop`."""
        waiting = list(starts)
        reached = set(waiting)
        while waiting:
            name = waiting.pop()
            ways = () if name == stop else self.ways.get(name, ())
            for go in (*ways, *(self.diverted.get(name, ()) if by_exceptions else ())):
                if go not in reached:
                    reached.add(go)
                    waiting.append(go)
        return reached

    def standings(self, control: str, at: str) -> frozenset[str]:
        """Return by which outcomes a decision may have been taken last by a case at a step."""
        starts: dict[str, Iterable[str]] = {_UNTAKEN: (self.first,)}
        step = self.steps[control]
        if isinstance(step, Decision):
            starts |= {item.id: [way.go for way in item.then] for item in step.outcomes}
        else:
            starts["done"] = self.ways[control]
        return frozenset(
            outcome for outcome, from_ in starts.items() if at in self.reach(from_, stop=control)
        )

    def is_behind(self, control: str, to: str) -> bool:
        """Tell whether a decision is certainly still to come from a step, or came after it."""
        if self.is_to_come(control, to):
            return True
        return control not in self.reach((self.first,), stop=to, by_exceptions=False)

    def is_to_come(self, control: str, at: str) -> bool:
        """Tell whether no way on from a step leaves another one out, or it is that one."""
        if control == at:
            return True
        onward = self.reach((at,), stop=control, by_exceptions=False)
        ends = {DONE, *(name for name, step in self.steps.items() if isinstance(step, End))}
        return control in onward and not onward & ends


def halted_at(program: WorkflowProgram, case: Case | Draft, token: Token) -> Token | None:
    """Return the token that stands still at a step or inside it, and binds its moves; or None.

    What another system or other cases have failed in is put right by a move: nobody has halted it.
    """
    inside = (item for item in case.tokens.values() if item.parent == token.id)
    found = (halted_at(program, case, item) for item in inside)
    step = program.places[token.step].step
    if token.suspension is not None and not isinstance(step, Call | Run):
        return token
    return next(filter(None, found), None)


def _chosen(ways: tuple[Way, ...], values: Mapping[str, Any]) -> str | None:
    """Return where the first way that is open leads; None as soon as nobody can tell."""
    for way in ways:
        answer = True if way.when is None else ask(way.when, values)
        if answer is True:
            return way.go
        if isinstance(answer, Unknown):
            return None
    return None


def decided_at(model: Model, step: Step) -> str | None:
    """Return the decision or the rule without which a step is not passed, or None.

    Of a parallel step, one without which its branches are not joined; of one that begins cases and
    waits for them, the step itself, when they are decided about.
    """
    match step:
        case Decision() | RuleStep():
            return step.id
        case Parallel():
            return _of_branches(model, step)
        case Run() if step.waits is not Waits.NONE:
            return step.id if _decides(model, step.workflow, frozenset()) else None
        case _:
            return None


def _of_branches(model: Model, step: Parallel) -> str | None:
    told: Mapping[str, str | None] = {
        branch.id: _of_branch(model, branch) for branch in step.branches
    }
    needed = [told[name] for name in step.named or told if told[name]]
    free = len(told) - len(needed)
    match step.join:
        case JoinKind.ALL | JoinKind.NAMED:
            is_control = bool(needed)
        case JoinKind.ANY:
            is_control = free == 0
        case JoinKind.COUNT:
            is_control = free < step.count
    return needed[0] if is_control else None


def _of_branch(model: Model, branch: Branch) -> str | None:
    return next(filter(None, (decided_at(model, step) for step in branch.steps)), None)


def _decides(model: Model, workflow: str, seen: frozenset[str]) -> bool:
    """Tell whether anything is decided in the cases of a workflow, or in those they begin."""
    begun: Workflow | None = None if workflow in seen else model.workflows.get(workflow)
    return begun is not None and any(
        isinstance(step, Decision)
        or (isinstance(step, Run) and _decides(model, step.workflow, seen | {workflow}))
        for step in begun.all_steps()
    )
