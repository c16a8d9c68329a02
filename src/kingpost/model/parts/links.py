"""The index of links: what each part of a model names, and what names it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.model.parts import relations as how
from kingpost.model.parts.relations import Relation
from kingpost.model.parts.walk import Part, walk
from kingpost.values.address import address

# What a line up to the objectives, or down to the steps, is made of.
_SPINE = frozenset(
    ("objective", "metric", "value-stream", "stage", "workflow", "step", "obligation", "framework")
)
# Passed over: the line goes from a metric to the objective that it measures.
_BETWEEN = "measure"
# What rests on a step is shown when one asks for the step, and left out when one asks for more.
_LAST = "step"


@dataclass(frozen=True, slots=True)
class Link:
    """One part names another. target: an address, whether or not anything has it."""

    source: str
    relation: Relation
    target: str


@dataclass(frozen=True, slots=True)
class Line:
    """A part on the way up or down, with the parts that come after it.

    seen: it was told before, on another line; what comes after it is not told again.
    """

    address: str
    words: str
    after: tuple["Line", ...] = ()
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Every part of a model by its address, and every link by either end."""

    parts: Mapping[str, Part]
    outward: Mapping[str, tuple[Link, ...]]
    inward: Mapping[str, tuple[Link, ...]]

    def of(self, part: str) -> tuple[Link, ...]:
        """Return the links by which a part names others."""
        return self.outward.get(part, ())

    def to(self, part: str) -> tuple[Link, ...]:
        """Return the links by which others name a part."""
        return self.inward.get(part, ())

    def inside(self, part: str) -> tuple[str, ...]:
        """Return the parts that are part of this one, at any depth, in the order of the model."""
        found: list[str] = []
        for link in self.to(part):
            if link.relation is how.PART_OF:
                found += [link.source, *self.inside(link.source)]
        return tuple(found)

    def up(self, part: str) -> tuple[Line, ...]:
        """Return the lines from a part up to the objectives and the frameworks it serves."""
        return self._lines(part, "up", {part})

    def down(self, part: str) -> tuple[Line, ...]:
        """Return the lines from a part down to the steps that carry it."""
        return self._lines(part, "down", {part})

    def _lines(self, part: str, way: Literal["up", "down"], seen: set[str]) -> tuple[Line, ...]:
        lines: list[Line] = []
        here: set[str] = set()
        for words, other in self._next(part, way).items():
            for target in other:
                if target in here:
                    continue
                here.add(target)
                if target in seen:
                    lines.append(Line(target, words, seen=bool(self._next(target, way))))
                    continue
                seen.add(target)
                lines.append(Line(target, words, self._lines(target, way, seen)))
        return tuple(lines)

    def _next(self, part: str, way: Literal["up", "down"]) -> Mapping[str, dict[str, None]]:
        """Return the parts one step up or down, by the words that lead there."""
        found: dict[str, dict[str, None]] = {}
        if way == "down" and kind_of(part) == _LAST:
            return found
        steps = [
            (link.relation.says, link.target) for link in self.of(part) if link.relation.way == way
        ]
        steps += [
            (link.relation.heard, link.source)
            for link in self.to(part)
            if link.relation.way not in {way, "beside"}
        ]
        for words, target in steps:
            if kind_of(target) == _BETWEEN:
                for beyond, others in self._next(target, way).items():
                    found.setdefault(words if way == "up" else beyond, {}).update(others)
            elif kind_of(target) in _SPINE:
                found.setdefault(words, {})[target] = None
        return found


def links_of(model: Model) -> Links:
    """Return the index of a model, in time that grows with its size."""
    parts: dict[str, Part] = {}
    found: dict[Link, None] = {}
    for item in walk(model):
        if not isinstance(item, Part):
            named = item.named
            found[Link(item.source, named.relation, named.target)] = None
            continue
        parts[item.address] = item
        found.update(dict.fromkeys(_place(item)))
    found.update(dict.fromkeys(_custody(model, parts)))
    outward: dict[str, list[Link]] = {}
    inward: dict[str, list[Link]] = {}
    for link in found:
        outward.setdefault(link.source, []).append(link)
        inward.setdefault(link.target, []).append(link)
    return Links(parts, _tuples(outward), _tuples(inward))


def kind_of(part: str) -> str:
    """Return what kind of part an address names, such as `step`."""
    return part.split("/")[-2] if "/" in part else part


def _place(item: Part) -> Iterator[Link]:
    """Yield what a part is part of: a step of its workflow, whatever block it runs in."""
    whole = address("workflow", item.scope.workflow or "")
    if kind_of(item.address) == "step" and item.outer != whole:
        yield Link(item.address, how.PART_OF, whole)
        yield Link(item.address, how.STANDS_IN, item.outer)
    elif item.outer:
        yield Link(item.address, how.PART_OF, item.outer)


def _custody(model: Model, parts: Mapping[str, Part]) -> Iterator[Link]:
    for item in parts.values():
        custodian = None if item.outer else custodian_of(model, item.address)
        if custodian is not None:
            yield Link(item.address, how.KEPT_BY, address("post", custodian))


def _tuples(links: Mapping[str, list[Link]]) -> Mapping[str, tuple[Link, ...]]:
    return {name: tuple(items) for name, items in links.items()}
