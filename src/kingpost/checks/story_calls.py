"""What a scenario lets other systems answer: of calls, and with members that they receive."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error
from kingpost.checks.references import Reference, misnamed
from kingpost.model.model import Model
from kingpost.model.scenario import Given
from kingpost.model.workflow import Call, Workflow
from kingpost.values.diagnostic import Diagnostic


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
                        wanted = Reference("member", member, known, inside.at(member), scope)
                        yield misnamed(model, wanted)
