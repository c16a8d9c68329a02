"""Controls: whether a case stands behind one that it has not passed.

A control is a decision, a rule, or a step that makes evidence. A case may stand at a step when some
way leads there, on its record as it is, that has no control on it which the case has not passed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kingpost.checks.workflows.flow import diversions
from kingpost.decisions.asking import Unknown, ask
from kingpost.decisions.case import Case, Token
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import Way, WorkflowProgram
from kingpost.model.workflow import (
    DONE,
    Decision,
    JoinKind,
    Parallel,
    RuleStep,
    Run,
    Step,
    Wait,
    Waits,
)


def skipped(program: WorkflowProgram, case: Case) -> tuple[str, ...]:
    """Return the controls before where a case stands that it has not passed, in their order.

    program: whose steps the case is told in. A branch that is over counts as passed to its end.
    """
    asked = _Passing(program, case)
    found: dict[str, None] = {}
    for token in case.tokens.values():
        if token.step in program.places:
            found |= dict.fromkeys(asked.before(token))
    return tuple(name for name in program.places if name in found)


class _Passing:
    """Where a case may have come by what it has passed."""

    def __init__(self, program: WorkflowProgram, case: Case) -> None:
        self.program = program
        self.case = case
        self.values: Mapping[str, Any] = case_values(program, case)

    def before(self, token: Token) -> Iterator[str]:
        place = self.program.places[token.step]
        if place.block:
            yield from self._unpassed(next(iter(place.block)), token.step)
        if isinstance(place.step, Parallel):
            for branch in place.step.branches:
                if branch.id in token.done:
                    yield from self._unpassed(branch.steps[0].id, DONE)

    def _unpassed(self, first: str, target: str) -> Iterator[str]:
        """Yield the controls at which every way to a step stops; none when one leads there."""
        reached, stopped = self._reach(first, target)
        if target not in reached:
            yield from (name for name in stopped if self._leads(name, target))

    def _reach(self, first: str, target: str) -> tuple[set[str], list[str]]:
        reached, waiting, stopped = {first}, [first], list[str]()
        while waiting:
            name = waiting.pop()
            if name in {target, DONE}:
                continue
            step = self.program.places[name].step
            ways = list(self._ways(step)) if self._is_passed(step) else []
            if not ways and not self._is_passed(step):
                stopped.append(name)
            # An exception may have led on from a control that was come to, and never taken.
            if self.case.entered.get(name):
                ways += diversions(self.program.workflow, step)
            waiting.extend(go for go in ways if go not in reached)
            reached.update(ways)
        return reached, stopped

    def _leads(self, name: str, target: str) -> bool:
        """Tell whether any way leads from a control to a step, whatever is passed on it."""
        seen, waiting = {name}, [name]
        while waiting:
            at = waiting.pop()
            if at == target:
                return True
            if at != DONE:
                ways = [go for go in self._ways(self.program.places[at].step) if go not in seen]
                seen.update(ways)
                waiting.extend(ways)
        return False

    def _is_passed(self, step: Step) -> bool:
        """Tell whether a case has passed a step, or a step is no control."""
        entered = self.case.entered.get(step.id, 0)
        match step:
            case Decision():
                return bool(entered and self.case.performers.get(step.id))
            case RuleStep():
                return bool(entered)
            case Run() if step.waits is not Waits.NONE:
                return bool(entered)
            case Parallel():
                return self._is_joined(step)
            case _:
                made = all(self.case.settled.get(name) for name in self._owed(step))
                return made or bool(entered)

    def _owed(self, step: Step) -> Iterator[str]:
        """Yield the obligations that apply to the case and whose evidence a step makes."""
        for name in step.discharges:
            applies = self.program.duties[name].applies
            if applies is None or ask(applies, self.values) is not False:
                yield name

    def _is_joined(self, step: Parallel) -> bool:
        over = [
            branch.id
            for branch in step.branches
            if DONE in self._reach(branch.steps[0].id, DONE)[0]
        ]
        match step.join:
            case JoinKind.ALL:
                return len(over) == len(step.branches)
            case JoinKind.ANY:
                return bool(over)
            case JoinKind.NAMED:
                return set(step.named) <= set(over)
            case JoinKind.COUNT:
                return len(over) >= step.count

    def _ways(self, step: Step) -> Iterator[str]:
        """Yield where a case may go from a step on its record as it is."""
        keys = [step.id]
        if isinstance(step, Decision):
            keys = [f"{step.id}/{item.id}" for item in step.outcomes]
        elif isinstance(step, Wait):
            keys = [f"{step.id}/{item.message}" for item in step.messages]
            keys += [step.id] if step.may_end_alone else []
        for key in keys:
            yield from self._open(self.program.ways[key])

    def _open(self, ways: tuple[Way, ...]) -> Iterator[str]:
        for way in ways:
            answer = True if way.when is None else ask(way.when, self.values)
            if answer is True:
                yield way.go
                return
            if isinstance(answer, Unknown):
                yield way.go
