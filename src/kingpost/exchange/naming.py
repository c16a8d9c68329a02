"""Names of other languages as ids of the model."""

import re
from dataclasses import dataclass, field

from kingpost.values.address import in_plain_letters

_LENGTH_MAX = 60
_OTHER = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


@dataclass(slots=True)
class Names:
    """Ids that are used nowhere twice. taken: those that may not be given."""

    taken: set[str] = field(default_factory=set[str])

    def give(self, title: str, otherwise: str) -> str:
        """Return an id made of a title, or of `otherwise` when no letter is left of it."""
        first = identifier(title) or otherwise
        name, count = first, 1
        while name in self.taken:
            count += 1
            name = f"{first}-{count}"
        self.taken.add(name)
        return name


def identifier(title: str) -> str:
    """Return a title as lower-case words joined by hyphens; empty when nothing is left of it."""
    plain = in_plain_letters(title).encode("ascii", "ignore").decode().lower()
    words = _OTHER.sub("-", plain).strip("-")[:_LENGTH_MAX].strip("-")
    return words.lstrip("0123456789-")


def line_of(text: str) -> str:
    """Return what people read in a text, on one line: without what cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def words(name: str) -> str:
    """Return a name such as `CreditScore` with its words apart, as people write them."""
    return _HUMP.sub(" ", name)
