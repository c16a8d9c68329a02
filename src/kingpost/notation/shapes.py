"""The shapes of what stands in a model: each reads a node and describes itself as JSON Schema.

What a shape cannot read it reports, and gives `NOTHING` in its place. INVARIANT: nobody looks at
it, for a form is built only of parts that were read without a finding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from kingpost.notation.codes import Code
from kingpost.notation.findings import Spot
from kingpost.notation.later import Later
from kingpost.notation.syntax.tree import Listed, Mapped, Node, Scalar, Unread, found

Schema: TypeAlias = dict[str, Any]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

NOTHING: Any = None


class Shape(Protocol[T_co]):
    """What may stand in one place of a model. expected: how a message calls it."""

    @property
    def expected(self) -> str:
        """Return the words after `expected`, such as `a list`."""
        ...

    def read(self, spot: Spot, node: Node) -> T_co:
        """Return what the node says, or report why not."""
        ...

    def schema(self, definitions: Schema) -> Schema:
        """Return the JSON Schema of the shape, with named parts put into `definitions`."""
        ...


def unfit(
    spot: Spot, node: Node, expected: str, help_text: str = "", *, bare: bool = False
) -> None:
    """Report a value of another kind than expected, or a text of another form.

    bare: expected without quotation marks.
    """
    if isinstance(node, Unread):
        spot.findings.repeat()
        return
    written = isinstance(node, Scalar) and node.text.strip()
    code = Code.MISWRITTEN if written else Code.OTHER_KIND
    message = f"{spot.label} is {found(node, bare=bare)}, expected {expected}"
    spot.report(code, message, help_text, node.place)


def _no_hint(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Phrase(Generic[T]):
    """A text of a certain form.

    parse:   from the text to its meaning, or None when it has none.
    later:   words that are not carried out yet; one that ends with `/` stands for all that begin
             so.
    instead: what to write in place of a common slip.
    names:   the known names of an open set, of which the nearest is offered.
    plain:   only without quotation marks: a number, `true` or `false`.
    hint:    what to say of a text that nothing comes near; empty where there is nothing to say.
    """

    expected: str
    parse: Callable[[str], T | None]
    described: Mapping[str, object] = field(default_factory=lambda: {"type": "string"})
    words: tuple[str, ...] = ()
    later: Mapping[str, Later] = field(default_factory=dict[str, Later])
    instead: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Callable[[], tuple[str, ...]] | None = None
    plain: bool = False
    hint: Callable[[str], str] = field(default=_no_hint)

    def read(self, spot: Spot, node: Node) -> T:
        """Return the meaning of the text."""
        if not isinstance(node, Scalar) or not (text := node.text.strip()):
            unfit(spot, node, self.expected)
            return NOTHING
        value = self.parse(text) if node.plain or not self.plain else None
        if value is None:
            unfit(spot, node, self.expected, self._help(spot, node, text), bare=self.plain)
            return NOTHING
        if self.later:
            later = self.later.get(text) or self.later.get(f"{text.partition('/')[0]}/")
            if later is not None:
                spot.postpone(text, later, node.place)
        return value

    def brings(self, text: str) -> bool:
        """Tell whether beside a word that is not carried out yet stands what only it has."""
        return text in self.later and self.later[text].brings

    def schema(self, definitions: Schema) -> Schema:  # noqa: ARG002 - a phrase has no named parts
        """Return what was said of it, and its words."""
        is_open = "pattern" in self.described
        words = {"enum": list(self.words)} if self.words and not is_open else {}
        return {**self.described, **words}

    def _help(self, spot: Spot, node: Scalar, text: str) -> str:
        if not node.plain and self.plain and self.parse(text) is not None:
            return "Write it without quotation marks."
        known = self.names() if self.names else self.words
        near = self.instead.get(text.lower()) or spot.nearest(text, known)
        return f"Write `{near}`." if near else self.hint(text)


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list of things of one shape.

    least:    how many at least.
    distinct: nothing twice.
    under:    the kind in the address of each entry that has one of its own, such as `governance`.
    """

    item: Shape[T]
    least: int = 0
    distinct: bool = True
    under: str = ""

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return f"a list, each entry {self.item.expected}"

    def read(self, spot: Spot, node: Node) -> tuple[T, ...]:
        """Return the entries, in written order."""
        if not isinstance(node, Listed):
            unfit(spot, node, self.expected)
            return ()
        if len(node.items) < self.least:
            message = f"{spot.label} is an empty list, expected at least one entry"
            spot.report(Code.OTHER_KIND, message, "", node.place)
        values = [
            self.item.read(self._inner(spot, index, item), item)
            for index, item in enumerate(node.items)
        ]
        if self.distinct:
            _report_doubles(spot, node)
        return tuple(values)

    def schema(self, definitions: Schema) -> Schema:
        """Return an array."""
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(definitions), **least}

    def _inner(self, spot: Spot, index: int, item: Node) -> Spot:
        if self.under:
            # As `show` counts, and everybody who points at a line.
            return spot.element(f"{self.under}/{index + 1}", item.place)
        return spot.into(index, item.place)


def _report_doubles(spot: Spot, node: Listed) -> None:
    seen: set[str] = set()
    for item in node.items:
        if not isinstance(item, Scalar):
            continue
        text = item.text.strip()
        if text in seen and text:
            message = f"{spot.label} lists `{text}` twice"
            spot.report(Code.LISTED_TWICE, message, "Keep one of them.", item.place)
        seen.add(text)


@dataclass(frozen=True, slots=True)
class ByKind(Generic[T]):
    """One of several shapes, told apart by whether a text, a list or a mapping stands there."""

    expected: str
    text: Shape[T] | None = None
    listed: Shape[T] | None = None
    mapped: Shape[T] | None = None

    def read(self, spot: Spot, node: Node) -> T:
        """Return what the shape for this kind of node reads."""
        match node:
            case Scalar():
                shape = None if node.empty else self.text
            case Listed():
                shape = self.listed
            case Mapped():
                shape = self.mapped
            case Unread():
                shape = None
        if shape is None:
            unfit(spot, node, self.expected)
            return NOTHING
        return shape.read(spot, node)

    def schema(self, definitions: Schema) -> Schema:
        """Return any of the shapes."""
        shapes = (self.text, self.listed, self.mapped)
        return {"anyOf": [shape.schema(definitions) for shape in shapes if shape is not None]}


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """Another shape, with something made of what it reads; `make` may report as well."""

    shape: Shape[Any]
    make: Callable[[Spot, Any], T]

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return self.shape.expected

    def read(self, spot: Spot, node: Node) -> T:
        """Return what is made of it."""
        before = spot.findings.count
        value = self.shape.read(spot, node)
        return self.make(spot, value) if spot.findings.count == before else NOTHING

    def schema(self, definitions: Schema) -> Schema:
        """Return the schema of the other shape."""
        return self.shape.schema(definitions)
