"""The organisation: posts, roles and authority that work can rely on."""

from collections.abc import Iterator, Mapping

from kingpost.checks.finding import error, listed, of, of_step, warning
from kingpost.checks.workflows.steps import lacks_role
from kingpost.model.model import Model
from kingpost.model.organisation import Post, Vacancy
from kingpost.model.workflow import Decision, Task, Wait, Workflow
from kingpost.values.diagnostic import Diagnostic


def check_roles_are_carried(model: Model) -> Iterator[Diagnostic]:
    """Find roles that no post carries: work that asks for them reaches nobody."""
    carried = {role for post in model.posts.values() for role in post.roles}
    for role in model.roles.values():
        if role.id not in carried:
            message = f"no post carries role `{role.id}`"
            advice = f"Add `{role.id}` to the `roles` of a post, or remove the role."
            yield error(model, "KP0301", of("role", role.id), message, advice)


def check_roles_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find roles that no workflow asks for and that nothing is kept apart from."""
    used = {name for role in model.roles.values() for name in role.incompatible_with}
    used |= {item.view.role for item in model.interfaces.values() if item.view}
    for workflow in model.workflows.values():
        used |= _roles_of(workflow)
    for role in model.roles.values():
        if role.id not in used:
            message = f"no step asks for role `{role.id}`"
            advice = "Name it as the `role` of a step, or remove it."
            yield warning(model, "KP0302", of("role", role.id), message, advice)


def _roles_of(workflow: Workflow) -> set[str]:
    found = set(workflow.begins.roles)
    for step in workflow.all_steps():
        if isinstance(step, Task | Decision | Wait) and step.role:
            found.add(step.role)
        if isinstance(step, Wait):
            senders = (sender for awaited in step.messages for sender in awaited.senders)
            found.update(name.removeprefix("role/") for name in senders)
    for exception in workflow.exceptions:
        found.update(exception.raised_by)
        found.update(errand.role for errand in (exception.until, exception.alongside) if errand)
    return found


def check_reporting_circles(model: Model) -> Iterator[Diagnostic]:
    """Find posts that report to themselves, and units that are part of themselves."""
    reports = {post.id: _one(post.reports_to) for post in model.posts.values()}
    for circle in circles(reports):
        message = f"post `{circle[0]}` reports to itself, by way of {listed(circle[1:] or circle)}"
        where = of("post", circle[0], "reports-to")
        yield error(model, "KP0303", where, message, "Leave out `reports-to` at the top post.")
    parts = {unit.id: _one(unit.parent) for unit in model.units.values()}
    for circle in circles(parts):
        message = f"unit `{circle[0]}` is part of itself, by way of {listed(circle[1:] or circle)}"
        where = of("unit", circle[0], "part-of")
        yield error(model, "KP0304", where, message, "Leave out `part-of` at the top unit.")


def circles(above: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each circle once, from its first name in the order of the mapping."""
    reported: set[str] = set()
    turning = _turning(above)
    for start in (name for name in above if name in turning):
        path = _way_back(start, above)
        if path and not reported & set(path):
            reported.update(path)
            yield path


def _turning(above: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the names from which one may go on for ever; few have to be looked at closely."""
    below: dict[str, list[str]] = {}
    ways = dict.fromkeys(above, 0)
    for name, targets in above.items():
        for target in (each for each in targets if each in above):
            below.setdefault(target, []).append(name)
            ways[name] += 1
    ending = [name for name, count in ways.items() if count == 0]
    while ending:
        for name in below.get(ending.pop(), ()):
            ways[name] -= 1
            if ways[name] == 0:
                ending.append(name)
    return {name for name, count in ways.items() if count}


def _way_back(start: str, above: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the shortest way from `start` back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in above.get(way[-1], ()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _one(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def check_vacancies(model: Model) -> Iterator[Diagnostic]:
    """Find posts whose work has nowhere to go when nobody holds them."""
    for post in model.posts.values():
        if post.vacancy is None:
            yield warning(
                model,
                "KP0305",
                of("post", post.id),
                f"post `{post.id}` does not say what becomes of its work when nobody holds it",
                "Add `vacancy: {falls-to: superior}`, or `vacancy: holds`.",
            )
        elif post.vacancy is Vacancy.SUPERIOR and post.reports_to is None:
            yield error(
                model,
                "KP0306",
                of("post", post.id, "vacancy"),
                f"the work of post `{post.id}` falls to its superior, and it has none",
                "Name a post in `falls-to`, or write `vacancy: holds`.",
            )


def check_falling_circles(model: Model) -> Iterator[Diagnostic]:
    """Find posts whose work, when they are vacant, falls back to themselves."""
    falls = {post.id: _one(_falls_to(post)) for post in model.posts.values()}
    reports = {post.id: _one(post.reports_to) for post in model.posts.values()}
    known = {frozenset(circle) for circle in circles(reports)}
    for circle in circles(falls):
        # A circle of superiors is a circle of reporting, and reported as that.
        if frozenset(circle) not in known:
            yield error(
                model,
                "KP0307",
                of("post", circle[0], "vacancy"),
                f"the work of post `{circle[0]}` falls back to itself, by way of"
                f" {listed(circle[1:] or circle)}",
                "Let one post of the circle fall to another, or write `vacancy: holds`.",
            )


def _falls_to(post: Post) -> str | None:
    return post.reports_to if post.vacancy is Vacancy.SUPERIOR else post.falls_to


def check_static_separation(model: Model) -> Iterator[Diagnostic]:
    """Find posts that carry roles which no post may carry together.

    Source: ANSI INCITS 359, static separation of duty.
    """
    for role in model.roles.values():
        if role.id in role.incompatible_with:
            message = f"role `{role.id}` is incompatible with itself"
            where = of("role", role.id, "incompatible-with")
            yield error(model, "KP0309", where, message, "Name another role.")
    for post in model.posts.values():
        for first, second in _kept_apart(model, post):
            yield error(
                model,
                "KP0308",
                of("post", post.id, "roles", post.roles.index(second)),
                f"post `{post.id}` carries {listed((first, second))}, which are incompatible",
                "Let two posts carry them.",
            )


def _kept_apart(model: Model, post: Post) -> Iterator[tuple[str, str]]:
    for index, first in enumerate(post.roles):
        for second in post.roles[index + 1 :]:
            pairs = ((first, second), (second, first))
            if first != second and any(
                b in model.roles[a].incompatible_with for a, b in pairs if a in model.roles
            ):
                yield first, second


def check_grants(model: Model) -> Iterator[Diagnostic]:
    """Find authority that nobody can use: it names no decision, or one of another role."""
    for post in model.posts.values():
        for index, grant in enumerate(post.authority):
            where = of("post", post.id, "authority", index, "decide")
            workflow = model.workflows.get(grant.workflow)
            step = workflow.step(grant.step) if workflow else None
            name = f"{grant.workflow}/{grant.step}"
            if step is not None and not isinstance(step, Decision):
                message = f"`{name}` is not a decision, so nothing is to be granted"
                yield error(model, "KP0310", where, message, "Name a decision in `decide`.")
            elif isinstance(step, Decision) and lacks_role(model, post, step.role):
                message = (
                    f"post `{post.id}` may decide `{name}` and does not carry its role"
                    f" `{step.role}`"
                )
                advice = f"Add `{step.role}` to the `roles` of the post, or remove the grant."
                yield error(model, "KP0311", where, message, advice)


def check_authority(model: Model) -> Iterator[Diagnostic]:
    """Find outcomes of decisions that no post which carries the role may take."""
    granted = {
        (grant.workflow, grant.step, outcome)
        for post in model.posts.values()
        for grant in post.authority
        for outcome in grant.outcomes
    }
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if isinstance(step, Decision):
                missing = [
                    outcome.id
                    for outcome in step.outcomes
                    if (workflow.id, step.id, outcome.id) not in granted
                ]
                yield from _check_authority(model, workflow, step, missing)


def _check_authority(
    model: Model, workflow: Workflow, step: Decision, missing: list[str]
) -> Iterator[Diagnostic]:
    if not missing:
        return
    kind = "outcome" if len(missing) == 1 else "outcomes"
    yield error(
        model,
        "KP0312",
        of_step(workflow.id, step.id),
        f"no post has the authority for {kind} {listed(missing)} of decision `{step.id}`",
        f"Add `authority: [{{decide: {workflow.id}/{step.id}, outcomes: [{', '.join(missing)}]}}]`"
        f" to a post that carries `{step.role}`.",
    )


def check_repairs(model: Model) -> Iterator[Diagnostic]:
    """Find repairs that nobody could confirm: whoever proposes one cannot, and there is no other.

    What is lent repairs nothing, and the work of a vacant post falls to nobody here.
    """
    for workflow in model.workflows.values():
        posts = [model.posts.get(name) for name in workflow.repaired_by]
        known = [post for post in posts if post is not None]
        if known and len(known) == len(posts) and sum(post.seats for post in known) == 1:
            message = f"only `{known[0].id}` may repair, which has one seat, and another person"
            yield warning(
                model,
                "KP0563",
                of("workflow", workflow.id, "repaired-by"),
                f"{message} must confirm each repair",
                "Name another post as well, or give the post more seats.",
            )


def check_dynamic_separation(model: Model) -> Iterator[Diagnostic]:
    """Find steps that must be done by two people where the model has a seat for only one."""
    carriers: dict[str, list[Post]] = {}
    for post in model.posts.values():
        for role in post.roles:
            carriers.setdefault(role, []).append(post)
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if isinstance(step, Task | Decision):
                for index, name in enumerate(step.separate_from):
                    other = workflow.step(name)
                    if isinstance(other, Task | Decision) and _one_seat(carriers, step, other):
                        yield warning(
                            model,
                            "KP0313",
                            of_step(workflow.id, step.id, "separate-from", index),
                            f"only one seat can do both `{other.id}` and `{step.id}`,"
                            f" and they must be done by two people",
                            "Give another post the role, or the post more seats.",
                        )


def _one_seat(
    carriers: Mapping[str, list[Post]], step: Task | Decision, other: Task | Decision
) -> bool:
    """Tell whether one single seat carries the roles of two steps, and nobody else either.

    An agent counts as who answers for it.
    """
    able = [post for role in (step.role, other.role) for post in carriers.get(role, ())]
    hands = {post.answered_for_by or post.id for post in able}
    return len(hands) == 1 and all(post.seats == 1 or post.answered_for_by for post in able)
