"""Lists of cases, and the form that starts one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from kingpost.model.workflow import Workflow
from kingpost.queries.cases import CaseList as Found
from kingpost.queries.cases import CaseRow
from kingpost.web.form_pieces import FieldGroup, Form
from kingpost.web.overviews import CaseList, CasesPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.forms import NOTHING_TYPED, Typed, errors_of, input_of
from kingpost.web.pages.casework.records import case_title
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.paging import pager
from kingpost.web.pages.typed_fields import form_field
from kingpost.web.pieces import Act, Cell, Chip, Column, Empty, Link, Pill, Tab, Table
from kingpost.web.presenters import Head

_COLUMNS = (
    Column("Case"),
    Column("State"),
    Column("Where"),
    Column("Due"),
    Column("Started"),
)
_TITLES = {
    "workflow": "Process",
    "state": "State",
    "step": "Step",
    "exception": "Held by",
    "post": "Post",
    "text": "Text",
}


def cases_page(view: View, found: Found, query: Mapping[str, str]) -> CasesPage:
    """Return the page. query: the filters as they stand in the address."""
    total = words.plural(found.page.total, "case")
    return CasesPage(
        Head(
            "Cases",
            (Link(total),),
            (
                Act("Export CSV", f"/cases.csv?{urlencode(query)}", "download"),
                Act("New case", "/start", "plus", primary=True),
            ),
            words.moment(found.as_at, view.now, view.zone),
        ),
        case_list(view, found, "/cases", query, tabs=_tabs(query)),
    )


def case_list(
    view: View,
    found: Found,
    path: str,
    query: Mapping[str, str],
    *,
    tabs: tuple[Tab, ...] = (),
    kept: tuple[str, ...] = (),
) -> CaseList:
    """Return cases as a table with what narrows it. kept: of the query, no filters."""

    def url(**changed: str) -> str:
        chosen = {name: value for name, value in {**query, **changed}.items() if value}
        return f"{path}?{urlencode(chosen)}" if chosen else path

    chips = tuple(
        Chip(f"{_TITLES[name]}: {_words(view, name, query[name])}", url(**{name: "", "page": ""}))
        for name in _TITLES
        if query.get(name) and name not in kept
    )
    rows = tuple(_row(view, row) for row in found.page.rows)
    clear = url(**dict.fromkeys((*_TITLES, "page", "is_open", "overdue"), ""))
    empty = (
        Empty(
            "Nothing matches", "No case fits these filters.", Link("Clear filters", clear), "filter"
        )
        if chips or query.get("is_open") or query.get("overdue")
        else Empty(
            "No cases yet",
            "The first one appears here when it starts.",
            Link("Start one", "/start"),
        )
    )
    return CaseList(
        Table("Cases, the open ones first", _COLUMNS, rows, empty),
        pager(found.page, lambda number: url(page=str(number))),
        tabs,
        chips,
        clear if chips else "",
    )


def start_form(view: View, workflow: Workflow, typed: Typed = NOTHING_TYPED) -> Form:
    """Return the form that starts a case of a workflow."""
    model = view.program.model
    business_object = model.objects[workflow.object]
    fields = tuple(
        form_field(
            model,
            field,
            typed.fields.get(field.id),
            required=field.required,
            error=typed.errors.get(field.id, ""),
        )
        for name in workflow.begins.form
        if (field := business_object.field(name)) is not None
    )
    errors = errors_of(typed, {field.name: input_of(field) for field in fields})
    return Form(
        f"/start/{workflow.id}",
        f"Start {business_object.title.lower()}",
        Keys().next(),
        groups=(FieldGroup("", fields),),
        errors=errors,
        cancel=Link("Back to my worklist", "/work"),
    )


def _tabs(query: Mapping[str, str]) -> tuple[Tab, ...]:
    def tab(title: str, **chosen: str) -> Tab:
        kept = {
            name: value
            for name, value in query.items()
            if name not in {"is_open", "overdue", "page"}
        }
        address = urlencode({**kept, **chosen})
        current = all(
            query.get(name, "") == chosen.get(name, "") for name in ("is_open", "overdue")
        )
        return Tab(title, f"/cases?{address}" if address else "/cases", current)

    return (
        tab("All"),
        tab("Open", is_open="yes"),
        tab("Overdue", overdue="yes"),
        tab("Closed", is_open="no"),
    )


def _row(view: View, row: CaseRow) -> tuple[Cell, ...]:
    where = " · ".join(dict.fromkeys(step.title for step in row.steps)) or "Closed"
    posts = ", ".join(dict.fromkeys(view.post_title(step.post) for step in row.steps if step.post))
    late = row.due_at is not None and row.due_at < view.now
    due = words.moment(row.due_at, view.now, view.zone).text if row.due_at else ""
    return (
        Cell(
            case_title(view.program.model, row.workflow, row.titles),
            f"/cases/{row.number}",
            row.number,
        ),
        Cell("", pill=Pill(row.state_title)),
        Cell(where, note=posts),
        Cell(due if not late else "", pill=Pill(f"{due}", "late", "alert") if late else None),
        Cell(words.moment(row.started_at, view.now, view.zone).text),
    )


def _words(view: View, name: str, value: str) -> str:
    model = view.program.model
    if name == "workflow" and value in model.workflows:
        return model.workflows[value].title
    if name == "post":
        return view.post_title(value)
    for workflow in model.workflows.values():
        step = workflow.work(value) if name == "step" else None
        exception = workflow.exception(value) if name == "exception" else None
        state = model.objects[workflow.object].state(value) if name == "state" else None
        named = step or exception or state
        if named is not None:
            return named.title
    return value
