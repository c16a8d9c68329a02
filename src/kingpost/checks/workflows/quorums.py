"""Decisions of several people: whether enough of them can ever come together."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of_step
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.workflow import Decision, Quorum, Workflow
from kingpost.values.diagnostic import Diagnostic


def check_quorums(model: Model) -> Iterator[Diagnostic]:
    """Find decisions that ask more people than there are seats, and quorums without effect."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if isinstance(step, Decision) and step.quorum is not None:
                yield from _check_effect(model, workflow, step)
                yield from _check_seats(model, workflow, step, step.quorum)


def _check_effect(model: Model, workflow: Workflow, step: Decision) -> Iterator[Diagnostic]:
    if {outcome.id for outcome in step.outcomes} <= set(step.veto):
        yield error(
            model,
            "KP0534",
            of_step(workflow.id, step.id, "veto"),
            f"one person alone may take each outcome of decision `{step.id}`, so its `quorum` has"
            f" no effect",
            "Leave an outcome out of `veto`, or leave out `quorum` and `veto`.",
        )


def _check_seats(
    model: Model, workflow: Workflow, step: Decision, quorum: Quorum
) -> Iterator[Diagnostic]:
    where = of_step(workflow.id, step.id, "quorum")
    reach = _reach(model, step)
    seats = sum(post.seats for post in reach)
    if reach and seats < quorum.asked:
        yield error(
            model,
            "KP0533",
            where,
            f"decision `{step.id}` asks {quorum.asked} people, and {_may(seats)} come to it",
            _ADVICE,
        )
        return
    for outcome in step.outcomes:
        able = [post for post in reach if _is_granted(post, workflow, step, outcome.id)]
        seats = sum(post.seats for post in able)
        # That no post at all may take it is reported by itself.
        if able and outcome.id not in step.veto and seats < quorum.needed:
            yield error(
                model,
                "KP0533",
                where,
                f"outcome `{outcome.id}` of decision `{step.id}` needs {quorum.needed} people, and"
                f" {_may(seats)} take it",
                _ADVICE,
            )


_ADVICE = "Give a post with the role and the authority more `seats`, or ask fewer people."


def _may(seats: int) -> str:
    return "only one may" if seats == 1 else f"only {seats} may"


def _reach(model: Model, step: Decision) -> list[Post]:
    """Return the posts to which it may come: those addressed that carry the role, those above.

    Those for agents do not count: an agent has no vote.
    """
    to = step.to.post if step.to.field is None else None
    names = model.posts if to is None else (to, *model.superiors(to))
    found = (model.posts[name] for name in names if name in model.posts)
    return [post for post in found if step.role in post.roles and post.answered_for_by is None]


def _is_granted(post: Post, workflow: Workflow, step: Decision, outcome: str) -> bool:
    return any(
        (grant.workflow, grant.step) == (workflow.id, step.id) and outcome in grant.outcomes
        for grant in post.authority
    )
