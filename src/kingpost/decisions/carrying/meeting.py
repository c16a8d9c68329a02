"""What a case will still meet of a version: the steps before it, and all that they rest on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kingpost.checks.workflows.flow import diversions, ways_on
from kingpost.decisions.carrying.judged import Aspect
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.workflow import (
    Call,
    Decision,
    Parallel,
    RuleStep,
    Run,
    Step,
    Task,
    Wait,
)


@dataclass(frozen=True, slots=True)
class Met:
    """One thing that a case will meet. at: the step where it is met, or empty."""

    aspect: Aspect
    value: Any
    at: str = ""


def ahead(program: WorkflowProgram, steps: Iterable[str]) -> frozenset[str]:
    """Return some steps and all to which any way or exception leads from there."""
    workflow = program.workflow
    waiting = [name for name in steps if name in program.places]
    found = set(waiting)
    while waiting:
        step = program.places[waiting.pop()].step
        goes = {*ways_on(step), *diversions(workflow, step)}
        if isinstance(step, Parallel):
            goes |= {branch.steps[0].id for branch in step.branches}
        goes |= {
            item.id
            for item in workflow.exceptions
            if item.id in workflow.errands and step.id in item.befalls
        }
        new = {go for go in goes if go in program.places} - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def meets(program: WorkflowProgram, steps: Iterable[str], owed: Iterable[str]) -> Mapping[str, Met]:
    """Return by address what a case meets from some steps on.

    owed: obligations of the case. What cannot be told apart by where a case stands, such as its
    business object, counts as met as a whole: rather a case too many is carried over.
    """
    reached = ahead(program, steps)
    return dict(_meets(program, reached, frozenset(owed)))


def _meets(
    program: WorkflowProgram, reached: frozenset[str], owed: frozenset[str]
) -> Iterator[tuple[str, Met]]:
    workflow = program.workflow
    flow = f"workflow/{workflow.id}"
    steps = [program.places[name].step for name in sorted(reached)]
    for step in steps:
        yield f"{flow}/step/{step.id}", Met(Aspect.STEP, _alone(step), step.id)
    for item in workflow.exceptions:
        if item.alongside is not None or reached.intersection((*item.befalls, item.id)):
            yield f"{flow}/exception/{item.id}", Met(Aspect.EXCEPTION, item)
    yield flow, Met(Aspect.ROLE, (workflow.owner, workflow.repaired_by, program.objectives))
    yield from _record(program)
    yield from _people(program, steps)
    yield from _rules(program, steps)
    yield from _outside(program, steps)
    yield from _accounts(program, reached, owed)


def _accounts(
    program: WorkflowProgram, reached: frozenset[str], owed: frozenset[str]
) -> Iterator[tuple[str, Met]]:
    """Yield what a case owes, and what is asked of it, or counted, when it ends."""
    for name, duty in program.duties.items():
        made = {step for of, step in duty.obligation.evidence.made_by if of == program.workflow.id}
        if name in owed or made & reached:
            yield f"obligation/{name}", Met(Aspect.DUTY, duty.obligation)
    for item in program.conditions:
        if item.side == "end":
            yield f"stage/{item.stage}", Met(Aspect.WAY, item.holds.text)
    for key, gauges in program.gauges.items():
        kind, _, name = key.partition("/")
        for gauge in gauges if kind != "step" or name in reached else ():
            yield f"metric/{gauge.metric.id}", Met(Aspect.MEASURE, gauge.metric)


def _alone(step: Step) -> Step:
    """Return a step without the steps of its branches, which are met by themselves."""
    if not isinstance(step, Parallel):
        return step
    firsts = tuple(
        replace(branch, steps=(Step(branch.steps[0].id, ""),)) for branch in step.branches
    )
    return replace(step, branches=firsts)


def _record(program: WorkflowProgram) -> Iterator[tuple[str, Met]]:
    item = program.object
    yield f"object/{item.id}", Met(Aspect.STATE, (item.id, item.custodian, item.moves))
    for field in item.fields:
        yield f"object/{item.id}/field/{field.id}", Met(Aspect.FIELD, field)
    for state in item.states:
        yield f"object/{item.id}/state/{state.id}", Met(Aspect.STATE, state)


def _people(program: WorkflowProgram, steps: list[Step]) -> Iterator[tuple[str, Met]]:
    """Yield who may act: the posts that carry a role, those above them, and what each decides."""
    model, workflow = program.model, program.workflow
    posts: dict[str, None] = {workflow.owner: None}
    for step in steps:
        role = getattr(step, "role", "")
        if role:
            carriers = program.carriers.get(role, ())
            yield f"role/{role}", Met(Aspect.ROLE, (model.roles.get(role), carriers))
            posts |= dict.fromkeys(carriers)
        if isinstance(step, Task | Decision) and step.to.post:
            posts[step.to.post] = None
        if isinstance(step, Decision):
            for outcome in step.outcomes:
                key = f"{step.id}/{outcome.id}"
                rights = program.rights.get(key, ())
                told = tuple((right.post, right.limit, right.allowance) for right in rights)
                place = f"workflow/{workflow.id}/step/{step.id}/outcome/{outcome.id}"
                yield f"{place}/authority", Met(Aspect.AUTHORITY, told, step.id)
    for name in [above for post in posts for above in (post, *model.superiors(post))]:
        post = model.posts.get(name)
        if post is not None:
            unit = model.units[post.unit]
            told = (replace(post, authority=()), unit, model.calendars[unit.calendar])
            yield f"post/{name}", Met(Aspect.POST, told)


def _rules(program: WorkflowProgram, steps: list[Step]) -> Iterator[tuple[str, Met]]:
    """Yield the rules that steps evaluate, and those that an expression might ask."""
    asked = {step.rule for step in steps if isinstance(step, RuleStep)}
    written = str(program.workflow)
    asked |= {name for name in program.book.rules.called() if name in written}
    for name in sorted(asked):
        if name in program.versions:
            yield f"rule/{name}", Met(Aspect.RULE, program.versions[name])


def _outside(program: WorkflowProgram, steps: list[Step]) -> Iterator[tuple[str, Met]]:
    """Yield the systems that a case asks or hears of, and the workflows that it begins."""
    model = program.model
    names = {step.interface for step in steps if isinstance(step, Call)}
    for step in steps:
        for awaited in step.messages if isinstance(step, Wait) else ():
            names |= {each.removeprefix("interface/") for each in awaited.senders}
    for name in sorted(names & model.interfaces.keys()):
        yield f"interface/{name}", Met(Aspect.INTERFACE, model.interfaces[name])
    waiting = [step.workflow for step in steps if isinstance(step, Run)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in model.workflows:
            seen.add(name)
            begun = model.workflows[name]
            yield f"workflow/{name}", Met(Aspect.WAY, (begun, model.objects[begun.object]))
            waiting += [step.workflow for step in begun.all_steps() if isinstance(step, Run)]
