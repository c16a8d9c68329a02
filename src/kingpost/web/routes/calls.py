"""Triage: calls in trouble and messages that wait, and acting on them."""

from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

from kingpost.engine.outside.dropping import Drop, drop
from kingpost.engine.outside.triage import Wish, act_on_calls
from kingpost.queries.trouble.calls import read_calls
from kingpost.queries.trouble.messages import read_messages
from kingpost.web.pages.casework.calls import calls_page, told
from kingpost.web.pages.frame import View, frame
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import page_number
from kingpost.web.serving.answer import render

_CALLS_MAX = 1000


def calls(view: View, results: tuple[tuple[str, str], ...] = ()) -> Response:
    """Show calls in trouble and messages that wait. results: of what was just done."""
    company = view.company
    found = read_calls(company.database, company.program, page=page_number(view))
    kept = read_messages(company.database, view.program, page=page_number(view, "messages"))
    # What was just done stands at the address of the act, which a page cannot be fetched from.
    topics = "" if results else "history"
    shell = frame(view, "Calls", "/calls", Link("Work"), topics=topics)
    return render(view.request, "calls.html", calls_page(view, found, kept, results), shell=shell)


def retry(view: View, form: FormData) -> Response:
    """Let calls be tried again now."""
    return _act(view, form, gives_up=False)


def give_up(view: View, form: FormData) -> Response:
    """Let calls fail at once."""
    return _act(view, form, gives_up=True)


def drop_message(view: View, form: FormData) -> Response:
    """Deliver a kept message no more."""
    chosen = _ids([str(form.get("message", ""))])
    if not chosen:
        return calls(view)
    person, acting_as = view.visitor.person, view.visitor.acting_as
    refusal = drop(view.company, Drop(chosen[0], person, str(form.get("reason", "")), acting_as))
    return calls(view, (("Message", "Dropped" if refusal is None else str(refusal)),))


def _act(view: View, form: FormData, *, gives_up: bool) -> Response:
    named = [str(each) for each in form.getlist("call")][:_CALLS_MAX]
    key, chosen = _ids([str(form.get("key", ""))]), _ids(named)
    if not key:
        return calls(view)
    person, acting_as = view.visitor.person, view.visitor.acting_as
    wish = Wish(key[0], chosen, person, gives_up=gives_up, acting_as=acting_as)
    return calls(view, told(act_on_calls(view.company, wish)))


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)
