"""Who keeps which part of the model, and what a post that is gone leaves behind."""

from fnmatch import fnmatchcase

from kingpost.model.model import Model


def custodian_of(model: Model, address: str) -> str | None:
    """Return the post that keeps an element.

    A business object names its own custodian; for everything else the first pattern of
    governance that matches counts.

    address: such as `post/shift-lead`, or `post/shift-lead/authority` for what it may decide.
    Returns: None when no pattern matches.
    """
    kind, _, name = address.partition("/")
    if kind == "object" and name in model.objects:
        return model.objects[name].custodian
    return next(
        (
            entry.custodian
            for entry in model.governance
            if any(fnmatchcase(address, part) for part in entry.parts)
        ),
        None,
    )


def heir_of(model: Model, post: str) -> str:
    """Return the post to which what was laid on a post goes, that a version has no longer.

    That is what the post became, or who keeps it in this version, or the first that reports to
    nobody: never nobody.
    """
    became = next((each.id for each in model.posts.values() if each.was == post), None)
    keeper = custodian_of(model, f"post/{post}")
    tops = (each.id for each in model.posts.values() if each.reports_to is None)
    found = (became, keeper if keeper in model.posts else None, next(tops, None))
    return next((each for each in found if each is not None), next(iter(model.posts), post))
