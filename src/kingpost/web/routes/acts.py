"""What people do at open work: each form is one command, with its idempotency key."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.decisions import refusals
from kingpost.decisions.commands import (
    Assign,
    Command,
    Complete,
    Decide,
    Deliver,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.engine.perform import Asked, Done, KeyReusedError, NoSuchCase, NoSuchWorkflow, perform
from kingpost.model.objects import Field
from kingpost.queries.task_page import read_task_page
from kingpost.web.pages.frame import View
from kingpost.web.pages.problems import gone, refused
from kingpost.web.pages.task import Typed, sentence
from kingpost.web.routes.signed import SEE_OTHER
from kingpost.web.routes.work import open_work, start
from kingpost.web.typed_fields import read_fields

_Outcome = Done | refusals.Refusal | NoSuchCase | NoSuchWorkflow


def start_case(view: View, form: FormData) -> Response:
    """Start a case with the fields of its form."""
    workflow: str = view.request.path_params["workflow"]
    declared = view.program.model.workflows.get(workflow)
    if declared is None:
        return start(view)
    business_object = view.program.model.objects[declared.object]
    typed = read_fields(form, business_object.fields)
    given = {name: value for name, value in typed.items() if value is not None}
    outcome = _perform(view, form, Start(given), workflow=workflow)
    if isinstance(outcome, Done):
        return RedirectResponse(f"/cases/{outcome.number}", SEE_OTHER)
    return start(view, Typed(typed, errors=_errors(outcome)), 422)


def complete(view: View, form: FormData) -> Response:
    """Complete a task."""
    task = _task(view)
    typed = read_fields(form, _fields(view))
    outcome = _perform(view, form, Complete(task, typed))
    return _answer(view, outcome, Typed(typed), then="/work")


def record(view: View, form: FormData) -> Response:
    """Save fields; the work stays open."""
    task = _task(view)
    typed = read_fields(form, _fields(view))
    return _answer(view, _perform(view, form, Record(task, typed)), Typed(typed))


def decide(view: View, form: FormData) -> Response:
    """Take an outcome of a decision."""
    task, choice, reason = _task(view), _text(form, "outcome"), _text(form, "reason")
    typed = read_fields(form, _fields(view), f"{choice}.")
    shown = _text(form, "shown") or None
    outcome = _perform(view, form, Decide(task, choice, typed, reason, shown))
    return _answer(view, outcome, Typed(typed, choice, reason), then="/work")


def assign(view: View, form: FormData) -> Response:
    """Take work on, or lay it back; then go back to where it was asked."""
    mine = _text(form, "mine") == "yes"
    command = Assign(_task(view), view.visitor.person if mine else None)
    return _answer(view, _perform(view, form, command))


def raise_exception(view: View, form: FormData) -> Response:
    """Raise an exception."""
    command = Raise(_task(view), _text(form, "exception"), reason=_text(form, "reason"))
    return _answer(view, _perform(view, form, command))


def resolve(view: View, form: FormData) -> Response:
    """End a suspension."""
    command = Resolve(_task(view), _text(form, "ending"), reason=_text(form, "reason"))
    return _answer(view, _perform(view, form, command))


def deliver(view: View, form: FormData) -> Response:
    """Deliver a message to a wait."""
    command = Deliver(_task(view), _text(form, "message"), reason=_text(form, "reason"))
    return _answer(view, _perform(view, form, command))


def _perform(
    view: View, form: FormData, command: Command, *, workflow: str | None = None
) -> _Outcome:
    try:
        key = UUID(_text(form, "key"))
    except ValueError:
        return refusals.NotOpen("")
    asked = Asked(
        key,
        command,
        person=view.visitor.person,
        acting_as=view.visitor.acting_as,
        workflow=workflow,
    )
    try:
        return perform(view.company, asked)
    except KeyReusedError:
        # The form was sent once before with other content: what was sent first counts.
        return refusals.NotOpen("")


def _answer(
    view: View, outcome: _Outcome, typed: Typed | None = None, *, then: str = ""
) -> Response:
    task: UUID = view.request.path_params["task"]
    match outcome:
        case Done():
            return RedirectResponse(then or f"/cases/{outcome.number}", SEE_OTHER)
        case NoSuchCase() | NoSuchWorkflow() | refusals.NotOpen() | refusals.CaseIsClosed():
            return gone(view)
        case _ if typed is None:
            return refused(view, sentence(str(outcome)), back=f"/tasks/{task}")
        case _:
            kept = Typed(typed.fields, typed.outcome, typed.reason, _errors(outcome))
            return open_work(view, kept, 422)


def _errors(outcome: object) -> Mapping[str, str]:
    """Return what is wrong by field; under an empty name what is wrong with the whole form."""
    words = sentence(str(outcome))
    match outcome:
        case refusals.FieldsMissing(fields=names) | refusals.EvidenceMissing(fields=names):
            return dict.fromkeys(names, "Fill this in.")
        case refusals.FieldNotFitting(field=name) | refusals.FieldNotAsked(field=name):
            return {name: words}
        case refusals.ReasonMissing():
            return {"reason": words}
        case _:
            return {"": words}


def _task(view: View) -> str:
    return str(view.request.path_params["task"])


def _fields(view: View) -> Iterable[Field]:
    """Return the fields of the object that the work is about."""
    company = view.company
    found = read_task_page(
        company.database,
        view.request.path_params["task"],
        company.program,
        person=view.visitor.person,
        acting_as=view.visitor.acting_as,
    )
    return () if found is None else found.program.workflows[found.work.workflow].fields.values()


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
