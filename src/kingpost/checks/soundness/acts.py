"""Acts: what may be done at each step of a workflow, and what that asks for and changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kingpost.checks.classes.constancy import keeps_filled
from kingpost.expressions import AnyType, Compiled, Scope, Value, compile_expression
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.types import written
from kingpost.model.ruling.typing import declared
from kingpost.model.scope import STATE, record_scope
from kingpost.model.workflow import (
    Call,
    Decision,
    End,
    Exceptional,
    Outcome,
    Parallel,
    Route,
    RuleStep,
    Run,
    Step,
    Task,
    Wait,
    Workflow,
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Evidence that a step owes. holds: fields to be filled, where `applies` is true.

    name: empty for what is no evidence, but the time at which a wait ends.
    """

    name: str
    applies: str | None
    holds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a rule tells of a field. number: of the rule's output. rule: None where it is not there.

    What it may tell is worked out when it is asked for: few conditions look at it.
    """

    name: str
    model: Model
    rule: Rule | None
    number: int

    @cached_property
    def told(self) -> tuple[Value, ...] | None:
        """Return every answer that the rule may give, or None where they are not written out."""
        return _told(self.model, self.rule, self.number) if self.rule else None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done at a step, after which the case goes on.

    how:      the words for it, such as `by outcome refer`; empty when there is only one thing.
    outcome:  of a decision, for whose authority is asked.
    records:  fields that may be recorded until then. filled: those that must be.
    decides:  what a rule tells.
    duties:   evidence that must be there.
    routes:   ordered ways on.
    """

    how: str
    routes: tuple[Route, ...]
    outcome: str = ""
    records: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    decides: tuple[Answer, ...] = ()
    duties: tuple[Duty, ...] = ()


def acts_of(model: Model, step: Step) -> tuple[Act, ...]:
    """Return what may be done at a step, exceptions aside.

    A kind of step of which nothing else is known goes on along its ways.
    """
    duties = tuple(_duties(model, step))
    match step:
        case Decision():
            return tuple(_outcome_act(outcome, duties) for outcome in step.outcomes)
        case Wait():
            return tuple(_wait_acts(step, duties))
        case Task():
            return (Act("", step.then, "", step.records, step.requires, (), duties),)
        case RuleStep():
            rule = model.rules.get(step.rule)
            decides = tuple(_answers(model, rule)) if rule else ()
            return (Act("", step.then, decides=decides, duties=duties),)
        case Call():
            return (Act("", step.then, records=_received(model, step), duties=duties),)
        case Run():
            brought = tuple(here for here, _ in step.brings)
            filled = tuple(_surely_brought(model, step))
            return (Act("", step.then, records=brought, filled=filled, duties=duties),)
        case _:
            return (Act("", step.then, duties=duties),) if step.then else ()


def _received(model: Model, step: Call) -> tuple[str, ...]:
    """Return the fields that the answer to a call may fill."""
    found = model.interfaces.get(step.interface)
    contract = found.contract if found else None
    return tuple(field for _, _, field in contract.receive) if contract else ()


def _surely_brought(model: Model, step: Run) -> Iterator[str]:
    """Yield what is never empty when the case that a step began has ended, in whichever state."""
    begun = model.workflows.get(step.workflow)
    item = model.objects.get(begun.object) if begun else None
    if begun is None or item is None or step.each is not None:
        return
    ends = {one.state for one in begun.steps if isinstance(one, End)}
    states = [state for state in item.states if state.id in ends]
    for here, name in step.brings:
        kept = states and all(keeps_filled(model, item, state, name) for state in states)
        if name == STATE or (None not in ends and kept):
            yield here


def _outcome_act(outcome: Outcome, duties: tuple[Duty, ...]) -> Act:
    how = f"by outcome `{outcome.id}`"
    return Act(how, outcome.then, outcome.id, outcome.records, outcome.requires, (), duties)


def _wait_acts(step: Wait, duties: tuple[Duty, ...]) -> Iterator[Act]:
    for awaited in step.messages:
        if awaited.senders:
            how = f"by message `{awaited.message}`"
            yield Act(how, awaited.then, records=step.records, duties=duties)
    if step.limit is not None:
        yield Act("when its time is over", step.then, records=step.records)
    if step.until is not None:
        # While nothing says when it ends, it does not end.
        known = Duty("", None, (step.until,))
        yield Act("when its time has come", step.then, records=step.records, duties=(known,))


def _answers(model: Model, rule: Rule) -> Iterator[Answer]:
    """Yield each output that a step keeps of a rule."""
    for name in rule.answers or (rule.id,):
        answering = model.rules.get(name)
        for number, output in enumerate(answering.outputs if answering else ()):
            yield Answer(output.id, model, answering, number)


def _told(model: Model, rule: Rule, number: int) -> tuple[Value, ...] | None:
    """Return what a column of a table answers, or None where that is not written out."""
    rows = [rule.answers_of(row) for row in rule.rows]
    if not rows or rule.hit_policy.takes_several or any(len(row) <= number for row in rows):
        return None
    output = rule.outputs[number]
    cells = [row[number] for row in rows]
    cells += [output.default] if output.default is not None else []
    kind = declared(model, rule, output) or AnyType()
    texts = dict.fromkeys(written(cell, kind) for cell in cells)
    item = model.objects.get(rule.object)
    scope: Scope = record_scope(model, item) if item else {}
    known: list[Value] = []
    for text in texts:
        found = compile_expression(text, scope)
        if not isinstance(found, Compiled) or found.reads:
            return None
        known.append(found.evaluate({}))
    return tuple(known)


def _duties(model: Model, step: Step) -> Iterator[Duty]:
    for name in step.discharges:
        found = model.obligations.get(name)
        if found is not None:
            yield Duty(name, found.applies, found.evidence.holds)


def raised_at(workflow: Workflow) -> Mapping[str, tuple[Exceptional, ...]]:
    """Return the exceptions that somebody may raise at each step."""
    found: dict[str, list[Exceptional]] = {}
    for exception in workflow.exceptions:
        raisers = (*exception.raised_by, *exception.interfaces)
        for name in (*(exception.steps if raisers else ()), *exception.failing):
            found.setdefault(name, []).append(exception)
    return {name: tuple(items) for name, items in found.items()}


def recorded_at(step: Step) -> tuple[str, ...]:
    """Return the fields that may be recorded while a step is open."""
    return step.records if isinstance(step, Task | Wait) else ()


def changed_in(acts: Mapping[str, tuple[Act, ...]], steps: Iterable[Step]) -> frozenset[str]:
    """Return the fields whose values some steps, or those of their branches, may change."""
    found: set[str] = set()
    for step in steps:
        for act in acts[step.id]:
            found.update(act.records, (answer.name for answer in act.decides))
        if isinstance(step, Parallel):
            for branch in step.branches:
                found |= changed_in(acts, branch.steps)
    return frozenset(found)
