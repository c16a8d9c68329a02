"""Repairing a case: look at what it does, propose it, and confirm what another proposed."""

from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Command, Confirm, Decline, Propose
from kingpost.decisions.refusals import ReasonMissing
from kingpost.decisions.refusing.repairs import NotYourRepair
from kingpost.engine.perform import Asked, Done, KeyReusedError, perform
from kingpost.engine.repairs.previewing import Effect, find, preview_repair
from kingpost.queries.case_page import read_case_page
from kingpost.web.pages.casework.forms import NOTHING_TYPED, Typed
from kingpost.web.pages.casework.news import told_done
from kingpost.web.pages.casework.records import on_model_of
from kingpost.web.pages.casework.refusals import Titles, why
from kingpost.web.pages.casework.repairs import (
    PREFIX,
    RepairPage,
    may_repair,
    proposal_page,
    proposed_page,
    read_way,
    repair_page,
)
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.problems import not_found, refused
from kingpost.web.pages.typed_fields import read_fields
from kingpost.web.pieces import Link
from kingpost.web.routes.acts import event_of, text_of
from kingpost.web.serving.answer import render

_NOTHING = Propose()
_NOTHING_PROPOSED = (
    "No repair waits for you here: it was confirmed or declined, the case went on, or it is for "
    "others to confirm."
)


def repair(view: View) -> Response:
    """Show the form of a repair."""
    case = find(view.company, _number(view))
    if case is None:
        return not_found(view, "case", _number(view))
    about = on_model_of(view, case.model)
    workflow = about.program.workflows[case.workflow].workflow
    if not may_repair(view, workflow.repaired_by):
        no = NotYourRepair(workflow.id, workflow.repaired_by)
        words = why(Titles(about.program.model, case.workflow), no)
        return refused(view, words, back=f"/cases/{case.number}")
    return _page(view, case, repair_page(about, case, _NOTHING))


def look(view: View, form: FormData) -> Response:
    """Show what a repair does, with a button that proposes exactly that."""
    case = find(view.company, _number(view))
    if case is None:
        return not_found(view, "case", _number(view))
    about, typed = on_model_of(view, case.model), _typed(view, case, form)
    person, acting_as = view.visitor.person, view.visitor.acting_as
    outcome = preview_repair(view.company, case.number, typed, person, acting_as)
    if isinstance(outcome, Effect) and not typed.reason.strip():
        outcome = ReasonMissing("repair")
    if isinstance(outcome, Effect):
        return _page(view, case, proposal_page(about, case, typed, outcome))
    words = why(Titles(about.program.model, case.workflow), outcome)
    return _page(view, case, repair_page(about, case, typed, words), 422)


def propose(view: View, form: FormData) -> Response:
    """Propose a repair."""
    case = find(view.company, _number(view))
    if case is None:
        return not_found(view, "case", _number(view))
    return _act(view, case, form, _typed(view, case, form))


def confirm(view: View, form: FormData) -> Response:
    """Carry out, as the second person, the repair that was proposed."""
    case = find(view.company, _number(view))
    if case is None:
        return not_found(view, "case", _number(view))
    return _act(view, case, form, Confirm(event_of(form, "proposal"), text_of(form, "reason")))


def proposed(view: View) -> Response:
    """Show the repair that another person proposes, to be confirmed or declined."""
    return _proposed(view)


def decline(view: View, form: FormData) -> Response:
    """Say no, as the second person, to the repair that was proposed."""
    case = find(view.company, _number(view))
    if case is None:
        return not_found(view, "case", _number(view))
    because = text_of(form, "because")
    if not because.strip():
        words = why(Titles(view.program.model, case.workflow), ReasonMissing("refusal"))
        return _proposed(view, Typed(errors={"because": words}), 422)
    return _act(view, case, form, Decline(event_of(form, "proposal"), because))


def _proposed(view: View, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    company, there = view.company, f"/cases/{_number(view)}"
    found = read_case_page(company.database, _number(view), company.program)
    if found is None:
        return not_found(view, "case", _number(view))
    case = find(company, _number(view))
    page = proposed_page(on_model_of(view, found.model), found, typed)
    if page is None or case is None:
        return refused(view, _NOTHING_PROPOSED, back=there)
    return _page(view, case, page, status)


def _act(view: View, case: Case, form: FormData, command: Command) -> Response:
    there = f"/cases/{case.number}"
    try:
        key = UUID(str(form.get("key", "")))
        asked = Asked(key, command, case.id, view.visitor.person, acting_as=view.visitor.acting_as)
        outcome = perform(view.company, asked)
    except (ValueError, KeyReusedError):
        return refused(view, "This form was sent before with other content.", back=there)
    if isinstance(outcome, Done):
        return told_done(view, outcome.number, outcome.seq, there)
    program = view.company.program(case.model)
    return refused(view, why(Titles(program.model, case.workflow), outcome), back=there)


def _typed(view: View, case: Case, form: FormData) -> Propose:
    """Return what a form asks for: of the fields, those that it changes."""
    fields = view.company.program(case.model).workflows[case.workflow].fields
    typed = read_fields(form, fields.values(), PREFIX)
    changed = {name: value for name, value in typed.items() if case.fields.get(name) != value}
    task, to, outcome = read_way(str(form.get("way", "")))
    return Propose(changed, task, to, outcome, str(form.get("because", "")))


def _page(view: View, case: Case, page: RepairPage, status: int = 200) -> Response:
    crumbs = (Link("Cases", "/cases"), Link(case.number, f"/cases/{case.number}"))
    shell = frame(view, page.title, "/cases", *crumbs)
    return render(view.request, "repair.html", page, shell=shell, status=status)


def _number(view: View) -> str:
    number: str = view.request.path_params["number"]
    return number
