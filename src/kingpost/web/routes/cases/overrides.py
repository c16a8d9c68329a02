"""Going beyond an authority: ask for it, confirm what another asked for, and review it."""

from dataclasses import replace
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

from kingpost.decisions import refusals
from kingpost.decisions.commands import Command, ConfirmOverride, Decline, Override, Review
from kingpost.decisions.refusing.overrides import OverrideGone
from kingpost.engine.perform import Done, NoSuchCase
from kingpost.queries.task_page import TaskPage, read_task_page
from kingpost.web.pages.casework.forms import NOTHING_TYPED, Typed
from kingpost.web.pages.casework.news import news, told_done
from kingpost.web.pages.casework.records import on_model_of
from kingpost.web.pages.casework.refusals import why
from kingpost.web.pages.casework.stale import changed_fields, clashing_fields
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.overriding.page import OverridePage, asking_page, confirming_page
from kingpost.web.pages.problems import gone, refused
from kingpost.web.pieces import Link
from kingpost.web.routes import acts
from kingpost.web.routes.signed import query_of
from kingpost.web.routes.work import open_work
from kingpost.web.serving.answer import render

_NOTHING_ASKED = (
    "Nothing waits to be confirmed here any more: it was confirmed, declined, or it lapsed."
)


def asking(view: View) -> Response:
    """Show the page on which an outcome is asked for."""
    return _asking(view, query_of(view).get("outcome", ""))


def ask(view: View, form: FormData) -> Response:
    """Ask for an outcome beyond one's authority."""
    outcome, reason = acts.text_of(form, "outcome"), acts.text_of(form, "reason")
    shown = acts.text_of(form, "shown")
    insisted = acts.required_of(view, form, outcome)
    fields = changed_fields(form, acts.fields_of(view, form), "", insisted)
    typed = Typed(fields, outcome, reason, shown=shown)
    found = _found(view)
    clashes = clashing_fields(found, form, fields) if found else ()
    if clashes:
        return _asking(view, outcome, replace(typed, clashes=clashes), 409)
    command = Override(_task(view), outcome, fields, reason, shown or None)
    done = acts.send(view, form, command)
    match done:
        case Done():
            return told_done(view, done.number, done.seq, f"/cases/{done.number}")
        case NoSuchCase() | refusals.NotOpen() | refusals.CaseIsClosed():
            return acts.gone_meanwhile(view, form)
        case _:
            errors = acts.errors_by_field(acts.titles_of(view, form), done)
            return _asking(view, outcome, replace(typed, errors=errors), 422)


def confirming(view: View) -> Response:
    """Show the page on which it is confirmed."""
    return _confirming(view)


def confirm(view: View, form: FormData) -> Response:
    """Let an outcome take effect that another person asked for."""
    reason = acts.text_of(form, "reason")
    typed = Typed(reason=reason)
    found = _found(view)
    command: Command = ConfirmOverride(acts.event_of(form, "asked"), reason)
    done = acts.send(view, form, command, case=found.case.id if found else None)
    match done:
        case Done():
            return told_done(view, done.number, done.seq, f"/cases/{done.number}")
        case NoSuchCase() | refusals.NotOpen() | refusals.CaseIsClosed():
            return acts.gone_meanwhile(view, form)
        case OverrideGone():
            words = why(acts.titles_of(view, form), done)
            kept = f" You had written: “{reason}”." if reason.strip() else ""
            return refused(view, words + kept, back=f"/tasks/{_task(view)}")
        case _:
            errors = acts.errors_by_field(acts.titles_of(view, form), done)
            return _confirming(view, replace(typed, errors=errors), 422)


def decline(view: View, form: FormData) -> Response:
    """Say no to what another asked for."""
    because, found = acts.text_of(form, "because"), _found(view)
    command = Decline(acts.event_of(form, "asked"), because)
    done = acts.send(view, form, command, case=found.case.id if found else None)
    match done:
        case Done():
            return told_done(view, done.number, done.seq, f"/cases/{done.number}")
        case NoSuchCase() | refusals.NotOpen() | refusals.CaseIsClosed():
            return acts.gone_meanwhile(view, form)
        case refusals.ReasonMissing():
            typed = Typed(errors={"because": why(acts.titles_of(view, form), done)})
            return _confirming(view, typed, 422)
        case _:
            words = why(acts.titles_of(view, form), done)
            kept = f" You had written: “{because}”." if because.strip() else ""
            return refused(view, words + kept, back=f"/tasks/{_task(view)}")


def review(view: View, form: FormData) -> Response:
    """Record what comes of a review."""
    finding, reason = acts.text_of(form, "finding"), acts.text_of(form, "reason")
    done = acts.send(view, form, Review(_task(view), finding, reason))
    match done:
        case Done():
            return told_done(view, done.number, done.seq, "/work")
        case NoSuchCase() | refusals.NotOpen() | refusals.CaseIsClosed():
            return acts.gone_meanwhile(view, form, "reviewed")
        case _:
            errors = acts.errors_by_field(acts.titles_of(view, form), done)
            typed = Typed(outcome=finding, reason=reason, errors=errors)
            return open_work(view, typed, 422)


def _asking(view: View, outcome: str, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    found = _found(view)
    if found is None:
        return gone(view)
    if found.work.kind != "decision" or found.work.suspended is not None:
        return open_work(view)
    page = asking_page(on_model_of(view, found.case.model), found, outcome, Keys(), typed)
    if page is None:
        words = "Nobody may go beyond their authority for this."
        return refused(view, words, back=f"/tasks/{_task(view)}")
    return _shown(view, found, page, status)


def _confirming(view: View, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    found = _found(view)
    if found is None:
        return gone(view)
    page = None
    if found.work.kind == "decision":
        page = confirming_page(on_model_of(view, found.case.model), found, Keys(), typed)
    if page is None:
        return refused(view, _NOTHING_ASKED, back=f"/cases/{found.work.number}")
    return _shown(view, found, page, status)


def _shown(view: View, found: TaskPage, page: OverridePage, status: int) -> Response:
    number = found.work.number
    crumbs = (Link("My worklist", "/work"), Link(number, f"/cases/{number}"))
    shell = frame(view, page.title, "/work", *crumbs, notices=news(view))
    return render(view.request, "override.html", page, shell=shell, status=status)


def _found(view: View) -> TaskPage | None:
    task: UUID = view.request.path_params["task"]
    company, visitor = view.company, view.visitor
    return read_task_page(
        company.database,
        task,
        company.program,
        person=visitor.person,
        acting_as=visitor.acting_as,
    )


def _task(view: View) -> str:
    return str(view.request.path_params["task"])
