"""What people do at open work: each form is one command, with its idempotency key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

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
from kingpost.decisions.program import Program
from kingpost.engine.perform import Asked, Done, KeyReusedError, NoSuchCase, NoSuchWorkflow, perform
from kingpost.model.objects import Field
from kingpost.model.records.values import Plain
from kingpost.model.workflow import Decision
from kingpost.queries.case_page import read_case_page
from kingpost.queries.task_page import read_task_page
from kingpost.web.pages.casework.forms import Typed
from kingpost.web.pages.casework.news import told_done, what_happened
from kingpost.web.pages.casework.refusals import Titles, why
from kingpost.web.pages.casework.stale import changed_fields, clashing_fields
from kingpost.web.pages.frame import View
from kingpost.web.pages.problems import gone, refused
from kingpost.web.pages.typed_fields import input_text, read_fields
from kingpost.web.routes.work import open_work, start
from kingpost.web.serving.visitor import own_path

_Outcome = Done | refusals.Refusal | NoSuchCase | NoSuchWorkflow

# More events no case has.
_EVENTS_DIGITS = 9


def start_case(view: View, form: FormData) -> Response:
    """Start a case with the fields of its form."""
    workflow: str = view.request.path_params["workflow"]
    declared = view.program.model.workflows.get(workflow)
    if declared is None:
        return start(view)
    business_object = view.program.model.objects[declared.object]
    typed = read_fields(form, business_object.fields)
    given = {name: value for name, value in typed.items() if value is not None}
    outcome = send(view, form, Start(given), workflow=workflow)
    if isinstance(outcome, Done):
        return told_done(view, outcome.number, outcome.seq, f"/cases/{outcome.number}")
    titles = Titles(view.program.model, workflow)
    return start(view, Typed(typed, errors=errors_by_field(titles, outcome)), 422)


def complete(view: View, form: FormData) -> Response:
    """Complete a task."""
    typed = Typed(changed_fields(form, fields_of(view, form)))
    command = Complete(_task(view), typed.fields)
    return _clash(view, form, typed) or _act(view, form, command, typed, then="/work")


def record(view: View, form: FormData) -> Response:
    """Save fields; the work stays open."""
    task, typed = _task(view), Typed(changed_fields(form, fields_of(view, form)))
    command, then = Record(task, typed.fields), f"/tasks/{task}"
    return _clash(view, form, typed) or _act(view, form, command, typed, then=then)


def decide(view: View, form: FormData) -> Response:
    """Take an outcome of a decision."""
    choice, reason = text_of(form, "outcome"), text_of(form, "reason")
    shown, prefix = text_of(form, "shown"), f"{choice}."
    # What an outcome requires is decided with it, also when it stays as it was.
    insisted = required_of(view, form, choice)
    fields = changed_fields(form, fields_of(view, form), prefix, insisted)
    typed = Typed(fields, choice, reason, shown=shown)
    command = Decide(_task(view), choice, fields, reason, shown or None)
    return _clash(view, form, typed, prefix) or _act(view, form, command, typed, then="/work")


def assign(view: View, form: FormData) -> Response:
    """Take work on, or lay it back; then go back to where it was asked."""
    mine = text_of(form, "mine") == "yes"
    command = Assign(_task(view), view.visitor.person if mine else None)
    then = own_path(text_of(form, "back") or "/work")
    return _act(view, form, command, then=then)


def raise_exception(view: View, form: FormData) -> Response:
    """Raise an exception."""
    command = Raise(_task(view), text_of(form, "exception"), reason=text_of(form, "because"))
    return _act(view, form, command)


def resolve(view: View, form: FormData) -> Response:
    """End a suspension."""
    typed = Typed(changed_fields(form, fields_of(view, form)))
    command = Resolve(_task(view), text_of(form, "ending"), typed.fields, text_of(form, "because"))
    return _clash(view, form, typed) or _act(view, form, command, typed)


def deliver(view: View, form: FormData) -> Response:
    """Deliver a message to a wait."""
    typed = Typed(changed_fields(form, fields_of(view, form)))
    command = Deliver(_task(view), text_of(form, "message"), typed.fields, text_of(form, "because"))
    return _clash(view, form, typed) or _act(view, form, command, typed)


def send(
    view: View,
    form: FormData,
    command: Command,
    *,
    workflow: str | None = None,
    case: UUID | None = None,
) -> _Outcome:
    """Carry out the command of a form, by its key."""
    try:
        key = UUID(text_of(form, "key"))
    except ValueError:
        return refusals.NotOpen("")
    asked = Asked(
        key,
        command,
        case,
        person=view.visitor.person,
        acting_as=view.visitor.acting_as,
        workflow=workflow,
    )
    try:
        return perform(view.company, asked)
    except KeyReusedError:
        # The form was sent once before with other content: what was sent first counts.
        return refusals.NotOpen("")


def _clash(view: View, form: FormData, typed: Typed, prefix: str = "") -> Response | None:
    """Show the page again when somebody else changed the same fields; None when nobody did."""
    if not typed.fields:
        return None
    task: UUID = view.request.path_params["task"]
    company, person = view.company, view.visitor.person
    found = read_task_page(company.database, task, company.program, person=person)
    clashes = clashing_fields(found, form, typed.fields, prefix) if found else ()
    return open_work(view, replace(typed, clashes=clashes), 409) if clashes else None


def _act(
    view: View, form: FormData, command: Command, typed: Typed | None = None, *, then: str = ""
) -> Response:
    task: UUID = view.request.path_params["task"]
    outcome = send(view, form, command)
    if isinstance(outcome, refusals.FieldNotAsked) and typed is not None:
        # A change may have given fields other names since the form was drawn.
        typed = replace(typed, fields=_by_names_of_now(view, form, typed.fields))
        outcome = send(view, form, replace(command, fields=typed.fields))
    match outcome:
        case Done():
            there = then or f"/cases/{outcome.number}"
            return told_done(view, outcome.number, outcome.seq, there)
        case NoSuchCase() | NoSuchWorkflow() | refusals.NotOpen() | refusals.CaseIsClosed():
            return gone_meanwhile(view, form, typed=typed)
        case _ if typed is None:
            titles = titles_of(view, form)
            return refused(view, why(titles, outcome), back=f"/tasks/{task}")
        case _:
            errors = errors_by_field(titles_of(view, form), outcome)
            return open_work(view, replace(typed, errors=errors), 422)


def gone_meanwhile(
    view: View, form: FormData, kind: str = "", typed: Typed | None = None
) -> Response:
    """Say who was first, and what was typed. kind: of the event, if it has not left the step."""
    found = read_case_page(view.company.database, text_of(form, "case"), view.company.program)
    lost = tuple(_lost(view, form, typed)) if typed is not None else ()
    if found is None:
        return gone(view, typed=lost)
    happened = what_happened(view, found, text_of(form, "step"), kind)
    return gone(view, found.number, happened, lost)


def _lost(view: View, form: FormData, typed: Typed) -> Iterator[tuple[str, str]]:
    known = {field.id: field for field in fields_of(view, form)}
    for name, value in typed.fields.items():
        yield known[name].title, input_text(known[name], value)
    if typed.reason:
        yield "Reason", typed.reason


def _by_names_of_now(
    view: View, form: FormData, fields: Mapping[str, Plain]
) -> Mapping[str, Plain]:
    """Return fields by the names that they have in the version on which the case is now."""
    found = read_case_page(view.company.database, text_of(form, "case"), view.company.program)
    if found is None:
        return fields
    flow = view.company.program(found.model).workflows[found.workflow]
    now = {field.was: name for name, field in flow.fields.items() if field.was}
    return {name if name in flow.fields else now.get(name, name): fields[name] for name in fields}


def event_of(form: FormData, name: str) -> int:
    """Return the event that a form names; none has the number 0."""
    named = text_of(form, name)
    known = named.isascii() and named.isdigit() and len(named) <= _EVENTS_DIGITS
    return int(named) if known else 0


def errors_by_field(titles: Titles, outcome: object) -> Mapping[str, str]:
    """Return what is wrong by field; under an empty name what is wrong with the whole form."""
    match outcome:
        case (
            refusals.FieldsMissing(fields=names) | refusals.EvidenceMissing(fields=(_, *_) as names)
        ):
            return {name: f"Fill in {titles.field(name)}." for name in names}
        case refusals.FieldNotFitting(field=name) | refusals.FieldNotAsked(field=name):
            return {name: why(titles, outcome)}
        case refusals.ReasonMissing():
            return {"reason": why(titles, outcome)}
        case _:
            return {"": why(titles, outcome)}


def _task(view: View) -> str:
    return str(view.request.path_params["task"])


def fields_of(view: View, form: FormData) -> Iterable[Field]:
    """Return the fields of the object that the work is about, in the model it runs on.

    The form says which: the work itself may be open no longer, and a form that is sent twice must
    read the same both times.
    """
    flow = _program(view, form).workflows.get(text_of(form, "workflow"))
    return () if flow is None else flow.fields.values()


def required_of(view: View, form: FormData, choice: str) -> tuple[str, ...]:
    """Return the fields that must come with an outcome."""
    flow = _program(view, form).workflows.get(text_of(form, "workflow"))
    place = flow.places.get(text_of(form, "step")) if flow else None
    outcome = place.step.outcome(choice) if place and isinstance(place.step, Decision) else None
    return outcome.requires if outcome else ()


def titles_of(view: View, form: FormData) -> Titles:
    """Return the titles of the model that the form says its case runs on."""
    return Titles(_program(view, form).model, text_of(form, "workflow"))


def _program(view: View, form: FormData) -> Program:
    """Return the program that the form says its case runs on; the one that runs, if none."""
    try:
        return view.company.program(text_of(form, "model"))
    except KeyError:
        return view.program


def text_of(form: FormData, name: str) -> str:
    """Return a text of a form; empty when there is none."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
