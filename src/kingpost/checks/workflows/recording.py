"""What the steps of a workflow fill in of its record."""

from kingpost.model.model import Model
from kingpost.model.workflow import Call, Decision, RuleStep, Run, Step, Task, Wait, Workflow


def filled_in(model: Model, workflow: Workflow) -> set[str]:
    """Return the fields that the form, or some step, may fill."""
    return set(workflow.begins.form).union(*(recorded(model, one) for one in workflow.all_steps()))


def recorded(model: Model, step: Step) -> set[str]:
    """Return the fields that a step may fill."""
    match step:
        case Task() | Wait():
            return set(step.records)
        case Decision():
            return {name for outcome in step.outcomes for name in outcome.records}
        case RuleStep():
            return _answered(model, step.rule)
        case Call():
            found = model.interfaces.get(step.interface)
            contract = found.contract if found else None
            return {field for _, _, field in contract.receive} if contract else set()
        case Run():
            return {here for here, _ in step.brings}
        case _:
            return set()


def _answered(model: Model, name: str) -> set[str]:
    """Return what a rule answers, or the rules do that it answers with."""
    rule = model.rules.get(name)
    rules = (model.rules.get(one) for one in rule.answers or (name,)) if rule else ()
    return {output.id for one in rules if one for output in one.outputs}
