"""Other systems: each is used for something, and sends what fits the fields that it fills."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of, warning
from kingpost.model.interfaces import Interface, InterfaceKind
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.workflow import Call, Wait, Workflow
from kingpost.values.diagnostic import Diagnostic


def check_interfaces_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find interfaces that begin nothing, deliver nothing and are not asked anything."""
    used = {item.id for item in model.interfaces.values() if item.begins or item.view}
    for workflow in model.workflows.values():
        used |= _used_by(workflow)
    for item in model.interfaces.values():
        if item.id not in used:
            message = f"nothing uses interface `{item.id}`"
            advice = "Let it begin a workflow or deliver a message, or remove it."
            if item.kind is InterfaceKind.OUTBOUND:
                advice = "Name it in a `call`, or remove it."
            yield warning(model, "KP0513", of("interface", item.id), message, advice)


def _fitting(
    model: Model, item: Interface, workflow: Workflow, record: BusinessObject
) -> Iterator[Diagnostic]:
    """Find what a system may not send, and what it must: it sends all of its fields, and no others.

    A required field that the form itself leaves out is told of there.
    """
    sent, form = [name for name, _ in item.payload], workflow.begins.form
    for field in record.fields:
        if field.id in sent and field.id not in form:
            message = (
                f"interface `{item.id}` sends `{field.id}`, which the form of workflow"
                f" `{workflow.id}` does not take"
            )
            where, advice = of("interface", item.id, "schema", field.id), "Remove it, or add it to"
            yield error(model, "KP0562", where, message, f"{advice} `form` in `begins`.")
        elif field.required and field.id in form and field.id not in sent:
            message = (
                f"interface `{item.id}` does not send `{field.id}`, which a case of workflow"
                f" `{workflow.id}` requires"
            )
            where = of("interface", item.id, "schema")
            advice = f"Add `{field.id}: {field.type.value}` to `schema`."
            yield error(model, "KP0562", where, message, advice)


def _used_by(workflow: Workflow) -> set[str]:
    used = set(workflow.begins.interfaces)
    for step in workflow.all_steps():
        if isinstance(step, Wait):
            senders = (sender for awaited in step.messages for sender in awaited.senders)
            used.update(name.removeprefix("interface/") for name in senders)
        elif isinstance(step, Call):
            used.add(step.interface)
    for exception in workflow.exceptions:
        used.update(exception.interfaces)
    return used


def check_payloads(model: Model) -> Iterator[Diagnostic]:
    """Find what a system is said to send that does not fit the form that it fills in."""
    for item in model.interfaces.values():
        workflow = model.workflows.get(item.begins or "")
        record = model.objects.get(workflow.object) if workflow else None
        if workflow and record and item.payload:
            yield from _fitting(model, item, workflow, record)
        for name, kind in item.payload:
            field = record.field(name) if record else None
            if field is not None and field.type.value != kind:
                message = (
                    f"interface `{item.id}` sends `{name}` as {kind}, and the field is"
                    f" {field.type.value}"
                )
                where = of("interface", item.id, "schema", name)
                yield error(model, "KP0549", where, message, f"Write `{field.type.value}`.")
        if item.payload and item.begins is None:
            message = f"interface `{item.id}` has `schema` and begins no workflow"
            advice = "Add `begins`, which says whose fields they are, or remove `schema`."
            yield error(model, "KP0550", of("interface", item.id, "schema"), message, advice)
