"""What the model lays on a post."""

from collections.abc import Iterator

from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.organisation import Post, Vacancy
from kingpost.model.parts import relations
from kingpost.model.parts.links import Links, kind_of
from kingpost.model.workflow import (
    AUTHORITY,
    SUPERIOR,
    Call,
    Decision,
    Exceptional,
    Step,
    Task,
    Workflow,
)
from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.alarms.vacancies import part_title
from kingpost.queries.succession.pack import Kept, Line, Owned, Trouble
from kingpost.values.address import address, step_address

KEPT_MAX = 20


def stands_in_for(model: Model, post: str) -> tuple[Duty, ...]:
    """Return the posts that fall to this one by their policy."""
    return tuple(
        Duty(address("post", item.id), item.title)
        for item in model.posts.values()
        if (item.vacancy is Vacancy.SUPERIOR and item.reports_to == post)
        or (item.vacancy is Vacancy.POST and item.falls_to == post)
    )


def decisions_of(program: Program, post: Post) -> Iterator[Owned]:
    """Yield the decisions of which a post may take outcomes; of use and work, nothing yet."""
    for grant in post.authority:
        workflow = program.model.workflows.get(grant.workflow)
        step = workflow.step(grant.step) if workflow else None
        if workflow is None or not isinstance(step, Decision):
            # A model from before today's check may name what is not there.
            continue
        yield Owned(
            address=step_address(workflow.id, step.id),
            title=step.title,
            workflow_title=workflow.title,
            outcomes=tuple(
                found.title if (found := step.outcome(name)) else name for name in grant.outcomes
            ),
            grant=grant,
            due=step.due,
            quorum=step.quorum,
            separate_from=tuple(
                found.title if (found := workflow.work(name)) else name
                for name in step.separate_from
            ),
            used=None,
            since=None,
            open=0,
        )


def repairs_of(model: Model, post: str) -> tuple[Duty, ...]:
    """Return the workflows whose cases a post may repair."""
    return tuple(
        Duty(address("workflow", item.id), item.title)
        for item in model.workflows.values()
        if post in item.repaired_by
    )


def exceptions_of(model: Model, post: Post) -> Iterator[Trouble]:
    """Yield the exceptions that a post may raise and end, or whose work is for it."""
    roles = set(post.roles)
    for workflow in model.workflows.values():
        for item in workflow.exceptions:
            may_end, works = bool(roles & set(item.raised_by)), _works(item, roles)
            if may_end or works:
                yield _trouble(workflow, item, may_end=may_end, works=works)


def _works(item: Exceptional, roles: set[str]) -> bool:
    asked = item.until or item.alongside
    return asked is not None and asked.role in roles


def _trouble(workflow: Workflow, item: Exceptional, *, may_end: bool, works: bool) -> Trouble:
    return Trouble(
        address("workflow", workflow.id, "exception", item.id),
        item.title,
        workflow.title,
        item.cause.value,
        may_end,
        works,
        open=0,
    )


def interfaces_of(model: Model, post: str) -> Iterator[Line]:
    """Yield the systems whose failures a post answers for, by contract or as a workflow's owner."""
    asked: dict[str, list[Duty]] = {}
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            found = model.interfaces.get(step.interface) if isinstance(step, Call) else None
            if found is None or found.contract is None:
                continue
            if (found.contract.owner or workflow.owner) == post:
                here = Duty(step_address(workflow.id, step.id), step.title)
                asked.setdefault(found.id, []).append(here)
    for item in model.interfaces.values():
        owns = item.contract is not None and item.contract.owner == post
        if owns or item.id in asked:
            yield Line(item.id, item.title, tuple(asked.get(item.id, ())), troubled=0)


def kept_by(links: Links, post: str) -> tuple[Kept, ...]:
    """Return what a post keeps, by kind."""
    found: dict[str, list[Duty]] = {}
    for link in links.to(address("post", post)):
        if link.relation is relations.KEPT_BY:
            duty = Duty(link.source, part_title(links, link.source))
            found.setdefault(kind_of(duty.address), []).append(duty)
    return tuple(Kept(kind, tuple(parts[:KEPT_MAX]), len(parts)) for kind, parts in found.items())


def told_when_late(model: Model, post: str) -> tuple[Duty, ...]:
    """Return the steps of which a post hears when they are late.

    That is by its name, as the one above the post addressed, or as the next whose authority
    suffices.
    """
    return tuple(
        Duty(step_address(workflow.id, step.id), f"{step.title}, in {workflow.title}")
        for workflow in model.workflows.values()
        for step in workflow.all_steps()
        if any(_hears(model, workflow, step, rung.to, post) for rung in step.escalate)
    )


def _hears(model: Model, workflow: Workflow, step: Step, to: str, post: str) -> bool:
    addressed = step.to.post if isinstance(step, Task | Decision) else None
    above = tuple(model.superiors(addressed)) if addressed else ()
    if to == SUPERIOR:
        return above[:1] == (post,)
    if to == AUTHORITY:
        rights = model.posts[post].authority
        may = any((each.workflow, each.step) == (workflow.id, step.id) for each in rights)
        return may and post in above
    return to == post
