"""The picture of a workflow: its steps with who does them, and the ways between."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kingpost.insight.diagram import BARS, Box, Direction, Edge, Layout, Line, Node
from kingpost.insight.drawing.letters import width_of, wrapped
from kingpost.insight.drawing.picture import (
    NOTE,
    PADDING,
    TITLE,
    Figure,
    Picture,
    Shape,
    Way,
    Words,
    height_of,
)
from kingpost.insight.process_graph import Graph, Stop, graph_of
from kingpost.insight.process_map import lay_out
from kingpost.model.workflow import Decision, RuleStep, Step, Wait, Workflow
from kingpost.values.address import address, step_address

WIDTH = 138.0
_INSIDE = WIDTH - 2 * PADDING - 4
_SLIM_END = 26.0


@dataclass(frozen=True, slots=True)
class Lettered:
    """A node with its words broken to fit, and the box that holds them."""

    node: Node
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    tone: str
    address: str


def process_picture(workflow: Workflow, direction: Direction = "wide") -> Picture:
    """Return the map of a workflow, from left to right or from the top down."""
    graph = graph_of(workflow)
    lettered = {stop.id: _lettered(workflow, stop) for stop in graph.stops}
    edges = _labelled(graph.edges, WIDTH if direction == "wide" else WIDTH * 0.75)
    nodes = [item.node for item in lettered.values()]
    layout = lay_out(nodes, edges, direction=direction)
    described = _described(workflow, graph)
    return placed(f"Map of {workflow.title}", described, layout, lettered)


def _lettered(workflow: Workflow, stop: Stop) -> Lettered:
    if stop.kind in BARS:
        return Lettered(Node(stop.id, stop.kind), (), (), "", "")
    slim = stop.kind in {"end", "suspension"}
    lines = wrapped(stop.title, TITLE, _INSIDE)
    notes = () if slim or stop.step is None else wrapped(_note(stop.step), NOTE, _INSIDE)
    part = (
        step_address(workflow.id, stop.step.id)
        if stop.step and stop.exception is None
        else address("workflow", workflow.id, "exception", stop.exception or "")
    )
    width = max(width_of(line, TITLE) for line in lines) + 2 * PADDING + 6 if slim else WIDTH
    height = height_of(len(lines), len(notes))
    own = stop.step if stop.exception is None else None
    tone = type(own).__name__.removesuffix("Step").lower() if own else stop.kind
    return Lettered(Node(stop.id, stop.kind, width, height), lines, notes, tone, part)


def _note(step: Step) -> str:
    """Return who or what does a step, in short."""
    if isinstance(step, RuleStep):
        return f"rule {_spoken(step.rule)}"
    role = _spoken(getattr(step, "role", ""))
    if isinstance(step, Decision):
        return f"{role} decides"
    if isinstance(step, Wait):
        return "waits"
    return role or type(step).__name__.lower()


def _spoken(name: str) -> str:
    """Return an id as words; the title of a role is a sentence, too long for a box."""
    return name.replace("-", " ")


def _labelled(edges: tuple[Edge, ...], room: float) -> tuple[Edge, ...]:
    """Return edges with their names broken to fit; what leads to one step has one name together."""
    names: dict[str, dict[str, None]] = {}
    for edge in edges:
        if edge.label and edge.kind == "flow":
            names.setdefault(edge.target, {})[edge.label] = None
    told: list[Edge] = []
    for edge in edges:
        label = edge.label
        if edge.kind == "flow" and label:
            label = " / ".join(names.pop(edge.target, ()))
        told.append(replace(edge, label="\n".join(wrapped(label, NOTE, room))))
    return tuple(told)


def _described(workflow: Workflow, graph: Graph) -> str:
    titles = {stop.id: stop.title for stop in graph.stops}
    ways = [f"{titles[edge.source]} to {titles[edge.target]}" for edge in graph.edges]
    return f"{len(list(workflow.all_steps()))} steps. Ways: {'; '.join(ways)}."


def placed(
    title: str, description: str, layout: Layout, lettered: Mapping[str, Lettered]
) -> Picture:
    """Return a layout as a picture."""
    bars = {box.id for box in layout.boxes if box.kind in BARS}
    ways = tuple(_way(line, bars) for line in layout.lines)
    words = tuple(Words(tuple(text.text.split("\n")), text.x, text.y) for text in layout.labels)
    figures = tuple(_figure(box, lettered[box.id]) for box in layout.boxes)
    widest = max(
        (item.x + max(width_of(line, NOTE) for line in item.lines) for item in words), default=0.0
    )
    width = max(layout.width, widest + PADDING)
    return Picture(title, description, width, layout.height, figures, ways, words)


def _figure(box: Box, words: Lettered) -> Figure:
    return Figure(
        _shape(box, words),
        *(box.x, box.y, box.width, box.height),
        *(words.lines, words.notes, words.tone, words.address),
    )


def _shape(box: Box, words: Lettered) -> Shape:
    if box.kind in BARS:
        return "bar"
    if box.kind in {"end", "suspension"}:
        return "pill"
    return "state" if words.tone in {"begin", "final", "between"} else "box"


def _way(line: Line, bars: set[str]) -> Way:
    if line.kind == "hang":
        return Way(line.points, "hang", "none")
    ends = "both" if line.both else "none" if line.target in bars else "end"
    return Way(line.points, line.kind, ends)
