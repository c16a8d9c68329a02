"""Overrides: whether they lead anywhere, and whether three people can take part."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error, listed, of_step
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.steps.deciding import Override
from kingpost.model.workflow import Decision, Workflow
from kingpost.values.diagnostic import Diagnostic


def check_overrides(model: Model) -> Iterator[Diagnostic]:
    """Find overrides that go beyond nothing, and those that too few people could take part in."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if isinstance(step, Decision) and step.override is not None:
                here = of_step(workflow.id, step.id, "override")
                yield from _check_people(model, step.override, here)
                yield from _check_hours(model, step.override, here)
                yield from _check_effect(model, workflow, step, step.override, here)


def _check_people(model: Model, override: Override, here: Where) -> Iterator[Diagnostic]:
    part = dict.fromkeys((*override.by, *override.confirmed_by))
    if override.reviewed_by in part:
        yield error(
            model,
            "KP0564",
            here.at("reviewed-by"),
            f"`{override.reviewed_by}` would review overrides in which it takes part itself",
            "Name a post that neither asks for them nor confirms them.",
        )
    posts = [model.posts[name] for name in part if name in model.posts]
    if len(part) == len(posts) == 1 and posts[0].seats == 1:
        yield error(
            model,
            "KP0565",
            here.at("confirmed-by"),
            f"only `{posts[0].id}` may ask for this override and confirm it, and it has one seat",
            "Name another post in `confirmed-by`, or give the post more seats.",
        )


def _check_hours(model: Model, override: Override, here: Where) -> Iterator[Diagnostic]:
    """Find reviews that are never due: in working time of a unit that never works."""
    post = model.posts.get(override.reviewed_by)
    unit = model.units.get(post.unit) if post else None
    calendar = model.calendars.get(unit.calendar) if unit else None
    if unit is None or calendar is None or not override.review_within.working:
        return
    if calendar.openings and calendar.day_seconds == 0:
        yield error(
            model,
            "KP0706",
            here.at("review-within"),
            f"a review is due in working time, and calendar `{calendar.name}` of unit `{unit.id}`"
            f" never opens",
            "Give the calendar hours, or write the time without `working`.",
        )


def _check_effect(
    model: Model, workflow: Workflow, step: Decision, override: Override, here: Where
) -> Iterator[Diagnostic]:
    covered = [item.id for item in step.outcomes if override.covers(item.id)]
    for index, name in enumerate(override.by):
        post = model.posts.get(name)
        if post is None or not _comes_to(model, step, post):
            continue
        if covered and all(_always(post, workflow, step, outcome) for outcome in covered):
            yield error(
                model,
                "KP0566",
                here.at("by", index),
                f"`{name}` may take {listed(covered)} in decision `{step.id}` anyway, so it"
                f" overrides nothing",
                "Leave the post out, or bind its authority by `when` or `allowance`.",
            )


def _comes_to(model: Model, step: Decision, post: Post) -> bool:
    """Tell whether the decision certainly reaches a post, so that its authority counts."""
    if step.role not in post.roles or step.to.field is not None:
        return False
    to = step.to.post
    return to is None or post.id == to or post.id in model.superiors(to)


def _always(post: Post, workflow: Workflow, step: Decision, outcome: str) -> bool:
    return any(
        (grant.workflow, grant.step) == (workflow.id, step.id)
        and outcome in grant.outcomes
        and grant.when is None
        and grant.allowance is None
        for grant in post.authority
    )
