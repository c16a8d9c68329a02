"""The picture of a model on the way out: what needs nothing stands lowest, its readers above it."""

from collections.abc import Iterable, Mapping

from kingpost.exchange.dmn.drawing import Bounds, Drawing
from kingpost.exchange.dmn.tags import Tag
from kingpost.rules.definitions import (
    Definitions,
    Element,
    InputData,
    Requirement,
    Service,
)

_WIDTH, _HEIGHT = 160.0, 60.0
_ACROSS, _DOWN, _MARGIN = 200.0, 130.0, 40.0


def picture_tag(definitions: Definitions, drawing: Drawing) -> Tag:
    """Return the diagram of a model: as it was drawn when that is whole, else drawn anew.

    What has no identity cannot be referred to, and is not drawn.
    """
    known = {one.head.id: one for one in definitions.elements if one.head.id}
    whole = bool(known) and known.keys() <= drawing.shapes.keys()
    bounds = drawing.shapes if whole else _laid_out(known)
    shapes = (
        _shape(number, name, bounds[name], one)
        for number, (name, one) in enumerate(known.items(), 1)
    )
    edges = (
        tag
        for name, one in known.items()
        for place, need in enumerate(requirements_of(one), 1)
        if need.target.removeprefix("#") in known
        for tag in _edge(name, place, need, bounds, drawing if whole else Drawing())
    )
    diagram = Tag("dmndi:DMNDiagram", {"id": "diagram"}, (*shapes, *edges))
    return Tag("dmndi:DMNDI", {}, (diagram,))


def requirements_of(element: Element) -> tuple[Requirement, ...]:
    """Return what an element needs."""
    return () if isinstance(element, InputData | Service) else element.requirements


def _laid_out(known: Mapping[str, Element]) -> dict[str, Bounds]:
    levels = _levels(known)
    highest = max(levels.values(), default=0)
    filled: dict[int, int] = {}
    bounds: dict[str, Bounds] = {}
    for name in known:
        level = levels[name]
        place = filled.get(level, 0)
        filled[level] = place + 1
        x, y = _MARGIN + place * _ACROSS, _MARGIN + (highest - level) * _DOWN
        bounds[name] = Bounds(x, y, _WIDTH, _HEIGHT)
    return bounds


def _levels(known: Mapping[str, Element]) -> dict[str, int]:
    """Return how far above the lowest each element stands; a circle ends where it closes."""
    needs = {
        name: [one for one in _targets(element) if one in known] for name, element in known.items()
    }
    levels: dict[str, int] = {}
    waiting = [(name, False) for name in reversed(list(known))]
    begun: set[str] = set()
    while waiting:
        name, ready = waiting.pop()
        if ready:
            levels[name] = 1 + max((levels.get(one, 0) for one in needs[name]), default=-1)
        elif name not in begun:
            begun.add(name)
            waiting.append((name, True))
            waiting.extend((one, False) for one in reversed(needs[name]))
    return levels


def _targets(element: Element) -> Iterable[str]:
    if isinstance(element, Service):
        return [target.removeprefix("#") for target in element.outputs]
    return [need.target.removeprefix("#") for need in requirements_of(element)]


def _shape(number: int, name: str, bounds: Bounds, element: Element) -> Tag:
    folded = "true" if isinstance(element, Service) else ""
    own = {"id": f"shape-{number}", "dmnElementRef": name, "isCollapsed": folded}
    sides = {"x": bounds.x, "y": bounds.y, "width": bounds.width, "height": bounds.height}
    return Tag("dmndi:DMNShape", own, (Tag("dc:Bounds", _numbers(sides)),))


def _edge(
    name: str, place: int, need: Requirement, bounds: Mapping[str, Bounds], drawing: Drawing
) -> tuple[Tag, ...]:
    """Return the line of a requirement; one without an identity cannot be referred to."""
    if not need.head.id:
        return ()
    points = drawing.edges.get(need.head.id) or _straight(
        bounds[need.target.removeprefix("#")], bounds[name]
    )
    ways = tuple(Tag("di:waypoint", _numbers({"x": x, "y": y})) for x, y in points)
    own = {"id": f"edge-{name}-{place}", "dmnElementRef": need.head.id}
    return (Tag("dmndi:DMNEdge", own, ways),)


def _straight(low: Bounds, high: Bounds) -> tuple[tuple[float, float], ...]:
    return (
        (low.x + low.width / 2, low.y),
        (high.x + high.width / 2, high.y + high.height),
    )


def _numbers(values: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:g}" if value else "0" for name, value in values.items()}
