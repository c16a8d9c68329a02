"""Renames: an id of before names one element, and none that is still there."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error
from kingpost.model.model import Model
from kingpost.model.parts.places import Places
from kingpost.model.parts.walk import Part, walk
from kingpost.values.diagnostic import Diagnostic


def check_renames(model: Model) -> Iterator[Diagnostic]:
    """Find elements that were what still is, and two that were the same."""
    # Most models rename nothing, and walking a large one to see that takes long.
    if isinstance(model.places, Places) and not model.places.renaming:
        return
    parts = [found for found in walk(model) if isinstance(found, Part)]
    living = {part.address for part in parts}
    first: dict[str, str] = {}
    for part in parts:
        was = getattr(part.value, "was", "")
        if not was:
            continue
        here = _where(model, part.address)
        before = f"{part.address.rpartition('/')[0]}/{was}"
        if before in living:
            message = f"`{part.address}` was `{was}`, and `{before}` is still there"
            yield error(model, "KP0119", here, message, "Remove `was`, or give it another id.")
        elif before in first:
            message = f"`{part.address}` was `{was}`, and so was `{first[before]}`"
            yield error(model, "KP0120", here, message, "Keep `was` at one of them.")
        first.setdefault(before, part.address)


def _where(model: Model, address: str) -> Where:
    """Return where `was` of a part stands: at the part, or inside the element that holds it."""
    if address in model.places:
        return Where(address, ("was",))
    outer, noun, name = address.rsplit("/", 2)
    names = name.split(".")
    inside = (step for each in names for step in (f"{noun}s", each))
    return Where(outer, (*inside, "was"))
