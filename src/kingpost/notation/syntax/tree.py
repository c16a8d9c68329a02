"""The tree of a file: texts, lists and mappings, each with its place; nothing is converted."""

from dataclasses import dataclass
from typing import TypeAlias

from kingpost.values.diagnostic import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. plain: written without quotation marks, so that it may mean a number."""

    text: str
    plain: bool
    place: Place

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written here at all, not even an empty text in quotes."""
        return self.plain and not self.text


@dataclass(frozen=True, slots=True)
class Listed:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    key: str
    place: Place
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping in written order. INVARIANT: no key stands in it twice.

    whole: nothing was left out of it because of a fault that is reported already.
    """

    entries: tuple[Entry, ...]
    place: Place
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unread:
    """A value whose fault is reported already, so that nobody reports it again."""

    place: Place


Node: TypeAlias = Scalar | Listed | Mapped | Unread


def found(node: Node, *, bare: bool = False) -> str:
    """Return how a message calls what stands in a text.

    bare: expected without quotation marks, so that it matters whether there are any.
    """
    match node:
        case Listed():
            return "a list"
        case Mapped():
            return "a mapping"
        case Scalar(text, plain):
            words = " ".join(text.split())
            shown = words if len(words) <= 60 else f"{words[:59]}…"  # noqa: PLR2004 - one line
            if not shown:
                return "empty"
            return f"the text `{shown}`" if bare and not plain else f"`{shown}`"
        case Unread():
            return "unread"
