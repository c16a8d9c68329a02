"""The worklist, the page of open work, cases, and starting one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from kingpost.model.workflow import Workflow
from kingpost.queries.case_page import read_case_page
from kingpost.queries.cases import CaseFilter, list_cases
from kingpost.queries.flow import read_flow
from kingpost.queries.process import Process, read_process
from kingpost.queries.succession.coming import read_coming
from kingpost.queries.task_page import read_task_page
from kingpost.queries.worklist import View as Part
from kingpost.queries.worklist import Wanted, Worklist, read_worklist
from kingpost.web.form_pieces import Form
from kingpost.web.pages.casework.case import TABS, case_page
from kingpost.web.pages.casework.cases import cases_page, start_form
from kingpost.web.pages.casework.decision import decision_page
from kingpost.web.pages.casework.forms import NOTHING_TYPED, Typed
from kingpost.web.pages.casework.news import news, what_happened
from kingpost.web.pages.casework.records import on_model_of
from kingpost.web.pages.casework.task import task_page
from kingpost.web.pages.casework.worklist import confirm_url, worklist_page
from kingpost.web.pages.frame import View, frame, waiting_for
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.overriding.on_case import override_acts
from kingpost.web.pages.overriding.page import review_page
from kingpost.web.pages.problems import gone, not_found
from kingpost.web.pages.words import number, plural
from kingpost.web.pieces import Empty, Link, Notice
from kingpost.web.routes.signed import SEE_OTHER, page_number, query_of
from kingpost.web.serving.answer import render

_PARTS = {part.value: part for part in Part}
# So many waiting changes are named on the worklist.
_NAMED_MAX = 3
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class StartPage:
    """`start.html`: what may be started (choices), or the form of one."""

    title: str
    choices: tuple[Link, ...] = ()
    form: Form | None = None
    none: Empty | None = None


def worklist(view: View) -> Response:
    """Show the worklist."""
    query = query_of(view)
    wanted = work_wanted(query)
    found = _read(view, wanted)
    if "view" not in query and not found.counts.get(Part.ALL) and found.counts.get(Part.BELOW):
        # Who only stands above those who do the work begins with theirs.
        wanted = replace(wanted, view=Part.BELOW)
        found = _read(view, wanted)
    flow = read_flow(view.company.database)
    coming = read_coming(
        view.company.database, view.program, view.visitor.person, view.visitor.acting_as
    )
    process = _main_process(view, wanted, found)
    page = worklist_page(view, found, wanted, process, flow, coming)
    count = number(found.counts.get(Part.ALL, 0))
    crumb, notices = Link("Work"), (*news(view), *_changes(view))
    shell = frame(
        view, "My worklist", "/work", crumb, topics="history", notices=notices, count=count
    )
    return render(view.request, "worklist.html", page, shell=shell)


def _changes(view: View) -> tuple[Notice, ...]:
    """Return that changes of the company wait for the reader's approval."""
    waiting = waiting_for(view)
    if not waiting:
        return ()
    many = plural(len(waiting), "change of the company waits", "changes of the company wait")
    names = ", ".join(item.plan.name for item in waiting[:_NAMED_MAX])
    return (Notice(f"{many} for your approval.", f"See “Plans” for {names}."),)


def work_wanted(query: Mapping[str, str]) -> Wanted:
    """Return which open work an address asks for."""
    return Wanted(
        _PARTS.get(query.get("view", ""), Part.ALL),
        query.get("workflow", ""),
        query.get("step", ""),
        query.get("text", ""),
    )


def _read(view: View, wanted: Wanted) -> Worklist:
    return read_worklist(
        view.company.database,
        view.program,
        view.visitor.person,
        wanted,
        acting_as=view.visitor.acting_as,
        page=page_number(view),
    )


def open_work(view: View, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    """Show one task, decision or wait."""
    task: UUID = view.request.path_params["task"]
    company = view.company
    found = read_task_page(
        company.database,
        task,
        company.program,
        person=view.visitor.person,
        acting_as=view.visitor.acting_as,
    )
    if found is None:
        return _gone(view)
    if found.work.waiting is not None:
        return RedirectResponse(confirm_url(found.work), SEE_OTHER)
    about = on_model_of(view, found.case.model)
    crumbs = (Link("My worklist", "/work"), Link(found.work.number, f"/cases/{found.work.number}"))
    shell = frame(view, found.work.step_title, "/work", *crumbs, notices=news(view))
    if found.work.kind == "decision" and found.work.suspended is None:
        decision = decision_page(about, found, Keys(), typed)
        return render(view.request, "decision.html", decision, shell=shell, status=status)
    if found.work.kind == "review":
        review = review_page(about, found, Keys(), typed)
        return render(view.request, "override.html", review, shell=shell, status=status)
    page = task_page(about, found, Keys(), typed)
    return render(view.request, "task.html", page, shell=shell, status=status)


def case(view: View) -> Response:
    """Show one case."""
    case_number: str = view.request.path_params["number"]
    tab = view.request.path_params.get("tab", "timeline")
    company = view.company
    found = read_case_page(company.database, case_number, company.program)
    if found is None or tab not in dict(TABS):
        return not_found(view, "case", case_number)
    on_model, kind = on_model_of(view, found.model), query_of(view).get("kind", "")
    page = case_page(on_model, found, tab, kind, override_acts(on_model, found))
    crumb, notices = Link("Cases", "/cases"), news(view)
    shell = frame(view, found.number, "/cases", crumb, topics="history", notices=notices)
    return render(view.request, "case.html", page, shell=shell)


def cases(view: View) -> Response:
    """Show cases behind filters."""
    query = query_of(view)
    wanted = cases_wanted(query)
    found = list_cases(view.company.database, view.program, wanted, page=page_number(view))
    kept = {name: value for name, value in query.items() if name != "page"}
    page = cases_page(view, found, kept)
    shell = frame(view, "Cases", "/cases", Link("Work"), topics="history")
    return render(view.request, "cases.html", page, shell=shell)


def cases_wanted(query: Mapping[str, str]) -> CaseFilter:
    """Return which cases an address asks for."""
    return CaseFilter(
        workflow=query.get("workflow", ""),
        state=query.get("state", ""),
        step=query.get("step", ""),
        exception=query.get("exception", ""),
        post=query.get("post", ""),
        text=query.get("text", "").strip(),
        is_open=_YES_NO.get(query.get("is_open", "")),
        overdue=query.get("overdue") == "yes",
    )


def start(view: View, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    """Show what may be started, or the form of one workflow."""
    workflows, possible = view.program.model.workflows, startable(view)
    name = view.request.path_params.get("workflow", "")
    if not name and len(possible) == 1:
        return RedirectResponse(f"/start/{possible[0].id}", SEE_OTHER)
    shell = frame(view, "Start a case", "/work", Link("My worklist", "/work"))
    if not name:
        links = tuple(Link(item.title, f"/start/{item.id}") for item in possible)
        none = Empty("Nothing to start", "None of your posts starts cases.", icon="lock")
        page = StartPage("Start a case", links, none=None if links else none)
        return render(view.request, "start.html", page, shell=shell)
    if name not in workflows:
        return not_found(view, "process", name)
    form = start_form(view, workflows[name], typed)
    page = StartPage(f"Start: {workflows[name].title}", form=form)
    return render(view.request, "start.html", page, shell=shell, status=status)


def startable(view: View) -> list[Workflow]:
    """Return the workflows of which the reader may start a case."""
    model = view.program.model
    mine = {
        role
        for holding in view.reader.holdings
        if (post := model.posts.get(holding.post)) is not None
        for role in post.roles
    }
    return [item for item in model.workflows.values() if mine & set(item.begins.roles)]


def _main_process(view: View, wanted: Wanted, found: Worklist) -> Process | None:
    """Return the process that most of the work belongs to, or the one that was asked for."""
    count = Counter[str]()
    for (workflow, _), many in found.steps.items():
        count[workflow] += many
    most = max(count, key=lambda name: count[name], default=None)
    name = wanted.workflow or most or next(iter(view.program.model.workflows), None)
    return _process(view, name) if name else None


def _process(view: View, workflow: str) -> Process | None:
    return read_process(view.company.database, view.program, workflow)


def _gone(view: View) -> Response:
    """Say what became of work that is open no longer, if the address says which case it was of."""
    query = query_of(view)
    company = view.company
    found = read_case_page(company.database, query.get("case", ""), company.program)
    if found is None:
        return gone(view)
    return gone(view, found.number, what_happened(view, found, query.get("step", "")))
