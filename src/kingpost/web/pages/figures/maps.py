"""The live process map: counts, time and heat on the steps of a workflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kingpost.insight.diagram import BARS, Node
from kingpost.insight.process_graph import Graph
from kingpost.queries.process import NodeNow, Process
from kingpost.web.figures import Bar, ProcessMap
from kingpost.web.map_view import MapFrame, StepFigure, draw_process
from kingpost.web.pages import words
from kingpost.web.pieces import Cell, Column, Tab, Table, Tone
from kingpost.web.presenters import SlowStep

_SMALL = 0.1
_SIZES: Mapping[str, tuple[float, float]] = {
    "step": (114, 56),
    "suspension": (180, 22),
    "end": (92, 22),
    "fork": (0, 0),
    "join": (0, 0),
}


class Shown(StrEnum):
    """What a map shows of each step besides its count."""

    MEDIAN = "median"
    P85 = "p85"
    OVERDUE = "overdue"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class MapWish:
    """How a map is wanted.

    id:     unique on the page. chosen: the step or exception whose cases are listed.
    link:   where a click leads, by `step` or `exception` and its id.
    """

    id: str
    title: str
    link: Callable[[str, str], str]
    chosen: str = ""
    shown: Shown = Shown.MEDIAN
    views: tuple[Tab, ...] = ()
    as_table: bool = False


def live_map(process: Process, wish: MapWish) -> ProcessMap:
    """Return the map of a process with its numbers."""
    nodes = [
        Node(node.id, node.kind)
        if node.kind in BARS
        else Node(node.id, node.kind, *_SIZES[node.kind])
        for node in process.nodes
    ]
    figures = {node.id: _figure(node, wish) for node in process.nodes if node.kind not in BARS}
    table = steps_table(process, wish)
    frame = MapFrame(wish.id, wish.title, table, wish.views, wish.as_table)
    return draw_process(nodes, process.edges, figures, frame)


def steps_table(process: Process, wish: MapWish) -> Table:
    """Return the numbers of a map as a table."""
    columns = (
        Column("Step"),
        Column("Now", number=True),
        Column("Held", number=True),
        Column("Overdue", number=True),
        Column("Median", number=True),
        Column("85 of 100 within", number=True),
        Column("Target", number=True),
        Column("Ended", number=True),
    )
    rows = tuple(_row(node, wish) for node in process.nodes if node.kind != "join")
    return Table(f"Steps of {process.card.title}", columns, rows)


def path_map(graph: Graph, figures: Mapping[str, StepFigure], title: str) -> ProcessMap:
    """Return the map of a graph with the figures of one case, by stop."""
    nodes = [
        Node(stop.id, stop.kind)
        if stop.kind in BARS
        else Node(stop.id, stop.kind, *_SIZES[stop.kind])
        for stop in graph.stops
    ]
    rows = tuple(
        (Cell(figure.title), Cell(figure.count, number=True), Cell(figure.figure, number=True))
        for figure in figures.values()
        if figure.count
    )
    columns = (Column("Step"), Column("Times", number=True), Column("Time spent", number=True))
    return draw_process(
        nodes, graph.edges, figures, MapFrame("path", title, Table(title, columns, rows))
    )


def slow_steps(process: Process, count: int) -> tuple[SlowStep, ...]:
    """Return the steps that take longest by their targets."""
    measured = [
        (node.stay.median / node.target, node)
        for node in process.nodes
        if node.target and node.stay.median is not None and node.kind != "join"
    ]
    measured.sort(key=lambda item: -item[0])
    return tuple(_slow_step(process, node, share) for share, node in measured[:count])


def _slow_step(process: Process, node: NodeNow, share: float) -> SlowStep:
    tones: dict[str, Tone] = {"far": "late", "over": "risk", "near": "risk", "none": "neutral"}
    median, target = _time(node.stay.median), _time(node.target)
    return SlowStep(
        node.title,
        f"{median} of {target}",
        f"/processes/{process.card.workflow}?step={node.step}",
        f"{share:.1f}×" if share >= _SMALL else f"< {_SMALL}×",
        Bar(
            min(100, round(share * 50)), f"{share:.1f} times its target", 50, tones[node.heat.value]
        ),
    )


def _link(node: NodeNow, wish: MapWish) -> str:
    if node.exception and not node.step:
        return wish.link("exception", node.exception)
    return wish.link("step", node.step or "")


def _figure(node: NodeNow, wish: MapWish) -> StepFigure:
    time = node.stay.p85 if wish.shown is Shown.P85 else node.stay.median
    share = time / node.target if time is not None and node.target else -1.0
    shown = _time(time) if wish.shown in {Shown.MEDIAN, Shown.P85} else ""
    if node.kind == "end":
        return StepFigure(node.title, f"End: {node.title}")
    if node.kind == "step" and node.role is None and not node.now:
        return StepFigure(node.title, f"{node.title}: done by a rule, at once")
    return StepFigure(
        node.title,
        _spoken(node),
        _link(node, wish),
        words.number(node.now) if node.now or node.kind == "step" else "",
        shown,
        min(2.0, share),
        node.heat.value,
        words.number(node.overdue) if node.overdue else "",
        chosen=wish.chosen in {node.step, node.exception} and bool(wish.chosen),
    )


def _spoken(node: NodeNow) -> str:
    parts = [f"{node.title}: {words.plural(node.now, 'case')}"]
    if node.suspended and node.exception is None:
        parts.append(f"{words.number(node.suspended)} held")
    if node.stay.median is not None:
        parts.append(f"median {_time(node.stay.median)}")
    if node.target is not None:
        parts.append(f"target {words.duration(node.target)}")
    if node.overdue:
        parts.append(f"{words.number(node.overdue)} overdue")
    return ", ".join(parts)


def _row(node: NodeNow, wish: MapWish) -> tuple[Cell, ...]:
    def count(value: int) -> Cell:
        return Cell(words.number(value), number=True)

    return (
        Cell(node.title, _link(node, wish)),
        count(node.now),
        count(node.suspended),
        count(node.overdue),
        Cell(_time(node.stay.median), number=True),
        Cell(_time(node.stay.p85), number=True),
        Cell(_time(node.target), number=True),
        count(node.stay.completed),
    )


def _time(length: timedelta | None) -> str:
    return "–" if length is None else words.duration(length)
