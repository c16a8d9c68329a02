"""The nearest known name to one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

_SIMILARITY_MIN = 0.6


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is like it.

    Source: Ratcliff and Obershelp, gestalt pattern matching, as `difflib` implements it.
    """
    found = get_close_matches(name, sorted(known), n=1, cutoff=_SIMILARITY_MIN)
    return found[0] if found else None


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the help sentence that offers the nearest name, or `otherwise` when none is near."""
    found = nearest(name, known)
    return f"Write `{found}`." if found else otherwise
