"""Exceptions and clocks: what goes wrong has a way back, and budgets of time can run."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error, of_exception, of_step
from kingpost.model.model import Model
from kingpost.model.objects import FieldType
from kingpost.model.workflow import (
    DONE,
    Call,
    Decision,
    Due,
    Exceptional,
    Run,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.business_time import Calendar
from kingpost.values.diagnostic import Diagnostic


def check_raising(model: Model) -> Iterator[Diagnostic]:
    """Find exceptions that are raised in steps where nobody works."""
    for workflow, exception in _exceptions(model):
        here = of_exception(workflow.id, exception.id)
        for index, name in enumerate(exception.steps):
            step = workflow.step(name)
            if step is not None and not isinstance(step, Task | Decision | Wait):
                message = (
                    f"exception `{exception.id}` cannot be raised in step `{name}`:"
                    f" nobody works there"
                )
                advice = "Name tasks, decisions and waits only."
                yield error(model, "KP0701", here.at("steps", index), message, advice)


def check_diversions(model: Model) -> Iterator[Diagnostic]:
    """Find diversions that would cross a bracket."""
    for workflow, exception in _exceptions(model):
        homes = {step.id: block for block in workflow.blocks() for step in block}
        target = exception.divert
        if target is None or (target not in homes and target != DONE):
            continue
        for name in exception.befalls:
            outside = homes.get(name) is workflow.steps
            crosses = outside if target == DONE else homes[target] is not homes.get(name)
            if name in homes and crosses:
                yield error(
                    model,
                    "KP0702",
                    of_exception(workflow.id, exception.id, "divert"),
                    f"exception `{exception.id}` diverts from step `{name}` to `{target}`,"
                    f" which is no way out of its block",
                    "Divert to a step of the same block, or to `done` from a branch.",
                )


def check_endings(model: Model) -> Iterator[Diagnostic]:
    """Find endings that complete what is no task."""
    for workflow, exception in _exceptions(model):
        where = of_exception(workflow.id, exception.id, "suspend")
        for ending in exception.endings:
            for name in exception.befalls if ending.completes else ():
                step = workflow.step(name)
                if isinstance(step, Decision | Wait | Call | Run):
                    yield error(
                        model,
                        "KP0705",
                        where.at("ends", ending.id),
                        f"ending `{ending.id}` completes the step, and `{name}` is no task",
                        f"Write `then: resume`, or leave `{name}` out of `steps`."
                        if name in exception.steps
                        else "Write `then: resume`.",
                    )


def check_errands(model: Model) -> Iterator[Diagnostic]:
    """Find what exceptions open besides under the name of a step, and times that may never come."""
    for workflow, exception in _exceptions(model):
        here = of_exception(workflow.id, exception.id)
        if exception.errand is not None and workflow.step(exception.id) is not None:
            message = (
                f"exception `{exception.id}` opens work of its own name, and a step has that name"
            )
            yield error(model, "KP0708", here, message, "Give one of them another id.")
        if exception.moment is not None:
            yield from _check_moment(model, workflow, exception, here.at("suspend", "until"))


def _check_moment(
    model: Model, workflow: Workflow, exception: Exceptional, here: Where
) -> Iterator[Diagnostic]:
    item = model.objects.get(workflow.object)
    field = item.field(exception.moment or "") if item else None
    if field is not None and field.type not in {FieldType.DATE, FieldType.DATETIME}:
        yield error(
            model,
            "KP0535",
            here.at("field"),
            f"exception `{exception.id}` ends at the time of field `{field.id}`, which holds"
            f" {field.type.value} and no time",
            f"Name a field of type date or datetime, or make `{field.id}` one.",
        )
    if not exception.endings:
        yield error(
            model,
            "KP0709",
            here.at("field"),
            f"exception `{exception.id}` ends at the time of field `{exception.moment}`, which may"
            f" be emptied meanwhile, and nobody could end it then",
            "Add `ends` to the suspension.",
        )


def check_working_time(model: Model) -> Iterator[Diagnostic]:
    """Find working time of units that never work.

    The hours that count are those of the unit which does the work: of the addressed post, or
    of any post that carries the role, and otherwise of the owner of the workflow.
    """
    closed = {name for name, calendar in model.calendars.items() if _never_opens(calendar)}
    for workflow in model.workflows.values() if closed else ():
        for step in (*workflow.all_steps(), *workflow.errands.values()):
            working = step.due is not None and _is_working(step.due)
            for unit in sorted(_units(model, workflow, step)) if working else ():
                calendar = model.units[unit].calendar if unit in model.units else ""
                if calendar in closed:
                    yield error(
                        model,
                        "KP0706",
                        _due_of(workflow, step),
                        f"step `{step.id}` is due in working time, and calendar `{calendar}`"
                        f" of unit `{unit}` never opens",
                        "Give the calendar hours, or write the due time without `working`.",
                    )


def _never_opens(calendar: Calendar) -> bool:
    return bool(calendar.openings) and calendar.day_seconds == 0


def _is_working(due: Due) -> bool:
    spans = [span for _, span in due.spans]
    return any(span.working for span in (*spans, *([due.span] if due.span else [])))


def _due_of(workflow: Workflow, step: Step) -> Where:
    """Return where the due time of a step, or of what an exception opens besides, is written."""
    exception = next((item for item in workflow.exceptions if item.errand == step), None)
    if exception is None:
        return of_step(workflow.id, step.id, "due")
    path = ("alongside",) if exception.alongside else ("suspend", "until")
    return of_exception(workflow.id, exception.id, *path, "due")


def _units(model: Model, workflow: Workflow, step: Step) -> set[str]:
    posts = {workflow.owner}
    if isinstance(step, Task | Decision):
        carriers = {post.id for post in model.posts.values() if step.role in post.roles}
        posts = {step.to.post} if step.to.post else carriers
    return {model.posts[post].unit for post in posts if post in model.posts}


def _exceptions(model: Model) -> Iterator[tuple[Workflow, Exceptional]]:
    for workflow in model.workflows.values():
        for exception in workflow.exceptions:
            yield workflow, exception
