"""A model that shows a check one element, and remembers what the check looked up besides."""

# ruff: noqa: ANN401 - elements of every section pass through here.

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, cast

from kingpost.model.model import Model
from kingpost.model.parts.classes import KINDS
from kingpost.model.parts.places import element_of

# What was looked up: a section, and in it an element, the names, or everything.
Read: TypeAlias = tuple[str, object]
NAMES, ALL = "*names", "*all"
PLACES = "places"
_KINDS = {**KINDS, "scenarios": "scenario"}


def sections(model: Model) -> dict[str, Mapping[Any, Any]]:
    """Return the sections of a model that hold elements by id."""
    found = {each.name: getattr(model, each.name) for each in fields(Model)}
    return {
        name: cast("Mapping[Any, Any]", value)
        for name, value in found.items()
        if isinstance(value, Mapping) and name != PLACES
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """A model seen through windows. reads: what was looked up since `show`.

    model: what stands besides the sections included. elements: without that.
    """

    model: Model
    elements: Model
    reads: set[Read]
    windows: Mapping[str, "Window"]

    @classmethod
    def of(cls, model: Model) -> "Seen":
        """Return a model that can be seen through windows."""
        reads: set[Read] = set()
        windows = {name: Window(name, whole, reads) for name, whole in sections(model).items()}
        seen = replace(model, **windows, places=_Places(model.places, reads))
        return cls(seen, replace(seen, governance=()), reads, windows)

    def show(self, section: str, name: str, visited: Iterable[str], rules: Iterable[str]) -> None:
        """Show one element of a section, and none of the others that a check visits.

        rules: those that it evaluates or needs; rules are typed together, so they are shown.
        """
        self.reads.clear()
        for each, window in self.windows.items():
            window.shown = None
            if each in visited:
                window.shown = {name: window.whole[name]} if each == section else {}
        if "rules" in visited:
            window = self.windows["rules"]
            window.shown = {each: window[each] for each in rules}


class Window(Mapping[Any, Any]):
    """A section. Who visits its values sees what is shown; who looks up a name sees everything."""

    def __init__(self, name: str, whole: Mapping[Any, Any], reads: set[Read]) -> None:
        self.name = name
        self.whole = whole
        self.reads = reads
        self.shown: Mapping[Any, Any] | None = None

    def __getitem__(self, key: Any) -> Any:
        self.reads.add((self.name, key))
        return self.whole[key]

    def __contains__(self, key: object) -> bool:
        self.reads.add((self.name, key))
        return key in self.whole

    def __iter__(self) -> Iterator[Any]:
        self.reads.add((self.name, NAMES))
        return iter(self.whole)

    def __len__(self) -> int:
        self.reads.add((self.name, NAMES))
        return len(self.whole)

    def keys(self) -> KeysView[Any]:
        """Return all names."""
        self.reads.add((self.name, NAMES))
        return self.whole.keys()

    def values(self) -> ValuesView[Any]:
        """Return the elements that are shown."""
        return self._visited().values()

    def items(self) -> ItemsView[str, Any]:
        """Return what is shown, with its names."""
        return self._visited().items()

    def _visited(self) -> Mapping[Any, Any]:
        if self.shown is not None:
            return self.shown
        self.reads.add((self.name, ALL))
        return self.whole


class _Places(Mapping[Any, Any]):
    """The places of a model. What is looked up is noted by the element that it belongs to."""

    def __init__(self, whole: Mapping[Any, Any], reads: set[Read]) -> None:
        self.whole = whole
        self.reads = reads

    def __getitem__(self, key: Any) -> Any:
        self.reads.add((PLACES, element_of(key)))
        return self.whole[key]

    def __contains__(self, key: object) -> bool:
        self.reads.add((PLACES, element_of(str(key))))
        return key in self.whole

    def __iter__(self) -> Iterator[Any]:
        self.reads.add((PLACES, ALL))
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)


def kept(before: Model, after: Model) -> Model:
    """Return the later model, with the elements of the earlier that say the same in the same place.

    So whatever hangs on an element can tell by its identity that it has not changed.
    """
    old = sections(before)
    same = {
        name: {
            key: old[name][key] if _is_same(before, after, name, key) else element
            for key, element in section.items()
        }
        for name, section in sections(after).items()
    }
    return replace(after, **same)


def _is_same(before: Model, after: Model, section: str, key: str) -> bool:
    one, other = getattr(before, section).get(key), getattr(after, section)[key]
    if one is other:
        return True  # Read once, so in one place.
    address = f"{_KINDS[section]}/{key}"
    # The place is another object as soon as the file was read anew.
    same_place = before.places.get(address) is after.places.get(address)
    return same_place and one == other


def changes(before: Model, after: Model) -> Iterator[Read]:
    """Yield everything that reads otherwise than before, by the identity of the elements."""
    old = sections(before)
    for name, section in sections(after).items():
        names = old[name].keys() | section.keys()
        changed = [key for key in names if old[name].get(key) is not section.get(key)]
        if old[name].keys() != section.keys():
            yield name, NAMES
        if changed:
            yield name, ALL
        for key in changed:
            yield name, key
            yield PLACES, f"{_KINDS[name]}/{key}"


def loose(model: Model) -> list[object]:
    """Return what stands in a model besides its sections."""
    values = (getattr(model, each.name) for each in fields(Model))
    return [value for value in values if not isinstance(value, Mapping)]
