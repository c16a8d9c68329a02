"""Ladders: whether each rung can tell somebody, and in the order in which they stand."""

from collections.abc import Iterator
from itertools import pairwise

from kingpost.checks.finding import Where, error, of_step
from kingpost.model.model import Model
from kingpost.model.workflow import AUTHORITY, SUPERIOR, Decision, Due, Rung, Step, Task, Workflow
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.span import Span


def check_ladders(model: Model) -> Iterator[Diagnostic]:
    """Find rungs that count other time than the due time, stand out of order, or tell nobody."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if step.due is not None and step.escalate:
                here = of_step(workflow.id, step.id, "escalate")
                yield from _check_kinds(model, step, step.due, here)
                yield from _check_order(model, workflow, step, here)
                yield from _check_superiors(model, workflow, step, here)
                yield from _check_moves(model, step, here)


def _check_kinds(model: Model, step: Step, due: Due, here: Where) -> Iterator[Diagnostic]:
    working = {span.working for span in _spans(due)}
    for index, rung in enumerate(step.escalate):
        if rung.after is not None and working != {rung.after.working}:
            counted = "working time" if rung.after.working else "plain time"
            other = "plain time" if rung.after.working else "working time"
            mixed = f"the due time {other}" if len(working) == 1 else "some due times other time"
            yield error(
                model,
                "KP0551",
                here.at(index, "after"),
                f"rung {index + 1} of the ladder of `{step.id}` counts {counted}, and {mixed}",
                "Count both in working time, or both without `working`.",
            )


def _spans(due: Due) -> tuple[Span, ...]:
    return (due.span,) if due.span else tuple(span for _, span in due.spans)


def _check_order(model: Model, workflow: Workflow, step: Step, here: Where) -> Iterator[Diagnostic]:
    posts = (model.posts[name] for name in _addressed(workflow, step) if name in model.posts)
    units = (model.units[post.unit] for post in posts if post.unit in model.units)
    hours = [model.calendars[unit.calendar] for unit in units if unit.calendar in model.calendars]
    for index, (rung, later) in enumerate(pairwise(step.escalate), 2):
        for calendar in hours:
            day, week = calendar.day_seconds, calendar.week_days
            if _late(later, day, week) < _late(rung, day, week):
                message = f"rung {index} of the ladder of `{step.id}` comes before rung {index - 1}"
                where = here.at(index - 1, "after")
                yield error(model, "KP0552", where, message, "Put the rungs in order of time.")
                break


def _late(rung: Rung, day_seconds: int, week_days: int) -> int:
    return rung.after.seconds(day_seconds, week_days) if rung.after else 0


def _check_superiors(
    model: Model, workflow: Workflow, step: Step, here: Where
) -> Iterator[Diagnostic]:
    """Find rungs that go higher than the company does, where it is certain who is addressed."""
    if isinstance(step, Task | Decision) and step.to.field is not None:
        return
    (post,) = _addressed(workflow, step)
    if post not in model.posts:
        return
    above = list(model.superiors(post))
    # Above work of no one post is the owner of the workflow.
    alone = isinstance(step, Task | Decision) and step.to.post is not None
    heights = len(above) if alone else len(above) + 1
    rungs = [index for index, rung in enumerate(step.escalate) if rung.to == SUPERIOR]
    for index in rungs[heights:]:
        yield error(
            model,
            "KP0553",
            here.at(index, "to"),
            f"rung {index + 1} of the ladder of `{step.id}` tells nobody: above `{post}`"
            f" {'is' if len(above) == 1 else 'are'} {len(above) or 'no'}"
            f" post{'' if len(above) == 1 else 's'}",
            "Name a post, or leave the rung out.",
        )


def _check_moves(model: Model, step: Step, here: Where) -> Iterator[Diagnostic]:
    movable = isinstance(step, Decision) and bool(step.to.post or step.to.field)
    for index, rung in enumerate(step.escalate):
        if rung.to == AUTHORITY and not movable:
            yield error(
                model,
                "KP0554",
                here.at(index, "to"),
                f"rung {index + 1} of the ladder of `{step.id}` moves it to whoever has the"
                f" authority, and it is no decision that is addressed to a post",
                "Name a post or `superior`, or address the decision with `to`.",
            )


def _addressed(workflow: Workflow, step: Step) -> tuple[str, ...]:
    """Return the post by whose hours and superiors a ladder goes, as far as it is certain."""
    to = step.to.post if isinstance(step, Task | Decision) else None
    return (to or workflow.owner,)
