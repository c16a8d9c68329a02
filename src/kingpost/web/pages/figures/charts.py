"""Charts as finished drawings: flow by hour, and a measure over its weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kingpost.queries.flow import Flow
from kingpost.web.figures import Chart, Series, Tick
from kingpost.web.pages import words
from kingpost.web.pieces import Cell, Column, Table

_STEPS = 4


@dataclass(frozen=True, slots=True)
class Plot:
    """A box with the edges of the plot inside it, drawn about as large as it is."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, index: int, count: int) -> float:
        """Return where a point stands across, the first at the left edge."""
        return self.left + (self.right - self.left) * index / max(1, count - 1)

    def y(self, share: float) -> float:
        """Return the height of a share of the upper edge."""
        return self.bottom - (self.bottom - self.top) * share


SMALL = Plot(330, 172, 30, 300, 20, 150)
LARGE = Plot(760, 230, 48, 690, 20, 204)


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
        width=str(SMALL.width),
        height=str(SMALL.height),
        left=str(SMALL.left),
        right=str(SMALL.right),
        top=str(SMALL.top),
        bottom=str(SMALL.bottom),
        series=(
            series(
                SMALL, "Arrived", [value / top for value in started], str(started[-1]), dashed=True
            ),
            series(SMALL, "Completed", [value / top for value in closed], str(closed[-1])),
        ),
        across=_across(marks),
        up=_up(top),
        table=Table("Cases completed and arrived", columns, rows),
    )


def series(
    plot: Plot, text: str, shares: Sequence[float], last: str, *, dashed: bool = False
) -> Series:
    """Return a line. shares: of the upper edge. last: what stands at its end."""
    points = [(plot.x(index, len(shares)), plot.y(share)) for index, share in enumerate(shares)]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    area = "" if dashed else f"{line}V{plot.bottom}H{plot.left}Z"
    return Series(text, line, area, f"{x:.1f}", f"{y:.1f}", last, dashed=dashed)


def scale_top(largest: float) -> int:
    """Return a round upper edge: four steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while step * _STEPS < largest:
        text = str(step)
        step = step * 5 // 2 if text.startswith("2") else step * 2
    return step * _STEPS


def _across(marks: Sequence[str]) -> tuple[Tick, ...]:
    chosen = range(0, len(marks) - 1, max(1, len(marks) // _STEPS))
    ticks = [Tick(f"{SMALL.x(index, len(marks)):.1f}", marks[index]) for index in chosen][:_STEPS]
    return (*ticks, Tick(str(SMALL.right), "now"))


def _up(top: int) -> tuple[Tick, ...]:
    each = top // _STEPS
    return tuple(Tick(f"{SMALL.y(each * n / top):.1f}", str(each * n)) for n in range(_STEPS + 1))
