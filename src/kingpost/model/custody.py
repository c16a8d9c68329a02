"""Who keeps which part of the model."""

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
