"""The tree of a file: texts, lists and mappings, each with its place; nothing is converted.

A large model has a million of these, so they are named tuples, which are made fastest.
"""

from typing import NamedTuple, TypeAlias

from kingpost.values.diagnostic import Place


class Scalar(NamedTuple):
    """A text. plain: written without quotation marks, so that it may mean a number."""

    text: str
    plain: bool
    place: Place

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written here at all, not even an empty text in quotes."""
        return self.plain and not self.text


class Listed(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    place: Place


class Entry(NamedTuple):
    """A key with its value."""

    key: str
    place: Place
    value: "Node"


class Mapped(NamedTuple):
    """A mapping in written order. INVARIANT: no key stands in it twice.

    whole: nothing was left out of it because of a fault that is reported already.
    """

    entries: tuple[Entry, ...]
    place: Place
    whole: bool = True


class Unread(NamedTuple):
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
