"""Which parts of a workflow an event came by, each by its address."""

from collections.abc import Iterator

from kingpost.decisions.changes import Entered
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import BUILT_IN, Exceptional
from kingpost.scenarios.world import Happening
from kingpost.values.address import address, step_address


def outcome_address(workflow: str, step: str, outcome: str) -> str:
    """Return the address of an answer to a decision."""
    return f"{step_address(workflow, step)}/outcome/{outcome}"


def override_address(workflow: str, step: str) -> str:
    """Return the address of what lets people go beyond their authority for a decision."""
    return f"{step_address(workflow, step)}/override"


def message_address(workflow: str, step: str, message: str) -> str:
    """Return the address of a message that a wait accepts."""
    return f"{step_address(workflow, step)}/message/{message}"


def limit_address(workflow: str, step: str) -> str:
    """Return the address of the limit of a wait."""
    return f"{step_address(workflow, step)}/limit"


def answer_address(workflow: str, step: str) -> str:
    """Return the address of the answer to a call."""
    return f"{step_address(workflow, step)}/answer"


def failure_address(workflow: str, step: str) -> str:
    """Return the address of the failure of a call."""
    return f"{step_address(workflow, step)}/failure"


def way_address(workflow: str, key: str, index: int) -> str:
    """Return the address of a way on. key: of the compiled ways. index: from 0."""
    return f"{step_address(workflow, key)}/then/{index + 1}"


def exception_address(workflow: str, exception: str) -> str:
    """Return the address of an exception."""
    return address("workflow", workflow, "exception", exception)


def ending_address(workflow: str, exception: str, ending: str) -> str:
    """Return the address of a way in which a suspension ends."""
    return f"{exception_address(workflow, exception)}/ending/{ending}"


def over_address(workflow: str, exception: str) -> str:
    """Return the address of the end of what an exception opens besides."""
    return f"{exception_address(workflow, exception)}/over"


def row_address(rule: str, row: int) -> str:
    """Return the address of a row of a decision table. row: from 1."""
    return address("rule", rule, "row", str(row))


def reached(program: WorkflowProgram, happening: Happening) -> Iterator[str]:
    """Yield the addresses of what something that happened came by."""
    transition, workflow = happening.transition, program.workflow.id
    assert transition is not None, "what is refused reaches nothing"
    for change in transition.changes:
        if isinstance(change, Entered):
            yield step_address(workflow, change.step)
    for visit in transition.visits:
        over = visit.kind == "step" and visit.how == "completed"
        if over and visit.name in program.workflow.errands:
            yield over_address(workflow, visit.name)
    for turn in happening.turns:
        yield way_address(workflow, turn.key, turn.index)
    for explained in transition.body.get("rules", ()):
        for row in explained.get("rows", ()):
            yield row_address(explained["rule"], row)
    yield from _chosen(program, transition)


def _chosen(program: WorkflowProgram, transition: Transition) -> Iterator[str]:
    workflow, step = program.workflow.id, transition.step or ""
    choice = str(transition.body.get("choice", ""))
    match transition.kind:
        case "decided" | "overridden":
            yield outcome_address(workflow, step, choice)
            yield from [override_address(workflow, step)] * (transition.kind == "overridden")
        case "delivered":
            yield message_address(workflow, step, choice)
        case "expired":
            yield limit_address(workflow, step)
        case "answered" | "reported":
            yield answer_address(workflow, step)
        case "failed":
            yield failure_address(workflow, step)
            yield exception_address(workflow, choice)
        case "raised":
            yield exception_address(workflow, choice)
        case "resolved":
            exception = _ended(program, transition)
            yield ending_address(workflow, exception, choice)
        case _:
            return


def _ended(program: WorkflowProgram, transition: Transition) -> str:
    """Return the exception that a transition resolved: the stay that ended in it."""
    ended = {visit.name for visit in transition.visits if visit.kind == "exception"}
    choice = transition.body["choice"]
    declared: tuple[Exceptional, ...] = (*program.workflow.exceptions, *BUILT_IN)
    return next(item.id for item in declared if item.id in ended and item.ending(choice))
