"""Calls: what is asked can be, what comes back has a place, and somebody owns the failure."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of, of_exception, of_step, warning
from kingpost.model.interfaces import Interface, InterfaceKind
from kingpost.model.model import Model
from kingpost.model.objects import FieldClass, FieldType
from kingpost.model.workflow import BUILT_IN, Call, Exceptional, Run, Workflow
from kingpost.values.diagnostic import Diagnostic

_FILLS = frozenset({FieldType.TEXT, FieldType.CHOICE, FieldType.INTEGER, FieldType.DATE})


def check_calls(model: Model) -> Iterator[Diagnostic]:
    """Find calls of what cannot be asked, and calls whose failure nobody owns."""
    for workflow, step, found in _calls(model):
        where = of_step(workflow.id, step.id, "call")
        if found.kind is not InterfaceKind.OUTBOUND:
            message = f"step `{step.id}` asks interface `{found.id}`, which is not outbound"
            yield error(model, "KP0532", where, message, "Name an outbound interface.")
        elif found.contract is not None:
            if not found.contract.owner and not _is_owned(workflow.failure(step.id)):
                yield error(
                    model,
                    "KP0531",
                    where,
                    f"nobody answers for it when step `{step.id}` cannot ask `{found.id}`",
                    f"Add `owner` to interface `{found.id}`, or an exception that"
                    f" `step/{step.id}` raises.",
                )
            yield from _misplaced(model, workflow, step, found)
            yield from _unfilled(model, workflow, step, found)


def _is_owned(exception: Exceptional) -> bool:
    """Tell whether a failure comes to somebody: to another step, or to who may end it."""
    goes_on = exception.divert is not None or exception.until is not None
    return goes_on or bool(exception.raised_by)


def _misplaced(
    model: Model, workflow: Workflow, step: Call, found: Interface
) -> Iterator[Diagnostic]:
    """Find what comes back and is for another object than the one that is worked on."""
    received = found.contract.receive if found.contract else ()
    for member, item, _ in received:
        if item != workflow.object and item in model.objects:
            message = (
                f"`{member}` of interface `{found.id}` fills object `{item}`, and step"
                f" `{step.id}` works on `{workflow.object}`"
            )
            where = of("interface", found.id, "receive", member)
            advice = f"Name a field of `{workflow.object}`, or ask through another interface."
            yield error(model, "KP0545", where, message, advice)


def _unfilled(
    model: Model, workflow: Workflow, step: Call, found: Interface
) -> Iterator[Diagnostic]:
    """Find parts of a path that the record of a case does not fill."""
    where = of("interface", found.id, "path")
    for item, _ in found.contract.filled if found.contract else ():
        if item != workflow.object and item in model.objects:
            message = (
                f"object `{item}` fills a part of the path of interface `{found.id}`, and step"
                f" `{step.id}` works on `{workflow.object}`"
            )
            advice = f"Name a field of `{workflow.object}`, or ask through another interface."
            yield error(model, "KP0545", where, message, advice)


def check_paths(model: Model) -> Iterator[Diagnostic]:
    """Find fields that fill a part of a path and are of a type that cannot."""
    for interface in model.interfaces.values():
        where = of("interface", interface.id, "path")
        for item, name in interface.contract.filled if interface.contract else ():
            record = model.objects.get(item)
            field = record.field(name) if record else None
            if field is not None and field.type not in _FILLS:
                message = (
                    f"`{item}.{name}` fills a part of the path of interface `{interface.id}`, and"
                    f" is of type {field.type.value}"
                )
                advice = "Name a field of type text, choice, integer or date."
                yield error(model, "KP0560", where, message, advice)
            if field is not None and field.privacy in {FieldClass.PERSONAL, FieldClass.SENSITIVE}:
                message = (
                    f"`{item}.{name}` is {field.privacy.value} and fills a part of the path of"
                    f" interface `{interface.id}`"
                )
                advice = "Send it in the body: paths stand in the logs of everybody on the way."
                yield warning(model, "KP0561", where, message, advice)


def check_members(model: Model) -> Iterator[Diagnostic]:
    """Find members to be sent that would have to be a value and hold others at once."""
    for item in model.interfaces.values():
        names = [name for name, _ in item.contract.send] if item.contract else []
        for name in names:
            inner = next((other for other in names if other.startswith(f"{name}.")), None)
            if inner is not None:
                message = f"interface `{item.id}` sends `{name}` as a value, and `{inner}` in it"
                where = of("interface", item.id, "send", name)
                yield error(model, "KP0548", where, message, f"Remove `{name}` or `{inner}`.")


def check_failures(model: Model) -> Iterator[Diagnostic]:
    """Find exceptions that a step is said to raise by failing, and that cannot come of it."""
    for workflow in model.workflows.values():
        taken: dict[str, str] = {}
        for exception in workflow.exceptions:
            where = of_exception(workflow.id, exception.id)
            if exception.id in {built_in.id for built_in in BUILT_IN}:
                message = f"exception `{exception.id}` has the name of what Kingpost raises itself"
                advice = "Give it another id."
                yield error(model, "KP0707", where, message, advice)
            for name in exception.failing:
                yield from _unfit(model, workflow, exception, name)
                if name in taken:
                    message = (
                        f"step `{name}` raises `{taken[name]}` and `{exception.id}` when it fails"
                    )
                    advice = "Let it raise one of them."
                    yield error(model, "KP0547", where.at("raised-by"), message, advice)
                taken[name] = exception.id


def _unfit(
    model: Model, workflow: Workflow, exception: Exceptional, name: str
) -> Iterator[Diagnostic]:
    step, where = workflow.step(name), of_exception(workflow.id, exception.id, "raised-by")
    if step is not None and not isinstance(step, Call | Run):
        message = (
            f"step `{name}` raises exception `{exception.id}`, and only a call or a run can fail"
        )
        advice = "Name a `call`, a `run`, a role or an interface."
        yield error(model, "KP0546", where, message, advice)
    elif exception.alongside is not None:
        message = (
            f"exception `{exception.id}` runs alongside, and step `{name}` that failed would have"
            f" no way on"
        )
        advice = "Write `divert` or `suspend`."
        yield error(model, "KP0546", where, message, advice)


def _calls(model: Model) -> Iterator[tuple[Workflow, Call, Interface]]:
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            found = model.interfaces.get(step.interface) if isinstance(step, Call) else None
            if isinstance(step, Call) and found is not None:
                yield workflow, step, found
