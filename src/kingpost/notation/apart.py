"""A file that is read by itself, so that another process may read it.

Most files of a large model say only elements, and an element is read from its own text alone. What
a process hands over is what they mean, without the tree that it was read from. The places of their
parts come packed, for nobody asks for them where nothing is wrong.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from kingpost.notation.findings import Findings, Kept, top
from kingpost.notation.language import MODEL
from kingpost.notation.sections import KINDS, root_of
from kingpost.notation.syntax.tree import Entry, Mapped, Unread
from kingpost.values.diagnostic import Place
from kingpost.values.written import Written

# A section or an element: its name, where the name stands and where what it names.
_Written: TypeAlias = tuple[str, Place, Place]
# A section, the elements in it, and of each of these what it means and the places of its parts.
_Section: TypeAlias = tuple[_Written, list[_Written], list[tuple[Any, "_Places"]]]


@dataclass(frozen=True, slots=True)
class Apart:
    """The sections of a file, and each element in them by the identity of its entry."""

    root: Mapped
    elements: Mapping[int, Kept]

    def __reduce__(self) -> tuple[Any, ...]:
        """Hand over the elements in written order."""
        return _received, (self.root.place, [self._section(each) for each in self.root.entries])

    def _section(self, section: Entry) -> _Section:
        entries = _entries(section)
        kept = (self.elements[id(entry)] for entry in entries)
        means = [(each.value, _packed(each.places)) for each in kept]
        return _written(section), [_written(entry) for entry in entries], means


def read_apart(file: str, text: str) -> Apart | None:
    """Return the elements of a file; None, when something in it has to be read with the others.

    That is so when there is something to tell about it, and when it says more than elements.
    """
    findings = Findings(kept={})
    root = root_of(file, text, findings)
    if root is None or not all(_holds_elements(section) for section in root.entries):
        return None
    MODEL.read_parts(top(findings, "model").element("model", root.place), root)
    kept = findings.kept or {}
    whole = all(id(entry) in kept for section in root.entries for entry in _entries(section))
    if findings.count or findings.later or findings.renaming or not whole:
        return None
    return Apart(root, kept)


def _holds_elements(section: Entry) -> bool:
    return section.key in KINDS and isinstance(section.value, Mapped)


def _entries(section: Entry) -> tuple[Entry, ...]:
    assert isinstance(section.value, Mapped)
    return section.value.entries


def _written(entry: Entry) -> _Written:
    return entry.key, entry.place, entry.value.place


def _received(place: Place, sections: Iterable[_Section]) -> Apart:
    """Return a file as another process has read it."""
    elements: dict[int, Kept] = {}

    def received(section: _Section) -> Entry:
        (name, at, begins), written, means = section
        # Nobody reads the text of an element that is known.
        entries = tuple(Entry(key, stands, Unread(value)) for key, stands, value in written)
        for entry, (value, places) in zip(entries, means, strict=True):
            packed = _Packed(place.file, places)
            elements[id(entry)] = Kept(entry, value, packed, later=(), renames=False)
        return Entry(name, at, Mapped(entries, begins))

    return Apart(Mapped(tuple(received(section) for section in sections), place), elements)


_POSITION = itemgetter(1, 2)
_Places: TypeAlias = tuple[str, bytes, list[tuple[int, str, str]]]


def _packed(places: Mapping[str, Place]) -> _Places:
    """Return the keys, each on a line, and for each its line and its column in the file.

    The last are those of texts that are not written as they read, by their number.
    """
    positions = chain.from_iterable(map(_POSITION, places.values()))
    written = [
        (number, place.text, place.source)
        for number, place in enumerate(places.values())
        if isinstance(place, Written)
    ]
    return "\n".join(places), array("I", positions).tobytes(), written


class _Packed(Mapping[str, Place]):
    """Places in a file that are unpacked when somebody asks."""

    def __init__(self, file: str, packed: _Places) -> None:
        self._file = file
        self._packed = packed

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        keys, packed, written = self._packed
        positions = iter(array("I", packed))
        pairs = zip(positions, positions, strict=True)
        places = [Place(self._file, line, column) for line, column in pairs]
        for number, text, source in written:
            places[number] = Written.of(places[number], text, source)
        return dict(zip(keys.split("\n"), places, strict=True))

    def __getitem__(self, key: str) -> Place:
        return self._places[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
