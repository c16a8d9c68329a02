"""Posts for machine agents: a person answers for each, and people stay where they must be."""

from collections.abc import Iterator, Mapping

from kingpost.checks.finding import error, listed, of
from kingpost.checks.references import references
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.workflow import Decision
from kingpost.values.diagnostic import Diagnostic

# Where work is addressed to a post; everywhere else somebody answers who is named.
_WORK = frozenset({("to", "post"), ("to", "else")})


def check_agents(model: Model) -> Iterator[Diagnostic]:
    """Find posts for agents for which no person answers, and what such a post may not be."""
    posts = {post.id: post for post in model.posts.values() if post.answered_for_by is not None}
    for post in posts.values():
        answering = model.posts.get(post.answered_for_by or "")
        if answering is not None:
            yield from _check_answering(model, post, answering)
        yield from _check_votes(model, post)
    if posts:
        yield from _check_named(model, posts)


def _check_answering(model: Model, post: Post, answering: Post) -> Iterator[Diagnostic]:
    where = of("post", post.id, "answered-for-by")
    if answering.answered_for_by is not None:
        by = (
            "itself" if answering.id == post.id else f"`{answering.id}`, which is for an agent, too"
        )
        message = f"post `{post.id}` is for an agent, and is answered for by {by}"
        yield error(model, "KP0315", where, message, "Name the post of a person.")
        return
    if answering.seats > 1:
        message = (
            f"`{answering.id}` answers for the agent in `{post.id}` and has {answering.seats}"
            f" seats, so it is not one person who answers"
        )
        advice = f"Name a post with one seat, or give `{answering.id}` one."
        yield error(model, "KP0316", where, message, advice)
    for role in post.roles:
        for other in _apart(model, role, answering):
            yield error(
                model,
                "KP0319",
                of("post", post.id, "roles", post.roles.index(role)),
                f"an agent in `{post.id}` counts as who answers for it, and"
                f" {listed((role, other))}, which `{answering.id}` carries, are incompatible",
                "Let another post answer for the agent, or take the role away.",
            )


def _apart(model: Model, role: str, answering: Post) -> Iterator[str]:
    """Yield the roles of the answering post that no one may carry beside a role."""
    for other in answering.roles:
        pairs = ((role, other), (other, role))
        if any(b in model.roles[a].incompatible_with for a, b in pairs if a in model.roles):
            yield other


def _check_votes(model: Model, post: Post) -> Iterator[Diagnostic]:
    for index, grant in enumerate(post.authority):
        workflow = model.workflows.get(grant.workflow)
        step = workflow.step(grant.step) if workflow else None
        if isinstance(step, Decision) and step.quorum is not None:
            yield error(
                model,
                "KP0318",
                of("post", post.id, "authority", index, "decide"),
                f"several people decide `{grant.workflow}/{grant.step}`, and the agent in"
                f" `{post.id}` has no vote",
                "Leave out this grant.",
            )


def _check_named(model: Model, posts: Mapping[str, Post]) -> Iterator[Diagnostic]:
    """Find posts for agents where only a person can answer, stand in, or be told."""
    for reference in references(model):
        path = reference.where.path
        if reference.kind != "post" or reference.name not in posts or path[-2:] in _WORK:
            continue
        if path != ("answered-for-by",):
            by = posts[reference.name].answered_for_by
            message = f"post `{reference.name}` is for an agent, and a person has to stand here"
            advice = f"Name the post of a person, such as `{by}`."
            yield error(model, "KP0317", reference.where, message, advice)
