"""Draw the ways of a process map along and across its flow (x is along, y across)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kingpost.insight.diagram import BARS, Box, Line, Point
from kingpost.insight.layering import Chain, Item, Layers
from kingpost.insight.routing import Gap, Hop, route_gap

BAR = 6.0
BAR_OVERHANG = 10.0
GAP = 26.0
GAP_AT_BAR = 20.0
SIDE_STEP = 10.0


@dataclass(frozen=True, slots=True)
class Size:
    """Extents of a node.

    along:  of its box along the flow; `total` with what hangs off it.
    box:    half of its box across the flow.
    before, after: room it needs across the flow, from its middle.
    """

    along: float
    box: float
    before: float
    after: float
    total: float


@dataclass(frozen=True, slots=True)
class Room:
    """Where the layers stand along the flow; `gaps[i]` lies before rank i."""

    layers: Layers
    sizes: dict[str, Size]
    starts: list[float]
    lengths: list[float]
    gaps: list[Gap]

    def after(self, rank: int) -> float:
        """Return where the gap after a rank begins."""
        return self.starts[rank] + self.lengths[rank]


def make_room(layers: Layers, sizes: dict[str, Size]) -> Room:
    """Route every gap, then set the positions of the layers."""
    count = len(layers.ranks)
    hops: list[list[Hop]] = [[] for _ in range(count + 1)]
    for key, chain in enumerate(layers.chains):
        for gap, hop in _hops(layers, key, chain):
            hops[gap].append(hop)
    bars = {layers.ends[name][0].rank for name, node in layers.nodes.items() if node.kind in BARS}
    gaps: list[Gap] = []
    for index in range(count + 1):
        least = GAP_AT_BAR if {index, index - 1} & bars else GAP
        gaps.append(route_gap(hops[index], least if 0 < index < count else 0.0))
    starts: list[float] = []
    lengths: list[float] = []
    here = 0.0
    for index, layer in enumerate(layers.ranks):
        here += gaps[index].width
        starts.append(here)
        lengths.append(max((sizes[item.node].total for item in layer if item.node), default=0.0))
        here += lengths[-1]
    return Room(layers, sizes, starts, lengths, gaps)


def box_of(room: Room, name: str) -> Box:
    """Return the box of a node; a bar stretches over its branches."""
    node, ends, size = room.layers.nodes[name], room.layers.ends[name], room.sizes[name]
    start = room.starts[ends[0].rank]
    low, high = ends[0].at - size.box, ends[-1].at + size.box
    return Box(name, node.kind, start, low, size.along, high - low)


def draw_ways(room: Room) -> list[Line]:
    """Return the lines of all edges."""
    used: dict[str, int] = {}
    lines: list[Line] = []
    for key, chain in enumerate(room.layers.chains):
        arc = chain.arc
        draw = _turned if arc.turned else _forward
        points = _clean(draw(room, key, chain, used))
        ends = (arc.target, arc.source) if arc.turned else (arc.source, arc.target)
        rework = arc.turned or arc.both or all(edge.kind == "rework" for edge in arc.edges)
        ids = tuple(edge.id for edge in arc.edges)
        kind = "rework" if rework else "flow"
        lines.append(
            Line(ids, kind, *ends, tuple(points[::-1] if arc.turned else points), arc.both)
        )
    return lines


def _level(layers: Layers, name: str, item: Item, other: float, *, leaving: bool) -> float:
    """Return where a way meets a node: its middle, a branch of a bar, or straight into a bar."""
    ends = layers.ends[name]
    if len(ends) == 1 or (item in ends and (name in layers.fans_out) == leaving):
        return (item if item in ends else ends[0]).at
    return min(max(other, ends[0].at), ends[-1].at)


def _stops(layers: Layers, chain: Chain) -> list[tuple[int, float]]:
    """Return rank and level of every place of a forward chain."""
    items, arc = chain.items, chain.arc
    stops = [(item.rank, item.at) for item in items]
    if not chain.side:
        other = items[1].at
        if len(items) == 2:  # noqa: PLR2004 (both ends, nothing between)
            far = _level(layers, arc.target, items[-1], items[0].at, leaving=False)
            other = far if layers.nodes[arc.target].kind not in BARS else items[-1].at
        stops[0] = (items[0].rank, _level(layers, arc.source, items[0], other, leaving=True))
    other = stops[-2][1]
    stops[-1] = (items[-1].rank, _level(layers, arc.target, items[-1], other, leaving=False))
    return stops


def _open_side(layers: Layers, name: str, item: Item) -> bool:
    """Tell whether a step's side is open towards the passage beside it in its own layer.

    The far side is never used: what hangs off the step stands there.
    """
    if layers.nodes[name].kind in BARS:
        return False
    layer = layers.ranks[item.rank]
    here, there = layer.index(layers.ends[name][0]), layer.index(item)
    return there < here and not any(other.node for other in layer[there + 1 : here])


def _hops(layers: Layers, key: int, chain: Chain) -> Iterator[tuple[int, Hop]]:
    """Return the gaps that a chain crosses and how."""
    arc, items = chain.arc, chain.items
    if arc.turned:
        lane = items[0].at
        if not _open_side(layers, arc.source, items[0]):
            level = _level(layers, arc.source, items[0], lane, leaving=False)
            yield items[0].rank, Hop(-2 * key - 1, lane, level, f"lane {key}", f"lane {key}")
        if not _open_side(layers, arc.target, items[-1]):
            level = _level(layers, arc.target, items[-1], lane, leaving=True)
            yield items[-1].rank + 1, Hop(-2 * key - 2, level, lane, arc.target, f"lane {key}")
        return
    stops = _forward_stops(layers, chain)
    for index, ((rank, start), (_, end)) in enumerate(pairwise(stops)):
        source = arc.source if index == 0 else f"way {key}"
        target = arc.target if index == len(stops) - 2 else f"way {key}"
        port = f"{source} {start}" if source == arc.source else source
        yield rank + 1, Hop(key, start, end, port, f"{target} {end}")


def _forward_stops(layers: Layers, chain: Chain) -> list[tuple[int, float]]:
    stops = _stops(layers, chain)
    if chain.side and not _open_side(layers, chain.arc.source, chain.items[0]):
        stops[0] = (stops[0][0], layers.ends[chain.arc.source][0].at)
    return stops


def _forward(room: Room, key: int, chain: Chain, used: dict[str, int]) -> list[Point]:
    layers, arc = room.layers, chain.arc
    stops = _forward_stops(layers, chain)
    if chain.side and _open_side(layers, arc.source, chain.items[0]):
        points = _leave_side(room, arc.source, stops[0][1], used)
    else:
        start = room.starts[stops[0][0]] + room.sizes[arc.source].along
        points = [(start, stops[0][1])]
    for (rank, low), (_, high) in pairwise(stops):
        if low != high:
            track = room.after(rank) + room.gaps[rank + 1].tracks[key]
            points += [(track, low), (track, high)]
    points.append((room.starts[stops[-1][0]], stops[-1][1]))
    return points


def _turned(room: Room, key: int, chain: Chain, used: dict[str, int]) -> list[Point]:
    """Run a way back on its lane; from its upper end to its lower."""
    layers, arc, items = room.layers, chain.arc, chain.items
    lane = items[0].at
    if _open_side(layers, arc.source, items[0]):
        points = _leave_side(room, arc.source, lane, used)
    else:
        rank = items[0].rank
        level = _level(layers, arc.source, items[0], lane, leaving=False)
        points = [(room.starts[rank], level)]
        if level != lane:
            gap = room.gaps[rank]
            track = room.starts[rank] - gap.width + gap.tracks[-2 * key - 1]
            points += [(track, level), (track, lane)]
    if _open_side(layers, arc.target, items[-1]):
        return points + _leave_side(room, arc.target, lane, used)[::-1]
    rank = items[-1].rank
    level = _level(layers, arc.target, items[-1], lane, leaving=True)
    if level != lane:
        track = room.after(rank) + room.gaps[rank + 1].tracks[-2 * key - 2]
        points += [(track, lane), (track, level)]
    points.append((room.starts[rank] + room.sizes[arc.target].along, level))
    return points


def _leave_side(room: Room, name: str, level: float, used: dict[str, int]) -> list[Point]:
    """Leave a box by its near side, each further way a little beside the one before."""
    box = box_of(room, name)
    count = used[name] = used.get(name, -1) + 1
    shift = (count + 1) // 2 * SIDE_STEP * (-1 if count % 2 else 1)
    middle = box.x + box.width / 2 + max(-box.width / 2 + 4, min(shift, box.width / 2 - 4))
    return [(middle, box.y), (middle, level)]


def _clean(points: list[Point]) -> list[Point]:
    """Leave out corners that are none."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return kept
