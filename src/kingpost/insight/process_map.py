"""Lay out a process map: boxes, bars and ways, from left to right or from the top down.

All is computed along the flow and across it, then turned to x and y. No way passes through a box,
because a way crosses a layer only on a level that is kept free for it, and turns only in gaps.
"""

from collections.abc import Sequence
from itertools import pairwise

from kingpost.insight.diagram import (
    BARS,
    Box,
    Direction,
    Edge,
    Label,
    Layout,
    Line,
    Node,
    Point,
)
from kingpost.insight.layering import Item, Layers, make_layers
from kingpost.insight.placing import place
from kingpost.insight.ways import BAR, BAR_OVERHANG, Size, box_of, draw_ways, make_room

MARGIN = 14.0
PASSAGE = 5.0
INDENT = 20.0
HANG_STEP = 6.0
LABEL = 12.0


def lay_out(
    nodes: Sequence[Node], edges: Sequence[Edge], *, direction: Direction = "wide"
) -> Layout:
    """Lay out a process. The same input gives the same layout.

    nodes: in the order of the model, the start first; ids are unique.
    """
    wide = direction == "wide"
    hanging = _hang(nodes, edges)
    hung = {node.id for group in hanging.values() for node in group}
    standing = [node for node in nodes if node.id not in hung]
    layers = make_layers(standing, edges)
    labels_above = _lines_above(edges)
    sizes = {
        node.id: _measure(node, hanging.get(node.id, ()), labels_above.get(node.id, 0), wide=wide)
        for node in standing
    }
    place(layers, lambda a, b: _apart(layers, sizes, a, b))
    room = make_room(layers, sizes)
    boxes = [box_of(room, name) for name in sizes]
    lines = draw_ways(room)
    if not wide:
        boxes = [Box(b.id, b.kind, b.y, b.x, b.height, b.width) for b in boxes]
        lines = [_turn(line) for line in lines]
    for host, group in hanging.items():
        more, ties = _hang_off(next(b for b in boxes if b.id == host), group, wide=wide)
        boxes += more
        lines += ties
    labels = _labels(boxes, edges, lines, wide=wide)
    return _finish(direction, boxes, lines, labels)


def _hang(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, tuple[Node, ...]]:
    """Return the suspensions by the step that each hangs off."""
    steps = {node.id for node in nodes if node.kind == "step"}
    hosts: dict[str, tuple[Node, ...]] = {}
    for node in nodes:
        if node.kind == "suspension":
            ends = (
                {edge.source, edge.target} - {node.id}
                for edge in edges
                if node.id in (edge.source, edge.target)
            )
            host = next((name for pair in ends for name in pair if name in steps), None)
            if host is not None:
                hosts[host] = (*hosts.get(host, ()), node)
    return hosts


def _lines_above(edges: Sequence[Edge]) -> dict[str, int]:
    """Return by node how many lines the names of the ways to it take; most names take one."""
    labels: dict[str, set[str]] = {}
    for edge in edges:
        if edge.label:
            labels.setdefault(edge.target, set()).add(edge.label)
    return {name: 1 + sum(text.count("\n") for text in texts) for name, texts in labels.items()}


def _measure(node: Node, hung: Sequence[Node], label_lines: int, *, wide: bool) -> Size:
    if node.kind in BARS:
        return Size(BAR, BAR_OVERHANG, PASSAGE, PASSAGE, BAR)
    widest = max((item.width for item in hung), default=0.0)
    tall = sum(item.height + HANG_STEP for item in hung)
    if wide:
        along = max(node.width, INDENT + widest) if hung else node.width
        label = LABEL * label_lines
        half = node.height / 2
        return Size(node.width, half, half + label, half + tall, along)
    after = node.width / 2 + (INDENT + widest if hung else 0.0)
    return Size(node.height, node.width / 2, node.width / 2, after, max(node.height, tall))


def _apart(layers: Layers, sizes: dict[str, Size], first: Item, second: Item) -> float:
    """Return the least distance of two neighbours in a layer."""
    after = sizes[first.node].after if first.node else PASSAGE
    before = sizes[second.node].before if second.node else PASSAGE
    if first.node and first.node == second.node:
        return 14.0
    bars = sum(
        BAR_OVERHANG
        for item in (first, second)
        if item.node and layers.nodes[item.node].kind in BARS
    )
    return after + before + bars + (16.0 if first.node and second.node else 12.0)


def _turn(line: Line) -> Line:
    points = tuple((y, x) for x, y in line.points)
    return Line(line.ids, line.kind, line.source, line.target, points, line.both)


def _hang_off(host: Box, group: Sequence[Node], *, wide: bool) -> tuple[list[Box], list[Line]]:
    """Hang suspensions below a step, or beside it when the flow runs down."""
    boxes: list[Box] = []
    lines: list[Line] = []
    left = host.x + INDENT if wide else host.x + host.width + INDENT
    trunk = left - INDENT / 2
    top = host.y + host.height + HANG_STEP if wide else host.y
    start = (
        (trunk, host.y + host.height) if wide else (host.x + host.width, host.y + host.height / 2)
    )
    for node in group:
        level = top + node.height / 2
        corner: Point = start if wide else (trunk, start[1])
        points = _without_repeats((start, corner, (trunk, level), (left, level)))
        boxes.append(Box(node.id, node.kind, left, top, node.width, node.height))
        lines.append(Line((), "hang", host.id, node.id, points))
        top += node.height + HANG_STEP
    return boxes, lines


def _without_repeats(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(p for index, p in enumerate(points) if index == 0 or p != points[index - 1])


def _labels(
    boxes: Sequence[Box], edges: Sequence[Edge], lines: Sequence[Line], *, wide: bool
) -> list[Label]:
    """Name each way above the box it leads to, a way back along its lane."""
    back = {name for line in lines if line.kind == "rework" and not line.both for name in line.ids}
    drawn = {name for line in lines for name in line.ids}
    named: list[Label] = []
    for box in boxes:
        texts = dict.fromkeys(
            edge.label
            for edge in edges
            if edge.target == box.id and edge.label and edge.id in drawn - back
        )
        if texts and box.kind not in BARS:
            x = box.x + 1 if wide else box.x + box.width / 2 + 5
            named.append(Label(" / ".join(texts), x, box.y - 5))
    texts_of = {edge.id: edge.label for edge in edges}
    for line in lines:
        text = " / ".join(texts_of[name] for name in line.ids if name in back and texts_of[name])
        if text:
            named.append(_lane_label(line, text))
    return named


def _lane_label(line: Line, text: str) -> Label:
    """Put a text on the longest level stretch of a line."""
    (x, y), (to_x, _) = max(pairwise(line.points), key=lambda ends: abs(ends[0][0] - ends[1][0]))
    return Label(text, min(x, to_x) + 8, y - 4)


def _finish(
    direction: Direction, boxes: Sequence[Box], lines: Sequence[Line], labels: Sequence[Label]
) -> Layout:
    """Move all into a canvas that begins at zero."""
    xs = [x for box in boxes for x in (box.x, box.x + box.width)]
    ys = [y for box in boxes for y in (box.y, box.y + box.height)]
    xs += [x for line in lines for x, _ in line.points]
    ys += [y for line in lines for _, y in line.points] + [label.y - 9 for label in labels]
    left, top = min(xs, default=0.0) - MARGIN, min(ys, default=0.0) - MARGIN
    return Layout(
        direction,
        max(xs, default=0.0) - left + MARGIN,
        max(ys, default=0.0) - top + MARGIN,
        tuple(Box(b.id, b.kind, b.x - left, b.y - top, b.width, b.height) for b in boxes),
        tuple(
            Line(
                line.ids,
                line.kind,
                line.source,
                line.target,
                tuple((x - left, y - top) for x, y in line.points),
                line.both,
            )
            for line in lines
        ),
        tuple(Label(text.text, text.x - left, text.y - top) for text in labels),
    )
