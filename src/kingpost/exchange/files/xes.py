"""Events of an XES file, each with its line: the log format of IEEE 1849.

The parser works through the file in pieces and refuses document types and entities, so that no
file can make it read another or grow without end.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.files.source import opened

CASE_PREFIX = "case:"
_PIECE_BYTES = 65_536
_DEPTH_MAX = 64
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})


class _ForbiddenError(Exception):
    """The file holds what no log needs."""


def read_xes(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the attributes of each event; those of its trace have `case:` before their name.

    Raises: UnreadableError, on a fault of the file or of its form.
    """
    handler = _Handler()
    with opened(path) as source:
        while True:
            piece = source.read(_PIECE_BYTES)
            try:
                handler.parser.Parse(piece, not piece)
            except expat.ExpatError as error:
                words = expat.ErrorString(error.code)
                message = f"the file is not XML: {words}"
                raise unreadable(
                    path.name, error.lineno, message, "Export the log again."
                ) from None
            except _ForbiddenError as error:
                line = handler.parser.CurrentLineNumber
                raise unreadable(path.name, line, str(error), "Remove it from the file.") from None
            yield from handler.events
            handler.events.clear()
            if not piece:
                break
    if not handler.is_log:
        help_text = "Export the log as XES 1.0 or 2.0."
        raise unreadable(path.name, 1, "the file is XML but no XES: it has no `log`", help_text)


class _Handler:
    """Gathers events while the parser works through the file."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.EntityDeclHandler = self._refuse_entity
        self.parser.buffer_text = True
        self.events: list[tuple[int, Mapping[str, str]]] = []
        self.is_log = False
        self._path: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._line = 0

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if len(self._path) >= _DEPTH_MAX:
            raise _ForbiddenError(f"elements are nested deeper than {_DEPTH_MAX} levels")
        around = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "log" and not around:
            self.is_log = True
        elif name == "trace":
            self._trace = {}
        elif name == "event":
            self._event, self._line = {}, self.parser.CurrentLineNumber
        elif name in _VALUES and around in {"trace", "event"}:
            key, value = attributes.get("key", ""), attributes.get("value", "")
            if around == "event":
                self._event[key] = value
            else:
                self._trace[f"{CASE_PREFIX}{key}"] = value

    def _end(self, _: str) -> None:
        if self._path.pop() == "event":
            self.events.append((self._line, {**self._trace, **self._event}))

    def _refuse_document_type(self, *_: object) -> None:
        raise _ForbiddenError("the file declares a document type")

    def _refuse_entity(self, *_: object) -> None:
        raise _ForbiddenError("the file declares an entity")
