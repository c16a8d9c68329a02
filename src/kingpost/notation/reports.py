"""Reports about the properties of a form, and the words of their messages."""

import re

from kingpost.notation.codes import Code
from kingpost.notation.findings import Spot
from kingpost.notation.later import SECTIONS
from kingpost.notation.syntax.tree import Entry
from kingpost.values.address import in_plain_letters, is_identifier

# A name in the JSON of another system, with a dot before what lies inside.
MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*([.][A-Za-z_][A-Za-z0-9_-]*)*")
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def report_unknown(
    spot: Spot, form: str, entry: Entry, known: tuple[str, ...], advice: str = ""
) -> str:
    """Report a property that a form does not have.

    Returns: the known name that seems to be meant, or the empty text.
    """
    later = SECTIONS.get(entry.key) if form == "model" else None
    if later is not None:
        spot.postpone(entry.key, later, entry.place)
        return ""
    near = spot.nearest(entry.key, known)
    if advice:
        near = next((name for name in known if advice == _written(name)), None)
    help_text = advice or (_written(near) if near else f"Write one of {either(known)}.")
    what = "a section of a model" if form == "model" else f"a property of {_a(form)}"
    spot.report(Code.UNKNOWN, f"`{entry.key}` is not {what}", help_text, entry.place)
    return near or ""


def _written(name: str) -> str:
    return f"Write `{name}`."


def report_both(spot: Spot, first: str, second: Entry) -> None:
    """Report two properties of which only one may be written."""
    message = f"{spot.label} has both `{first}` and `{second.key}`, expected one of them"
    spot.report(Code.CONTRADICTION, message, "Keep one of them.", second.place)


def either(names: tuple[str, ...]) -> str:
    """Return names in backticks, one after the other."""
    return ", ".join(f"`{name}`" for name in names)


def _a(form: str) -> str:
    # No form begins with a short `u`: it is `a unit`.
    return f"an {form}" if form[0] in "aeio" else f"a {form}"


def is_member(spot: Spot, entry: Entry) -> bool:
    """Tell whether a key names a member of JSON; report one that does not."""
    if MEMBER.fullmatch(entry.key):
        return True
    message = f"`{entry.key}` is no member of JSON that Kingpost can name"
    help_text = "Write letters, digits, `_` and `-`, with a dot before what lies inside."
    spot.report(Code.BAD_ID, message, help_text, entry.place)
    return False


def is_id(spot: Spot, entry: Entry) -> bool:
    """Tell whether a key is an id; report it otherwise."""
    if is_identifier(entry.key):
        return True
    plain = in_plain_letters(entry.key)
    kebab = _NOT_IN_ID.sub("-", _CAPITAL_INSIDE.sub("-", plain).lower()).strip("-")
    message = f"`{entry.key}` is not an id, expected lower-case words joined by hyphens"
    help_text = f"Write `{kebab}`." if is_identifier(kebab) else "Begin it with a letter."
    if any(letter.isalpha() and not letter.isascii() for letter in plain):
        help_text = "Write it in the letters a to z."
    spot.report(Code.BAD_ID, message, help_text, entry.place)
    return False
