"""Charts as finished drawings: flow by hour, and a measure over its weeks."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from kingpost.queries.flow import Flow
from kingpost.web.figures import Chart, Series, Tick
from kingpost.web.pages import words
from kingpost.web.pieces import Cell, Column, Table

WIDTH, HEIGHT = 330, 172
LEFT, RIGHT, TOP, BOTTOM = 30, 300, 20, 150
_STEPS = 4


def flow_chart(flow: Flow, zone: ZoneInfo) -> Chart:
    """Return arrivals and completions by hour or day."""
    started = [bucket.started for bucket in flow.buckets]
    closed = [bucket.closed for bucket in flow.buckets]
    top = scale_top(max([1, *started, *closed]))
    pattern = "%H:%M" if flow.per == "hour" else "%-d %b"
    marks = [bucket.since.astimezone(zone).strftime(pattern) for bucket in flow.buckets]
    rows = tuple(
        (Cell(mark), Cell(words.number(done), number=True), Cell(words.number(come), number=True))
        for mark, done, come in zip(marks, closed, started, strict=True)
    )
    columns = (
        Column("From"),
        Column("Completed", number=True),
        Column("Arrived", number=True),
    )
    each = "an hour" if flow.per == "hour" else "a day"
    span = "24 hours" if flow.per == "hour" else f"{len(flow.buckets)} days"
    return Chart(
        id="flow-chart",
        title=f"Flow, last {span}",
        unit=f"cases {each}",
        width=str(WIDTH),
        height=str(HEIGHT),
        left=str(LEFT),
        right=str(RIGHT),
        top=str(TOP),
        bottom=str(BOTTOM),
        series=(
            series("Arrived", started, top, dashed=True),
            series("Completed", closed, top),
        ),
        across=_across(marks),
        up=_up(top),
        table=Table("Cases completed and arrived", columns, rows),
    )


def series(text: str, values: Sequence[float], top: float, *, dashed: bool = False) -> Series:
    """Return a line. top: the value at the upper edge."""
    points = [(_x(index, len(values)), _y(value, top)) for index, value in enumerate(values)]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    area = "" if dashed else f"{line}V{BOTTOM}H{LEFT}Z"
    return Series(text, line, area, f"{x:.1f}", f"{y:.1f}", f"{values[-1]:g}", dashed=dashed)


def scale_top(largest: float) -> int:
    """Return a round upper edge: four steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while step * _STEPS < largest:
        text = str(step)
        step = step * 5 // 2 if text.startswith("2") else step * 2
    return step * _STEPS


def _x(index: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * index / max(1, count - 1)


def _y(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def _across(marks: Sequence[str]) -> tuple[Tick, ...]:
    chosen = range(0, len(marks) - 1, max(1, len(marks) // _STEPS))
    ticks = [Tick(f"{_x(index, len(marks)):.1f}", marks[index]) for index in chosen][:_STEPS]
    return (*ticks, Tick(str(RIGHT), "now"))


def _up(top: int) -> tuple[Tick, ...]:
    each = top // _STEPS
    return tuple(Tick(f"{_y(each * n, top):.1f}", str(each * n)) for n in range(_STEPS + 1))
