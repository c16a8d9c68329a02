"""What a scenario lets other systems answer, and how it lets other cases end."""

from collections.abc import Iterator, Mapping

from kingpost.checks.finding import Where, error
from kingpost.checks.references import Reference, misnamed
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.scenario import Given, Written
from kingpost.model.scope import STATE
from kingpost.model.workflow import Call, Run, Workflow
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.nearest import suggestion


def check_answers(
    model: Model, workflow: Workflow, given: Given, here: Where
) -> Iterator[Diagnostic]:
    """Find answers to what asks nothing, and members that the call would not look at."""
    for name, answers in given.calls.items():
        at, step = here.at("calls", name), workflow.step(name)
        if step is None:
            known = [item.id for item in workflow.all_steps() if isinstance(item, Call)]
            where = f"in workflow `{workflow.id}`"
            yield misnamed(model, Reference("step", name, known, at, where))
        elif not isinstance(step, Call):
            message = f"`{name}` is not a call, which `calls` asks for"
            yield error(model, "KP1007", at, message, "Name a step that asks another system.")
        elif (found := model.interfaces.get(step.interface)) and found.contract is not None:
            known = [member for member, _, _ in found.contract.receive]
            scope = f"of interface `{found.id}`"
            several = len(answers) > 1
            for index, answer in enumerate(answers):
                inside = at.at(index) if several else at
                for member in answer or ():
                    if member not in known:
                        message = f"there is no member `{member}` {scope}"
                        advice = suggestion(member, known, "Name one that its `receive` takes.")
                        yield error(model, "KP1013", inside.at(member), message, advice)


def check_ends(model: Model, workflow: Workflow, given: Given, here: Where) -> Iterator[Diagnostic]:
    """Find ends of cases that no step begins, with fields or states that they do not have."""
    for name, ends in given.cases.items():
        at, step = here.at("cases", name), workflow.step(name)
        if step is None:
            known = [item.id for item in workflow.all_steps() if isinstance(item, Run)]
            where = f"in workflow `{workflow.id}`"
            yield misnamed(model, Reference("step", name, known, at, where))
        elif not isinstance(step, Run):
            message = f"`{name}` begins no cases, which `cases` asks for"
            yield error(model, "KP1007", at, message, "Name a step that begins other cases.")
        else:
            begun = model.workflows.get(step.workflow)
            item = model.objects.get(begun.object) if begun else None
            for index, end in enumerate(ends if item else ()):
                inside = at.at(index) if len(ends) > 1 else at
                if item is not None:
                    yield from _end(model, item, end or {}, inside)


def _end(
    model: Model, item: BusinessObject, end: Mapping[str, Written], at: Where
) -> Iterator[Diagnostic]:
    fields, scope = [field.id for field in item.fields], f"on object `{item.id}`"
    for name in end:
        if name != STATE and name not in fields:
            yield misnamed(model, Reference("field", name, fields, at.at(name), scope))
    finals = [state.id for state in item.states if state.end]
    if STATE in end and end[STATE] not in finals:
        scope = f"that ends a case of object `{item.id}`"
        yield misnamed(model, Reference("state", str(end[STATE]), finals, at.at(STATE), scope))
