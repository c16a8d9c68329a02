"""The live process map: counts, time and heat on the steps of a workflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kingpost.insight.diagram import BARS, Node
from kingpost.queries.process import NodeNow, Process
from kingpost.web import words
from kingpost.web.figures import ProcessMap
from kingpost.web.map_view import MapFrame, StepFigure, draw_process
from kingpost.web.pieces import Cell, Column, Tab, Table

_SIZES: Mapping[str, tuple[float, float]] = {
    "step": (98, 56),
    "suspension": (136, 22),
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
    links:  where a click on a node leads; `{}` stands for what the node is, such as `step=work`.
    """

    id: str
    title: str
    links: str
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


def link_of(node: NodeNow, links: str) -> str:
    """Return where a click on a node leads."""
    what = f"exception={node.exception}" if node.exception else f"step={node.step}"
    return links.replace("{}", what)


def _figure(node: NodeNow, wish: MapWish) -> StepFigure:
    time = node.stay.p85 if wish.shown is Shown.P85 else node.stay.median
    share = time / node.target if time is not None and node.target else -1.0
    shown = _time(time) if wish.shown in {Shown.MEDIAN, Shown.P85} else ""
    if node.kind == "end":
        return StepFigure(node.title, f"End: {node.title}")
    return StepFigure(
        node.title,
        _spoken(node),
        link_of(node, wish.links),
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
        Cell(node.title, link_of(node, wish.links)),
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
