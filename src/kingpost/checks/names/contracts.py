"""The references of interfaces, of ladders, and of work that an exception asks for."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, of, of_step
from kingpost.checks.names.reference import Reference, field_named, fields_named, posts_named
from kingpost.model.assurance import Governance, Obligation
from kingpost.model.interfaces import Contract, Interface, View
from kingpost.model.model import Model
from kingpost.model.scope import STATE
from kingpost.model.workflow import AUTHORITY, SUPERIOR, Call, Errand, Run, Step, Workflow


def of_interface(model: Model, interface: Interface) -> Iterator[Reference]:
    """Yield the references of a view, or of a contract with a system."""
    here = of("interface", interface.id)
    if interface.begins is not None:
        yield Reference("workflow", interface.begins, model.workflows, here.at("begins"))
    workflow = model.workflows.get(interface.begins or "")
    item = model.objects.get(workflow.object) if workflow else None
    for name, _ in interface.payload:
        yield from field_named(item, name, here.at("schema", name))
    if interface.contract is not None:
        yield from _of_contract(model, interface.contract, here)
    if interface.view is not None:
        yield from _of_view(model, interface.view, here)


def _of_contract(model: Model, contract: Contract, here: Where) -> Iterator[Reference]:
    yield from posts_named(model, contract.owner, here.at("owner"))
    for item, field in contract.filled:
        yield Reference("object", item, model.objects, here.at("path"))
        yield from field_named(model.objects.get(item), field, here.at("path"))
    for member, item, field in contract.receive:
        at = here.at("receive", member)
        yield Reference("object", item, model.objects, at)
        yield from field_named(model.objects.get(item), field, at)


def _of_view(model: Model, view: View, here: Where) -> Iterator[Reference]:
    yield Reference("role", view.role, model.roles, here.at("role"))
    yield Reference("workflow", view.workflow, model.workflows, here.at("workflow"))
    workflow = model.workflows.get(view.workflow)
    item = model.objects.get(workflow.object) if workflow else None
    yield from fields_named(item, view.columns, here.at("columns"))
    for title, names in view.sections:
        yield from fields_named(item, names, here.at("sections", title))


def of_ladder(model: Model, step: Step, here: Where) -> Iterator[Reference]:
    """Yield the references to who is told when a step is late; `superior` names no post."""
    for index, rung in enumerate(step.escalate):
        if rung.to not in {SUPERIOR, AUTHORITY}:
            yield from posts_named(model, rung.to, here.at("escalate", index, "to"))


def of_other_systems(model: Model, workflow: Workflow, step: Call | Run) -> Iterator[Reference]:
    """Yield the references of a step that asks a system, or begins other cases."""
    here = of_step(workflow.id, step.id)
    if isinstance(step, Call):
        yield Reference("interface", step.interface, model.interfaces, here.at("call"))
        return
    yield Reference("workflow", step.workflow, model.workflows, here.at("run"))
    item = model.objects.get(workflow.object)
    if step.each is not None:
        yield from field_named(item, step.each, here.at("run", "each"))
    begun = model.workflows.get(step.workflow)
    for name, _ in step.given if begun else ():
        scope = f"in the form of workflow `{step.workflow}`"
        form = begun.begins.form if begun else ()
        yield Reference("field", name, form, here.at("run", "with", name), scope)
    for own, other in step.brings:
        yield from field_named(item, own, here.at("run", "brings", own))
        if other != STATE:
            there = model.objects.get(begun.object) if begun else None
            yield from field_named(there, other, here.at("run", "brings", own))


def of_started(model: Model, duty: Obligation, here: Where) -> Iterator[Reference]:
    """Yield the references to the workflows that an obligation begins."""
    for key, name in (("starts", duty.starts), ("corrective", duty.corrective)):
        if name is not None:
            yield Reference("workflow", name, model.workflows, here.at(key))


def of_governance(model: Model, entry: Governance, here: Where) -> Iterator[Reference]:
    """Yield the references to the posts that keep a part, or must approve a change to it."""
    yield from posts_named(model, entry.custodian, here.at("custodian"))
    for index, name in enumerate(entry.approvals):
        yield from posts_named(model, name, here.at("approvals", index))


def of_errand(model: Model, errand: Errand | None, where: Where) -> Iterator[Reference]:
    """Yield the reference to who does the work."""
    if errand is not None:
        yield Reference("role", errand.role, model.roles, where.at("role"))
