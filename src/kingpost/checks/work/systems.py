"""Other systems: each is used for something, and somebody answers when it fails."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of, of_step, warning
from kingpost.model.interfaces import InterfaceKind
from kingpost.model.model import Model
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


def check_calls(model: Model) -> Iterator[Diagnostic]:
    """Find calls of what cannot be asked, and calls whose failure nobody owns."""
    for workflow in model.workflows.values():
        owned = {name for item in workflow.exceptions for name in item.failing}
        for step in workflow.all_steps():
            found = model.interfaces.get(step.interface) if isinstance(step, Call) else None
            if found is None:
                continue
            where = of_step(workflow.id, step.id, "call")
            if found.kind is not InterfaceKind.OUTBOUND:
                message = f"step `{step.id}` asks interface `{found.id}`, which is not outbound"
                yield error(model, "KP0532", where, message, "Name an outbound interface.")
            elif step.id not in owned and (found.contract is None or not found.contract.owner):
                yield error(
                    model,
                    "KP0531",
                    where,
                    f"nobody answers for it when step `{step.id}` cannot ask `{found.id}`",
                    f"Add `owner` to interface `{found.id}`, or an exception that"
                    f" `step/{step.id}` raises.",
                )
