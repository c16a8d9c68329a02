"""Whether rules are used, and over the object that they are about."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of, of_step, warning
from kingpost.model.model import Model
from kingpost.model.workflow import RuleStep
from kingpost.values.diagnostic import Diagnostic


def check_rules_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find rules that no step evaluates, and steps whose rule reads another object."""
    used: set[str] = set()
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            rule = model.rules.get(step.rule) if isinstance(step, RuleStep) else None
            if rule is None:
                continue
            used.add(rule.id)
            known = {rule.object, workflow.object} <= model.objects.keys()
            if known and rule.object != workflow.object:
                yield error(
                    model,
                    "KP0606",
                    of_step(workflow.id, step.id, "rule"),
                    f"rule `{rule.id}` is about object `{rule.object}`, and workflow"
                    f" `{workflow.id}` works on `{workflow.object}`",
                    f"Name a rule about `{workflow.object}`.",
                )
    for rule in model.rules.values():
        if rule.id not in used:
            message = f"no step evaluates rule `{rule.id}`"
            advice = "Name it as the `rule` of a step, or remove it."
            yield warning(model, "KP0607", of("rule", rule.id), message, advice)
