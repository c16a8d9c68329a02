"""Find parts of a model by what they are called."""

from kingpost.handbook.addressing import Sight, in_words
from kingpost.model.parts.classes import KINDS
from kingpost.model.parts.links import kind_of

# What one looks for; the rest stands on the pages of these.
SEARCHED = frozenset((*KINDS.values(), "step", "exception", "field", "state", "stage"))


def find(sight: Sight, text: str) -> tuple[str, ...]:
    """Return the parts in whose name, kind or address every word stands, the likeliest first.

    A name that is the text comes before one that begins with it, and that before all others; then
    the shortest.
    """
    words = text.casefold().split()
    if not words:
        return ()
    whole, found = " ".join(words), list[tuple[int, int, str]]()
    for part in sight.links.parts:
        kind = kind_of(part)
        if kind not in SEARCHED:
            continue
        name = sight.whole(part).casefold()
        told = f"{name} {in_words(kind).casefold()} {part}"
        if all(word in told for word in words):
            own = sight.label(part).casefold()
            rank = 0 if own == whole else 1 if own.startswith(words[0]) else 2
            found.append((rank, len(name), part))
    return tuple(part for _, _, part in sorted(found))
