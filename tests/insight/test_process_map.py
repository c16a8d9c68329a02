"""The layout of a process map: what must hold for every process, and a few by example."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.insight.diagram import BARS, Box, Direction, Edge, Layout, Line, Node, NodeKind, Point
from kingpost.insight.placing import pool
from kingpost.insight.process_map import lay_out

DIRECTIONS: tuple[Direction, ...] = ("wide", "tall")
Process = tuple[tuple[Node, ...], tuple[Edge, ...]]


@st.composite
def processes(draw: st.DrawFn) -> Process:
    """Draw a process in blocks: choices and parallel blocks, with ways back and suspensions."""
    nodes: list[Node] = []
    edges: list[Edge] = []

    def add(node: Node, *before: str) -> str:
        nodes.append(node)
        edges.extend(
            Edge(f"{name}>{node.id}", name, node.id, draw(st.sampled_from(["", "", "Label"])))
            for name in before
        )
        return node.id

    def grow(before: str, depth: int) -> str:
        here = before
        for _ in range(draw(st.integers(1, 3))):
            kind = (
                draw(st.sampled_from(["step", "step", "parallel", "choice"])) if depth else "step"
            )
            number = len(nodes)
            if kind == "step":
                here = add(Node(f"n{number}"), here)
                continue
            bars = kind == "parallel"
            start = add(Node(f"n{number}", "fork" if bars else "step"), here)
            ends = [grow(start, depth - 1) for _ in range(draw(st.integers(2, 4)))]
            here = add(Node(f"n{len(nodes)}", "join" if bars else "step"), *ends)
        return here

    last = grow(add(Node("n0")), 2)
    add(Node("end", "end", 80, 22), last)
    steps = [node.id for node in nodes if node.kind == "step"]
    for index in range(draw(st.integers(0, 3))):
        source, target = draw(st.sampled_from(steps)), draw(st.sampled_from(steps))
        edges.append(Edge(f"back{index}", source, target, "Again", "rework"))
    for index in range(draw(st.integers(0, 4))):
        held = Node(f"held{index}", "suspension", 120, 22)
        nodes.append(held)
        edges.append(Edge(f"hold{index}", draw(st.sampled_from(steps)), held.id))
    return tuple(nodes), tuple(edges)


@st.composite
def tangles(draw: st.DrawFn) -> Process:
    """Draw any graph at all, cycles and strangers included."""
    count = draw(st.integers(1, 8))
    kinds: st.SearchStrategy[NodeKind] = st.sampled_from(
        ["step", "step", "fork", "join", "end", "suspension"]
    )
    nodes = tuple(Node(f"n{index}", draw(kinds)) for index in range(count))
    names = st.integers(0, count).map(lambda index: f"n{index}")
    pairs = draw(st.lists(st.tuples(names, names), max_size=14))
    edges = tuple(Edge(f"e{index}", a, b, "x") for index, (a, b) in enumerate(pairs))
    return nodes, edges


def overlap(a: Box, b: Box) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


def crosses(box: Box, start: Point, end: Point) -> bool:
    """Tell whether a stretch runs through the inside of a box."""
    (low_x, high_x), (low_y, high_y) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    inside_x = low_x < box.x + box.width and high_x > box.x
    inside_y = low_y < box.y + box.height and high_y > box.y
    return inside_x and inside_y


def assert_sound(layout: Layout) -> None:
    for a, b in combinations(layout.boxes, 2):
        assert not overlap(a, b), f"{a} and {b}"
    for line in layout.lines:
        for start, end in pairwise(line.points):
            assert start[0] == end[0] or start[1] == end[1], f"{line} has a slant"
            for box in layout.boxes:
                assert not crosses(box, start, end), f"{line} runs through {box}"
    for box in layout.boxes:
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
    for line in layout.lines:
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in line.points)


def ends_touch(layout: Layout, line: Line) -> bool:
    boxes = {box.id: box for box in layout.boxes}
    return all(
        box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
        for box, (x, y) in (
            (boxes[line.source], line.points[0]),
            (boxes[line.target], line.points[-1]),
        )
    )


@pytest.mark.parametrize("direction", DIRECTIONS)
@given(process=processes())
def test_a_process_of_blocks_is_laid_out_soundly(process: Process, direction: Direction) -> None:
    nodes, edges = process

    layout = lay_out(nodes, edges, direction=direction)

    assert_sound(layout)
    assert {box.id for box in layout.boxes} == {node.id for node in nodes}
    drawn = {name for line in layout.lines for name in line.ids}
    held = {node.id for node in nodes if node.kind == "suspension"}
    between = [e for e in edges if e.source != e.target and not held & {e.source, e.target}]
    assert drawn == {edge.id for edge in between}
    assert all(ends_touch(layout, line) for line in layout.lines)


@pytest.mark.parametrize("direction", DIRECTIONS)
@given(process=tangles())
def test_any_graph_is_laid_out_soundly(process: Process, direction: Direction) -> None:
    assert_sound(lay_out(*process, direction=direction))


@given(process=processes())
def test_the_same_process_gives_the_same_layout(process: Process) -> None:
    assert lay_out(*process) == lay_out(*process)


@given(wishes=st.lists(st.integers(-50, 50), max_size=12))
def test_pooling_keeps_order_and_sum(wishes: list[int]) -> None:
    values = pool(wishes, [1.0] * len(wishes))

    assert all(a <= b + 1e-9 for a, b in pairwise(values))
    assert sum(values) == pytest.approx(sum(wishes), abs=1e-6)


def chain(*names: str) -> tuple[Edge, ...]:
    return tuple(Edge(f"{a}>{b}", a, b) for a, b in pairwise(names))


def test_the_spine_is_one_straight_line_through_the_middle_branch() -> None:
    nodes = (
        Node("a"),
        Node("fork", "fork"),
        *(Node(name) for name in "xyz"),
        Node("join", "join"),
        Node("b"),
    )
    edges = tuple(edge for name in "xyz" for edge in chain("fork", name, "join"))

    layout = lay_out(nodes, (*chain("a", "fork"), *edges, *chain("join", "b")))

    middle = {box.id: box.y + box.height / 2 for box in layout.boxes if box.kind not in BARS}
    assert middle["a"] == middle["y"] == middle["b"]
    assert middle["x"] < middle["y"] < middle["z"]
    bars = [box for box in layout.boxes if box.kind in BARS]
    assert all(box.y < middle["x"] and box.y + box.height > middle["z"] for box in bars)


def test_a_way_and_its_way_back_are_one_line_with_two_heads() -> None:
    edges = (*chain("a", "b"), Edge("there", "a", "wait"), Edge("back", "wait", "a"))

    layout = lay_out((Node("a"), Node("wait"), Node("b")), edges)

    (both,) = [line for line in layout.lines if line.both]
    assert set(both.ids) == {"there", "back"}
    assert both.kind == "rework"


def test_a_way_back_runs_against_the_flow_and_beside_all_boxes() -> None:
    edges = (*chain("a", "b", "c", "d"), Edge("again", "c", "a", "Again", "rework"))

    layout = lay_out(tuple(Node(name) for name in "abcd"), edges)

    (back,) = [line for line in layout.lines if line.kind == "rework"]
    assert (back.source, back.target) == ("c", "a")
    assert min(y for _, y in back.points) < min(box.y for box in layout.boxes)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_four_suspensions_hang_in_one_column_off_their_step(direction: Direction) -> None:
    held = tuple(Node(f"s{index}", "suspension", 120, 22) for index in range(4))
    edges = (*chain("a", "b", "c"), *(Edge(node.id, "b", node.id) for node in held))

    layout = lay_out((Node("a"), Node("b"), Node("c"), *held), edges, direction=direction)

    boxes = [box for box in layout.boxes if box.kind == "suspension"]
    assert len({box.x for box in boxes}) == 1
    assert [line.source for line in layout.lines if line.kind == "hang"] == ["b"] * 4


def test_a_phone_fits_three_branches() -> None:
    edges = tuple(edge for name in "xyz" for edge in chain("fork", name, "join"))
    nodes = (Node("fork", "fork"), *(Node(name) for name in "xyz"), Node("join", "join"))

    assert lay_out(nodes, edges, direction="tall").width <= 360


def test_nothing_to_draw_is_an_empty_canvas() -> None:
    layout = lay_out((), ())

    assert layout.boxes == layout.lines == ()
