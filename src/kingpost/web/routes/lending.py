"""Lending authority for a time and taking it back; being away."""

from collections.abc import Mapping
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.engine.delegations import (
    Delegation,
    NotDelegatedError,
    delegate_as,
    end_delegation,
    may_delegate,
)
from kingpost.engine.register import (
    Absence,
    NotAppointedError,
    NotAwayError,
    end_absence,
    note_absence_as,
)
from kingpost.queries.organisation import read_person, read_post
from kingpost.web.pages.frame import View
from kingpost.web.pages.problems import not_found, refused
from kingpost.web.routes.organisation import day, show_person, worded
from kingpost.web.routes.signed import SEE_OTHER


def delegate(view: View, form: FormData) -> Response:
    """Lend the reader's own authority."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    person = view.visitor.person
    try:
        delegate_as(view.company, person, _wish(view, typed))
    except (NotDelegatedError, NotAppointedError) as error:
        return show_person(view, person, typed, worded(view, str(error)), 422)
    return RedirectResponse(f"/people/{person}", SEE_OTHER)


def take_back(view: View, form: FormData) -> Response:
    """End a delegation now."""
    delegation: UUID = view.request.path_params["delegation"]
    post_id = str(form.get("post", ""))
    page = read_post(view.company.database, view.program, post_id)
    lent = {item.id: item for item in page.delegations} if page else {}
    if delegation not in lent:
        return not_found(view, "delegation", str(delegation))
    found, back = lent[delegation], f"/org/posts/{post_id}"
    if not may_delegate(view.company, view.visitor.person, found.giver, post_id):
        why = f"Only who holds “{found.post_title}”, or a post above it, takes this back."
        return refused(view, why, back=back)
    if not end_delegation(view.company, delegation, view.now, by=view.visitor.person):
        return refused(view, "This delegation has ended already.", back=back)
    own = found.giver == view.visitor.person
    return RedirectResponse(f"/people/{found.giver}" if own else back, SEE_OTHER)


def be_away(view: View, form: FormData) -> Response:
    """Note that the reader is away."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    person = view.visitor.person
    try:
        start, end = day(typed.get("away-from", "")), day(typed.get("away-until", ""))
        wish = Absence(person, start or view.now, end, typed.get("away-reason", ""))
        note_absence_as(view.company, person, wish)
    except (NotAwayError, NotAppointedError) as error:
        kept = {"away-from": "", **typed}
        return show_person(view, person, kept, worded(view, str(error)), 422)
    return RedirectResponse(f"/people/{person}", SEE_OTHER)


def be_back(view: View, _: FormData) -> Response:
    """End an absence of the reader now."""
    absence: UUID = view.request.path_params["absence"]
    person = view.visitor.person
    found = read_person(view.company.database, view.program, person)
    if found is None or absence not in {item.id for item in found.absences}:
        return not_found(view, "absence", str(absence))
    if not end_absence(view.company, absence, view.now, by=person):
        return refused(view, "This absence has ended already.", back=f"/people/{person}")
    return RedirectResponse(f"/people/{person}", SEE_OTHER)


def _wish(view: View, typed: Mapping[str, str]) -> Delegation:
    start, end = day(typed.get("from", "")) or view.now, day(typed.get("until", ""))
    if end is None:
        raise NotDelegatedError("the end is missing. Name the first day without it.")
    kind, _, name = typed.get("what", "").partition("/")
    return Delegation(
        view.visitor.person,
        typed.get("post", ""),
        typed.get("person", "").strip(),
        start,
        end,
        typed.get("reason", ""),
        workflows=(name,) if kind == "workflow" else (),
        outcomes=(name,) if kind == "outcome" else (),
    )
