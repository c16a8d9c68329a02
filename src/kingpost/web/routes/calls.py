"""Triage of calls: the list, and acting on one or on several of them."""

from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

from kingpost.engine.outside.triage import Result, Wish, act_on_calls
from kingpost.queries.trouble.calls import read_calls
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.work.calls import calls_page
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import page_number
from kingpost.web.serving.answer import render

_CALLS_MAX = 1000


def calls(view: View, results: tuple[Result, ...] = ()) -> Response:
    """Show the calls that do not run as they should. results: of what was just done."""
    company = view.company
    found = read_calls(company.database, company.program, page=page_number(view))
    shell = frame(view, "Calls", "/calls", Link("Work"), topics="history")
    return render(view.request, "calls.html", calls_page(view, found, results), shell=shell)


def retry(view: View, form: FormData) -> Response:
    """Let calls be tried again now."""
    return _act(view, form, gives_up=False)


def give_up(view: View, form: FormData) -> Response:
    """Let calls fail at once."""
    return _act(view, form, gives_up=True)


def _act(view: View, form: FormData, *, gives_up: bool) -> Response:
    named = [str(each) for each in form.getlist("call")][:_CALLS_MAX]
    key, chosen = _ids([str(form.get("key", ""))]), _ids(named)
    if not key:
        return calls(view)
    person, acting_as = view.visitor.person, view.visitor.acting_as
    wish = Wish(key[0], chosen, person, gives_up=gives_up, acting_as=acting_as)
    return calls(view, act_on_calls(view.company, wish))


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)
