"""Who keeps which part of the model."""

from fnmatch import fnmatchcase

from kingpost.model.model import Model


def custodian_of(model: Model, address: str) -> str | None:
    """Return the post that keeps an element; the first pattern that matches counts.

    address: such as `post/shift-lead`. Returns: None when no pattern matches.
    """
    return next(
        (entry.custodian for entry in model.governance if fnmatchcase(address, entry.part)), None
    )
