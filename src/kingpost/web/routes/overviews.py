"""Processes, objectives, obligations: what looks over the work."""

from starlette.responses import Response

from kingpost.queries.cases import CaseFilter, list_cases, read_titles
from kingpost.queries.objectives import read_metric, read_objectives
from kingpost.queries.obligations import read_obligation, read_obligations
from kingpost.queries.process import Window, read_process, read_processes
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.overview.duties import obligation_page, obligations_page
from kingpost.web.pages.overview.goals import measure_page, objectives_page
from kingpost.web.pages.overview.processes import process_page, processes_page
from kingpost.web.pages.problems import not_found
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import page_number, query_of
from kingpost.web.serving.answer import render

# Fewer than in a list of cases: the map stands above them.
_CASES = 20
_WINDOWS = {window.value: window for window in Window}


def processes(view: View) -> Response:
    """Show every process in one line."""
    found = read_processes(view.company.database, view.program, _window(view))
    shell = frame(view, "Process maps", "/processes", Link("Run"), topics="history")
    return render(view.request, "cases.html", processes_page(view, found), shell=shell)


def process(view: View) -> Response:
    """Show the live map of one process, and the cases at the chosen step."""
    name: str = view.request.path_params["workflow"]
    found = read_process(view.company.database, view.program, name, _window(view))
    if found is None:
        return not_found(view, "process", name)
    query = query_of(view)
    wanted = CaseFilter(
        workflow=name,
        step=query.get("step", ""),
        exception=query.get("exception", ""),
        is_open=True,
    )
    cases = list_cases(
        view.company.database, view.program, wanted, page=page_number(view), size=_CASES
    )
    page = process_page(view, found, cases, query)
    crumbs = (Link("Process maps", "/processes"),)
    shell = frame(view, found.card.title, "/processes", *crumbs, topics="history")
    return render(view.request, "process.html", page, shell=shell)


def objectives(view: View) -> Response:
    """Show the tree of objectives with their measures now."""
    found = read_objectives(view.company.database, view.program)
    shell = frame(view, "Objectives", "/objectives", Link("Run"), topics="history")
    return render(view.request, "objectives.html", objectives_page(view, found), shell=shell)


def measure(view: View) -> Response:
    """Show one metric and exactly the cases that it counts."""
    name: str = view.request.path_params["metric"]
    number = page_number(view)
    found = read_metric(view.company.database, view.program, name, page=number)
    if found is None:
        return not_found(view, "measure", name)
    counted = (item.case for item in found.cases.rows)
    titles = read_titles(view.company.database, view.program, counted)
    page = measure_page(view, found, titles)
    crumbs = (Link("Objectives", "/objectives"),)
    shell = frame(view, found.metric.title, "/objectives", *crumbs, topics="history")
    return render(view.request, "measure.html", page, shell=shell)


def obligations(view: View) -> Response:
    """Show the board of obligations."""
    found = read_obligations(view.company.database, view.program, _window(view))
    shell = frame(view, "Obligations", "/obligations", Link("Assure"), topics="history")
    return render(view.request, "obligations.html", obligations_page(view, found), shell=shell)


def obligation(view: View) -> Response:
    """Show one obligation with its occasions and evidence."""
    name: str = view.request.path_params["obligation"]
    query = query_of(view)
    found = read_obligation(
        view.company.database,
        view.program,
        name,
        window=_window(view),
        status=query.get("status", ""),
        page=page_number(view),
    )
    if found is None:
        return not_found(view, "obligation", name)
    occasions = (item.case for item in found.occasions.rows)
    titles = read_titles(view.company.database, view.program, occasions)
    page = obligation_page(view, found, query, titles)
    crumbs = (Link("Obligations", "/obligations"),)
    shell = frame(view, page.head.title, "/obligations", *crumbs, topics="history")
    return render(view.request, "obligation.html", page, shell=shell)


def _window(view: View) -> Window:
    return _WINDOWS.get(query_of(view).get("window", ""), Window.MONTH)
