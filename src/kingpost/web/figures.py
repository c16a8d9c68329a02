"""Figures: bars, lines, charts and maps as finished drawings."""

from dataclasses import dataclass
from typing import Literal

from kingpost.web.pieces import Tab, Table, Tone

Heat = Literal["none", "near", "over", "far"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure bar: lengths in whole percent of its track, the target mark included.

    target: -1 when there is no target.
    text:   what the bar says, for those who do not see it.
    """

    filled: int
    text: str
    target: int = -1
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line in a box of 96 by 28: SVG path data and the last point.

    target_y: height of the target line; -1 when there is none.
    """

    line: str
    last_x: str
    last_y: str
    text: str
    target_y: str = "-1"
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart; SVG path data; `area` is empty for a line without a fill."""

    text: str
    line: str
    area: str = ""
    last_x: str = "0"
    last_y: str = "0"
    last_text: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: `at` in chart units along that axis."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A line chart in a box of `width` by `height`, all lengths in the same units.

    left, right, top, bottom: edges of the plot inside the box.
    target:     height of the target line; None when there is none.
    table:      the same numbers, behind `Show as table`.
    """

    id: str
    title: str
    unit: str
    width: str
    height: str
    left: str
    right: str
    top: str
    bottom: str
    series: tuple[Series, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    table: Table
    target: Tick | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A number in large type, compared; the arrow follows the sign, the tone the meaning."""

    label: str
    value: str
    comparison: str = ""
    arrow: Literal["", "up", "down"] = ""
    tone: Tone = "neutral"
    swatch: Literal["", "solid", "dashed"] = ""


@dataclass(frozen=True, slots=True)
class MapBox:
    """A step, an end or a suspension on a map; lengths in pixels of the drawing.

    lines:     the title in one or two lines.
    url:       empty when the reader may not list its cases.
    count:     cases in it now.
    figure:    the measure that is shown, such as `1.6 d`.
    bar:       width of the filled part; `track` of the whole; `mark` is x of the target, or empty.
    overdue:   formatted count; empty when none. badge_x, badge_middle, badge_width: of its badge,
               counted from the right edge of the box.
    spoken:    the whole box in one sentence, for those who do not see it.
    """

    id: str
    kind: Literal["step", "end", "suspension"]
    x: str
    y: str
    width: str
    height: str
    lines: tuple[str, ...]
    spoken: str
    url: str = ""
    count: str = ""
    figure: str = ""
    heat: Heat = "none"
    bar: str = "0"
    track: str = "0"
    mark: str = ""
    overdue: str = ""
    badge_x: str = "0"
    badge_middle: str = "0"
    badge_width: str = "0"
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MapBar:
    """A fork or a join."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class MapLine:
    """A way between two steps as SVG path data; `ends` says where the arrow heads are."""

    path: str
    kind: Literal["flow", "rework", "hang"]
    ends: Literal["end", "both", "none"] = "end"


@dataclass(frozen=True, slots=True)
class MapLabel:
    """The name of a way, beside it."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One layout of a map."""

    width: str
    height: str
    boxes: tuple[MapBox, ...]
    bars: tuple[MapBar, ...]
    lines: tuple[MapLine, ...]
    labels: tuple[MapLabel, ...]


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """A process map, drawn twice: `wide` for desks, `tall` for phones.

    id:       unique on the page.
    views:    map or table, by URL.
    table:    the same numbers; shown when `as_table`.
    """

    id: str
    title: str
    wide: Drawing
    tall: Drawing
    table: Table
    views: tuple[Tab, ...] = ()
    as_table: bool = False
