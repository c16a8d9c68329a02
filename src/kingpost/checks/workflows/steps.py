"""Steps: who is addressed, what is recorded, how long it may take, and how cases begin."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error, listed, of, of_step
from kingpost.checks.workflows.recording import filled_in
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldClass, FieldType
from kingpost.model.organisation import Post
from kingpost.model.workflow import (
    Awaited,
    Decision,
    Due,
    Outcome,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.diagnostic import Diagnostic


def check_beginnings(model: Model) -> Iterator[Diagnostic]:
    """Find workflows that nobody can begin, and forms that leave out a required field."""
    begun = {item.begins for item in model.interfaces.values()}
    for workflow in model.workflows.values():
        begins = workflow.begins
        where = of("workflow", workflow.id, "begins")
        ways = (begins.roles, begins.interfaces, begins.schedule, begins.workflows)
        if not any(ways) and workflow.id not in begun:
            message = f"nobody can begin a case of workflow `{workflow.id}`"
            advice = "Name `roles` or `interfaces` in `begins`."
            yield error(model, "KP0510", where, message, advice)
        item = model.objects.get(workflow.object)
        form = workflow.begins.form
        known = item is not None and all(item.field(name) for name in form)
        for field in item.fields if item and known else ():
            if field.required and field.id not in form:
                yield error(
                    model,
                    "KP0511",
                    where.at("form"),
                    f"the form of workflow `{workflow.id}` leaves out the required field"
                    f" `{field.id}`",
                    f"Add `{field.id}` to the form.",
                )


def check_prefixes(model: Model) -> Iterator[Diagnostic]:
    """Find workflows whose case numbers could not be told apart."""
    owners: dict[str, str] = {}
    for workflow in model.workflows.values():
        other = owners.setdefault(workflow.prefix, workflow.id)
        if other != workflow.id:
            yield error(
                model,
                "KP0512",
                of("workflow", workflow.id, "prefix"),
                f"workflows {listed((other, workflow.id))} number their cases with the same"
                f" prefix `{workflow.prefix}`",
                "Give one of them another prefix.",
            )


def check_decisions(model: Model) -> Iterator[Diagnostic]:
    """Find decisions that may take for ever."""
    for workflow, step in _steps(model):
        if isinstance(step, Decision):
            where = of_step(workflow.id, step.id)
            if step.due is None:
                message = f"decision `{step.id}` has no due time"
                yield error(model, "KP0514", where, message, "Add `due`, such as `1 working day`.")


def check_roles_of_steps(model: Model) -> Iterator[Diagnostic]:
    """Find addressed posts that do not carry the role, and fields that hold no post."""
    for workflow, step in _steps(model):
        if isinstance(step, Task | Decision):
            where = of_step(workflow.id, step.id)
            post = model.posts.get(step.to.post or "")
            if post is not None and lacks_role(model, post, step.role):
                yield error(
                    model,
                    "KP0515",
                    where.at("to", "else" if step.to.field else "post"),
                    f"step `{step.id}` is addressed to post `{post.id}`, which does not carry"
                    f" role `{step.role}`",
                    f"Add `{step.role}` to the `roles` of the post, or address another.",
                )
            yield from _check_addressed_field(model, workflow, step)


def lacks_role(model: Model, post: Post, role: str) -> bool:
    """Tell whether a post does not carry a role, where all these names are declared."""
    known = role in model.roles and all(name in model.roles for name in post.roles)
    return known and role not in post.roles


def _check_addressed_field(
    model: Model, workflow: Workflow, step: Task | Decision
) -> Iterator[Diagnostic]:
    item = model.objects.get(workflow.object)
    field = item.field(step.to.field) if item and step.to.field else None
    if field is not None and field.type is not FieldType.POST:
        yield error(
            model,
            "KP0516",
            of_step(workflow.id, step.id, "to", "field"),
            f"step `{step.id}` is addressed by field `{field.id}`, which holds"
            f" {field.type.value} and no post",
            f"Name a field of type post, or make `{field.id}` one.",
        )


def check_requirements(model: Model) -> Iterator[Diagnostic]:
    """Find required fields that the step gives nobody the means to record."""
    for workflow, step in _steps(model):
        where = of_step(workflow.id, step.id)
        item = model.objects.get(workflow.object)
        if isinstance(step, Task):
            yield from _check_required(model, item, step, where)
        for outcome in step.outcomes if isinstance(step, Decision) else ():
            at = where.at("outcomes", outcome.id)
            yield from _check_required(model, item, outcome, at)
        if isinstance(step, Wait) and step.records and not step.role:
            message = f"wait `{step.id}` lets fields be recorded, and does not say by which role"
            yield error(model, "KP0518", where.at("records"), message, "Add `role`.")


def _check_required(
    model: Model, item: BusinessObject | None, part: Task | Outcome, where: Where
) -> Iterator[Diagnostic]:
    for index, name in enumerate(part.requires):
        if item and item.field(name) and name not in part.records:
            yield error(
                model,
                "KP0517",
                where.at("requires", index),
                f"field `{name}` is required here and cannot be recorded here",
                f"Add `{name}` to `records`.",
            )


def check_separation(model: Model) -> Iterator[Diagnostic]:
    """Find steps kept apart from themselves or from what no person performs."""
    for workflow, step in _steps(model):
        apart = step.separate_from if isinstance(step, Task | Decision) else ()
        for index, name in enumerate(apart):
            where = of_step(workflow.id, step.id, "separate-from", index)
            other = workflow.step(name)
            if name == step.id:
                message = f"step `{step.id}` is kept apart from itself"
                yield error(model, "KP0522", where, message, "Name another step.")
            elif other is not None and not isinstance(other, Task | Decision):
                message = f"step `{name}` is performed by nobody, so nobody is kept apart from it"
                yield error(model, "KP0522", where, message, "Name a task or a decision.")


def check_due_times(model: Model) -> Iterator[Diagnostic]:
    """Find due times that pick no length for some record."""
    for workflow, step in _steps(model):
        if step.due is None:
            continue
        where = of_step(workflow.id, step.id, "due")
        item = model.objects.get(workflow.object)
        if item is not None:
            yield from _check_due_field(model, item, step.due, where)


def check_waits(model: Model) -> Iterator[Diagnostic]:
    """Find waits that end at the time of a field that holds no time."""
    for workflow, step in _steps(model):
        item = model.objects.get(workflow.object)
        until = step.until if isinstance(step, Wait) else None
        field = item.field(until) if item and until else None
        if field is not None and field.type not in {FieldType.DATE, FieldType.DATETIME}:
            yield error(
                model,
                "KP0535",
                of_step(workflow.id, step.id, "until"),
                f"wait `{step.id}` ends at the time of field `{field.id}`, which holds"
                f" {field.type.value} and no time",
                f"Name a field of type date or datetime, or make `{field.id}` one.",
            )


def check_messages(model: Model) -> Iterator[Diagnostic]:
    """Find messages that no value could lead to their case."""
    for workflow, step in _steps(model):
        item = model.objects.get(workflow.object)
        for awaited in step.messages if isinstance(step, Wait) else ():
            field = item.field(awaited.by) if item and awaited.by else None
            if field is not None:
                where = of_step(workflow.id, step.id, "messages", awaited.message)
                filled = field.id in filled_in(model, workflow)
                yield from _check_key(model, awaited, field, where, filled=filled)


_KEYS = (FieldType.TEXT, FieldType.REFERENCE, FieldType.INTEGER)


def _check_key(
    model: Model, awaited: Awaited, field: Field, where: Where, *, filled: bool
) -> Iterator[Diagnostic]:
    said, advice = f"message `{awaited.message}` is found by field `{field.id}`", ""
    if field.type not in _KEYS:
        said += f", which holds {field.type.value}"
        advice = "Name a field of type text, integer or reference that both sides know."
    elif field.privacy in {FieldClass.PERSONAL, FieldClass.SENSITIVE}:
        said += f", which is {field.privacy.value}: it would be kept outside the case"
        advice = "Name a field that says nothing of a person, such as a number of the order."
    elif not any(sender.startswith("interface/") for sender in awaited.senders):
        said += ", and no system may send it"
        advice = "Name an interface in `from`, or leave out `by`: people see the case."
    elif not filled:
        said += ", which nothing fills"
        advice = f"Add `{field.id}` to the form or to the `records` of a step, or name another."
    if advice:
        yield error(model, "KP0536", where.at("by"), said, advice)


def _check_due_field(
    model: Model, item: BusinessObject, due: Due, where: Where
) -> Iterator[Diagnostic]:
    field = item.field(due.field) if due.field else None
    if field is None:
        return
    if field.type is not FieldType.CHOICE:
        message = f"the due time is picked by field `{field.id}`, which is no choice"
        yield error(model, "KP0523", where.at("by"), message, "Name a choice field in `by`.")
        return
    known = {name for name, _ in due.spans}
    missing = [name for name in field.choices if name not in known]
    if missing and known <= set(field.choices):
        message = f"the due time says nothing for {listed(missing)} of field `{field.id}`"
        advice = f"Add `{missing[0]}` with a length."
        yield error(model, "KP0524", where, message, advice)


def _steps(model: Model) -> Iterator[tuple[Workflow, Step]]:
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            yield workflow, step
