"""The board of obligations, and the page of one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from kingpost.queries.obligations import (
    Counts,
    FrameworkNow,
    ObligationNow,
    Obligations,
    Occasion,
    Standing,
)
from kingpost.queries.obligations import ObligationPage as Found
from kingpost.queries.process import Window
from kingpost.web.figures import Bar, Metric
from kingpost.web.overviews import (
    CaseList,
    Framework,
    ObligationPage,
    ObligationRow,
    ObligationsPage,
)
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import CaseTitles, answering_row, case_cell
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import in_the_model
from kingpost.web.pieces import Cell, Column, Empty, Link, Pill, Tab, Table, Tone
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Evidence, Fact, FactGroup, TraceRow

STANDINGS: dict[Standing, Pill] = {
    Standing.FAILED: Pill("Failed", "late", "alert"),
    Standing.OPERATING: Pill("Operating", "good", "check"),
    Standing.NO_OCCASION: Pill("No occasion"),
    Standing.NOT_OBSERVABLE: Pill("Not observable", "risk", "alert"),
}
_STATUSES: dict[str, tuple[str, Tone]] = {
    "met": ("Met", "good"),
    "late": ("Late", "late"),
    "missing": ("Missing", "late"),
    "overdue": ("Overdue", "late"),
    "owed": ("Owed", "neutral"),
}
_WINDOWS = {
    Window.WEEK: "Last 7 days",
    Window.MONTH: "Last 30 days",
    Window.ALL: "All time",
}
_EVIDENCE_MAX = 6


def obligations_page(view: View, found: Obligations) -> ObligationsPage:
    """Return the board."""
    rows = [row for framework in found.frameworks for row in framework.obligations]
    tabs = tuple(
        Tab(
            title,
            "/obligations" if window is Window.MONTH else f"/obligations?window={window.value}",
            window is found.window,
        )
        for window, title in _WINDOWS.items()
    )
    metrics = tuple(
        Metric(pill.text, str(count), tone=pill.tone if count else "neutral")
        for standing, pill in STANDINGS.items()
        if (count := sum(row.standing is standing for row in rows)) or standing is Standing.FAILED
    )
    return ObligationsPage(
        Head("Obligations", as_at=words.moment(found.as_at, view.now, view.zone)),
        metrics,
        tabs,
        tuple(_framework(view, item) for item in found.frameworks),
        Empty("No obligations", "The model takes none from any framework.", icon="shield"),
    )


def obligation_page(
    view: View, found: Found, query: Mapping[str, str], titles: CaseTitles
) -> ObligationPage:
    """Return the page of one obligation.

    query: window and status as they stand in the address. titles: of the cases.
    """
    now = found.now
    declared = now.obligation
    counts = now.counts
    return ObligationPage(
        head=Head(
            declared.title,
            (Link(f"{found.framework_title} {found.edition}"), Link(declared.clause)),
            (in_the_model(f"obligation/{declared.id}"),),
            as_at=words.moment(found.as_at, view.now, view.zone),
            state=STANDINGS[now.standing],
        ),
        demand=_demand(view, found),
        facts=_facts(view, found),
        answering=(answering_row(view, "Answers for it", now.owner),),
        metrics=tuple(
            Metric(_STATUSES[name][0], words.number(value))
            for name, value in _by_status(counts).items()
        ),
        trace=_trace(view, found),
        evidence=tuple(
            _evidence(view, item) for item in found.occasions.rows if item.status in {"met", "late"}
        )[:_EVIDENCE_MAX],
        occasions=_occasions(view, found, query, titles),
    )


def _framework(view: View, item: FrameworkNow) -> Framework:
    counts = tuple(
        Pill(f"{count} {pill.text.lower()}", pill.tone, pill.icon)
        for standing, pill in STANDINGS.items()
        if (count := sum(row.standing is standing for row in item.obligations))
    )
    rows = tuple(_row(view, row) for row in item.obligations)
    return Framework(item.id, item.title, item.edition, counts, rows)


def _row(view: View, row: ObligationNow) -> ObligationRow:
    counts = row.counts
    url = f"/obligations/{row.obligation.id}"
    settled = counts.met + counts.late + counts.missing
    share = round(100 * counts.met / settled) if settled else 0
    said = [
        f"{words.number(value)} {_STATUSES[name][0].lower()}"
        for name, value in _by_status(counts).items()
        if value
    ]
    latest = words.moment(row.latest, view.now, view.zone).text if row.latest else ""
    tone: Tone = "late" if row.standing is Standing.FAILED else "neutral"
    return ObligationRow(
        row.obligation.clause,
        row.obligation.title,
        url,
        STANDINGS[row.standing],
        ", ".join(said) or "no case yet",
        row.owner.title,
        Link(f"Evidence, {latest}", f"{url}#occasions") if latest else None,
        "" if latest else "No evidence yet.",
        Bar(share, f"{share} of 100 in time", tone=tone) if settled else None,
    )


def _by_status(counts: Counts) -> dict[str, int]:
    return {
        "met": counts.met,
        "late": counts.late,
        "missing": counts.missing,
        "overdue": counts.overdue,
        "owed": counts.owed - counts.overdue,
    }


def _demand(view: View, found: Found) -> str:
    declared = found.now.obligation
    made_by = " or ".join(
        step.title
        for workflow, name in declared.evidence.made_by
        if (step := view.program.model.workflows[workflow].step(name)) is not None
    )
    within = f" within {declared.within} of the start" if declared.within else ""
    return f"{declared.title}. The evidence is made by “{made_by}”{within}."


def _facts(view: View, found: Found) -> FactGroup:
    declared = found.now.obligation
    workflow = view.program.model.workflows[declared.evidence.made_by[0][0]]
    business_object = view.program.model.objects[workflow.object]
    holds = [
        field.title
        for name in declared.evidence.holds
        if (field := business_object.field(name)) is not None
    ]
    facts = [
        Fact("Clause", declared.clause),
        Fact("Applies", _applies(view, found)),
        Fact("Within", str(declared.within) if declared.within else "no time limit"),
        Fact("Evidence holds", ", ".join(holds)),
    ]
    return FactGroup("The obligation", tuple(facts))


def _applies(view: View, found: Found) -> str:
    declared = found.now.obligation
    if declared.applies is None:
        return "To every case"
    workflow = declared.evidence.made_by[0][0]
    return f"Where {Titles(view.program.model, workflow).condition(declared.applies)}"


def _trace(view: View, found: Found) -> tuple[TraceRow, ...]:
    declared = found.now.obligation
    model = view.program.model
    rows = [
        TraceRow("Framework", (Link(f"{found.framework_title} {found.edition}"),), declared.clause)
    ]
    for workflow, name in declared.evidence.made_by:
        step = model.workflows[workflow].step(name)
        rows.append(
            TraceRow("Process", (Link(model.workflows[workflow].title, f"/processes/{workflow}"),))
        )
        title = step.title if step else name
        rows.append(TraceRow("Step", (Link(title, f"/processes/{workflow}?step={name}"),)))
    latest = found.now.latest
    note = words.moment(latest, view.now, view.zone).full if latest else ""
    gap = "" if latest else "No evidence has been made yet."
    rows.append(TraceRow("Evidence", (Link("Latest", "#occasions"),), note, gap=gap))
    return tuple(rows)


def _evidence(view: View, item: Occasion) -> Evidence:
    text, tone = _STATUSES[item.status]
    who = item.person_name or item.person or "the system"
    return Evidence(
        f"Case {item.number}",
        f"/cases/{item.number}/timeline#event-{item.seq}",
        Pill(text, tone),
        f"{words.title_of(item.kind)} by {who}",
        words.moment(item.since, view.now, view.zone),
        item.hash[:16],
    )


def _occasions(view: View, found: Found, query: Mapping[str, str], titles: CaseTitles) -> CaseList:
    path = f"/obligations/{found.now.obligation.id}"

    def url(**changed: str) -> str:
        chosen = {name: value for name, value in {**query, **changed}.items() if value}
        return f"{path}?{urlencode(chosen)}" if chosen else path

    by_status = _by_status(found.now.counts)
    chosen = query.get("status", "")
    tabs = (
        Tab("All", url(status="", page=""), not chosen),
        *(
            Tab(_STATUSES[name][0], url(status=name, page=""), chosen == name, words.number(value))
            for name, value in by_status.items()
        ),
    )
    columns = (Column("Case"), Column("Status"), Column("Due"), Column("Since"), Column("By"))
    rows = tuple(_occasion(view, item, titles) for item in found.occasions.rows)
    empty = Empty("No case", "No case had an occasion for it in this window.", icon="shield")
    table = Table("Cases and how they stand to it", columns, rows, empty)
    return CaseList(table, pager(found.occasions, lambda page: url(page=str(page))), tabs)


def _occasion(view: View, item: Occasion, titles: CaseTitles) -> tuple[Cell, ...]:
    text, tone = _STATUSES[item.status]
    due = words.moment(item.due_at, view.now, view.zone).text if item.due_at else "–"
    return (
        case_cell(view, item.workflow, item.number, titles.get(item.case, ()), item.seq),
        Cell("", pill=Pill(text, tone)),
        Cell(due),
        Cell(words.moment(item.since, view.now, view.zone).text),
        Cell(item.person_name or ""),
    )
