"""Whether rules are used, by steps that have the record they read and fields for their answers."""

from collections.abc import Iterator

from kingpost.checks.conditions import Scopes, conditions_of
from kingpost.checks.finding import error, listed, of, of_step, warning
from kingpost.checks.rules.nulls import check_nulls
from kingpost.expressions import AnyType, ListType, Type, describe, fits
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.needs import closure, names_in, needs_of
from kingpost.model.ruling.typing import Rules
from kingpost.model.scope import field_type
from kingpost.model.workflow import RuleStep, Workflow
from kingpost.values.diagnostic import Diagnostic


def check_rules_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find rules that nothing evaluates or calls; what only such a rule needs comes with it."""
    needs = needs_of(model)
    used = {name for name, rule in model.rules.items() if rule.is_called}
    if used:
        used &= names_in(one.text for one in conditions_of(model))
    for workflow in model.workflows.values():
        used.update(step.rule for step in _rule_steps(model, workflow))
    for name in tuple(used):
        used |= closure(needs, name)
    unused = [name for name in model.rules if name not in used]
    follows = {needed for name in unused for needed in closure(needs, name)}
    for rule in model.rules.values():
        if rule.id not in used | follows:
            message = f"no step evaluates rule `{rule.id}`"
            advice = "Name it as the `rule` of a step, or remove it."
            if rule.is_called:
                message = f"nothing calls rule `{rule.id}`"
                advice = "Call it in a rule or a condition, or remove it."
            yield warning(model, "KP0607", of("rule", rule.id), message, advice)


def check_rule_steps(model: Model, scopes: Scopes | None = None) -> Iterator[Diagnostic]:
    """Find steps whose rule they cannot evaluate, or whose answer they cannot keep.

    scopes: of the model, with its rules typed.
    """
    rules = (scopes or Scopes(model)).type_rules()
    for workflow in model.workflows.values():
        for step in _rule_steps(model, workflow):
            rule = model.rules[step.rule]
            asks = rule.parameters or rule.given
            if asks:
                yield _function_as_step(model, workflow, step, rule)
            elif workflow.object in model.objects:
                yield from _check_object(model, rules, workflow, step)
                yield from _check_answers(model, rules, workflow, step)


def _rule_steps(model: Model, workflow: Workflow) -> Iterator[RuleStep]:
    for step in workflow.all_steps():
        if isinstance(step, RuleStep) and step.rule in model.rules:
            yield step


def _function_as_step(model: Model, workflow: Workflow, step: RuleStep, rule: Rule) -> Diagnostic:
    asks = listed((*(one.id for one in rule.parameters), *rule.given))
    return error(
        model,
        "KP0612",
        of_step(workflow.id, step.id, "rule"),
        f"rule `{rule.id}` must be given {asks}, and a step gives it nothing",
        f"Name a rule that reads the record, and call `{rule.id}` in it.",
    )


def _check_object(
    model: Model, rules: Rules, workflow: Workflow, step: RuleStep
) -> Iterator[Diagnostic]:
    strange = [name for name in rules.typed[step.rule].objects if name != workflow.object]
    if strange:
        yield error(
            model,
            "KP0606",
            of_step(workflow.id, step.id, "rule"),
            f"rule `{step.rule}` is about object {listed(strange)}, and workflow `{workflow.id}`"
            f" works on `{workflow.object}`",
            f"Name a rule about `{workflow.object}`.",
        )


def _check_answers(
    model: Model, rules: Rules, workflow: Workflow, step: RuleStep
) -> Iterator[Diagnostic]:
    rule, item = model.rules[step.rule], model.objects[workflow.object]
    for name in rule.answers or (step.rule,):
        if name not in model.rules:
            continue
        answering, typed = model.rules[name], rules.typed[name]
        where = of_step(workflow.id, step.id, "rule")
        if not typed.outputs:
            message = f"rule `{name}` has no `outputs`, and step `{step.id}` would keep nothing"
            advice = "Name in `outputs` the field that keeps its answer."
            yield error(model, "KP0613", where, message, advice)
        for output, kind in typed.stored(answering).items():
            found = item.field(output)
            if found is None:
                message = (
                    f"rule `{name}` answers `{output}`, and object `{item.id}` has no such field"
                )
                advice = "Add the field, or name another output."
                yield error(model, "KP0613", where, message, advice)
            elif not _keeps(field_type(model, found), kind):
                told = describe(kind)
                held = describe(field_type(model, found))
                message = f"rule `{name}` answers `{output}` as {told}, and the field holds {held}"
                advice = f"Give the field a type that holds {told}."
                yield error(model, "KP0613", where, message, advice)
            elif found.required:
                declared = next(one for one in answering.outputs if one.id == output)
                yield from check_nulls(model, answering, typed, declared)


def _keeps(held: Type, kind: Type) -> bool:
    """Tell whether a field can keep what is answered; a list never fits into one value."""
    if isinstance(kind, ListType) != isinstance(held, ListType):
        return isinstance(kind, AnyType)
    return fits(kind, held)
