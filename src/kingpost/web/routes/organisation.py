"""Posts and people, and appointing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.engine.register import (
    Appointment,
    NotAppointedError,
    appoint_as,
    appointable,
    end_appointment,
)
from kingpost.queries.accountability.reading import whole_day
from kingpost.queries.alarms.reading import read_alarms
from kingpost.queries.changes.organisation import heir_of, read_reorganisations
from kingpost.queries.organisation import list_people, read_organisation, read_person, read_post
from kingpost.queries.people import may_see_case
from kingpost.queries.succession.pack import Closed, Succession
from kingpost.queries.succession.reading import read_succession
from kingpost.web.form_pieces import Form
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.overview.lending import away_form, delegate_form
from kingpost.web.pages.overview.organisation import (
    appoint_form,
    organisation_page,
    person_page,
    post_page,
)
from kingpost.web.pages.overview.restructured import organisation_then
from kingpost.web.pages.problems import closed, denied, not_found, refused
from kingpost.web.pages.succession.page import succession_page
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import SEE_OTHER, page_number, query_of
from kingpost.web.serving.answer import render

_DAY_LENGTH = len("2026-11-28")
# Fewer than in other lists: the posts stand above them.
_PEOPLE = 25


def organisation(
    view: View, typed: Mapping[str, str] | None = None, error: str = "", status: int = 200
) -> Response:
    """Show units, posts and people."""
    asked = query_of(view).get("on", "")
    if asked:
        at = past_moment(view, asked)
        return not_found(view, "day", asked) if at is None else _then(view, at)
    found = read_organisation(view.company.database, view.program)
    text = query_of(view).get("q", "")
    people = list_people(view.company.database, text=text, page=page_number(view), size=_PEOPLE)
    alarms = read_alarms(view.company.database, view.program, view.company.program)
    changes = read_reorganisations(view.company.database)
    form = _form(view, typed or {}, error)
    page = organisation_page(view, found, people, form, alarms, last=next(iter(changes), None))
    shell = frame(view, "Posts and people", "/org", Link("Organisation"), topics="history")
    return render(view.request, "organisation.html", page, shell=shell, status=status)


def past_moment(view: View, written: str) -> datetime | None:
    """Return the end of a day, or just before a moment; None for what has not been."""
    try:
        if len(written) == _DAY_LENGTH:
            start, end_ = whole_day(date.fromisoformat(written), str(view.zone))
        else:
            end_ = start = datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return min(end_ - timedelta(microseconds=1), view.now) if start <= view.now else None


def _then(view: View, at: datetime) -> Response:
    """Show units and posts as they were at a moment, by the version that ran then."""
    program = view.company.ran_at(at)
    found = read_organisation(view.company.database, program, at)
    changes = read_reorganisations(view.company.database)
    page = organisation_then(replace(view, program=program), found, changes)
    shell = frame(view, page.head.title, "/org", Link("Posts and people", "/org"))
    return render(view.request, "organisation.html", page, shell=shell)


def post(view: View) -> Response:
    """Show one post with everyone who ever held it."""
    name: str = view.request.path_params["post"]
    found = read_post(view.company.database, view.program, name)
    if found is None:
        heir = heir_of(view.company.database, name)
        return RedirectResponse(f"/org/posts/{heir}") if heir else not_found(view, "post", name)
    may = name in appointable(view.company, view.visitor.person)
    form = appoint_form(view, {}, "", [name]) if may else None
    page = post_page(view, found, form, may_end=may, number=page_number(view))
    crumbs = (Link("Posts and people", "/org"),)
    shell = frame(view, found.now.post.title, "/org", *crumbs, topics="history")
    return render(view.request, "organisation.html", page, shell=shell)


def succession(view: View) -> Response:
    """Show what goes with a post, to those whom it concerns."""
    name: str = view.request.path_params["post"]
    found = read_succession(
        view.company.database,
        view.program,
        name,
        person=view.visitor.person,
        acting_as=view.visitor.acting_as,
        page=page_number(view),
    )
    if not isinstance(found, Succession) and not may_see_case(view.reader, view.program):
        return denied(view)
    if found is None:
        return not_found(view, "post", name)
    if isinstance(found, Closed):
        return closed(view, found.words, f"/org/posts/{name}")
    crumbs = (
        Link("Posts and people", "/org"),
        Link(found.post.title, f"/org/posts/{found.post.id}"),
    )
    shell = frame(view, f"What goes with {found.post.title}", "/org", *crumbs)
    return render(view.request, "succession.html", succession_page(view, found), shell=shell)


def person(view: View) -> Response:
    """Show one person."""
    return show_person(view, view.request.path_params["person"])


def show_person(
    view: View,
    name: str,
    typed: Mapping[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    """Show one person; on one's own page, the form that lends authority as it was typed."""
    number = page_number(view)
    found = read_person(view.company.database, view.program, name, page=number)
    if found is None:
        return not_found(view, "person", name)
    own = name == view.visitor.person
    kept, of_absence = typed or {}, bool(typed and "away-from" in typed)
    delegate = delegate_form(view, kept, "" if of_absence else error) if own else None
    away = away_form(kept, error if of_absence else "") if own else None
    page = person_page(view, found, delegate, away)
    crumbs = (Link("Posts and people", "/org"),)
    shell = frame(view, found.name, "/org", *crumbs)
    return render(view.request, "person.html", page, shell=shell, status=status)


def make_appointment(view: View, form: FormData) -> Response:
    """Appoint a person to a post."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        wish = _wish(view, typed)
        appoint_as(view.company, view.visitor.person, wish)
    except NotAppointedError as error:
        return organisation(view, typed, worded(view, str(error)), 422)
    return RedirectResponse(f"/org/posts/{wish.post}", SEE_OTHER)


def end(view: View, form: FormData) -> Response:
    """End an appointment now."""
    appointment: UUID = view.request.path_params["appointment"]
    post_id = str(form.get("post", ""))
    found = read_post(view.company.database, view.program, post_id)
    if found is None or appointment not in {item.id for item in found.appointments}:
        return not_found(view, "appointment", str(appointment))
    if post_id not in appointable(view.company, view.visitor.person):
        return _no_right(view, post_id)
    if not end_appointment(view.company, appointment, view.now, by=view.visitor.person):
        return refused(view, "This appointment has ended already.", back=f"/org/posts/{post_id}")
    return RedirectResponse(f"/org/posts/{post_id}", SEE_OTHER)


def _wish(view: View, typed: Mapping[str, str]) -> Appointment:
    start, end = day(typed.get("from", "")) or view.now, day(typed.get("until", ""))
    if end is not None and end <= start:
        words = f"The appointment would end before it begins, on {start:%-d %B %Y}. Choose a later"
        raise NotAppointedError(f"{words} day for its end.")
    return Appointment(
        typed.get("person", "").strip(),
        typed.get("post", ""),
        start,
        end,
        "acting" if typed.get("acting") == "yes" else "substantive",
    )


def worded(view: View, clause: str) -> str:
    """Return an error of the register as sentences, with the titles of posts."""
    words = view.in_titles(clause)
    ending = "" if words.endswith((".", "?")) else "."
    return f"{words[:1].upper()}{words[1:]}{ending}"


def day(text: str) -> datetime | None:
    """Return a day as typed; None for an empty one. Raises NotAppointedError."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        words = f"`{text}` is not a day. Write it as year, month and day, such as 2026-11-21."
        raise NotAppointedError(words) from None


def _form(view: View, typed: Mapping[str, str], error: str) -> Form | None:
    posts = appointable(view.company, view.visitor.person)
    return appoint_form(view, typed, error, posts) if posts else None


def _no_right(view: View, post: str) -> Response:
    title = view.post_title(post)
    why = f"You hold no post above “{title}”, so you cannot end an appointment to it."
    return refused(view, why, back=f"/org/posts/{post}")
