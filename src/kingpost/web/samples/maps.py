"""An invented process: a loop, parallel blocks, alternatives and suspensions."""

from kingpost.insight.diagram import Edge, Node
from kingpost.web.figures import ProcessMap
from kingpost.web.map_view import MapFrame, StepFigure, draw_process, heat_of
from kingpost.web.pieces import Cell, Column, Tab, Table

_URL = "/processes/client-onboarding"
# id: title, cases, figure, share of its target, overdue
_STEPS = {
    "register": ("Register application", 9, "1.4 h", 0.35, 0),
    "check": ("Check completeness", 15, "6.1 h", 0.77, 1),
    "verify": ("Verify identity", 12, "3.2 h", 0.55, 0),
    "screen": ("Screen sanctions", 21, "1.6 d", 1.6, 4),
    "credit": ("Assess credit", 8, "9.0 h", 0.56, 0),
    "draft": ("Draft contract", 7, "15 h", 0.62, 0),
    "legal": ("Legal review", 10, "2.1 d", 1.1, 2),
    "rate": ("Rate risk", 5, "5.0 h", 0.6, 0),
    "edd": ("Enhanced due diligence", 6, "4.7 d", 1.6, 2),
    "approve": ("Approve client", 12, "21 h", 0.9, 3),
    "open": ("Open accounts", 8, "7.0 h", 0.4, 0),
    "welcome": ("Welcome call", 4, "11 h", 0.45, 0),
    "decline": ("Send decline notice", 3, "2.0 h", 0.1, 0),
}
_HELD = {
    "documents": ("Waits for documents", 10),
    "withdrawn": ("Client is unsure", 2),
    "provider": ("List provider down", 0),
    "regulator": ("Held by the regulator", 1),
}
_ENDS = {"closed": "Client is live", "declined": "Declined"}
NODES = (
    Node("register"),
    Node("check"),
    *(Node(name, "suspension", 136, 22) for name in _HELD),
    Node("fork", "fork"),
    Node("verify"),
    Node("screen"),
    Node("credit"),
    Node("draft"),
    Node("legal"),
    Node("join", "join"),
    Node("rate"),
    Node("edd"),
    Node("approve"),
    Node("open"),
    Node("welcome"),
    Node("decline"),
    Node("closed", "end", 92, 22),
    Node("declined", "end", 92, 22),
)
_WAYS = (
    ("register", "check", ""),
    ("check", "fork", ""),
    ("fork", "verify", ""),
    ("fork", "credit", ""),
    ("fork", "draft", ""),
    ("verify", "screen", ""),
    ("draft", "legal", ""),
    ("screen", "join", ""),
    ("credit", "join", ""),
    ("legal", "join", ""),
    ("join", "rate", ""),
    ("rate", "approve", ""),
    ("rate", "edd", "High risk"),
    ("edd", "approve", ""),
    ("approve", "decline", "Declined"),
    ("approve", "open", "Approved"),
    ("open", "welcome", ""),
    ("welcome", "closed", ""),
    ("decline", "declined", ""),
)
EDGES = (
    *(Edge(f"{a}-{b}", a, b, label) for a, b, label in _WAYS),
    Edge("approve-check", "approve", "check", "Ask again", "rework"),
    *(Edge(f"check-{name}", "check", name) for name in _HELD),
)


def _figures(chosen: str) -> dict[str, StepFigure]:
    figures: dict[str, StepFigure] = {}
    for name, (title, count, figure, share, overdue) in _STEPS.items():
        late = f", {overdue} overdue" if overdue else ""
        spoken = f"{title}: {count} cases, median {figure}, {share:g} times its target{late}"
        figures[name] = StepFigure(
            title,
            spoken,
            f"{_URL}?step={name}",
            str(count),
            figure,
            share,
            heat_of(share),
            str(overdue) if overdue else "",
            chosen=name == chosen,
        )
    for name, (title, count) in _HELD.items():
        spoken = f"{title}: {count} cases suspended"
        figures[name] = StepFigure(
            title, spoken, f"{_URL}?step={name}", str(count) if count else ""
        )
    for name, title in _ENDS.items():
        figures[name] = StepFigure(title, f"End: {title}")
    return figures


def steps_table() -> Table:
    """Return the map's numbers as a table."""
    columns = (
        Column("Step"),
        Column("Cases", number=True),
        Column("Median", number=True),
        Column("Against target", number=True),
        Column("Overdue", number=True),
    )
    rows = tuple(
        (
            Cell(title, f"{_URL}?step={name}"),
            Cell(str(count), number=True),
            Cell(figure, number=True),
            Cell(f"{share:.1f}×", number=True),
            Cell(str(overdue), number=True),
        )
        for name, (title, count, figure, share, overdue) in _STEPS.items()
    )
    return Table("Steps of Client onboarding, now", columns, rows)


def onboarding_map(
    *,
    chosen: str = "",
    as_table: bool = False,
    name: str = "map",
    title: str = "Where cases are now",
) -> ProcessMap:
    """Return the map of the invented process; chosen: id of a step."""
    views = (
        Tab("Map", _URL, not as_table, icon="map"),
        Tab("Table", f"{_URL}?as=table", as_table, icon="table"),
    )
    frame = MapFrame(name, title, steps_table(), views, as_table)
    return draw_process(NODES, EDGES, _figures(chosen), frame)
