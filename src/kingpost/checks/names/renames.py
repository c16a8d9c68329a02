"""Renames: an id of before names one element, and none that is still there."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error
from kingpost.model.model import Model
from kingpost.model.organisation import Post, Unit
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
    first: dict[str, tuple[str, str]] = {}
    for part in parts:
        for word, was in _before(part.value):
            here = _where(model, part.address, word)
            before = f"{part.address.rpartition('/')[0]}/{was}"
            verb = "was" if word == "was" else "takes over"
            if before in living:
                message = f"`{part.address}` {verb} `{was}`, and `{before}` is still there"
                advice = f"Remove `{word}`, or give it another id."
                yield error(model, "KP0119", here, message, advice)
            elif before in first:
                other, its = first[before]
                both = f"and so was `{other}`" if verb == its == "was" else f"which `{other}` {its}"
                message = f"`{part.address}` {verb} `{was}`, {both}"
                yield error(model, "KP0120", here, message, f"Keep `{word}` at one of them.")
            first.setdefault(before, (part.address, verb))
    for post in model.posts.values():
        if post.split_from and post.split_from in {post.id, *post.were, *post.takes_over}:
            here = _where(model, f"post/{post.id}", "split-from")
            message = f"`post/{post.id}` is split from `{post.split_from}`, which it is as a whole"
            advice = "Remove `split-from`, or name the post of which it takes a part."
            yield error(model, "KP0121", here, message, advice)


def _before(value: object) -> Iterator[tuple[str, str]]:
    """Yield what an element was, and what it takes over, each with the property that says so."""
    if isinstance(value, Post | Unit):
        yield from (("was", name) for name in value.were)
        yield from (("takes-over", name) for name in value.takes_over)
    elif getattr(value, "was", ""):
        yield "was", getattr(value, "was", "")


def _where(model: Model, address: str, word: str) -> Where:
    """Return where a property of a part stands: at it, or inside the element that holds it."""
    if address in model.places:
        return Where(address, (word,))
    outer, noun, name = address.rsplit("/", 2)
    names = name.split(".")
    inside = (step for each in names for step in (f"{noun}s", each))
    return Where(outer, (*inside, word))
