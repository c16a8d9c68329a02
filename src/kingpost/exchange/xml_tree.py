"""XML as a small tree in which every element knows its place.

Document types and entities are refused, and size, depth and count are bounded, so that no file can
make the reader fetch another or grow without end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.parsers import expat

from kingpost.exchange.files.faults import UnreadableError, unreadable

SIZE_BYTES_MAX = 10_000_000
DEPTH_MAX = 64
ELEMENTS_MAX = 200_000
_BETWEEN = " "  # Stands between a namespace and a name; no namespace holds a space.


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a document.

    namespace:  its address, or empty text.
    attributes: by name; those of a namespace under `{namespace}name`.
    text:       the characters that stand directly in it, joined.
    prefixes:   the namespaces that may be named here, by prefix; the default one under ``.
    line, column: of its start tag, from 1.
    """

    namespace: str
    name: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...]
    text: str
    prefixes: Mapping[str, str]
    line: int
    column: int

    def all(self, name: str) -> Iterator["Element"]:
        """Yield the children of a name, whatever their namespace."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """Return the first child of a name, or None."""
        return next(self.all(name), None)

    def walk(self) -> Iterator["Element"]:
        """Yield the element and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(content: bytes, file: str) -> Element:
    """Return the root of a document.

    file:   how messages call it.
    Raises: UnreadableError, on the first fault of its form, with line and column.
    """
    if len(content) > SIZE_BYTES_MAX:
        message = f"the file has {len(content)} bytes, and at most {SIZE_BYTES_MAX} are read"
        raise unreadable(file, 1, message, "Split it into smaller files.", column=1)
    builder = _Builder(file)
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003 - the parser takes no keywords
    except expat.ExpatError as error:
        message = f"the file is not XML: {expat.ErrorString(error.code)}"
        raise unreadable(
            file, error.lineno, message, "Export it again.", column=error.offset + 1
        ) from None
    except (LookupError, ValueError):
        message = "the file is written in an encoding that is not known"
        raise unreadable(file, 1, message, "Save it as UTF-8.", column=1) from None
    assert builder.root is not None
    return builder.root


@dataclass(slots=True)
class _Open:
    """An element whose end tag has not come yet."""

    name: str
    attributes: Mapping[str, str]
    prefixes: Mapping[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list[Element])
    texts: list[str] = field(default_factory=list[str])

    def closed(self) -> Element:
        namespace, _, name = self.name.rpartition(_BETWEEN)
        return Element(
            namespace=namespace,
            name=name,
            attributes=MappingProxyType(self.attributes),
            children=tuple(self.children),
            text="".join(self.texts),
            prefixes=MappingProxyType(self.prefixes),
            line=self.line,
            column=self.column,
        )


class _Builder:
    """Gathers the tree while the parser works through the text."""

    def __init__(self, file: str) -> None:
        self.root: Element | None = None
        self.parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.EntityDeclHandler = self._refuse_entity
        self._file = file
        self._open: list[_Open] = []
        self._count = 0
        self._declared: dict[str, str] = {}

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared[prefix or ""] = namespace or ""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS_MAX:
            raise self._refused(f"the file has more than {ELEMENTS_MAX} elements", _SMALLER)
        if len(self._open) >= DEPTH_MAX:
            raise self._refused(f"elements are nested deeper than {DEPTH_MAX} levels", _FLATTER)
        around: Mapping[str, str] = self._open[-1].prefixes if self._open else {}
        prefixes = {**around, **self._declared} if self._declared else around
        self._declared = {}
        named = {_qualified(key): value for key, value in attributes.items()}
        self._open.append(_Open(tag, named, prefixes, *self._here()))

    def _end(self, _: str) -> None:
        element = self._open.pop().closed()
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        self._open[-1].texts.append(text)

    def _refuse_document_type(self, *_: object) -> None:
        raise self._refused("the file declares a document type", _REMOVE)

    def _refuse_entity(self, *_: object) -> None:
        raise self._refused("the file declares an entity", _REMOVE)

    def _refused(self, message: str, help_text: str) -> UnreadableError:
        line, column = self._here()
        return unreadable(self._file, line, message, help_text, column=column)

    def _here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1


_SMALLER = "Split it into smaller files."
_FLATTER = "Make it flatter."
_REMOVE = "Remove it from the file."


def _qualified(key: str) -> str:
    namespace, between, name = key.rpartition(_BETWEEN)
    return f"{{{namespace}}}{name}" if between else name
