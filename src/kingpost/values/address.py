"""Addresses: how one part of a model names another."""

import re
import unicodedata

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KINDS = (
    "calendar", "exception", "framework", "message", "metric", "object", "objective", "obligation",
    "post", "role", "rule", "unit", "value-stream", "workflow",
)  # fmt: skip

# Letters that are no letter of a to z with a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"}
)


def address(kind: str, *path: str) -> str:
    """Return the address of an element, such as `post/head-of-appeals`."""
    return "/".join((kind, *path))


def step_address(workflow: str, step: str) -> str:
    """Return the address of a step, such as `workflow/fine/step/send`."""
    return f"workflow/{workflow}/step/{step}"


def is_identifier(text: str) -> bool:
    """Tell whether `text` is a kebab-case id: words of a-z and 0-9, joined by single hyphens."""
    return IDENTIFIER.fullmatch(text) is not None


def in_plain_letters(text: str) -> str:
    """Return a text without the marks of its letters: `prix-élevé` as `prix-eleve`."""
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))
