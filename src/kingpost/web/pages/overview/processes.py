"""The live map of a process, and the list of processes."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from kingpost.queries.cases import CaseList as FoundCases
from kingpost.queries.process import Process, Processes, StateNow, Window
from kingpost.web.figures import Metric
from kingpost.web.overviews import CaseList, CasesPage, ProcessPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.cases import case_list
from kingpost.web.pages.figures.maps import MapWish, Shown, live_map, slow_steps
from kingpost.web.pages.frame import View
from kingpost.web.pages.places import in_the_model
from kingpost.web.pieces import Cell, Column, Empty, Link, Pager, Pill, Tab, Table
from kingpost.web.presenters import Head

_WINDOWS = {
    Window.DAY: "Last 24 hours",
    Window.WEEK: "Last 7 days",
    Window.MONTH: "Last 30 days",
    Window.ALL: "All time",
}
_SHOWN = {
    Shown.MEDIAN: "Median time",
    Shown.P85: "85 of 100 within",
    Shown.COUNT: "Count",
}
_KEPT = ("workflow", "window", "shown", "as")
_SLOW_MAX = 6


def process_page(
    view: View, found: Process, cases: FoundCases, query: Mapping[str, str]
) -> ProcessPage:
    """Return the page of a process. cases: those at the chosen step, or all in flight."""
    path = f"/processes/{found.card.workflow}"
    shown = next((item for item in Shown if item.value == query.get("shown")), Shown.MEDIAN)

    def url(**changed: str) -> str:
        chosen = {name: value for name, value in {**query, **changed}.items() if value}
        chosen.pop("page", None)
        return f"{path}?{urlencode(chosen)}" if chosen else path

    as_table = query.get("as") == "table"
    chosen = query.get("step") or query.get("exception") or ""
    wish = MapWish(
        "map",
        "Where cases are now",
        lambda kind, name: url(**{"step": "", "exception": "", kind: name}) + "#cases",
        chosen=chosen,
        shown=shown,
        views=(
            Tab("Map", url(**{"as": ""}), not as_table, icon="map"),
            Tab("Table", url(**{"as": "table"}), as_table, icon="table"),
        ),
        as_table=as_table,
    )
    windows = tuple(
        Tab(
            title,
            url(window="" if window is Window.MONTH else window.value),
            window is found.window,
        )
        for window, title in _WINDOWS.items()
    )
    measures = tuple(
        Tab(title, url(shown="" if item is Shown.MEDIAN else item.value), item is shown)
        for item, title in _SHOWN.items()
    )
    return ProcessPage(
        head=_head(view, found),
        map=live_map(found, wish),
        measures=measures,
        metrics=_metrics(found),
        slow=slow_steps(found, _SLOW_MAX),
        cases=case_list(view, cases, path, query, kept=_KEPT),
        cases_title=_cases_title(found, chosen),
        states=states_table(found),
        windows=windows,
    )


def states_table(found: Process) -> Table:
    """Return the numbers of the lifecycle: cases in each state, and how long they stay."""
    columns = (
        Column("State"),
        Column("Cases now", number=True),
        Column("Median", number=True),
        Column("85 of 100 within", number=True),
        Column("Stays ended", number=True),
    )
    rows = tuple(
        (
            Cell(state.title, _state_url(found, state)),
            Cell(words.number(state.now), _state_url(found, state), number=True),
            Cell(_time(state.stay.median), number=True),
            Cell(_time(state.stay.p85), number=True),
            Cell(words.number(state.stay.completed), number=True),
        )
        for state in found.states
    )
    return Table(f"Time in state, {_WINDOWS[found.window].lower()}", columns, rows)


def processes_page(view: View, found: Processes) -> CasesPage:
    """Return the list of processes."""
    columns = (
        Column("Process"),
        Column("In flight", number=True),
        Column("Overdue", number=True),
        Column("Held", number=True),
        Column("Arrived", number=True),
        Column("Completed", number=True),
        Column("Median, start to end", number=True),
    )
    rows = tuple(
        (
            Cell(card.title, f"/processes/{card.workflow}", card.owner.title),
            Cell(words.number(card.in_flight), number=True),
            Cell(words.number(card.overdue), number=True),
            Cell(words.number(card.suspended), number=True),
            Cell(words.number(card.started), number=True),
            Cell(words.number(card.closed), number=True),
            Cell(_time(card.stay.median), number=True),
        )
        for card in found.cards
    )
    empty = Empty("No processes", "The model declares no workflow.")
    table = Table(f"Processes, {_WINDOWS[found.window].lower()}", columns, rows, empty)
    head = Head("Process maps", as_at=words.moment(found.as_at, view.now, view.zone))
    return CasesPage(head, CaseList(table, Pager(words.plural(len(rows), "process", "processes"))))


def _state_url(found: Process, state: StateNow) -> str:
    return f"/cases?workflow={found.card.workflow}&state={state.id}"


def _head(view: View, found: Process) -> Head:
    card = found.card
    return Head(
        card.title,
        (
            Link(
                words.plural(card.in_flight, "case") + " in flight",
                f"/cases?is_open=yes&workflow={card.workflow}",
            ),
            Link(f"answered for by {card.owner.title}", f"/org/posts/{card.owner.post}"),
            Link(f"model {view.program.version[:8]}"),
        ),
        (in_the_model(f"workflow/{card.workflow}"),),
        as_at=words.moment(found.as_at, view.now, view.zone),
        state=Pill(f"{words.number(card.overdue)} overdue", "late", "alert")
        if card.overdue
        else None,
    )


def _metrics(found: Process) -> tuple[Metric, ...]:
    card = found.card
    window = _WINDOWS[found.window].lower()
    return (
        Metric("In flight", words.number(card.in_flight)),
        Metric("Overdue", words.number(card.overdue), tone="late" if card.overdue else "neutral"),
        Metric("Held", words.number(card.suspended)),
        Metric(f"Arrived, {window}", words.number(card.started)),
        Metric(f"Completed, {window}", words.number(card.closed)),
        Metric("Median, start to end", _time(card.stay.median)),
    )


def _cases_title(found: Process, chosen: str) -> str:
    node = next(
        (node for node in found.nodes if chosen and chosen in {node.step, node.exception}), None
    )
    return f"Cases at {node.title}" if node else "Cases in flight"


def _time(length: timedelta | None) -> str:
    return "–" if length is None else words.duration(length)
