"""Turn a layout and the figures of its steps into a finished process map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kingpost.insight.diagram import BARS, Box, Edge, Layout, Line, Node
from kingpost.insight.drawing.letters import width_of, wrapped
from kingpost.insight.drawing.svg import path_of
from kingpost.insight.process_map import lay_out
from kingpost.web.figures import Drawing, Heat, MapBar, MapBox, MapLabel, MapLine, ProcessMap
from kingpost.web.pieces import Tab, Table

TRACK_INSET = 9.0
TITLE_INSET = 8.0
TITLE_SIZE = 10.0
# What the count takes beside a title of one line.
COUNT_ROOM = {"step": 0.0, "end": 0.0, "suspension": 34.0}
LABEL_LETTERS_MAX = 20
# The badge of what is overdue reaches beyond the corner of its box.
BADGE_BEYOND = 4.0


@dataclass(frozen=True, slots=True)
class StepFigure:
    """What a map shows of one step.

    figure: the measure, formatted, such as `1.6 d`; empty for none.
    share:  measure by its target, 0 to 2 in the bar, whose middle is the target; -1 for no target.
    spoken: the whole step in one sentence.
    """

    title: str
    spoken: str
    url: str = ""
    count: str = ""
    figure: str = ""
    share: float = -1
    heat: Heat = "none"
    overdue: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MapFrame:
    """What stands round a map: id, title, views and the same numbers as a table."""

    id: str
    title: str
    table: Table
    views: tuple[Tab, ...] = ()
    as_table: bool = False


def heat_of(share: float) -> Heat:
    """Return the heat of a measure by its target: near from 0.8, over from 1, far from 1.5."""
    if share >= 1.5:  # noqa: PLR2004 (the legend's own numbers)
        return "far"
    if share >= 1:
        return "over"
    return "near" if share >= 0.8 else "none"  # noqa: PLR2004


def draw_process(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    figures: Mapping[str, StepFigure],
    frame: MapFrame,
) -> ProcessMap:
    """Lay a process out both ways and fill in its figures; every node but bars has a figure."""
    return ProcessMap(
        id=frame.id,
        title=frame.title,
        wide=_draw(lay_out(nodes, edges, direction="wide"), figures),
        tall=_draw(lay_out(nodes, edges, direction="tall"), figures),
        table=frame.table,
        views=frame.views,
        as_table=frame.as_table,
    )


def _draw(layout: Layout, figures: Mapping[str, StepFigure]) -> Drawing:
    bars = {box.id for box in layout.boxes if box.kind in BARS}
    return Drawing(
        width=_number(layout.width),
        height=_number(layout.height),
        boxes=tuple(_box(box, figures[box.id]) for box in layout.boxes if box.id not in bars),
        bars=tuple(
            MapBar(_number(box.x), _number(box.y), _number(box.width), _number(box.height))
            for box in layout.boxes
            if box.id in bars
        ),
        lines=tuple(_line(line, bars) for line in layout.lines),
        labels=tuple(
            MapLabel(_number(text.x), _number(text.y), _short(text.text)) for text in layout.labels
        ),
    )


def _box(box: Box, figure: StepFigure) -> MapBox:
    assert box.kind in ("step", "end", "suspension"), "bars are drawn by themselves"
    track = box.width - 2 * TRACK_INSET
    filled = max(0.0, min(figure.share, 2.0)) / 2 * track
    badge = 7.0 + 6.0 * max(2, len(figure.overdue))
    return MapBox(
        id=box.id,
        kind=box.kind,
        x=_number(box.x),
        y=_number(box.y),
        width=_number(box.width),
        height=_number(box.height),
        lines=title_lines(
            figure.title, 2 if box.kind == "step" else 1, box.width - COUNT_ROOM[box.kind]
        ),
        spoken=figure.spoken,
        url=figure.url,
        count=figure.count,
        figure=figure.figure,
        heat=figure.heat,
        bar=_number(filled),
        track=_number(track),
        mark=_number(TRACK_INSET + track / 2) if figure.share >= 0 else "",
        overdue=figure.overdue,
        badge_x=_number(BADGE_BEYOND - badge),
        badge_middle=_number(BADGE_BEYOND - badge / 2),
        badge_width=_number(badge),
        chosen=figure.chosen,
    )


def _short(text: str) -> str:
    """Cut a label that would run into what stands beside its way."""
    return text if len(text) <= LABEL_LETTERS_MAX else f"{text[: LABEL_LETTERS_MAX - 1].rstrip()}…"


def title_lines(title: str, lines_max: int, width: float) -> tuple[str, ...]:
    """Break a title into lines that fit a box; what does not fit ends in an ellipsis."""
    room = width - 2 * TITLE_INSET
    # Only the titles of steps are bold.
    size = TITLE_SIZE if lines_max > 1 else 0.9 * TITLE_SIZE
    lines = wrapped(title, size, room)
    if len(lines) <= lines_max:
        return lines
    last = " ".join(lines[lines_max - 1 :])
    while width_of(f"{last}…", size) > room:
        last = last[:-1].rstrip()
    return (*lines[: lines_max - 1], f"{last}…")


def _line(line: Line, bars: set[str]) -> MapLine:
    if line.kind == "hang":
        return MapLine(path_of(line.points), "hang", "none")
    headless = line.target in bars
    ends = "both" if line.both else "none" if headless else "end"
    return MapLine(path_of(line.points), line.kind, ends)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
