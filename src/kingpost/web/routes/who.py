"""Who was accountable for something on a day."""

from datetime import date

from starlette.responses import Response

from kingpost.queries.accountability.answer import Accountable, NothingThereError
from kingpost.queries.accountability.reading import who_was_accountable, whole_day
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.overview.who import who_page
from kingpost.web.pieces import Link
from kingpost.web.routes.organisation import worded
from kingpost.web.routes.signed import query_of
from kingpost.web.serving.answer import render


def who(view: View) -> Response:
    """Show the form, and the answer when something was asked."""
    asked, found, error, status = query_of(view), None, "", 200
    if asked.get("of"):
        try:
            found = _answer(view, asked["of"].strip(), asked.get("on", ""), asked.get("known", ""))
        except NothingThereError as problem:
            error, status = worded(view, str(problem)), 404
        except ValueError:
            error = "This is not a day. Write it as year, month and day, such as 2026-11-21."
            status = 422
    page = who_page(view, asked, found, error)
    shell = frame(view, "Who answered", "/org", Link("Posts and people", "/org"))
    return render(view.request, "who.html", page, shell=shell, status=status)


def _answer(view: View, address: str, on: str, known: str) -> Accountable:
    """Return the answer. Raises ValueError for what is no day."""
    day = date.fromisoformat(on) if on else view.now.astimezone(view.zone).date()
    zone, company = view.program.model.zone, view.company
    recorded = whole_day(date.fromisoformat(known), zone)[1] if known else None
    return who_was_accountable(company.database, company.program, address, day, recorded)
