"""What has just been done, told on the next page; and what others did meanwhile."""

import re

from starlette.responses import RedirectResponse, Response

from kingpost.queries.case_page import CasePage, read_case_page
from kingpost.queries.history.timeline import Event
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import event_title, on_model_of
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Act, Notice

DONE_COOKIE = "kingpost-done"
_DONE_SECONDS = 60
_SEE_OTHER = 303
_SHAPE = re.compile(r"([\w-]{1,60})\.([0-9]{1,9})")


def told_done(view: View, number: str, seq: int, there: str) -> Response:
    """Send the browser on to a page, which will tell what was done."""
    response = RedirectResponse(there, _SEE_OTHER)
    secure = view.request.url.scheme == "https"
    response.set_cookie(
        DONE_COOKIE,
        f"{number}.{seq}",
        max_age=_DONE_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return response


def news(view: View) -> tuple[Notice, ...]:
    """Return what the visitor has just done, with an offer to undo what can be undone."""
    told = _SHAPE.fullmatch(view.request.cookies.get(DONE_COOKIE, ""))
    found = read_case_page(view.company.database, told[1], view.company.program) if told else None
    if told is None or found is None:
        return ()
    event = next((item for item in found.events if item.seq == int(told[2])), None)
    if event is None or event.by.person != view.visitor.person:
        return ()
    title = event_title(on_model_of(view, found.model), found.workflow, event)
    return (Notice(f"{title}.", _standing(found), "good", _undo(view, found, event)),)


def what_happened(view: View, found: CasePage, step: str, kind: str = "") -> str:
    """Return who ended the work at a step of a case, and how, as a sentence; or where it is now.

    kind: of the event that ended it; empty for the one that left the step.
    """
    ended = (
        item
        for item in reversed(found.events)
        if (item.kind == kind and item.step == step if kind else step in item.left)
    )
    event = next(ended, None)
    if event is None:
        return _standing(found)
    who = event.by.name or "The system"
    at = words.moment(event.at, view.now, view.zone).text
    what = event_title(on_model_of(view, found.model), found.workflow, event)
    return f"{who} was first, at {at}: {what}. {_standing(found)}"


def _standing(found: CasePage) -> str:
    steps = list(dict.fromkeys(f"“{item.title}”" for item in found.standings))
    work = [f"“{item.step_title}”" for item in found.work]
    named = list(dict.fromkeys(work)) or steps
    if not named:
        return f"{found.number} is {found.state_title.lower()} now."
    return f"{found.number} is at {' and '.join(named)} now."


def _undo(view: View, found: CasePage, event: Event) -> Act | None:
    if event.kind != "assigned":
        return None
    mine = next(
        (
            work
            for work in found.work
            if work.step == event.step and work.person == view.visitor.person
        ),
        None,
    )
    if mine is None:
        return None
    return Act(
        "Lay it back",
        f"/tasks/{mine.id}/assign",
        post=True,
        key=Keys().next(),
        fields=(("mine", "no"), ("back", view.path)),
    )
