"""The picture of a model: where its parts stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.exchange.xml_tree import Element


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle, in units of the picture; y grows downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What stands where, by the identities of elements and of requirements."""

    shapes: Mapping[str, Bounds] = field(default_factory=dict[str, Bounds])
    edges: Mapping[str, tuple[tuple[float, float], ...]] = field(
        default_factory=dict[str, tuple[tuple[float, float], ...]]
    )


def read_drawing(root: Element) -> Drawing:
    """Read the first diagram of a file; what is not a number there is passed over."""
    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[tuple[float, float], ...]] = {}
    diagram = next((tag for tag in root.walk() if tag.name == "DMNDiagram"), None)
    for tag in diagram.children if diagram is not None else ():
        target = tag.attributes.get("dmnElementRef", "").rpartition(":")[2]
        if tag.name == "DMNShape" and (found := _bounds(tag)) is not None:
            shapes[target] = found
        elif tag.name == "DMNEdge":
            edges[target] = _points(tag)
    return Drawing(shapes, edges)


def _bounds(tag: Element) -> Bounds | None:
    bounds = tag.first("Bounds")
    numbers = [_number(bounds, name) for name in ("x", "y", "width", "height")] if bounds else []
    known = [number for number in numbers if number is not None]
    return Bounds(*known) if len(known) == 4 else None  # noqa: PLR2004 - the sides of a rectangle


def _points(tag: Element) -> tuple[tuple[float, float], ...]:
    pairs = [(_number(one, "x"), _number(one, "y")) for one in tag.all("waypoint")]
    return tuple((x, y) for x, y in pairs if x is not None and y is not None)


def _number(tag: Element, name: str) -> float | None:
    try:
        return float(tag.attributes.get(name, ""))
    except ValueError:
        return None
