"""Where the elements of a process stand on the page, so that other tools open it as a picture."""

from dataclasses import dataclass
from itertools import pairwise

from kingpost.exchange.bpmn.diagram import EVENTS, GATEWAYS, Flow, Node, Process
from kingpost.insight import diagram
from kingpost.insight.diagram import Point
from kingpost.insight.process_map import lay_out

_EVENT = 36.0
_GATEWAY = 50.0
_WIDTH, _HEIGHT = 120.0, 80.0


@dataclass(frozen=True, slots=True)
class Shape:
    """The place of a node: left, top, width and height in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The places of nodes and the corners of flows, by their ids."""

    shapes: dict[str, Shape]
    lines: dict[str, tuple[Point, ...]]


def picture(process: Process) -> Picture:
    """Lay a process out from left to right. Events on the edge stand at the foot of their host."""
    nodes = [_place(node) for node in process.nodes.values() if not node.host]
    layout = lay_out(nodes, _edges(process))
    shapes = {box.id: Shape(box.x, box.y, box.width, box.height) for box in layout.boxes}
    shapes |= _on_the_edge(process, shapes)
    lines: dict[str, tuple[Point, ...]] = {}
    for line in layout.lines:
        first = {flow.id: flow for flow in process.flows}[line.ids[0]]
        for key in line.ids:
            flow = next(each for each in process.flows if each.id == key)
            same = _source(process, flow) == _source(process, first)
            lines[key] = line.points if same else line.points[::-1]
    for flow in process.flows:
        lines[flow.id] = _line(process, flow, lines.get(flow.id, ()), shapes)
    return Picture(shapes, lines)


def _place(node: Node) -> diagram.Node:
    if node.kind in EVENTS:
        return diagram.Node(node.id, "step", _EVENT, _EVENT)
    if node.kind in GATEWAYS:
        return diagram.Node(node.id, "step", _GATEWAY, _GATEWAY)
    return diagram.Node(node.id, "step", _WIDTH, _HEIGHT)


def _source(process: Process, flow: Flow) -> str:
    return process.nodes[flow.source].host or flow.source


def _edges(process: Process) -> list[diagram.Edge]:
    """Return one edge for each pair of nodes; an event on the edge counts as its host."""
    edges: dict[tuple[str, str], diagram.Edge] = {}
    for flow in process.flows:
        source = _source(process, flow)
        if source != flow.target:
            edges.setdefault((source, flow.target), diagram.Edge(flow.id, source, flow.target))
    return list(edges.values())


def _on_the_edge(process: Process, shapes: dict[str, Shape]) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    counts: dict[str, int] = {}
    for node in process.nodes.values():
        if node.host:
            host, at = shapes[node.host], counts.get(node.host, 0)
            counts[node.host] = at + 1
            x = host.x + 8 + at * (_EVENT + 4)
            found[node.id] = Shape(x, host.y + host.height - _EVENT / 2, _EVENT, _EVENT)
    return found


def _line(
    process: Process, flow: Flow, points: tuple[Point, ...], shapes: dict[str, Shape]
) -> tuple[Point, ...]:
    """Return the corners of a flow; one that has none of its own goes straight with right angles.

    Source: OMG BPMN DI: an edge has at least two waypoints.
    """
    source, target = shapes[flow.source], shapes[flow.target]
    if len(points) > 1 and not process.nodes[flow.source].host:
        return _without_repeats(points)
    start = (source.x + source.width / 2, source.y + source.height)
    end = (target.x + target.width / 2, target.y + target.height)
    below = max(start[1], end[1]) + 24
    return (start, (start[0], below), (end[0], below), end)


def _without_repeats(points: tuple[Point, ...]) -> tuple[Point, ...]:
    kept = [points[0], *(two for one, two in pairwise(points) if one != two)]
    return tuple(kept) if len(kept) > 1 else (kept[0], kept[0])
