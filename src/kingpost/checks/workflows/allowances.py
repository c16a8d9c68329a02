"""Allowances: whether what they bound can be added up."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error, listed, of, warning
from kingpost.model.model import Model
from kingpost.model.objects import Field, FieldClass, FieldType
from kingpost.model.organisation import Allowance, Grant, Post
from kingpost.model.scenario import Given
from kingpost.model.workflow import Decision, Workflow
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.money import write_money

_PRIVATE = (FieldClass.PERSONAL, FieldClass.SENSITIVE)


def check_allowances(model: Model) -> Iterator[Diagnostic]:
    """Find allowances that cannot be added up, and those that another grant passes by."""
    for post in model.posts.values():
        for index, grant in enumerate(post.authority):
            if grant.allowance is not None:
                where = of("post", post.id, "authority", index, "allowance")
                yield from _check(model, grant, grant.allowance, where)
                yield from _passed_by(model, post, index, where)


def _passed_by(model: Model, post: Post, index: int, where: Where) -> Iterator[Diagnostic]:
    """Find what a post may decide by another grant, whatever the allowance of one says.

    Of several rights, one that suffices is enough. Of two allowances, the later is told.
    """
    grant = post.authority[index]
    for at, other in enumerate(post.authority):
        if at == index or not _covers(other, grant):
            continue
        if other.allowance is None or at < index or not _covers(grant, other):
            names = listed(name for name in grant.outcomes if name in other.outcomes)
            room = "without one" if other.allowance is None else "as long as another has room"
            message = f"the allowance bounds nothing: `{post.id}` may take {names} {room}"
            advice = "Write one entry for it, or give each its own condition in `when`."
            yield warning(model, "KP0320", where, message, advice)
            return


def _covers(other: Grant, grant: Grant) -> bool:
    """Tell whether one grant lets an outcome through wherever another does, limits aside."""
    same = (other.workflow, other.step) == (grant.workflow, grant.step)
    wide = other.when is None or other.when == grant.when
    return same and wide and not set(other.outcomes).isdisjoint(grant.outcomes)


def _check(model: Model, grant: Grant, allowance: Allowance, where: Where) -> Iterator[Diagnostic]:
    workflow = model.workflows.get(grant.workflow)
    step = workflow.step(grant.step) if workflow else None
    if isinstance(step, Decision) and step.quorum is not None:
        yield error(
            model,
            "KP0314",
            where,
            f"several people take `{grant.workflow}/{grant.step}` together, and an allowance counts"
            f" what one post decides",
            "Leave out `allowance`, or the `quorum` of the decision.",
        )
    item = model.objects.get(workflow.object) if workflow else None
    field = item.field(allowance.of) if item else None
    if field is not None:
        yield from _check_field(model, field, allowance, where)


def _check_field(
    model: Model, field: Field, allowance: Allowance, where: Where
) -> Iterator[Diagnostic]:
    if field.type is not FieldType.MONEY:
        message = f"an allowance adds up money, and `{field.id}` is of type `{field.type}`"
        advice = "Name a field of type `money` in `of`."
        yield error(model, "KP0314", where.at("of"), message, advice)
    elif field.currency and field.currency != allowance.currency:
        most = write_money(allowance.at_most, allowance.currency)
        message = f"the allowance is {most}, and `{field.id}` holds {field.currency}"
        advice = f"Write the amount in {field.currency}."
        yield error(model, "KP0314", where.at("at-most"), message, advice)
    elif field.privacy in _PRIVATE:
        message = f"`{field.id}` is {field.privacy}, and an allowance keeps what each case counts"
        advice = "Name a field of class `internal` in `of`."
        yield error(model, "KP0314", where.at("of"), message, advice)


def check_uses(model: Model, workflow: Workflow, given: Given, here: Where) -> Iterator[Diagnostic]:
    """Find what a story uses up of allowances that are not there."""
    for name, decisions in given.used.items():
        post = model.posts.get(name)
        for step, (_, currency) in decisions.items() if post else ():
            bounds = [
                grant.allowance.currency
                for grant in (post.authority if post else ())
                if (grant.workflow, grant.step) == (workflow.id, step) and grant.allowance
            ]
            if not bounds:
                message = f"`{name}` has no allowance for `{workflow.id}/{step}`"
                advice = "Leave it out, or add an `allowance` to its authority."
                yield error(model, "KP1012", here.at(name, step), message, advice)
            elif currency not in bounds:
                message = f"the allowance of `{name}` for `{step}` is in {bounds[0]}"
                yield error(
                    model, "KP1012", here.at(name, step), message, f"Write it in {bounds[0]}."
                )
