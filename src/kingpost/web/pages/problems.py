"""Pages that say no: not found, denied, refused, and our own failure."""

from starlette.responses import Response

from kingpost.queries.succession.coming import read_coming
from kingpost.web.pages import words
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.places import succession_url
from kingpost.web.pieces import Act
from kingpost.web.presenters import ProblemPage
from kingpost.web.serving.answer import render

HOME = Act("My worklist", "/work", primary=True)


def not_found(view: View, what: str, name: str) -> Response:
    """Answer that there is nothing of that name."""
    page = ProblemPage(
        f"There is no {what} “{name}”",
        "It may have another name, or the address was copied in part.",
        "Search for it, or go back to your work.",
        (HOME, Act("Cases", "/cases")),
        icon="search",
    )
    return render(view.request, "problem.html", page, shell=frame(view, page.title, ""), status=404)


def gone(
    view: View, number: str = "", happened: str = "", typed: tuple[tuple[str, str], ...] = ()
) -> Response:
    """Answer that work is no longer open. number: of its case. happened: who did what, if known.

    typed: what came with a form for it, by the title of the field.
    """
    acts = (HOME, Act("Open the case", f"/cases/{number}")) if number else (HOME,)
    page = ProblemPage(
        "This work is no longer open",
        happened or "Somebody finished it, or the case moved on.",
        "Nothing was changed by you. The case shows what happened.",
        acts,
        icon="check",
        typed=typed,
    )
    return render(view.request, "problem.html", page, shell=frame(view, page.title, ""), status=404)


def closed(view: View, why: str, back: str) -> Response:
    """Answer that this is for others. why: sentences that name them."""
    acts = (Act("Back", back, primary=True), HOME)
    page = ProblemPage("This is for others", why, "Nothing was shown to you.", acts, icon="lock")
    return render(view.request, "problem.html", page, shell=frame(view, page.title, ""), status=403)


def denied(view: View) -> Response:
    """Answer that somebody who holds no post sees nothing of the work, but of what is to come."""
    coming = read_coming(view.company.database, view.program, view.visitor.person)
    page = ProblemPage(
        "You hold no post",
        "What one sees here follows from the posts that one holds, and you hold none now.",
        "You may read what goes with the posts that you will hold."
        if coming
        else "Ask whoever keeps the register to appoint you.",
        tuple(
            Act(
                f"{item.title}, from {words.moment(item.since, view.now, view.zone).text}",
                succession_url(item.post),
                primary=nth == 0,
            )
            for nth, item in enumerate(coming)
        ),
        icon="lock",
    )
    return render(view.request, "problem.html", page, shell=frame(view, page.title, ""), status=403)


def refused(view: View, why: str, *, back: str, status: int = 409) -> Response:
    """Answer an act that was refused and has no form to go back to. why: a sentence."""
    page = ProblemPage(
        "This was not done",
        why,
        "Nothing was changed.",
        (Act("Back", back, primary=True), HOME),
        icon="lock",
    )
    shell = frame(view, page.title, "")
    return render(view.request, "problem.html", page, shell=shell, status=status)
