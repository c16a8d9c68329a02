"""What every element may say of itself: its title, what it is for, and its id of before."""

from typing import Any

from kingpost.notation.forms import Opened, Property, defaulted, optional
from kingpost.notation.phrases import REFERENCE, TEXT

TITLE = optional("title", TEXT, "what people read in place of the id")
DESCRIPTION = defaulted("description", TEXT, "", "what it is for, for those who work with it")
WAS = defaulted("was", REFERENCE, "", "its id before it was renamed")

# The properties of an element that can be renamed, and of a part that cannot.
NAMED: tuple[Property[Any], ...] = (TITLE, DESCRIPTION, WAS)
TOLD: tuple[Property[Any], ...] = (TITLE, DESCRIPTION)


def told(of: Opened) -> dict[str, str]:
    """Return what an element says of itself, by the names that the model has for it."""
    return {"description": of[DESCRIPTION], "was": of[WAS]}
