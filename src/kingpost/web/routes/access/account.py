"""One's own account: sessions, tokens and the password."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.engine import access
from kingpost.web.pages.account import account_page
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.problems import refused
from kingpost.web.pages.words import plural
from kingpost.web.pieces import Link, Notice
from kingpost.web.routes.signed import SEE_OTHER
from kingpost.web.serving.answer import render

_PAGE = "/account"
_WRONG = 422
_NAME_MAX, _DIGITS_MAX = 100, 5
_log = logging.getLogger(__name__)


def account(
    view: View,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    fresh: str = "",
    status: int = 200,
) -> Response:
    """Show where the reader is signed in, and the forms."""
    found = access.open_sessions(view.company, view.visitor.person, token=view.visitor.token)
    page = account_page(
        view, found, typed=typed or {}, errors=errors or {}, notice=notice, fresh=fresh
    )
    shell = frame(view, "My account", _PAGE, Link("Account"))
    return render(view.request, "account.html", page, shell=shell, status=status)


def end(view: View, _: FormData) -> Response:
    """End one session or token of the reader."""
    named: str = view.request.path_params["session"]
    if not access.end_session(view.company, view.visitor.person, named):
        return refused(view, "This session has ended already.", back=_PAGE)
    _log.info("%s ended a session", view.visitor.person)
    return RedirectResponse(_PAGE, SEE_OTHER)


def end_others(view: View, _: FormData) -> Response:
    """End the reader's sessions in other browsers."""
    person = view.visitor.person
    ended = access.end_sessions(view.company, person, kept=view.visitor.token, tokens=False)
    _log.info("%s ended %d sessions", person, ended)
    told = plural(ended, "session") + (" has ended." if ended == 1 else " have ended.")
    return account(view, notice=Notice("Signed out everywhere else.", told, "good"))


def change_password(view: View, form: FormData) -> Response:
    """Let the reader choose another password."""
    typed = _typed(form)
    old, new, again = (typed.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return account(view, errors={"again": "This is not the same as above."}, status=_WRONG)
    person, token = view.visitor.person, view.visitor.token
    try:
        ended = access.change_password(view.company, person, old, new, token=token, now=view.now)
    except access.WeakPasswordError as error:
        return account(view, errors={"new": _sentence(error)}, status=_WRONG)
    except access.NotSignedInError as error:
        return account(view, errors={"old": _not_right(error)}, status=_WRONG)
    _log.info("%s changed the password", person)
    told = (
        ""
        if not ended
        else f"{plural(ended, 'session or token', 'sessions and tokens')} elsewhere ended."
    )
    return account(view, notice=Notice("The password is changed.", told, "good"))


def make_token(view: View, form: FormData) -> Response:
    """Make a token that acts as the reader; it is shown once."""
    typed = _typed(form)
    name, days = typed.get("name", "").strip(), typed.get("days", "").strip()
    errors: dict[str, str] = {}
    if not name or len(name) > _NAME_MAX:
        errors["name"] = f"Say in 1 to {_NAME_MAX} characters what it is for."
    most = access.TOKEN_DAYS_MAX
    lasts = int(days) if days.isascii() and days.isdigit() and len(days) < _DIGITS_MAX else 0
    if not 1 <= lasts <= most:
        errors["days"] = f"Write a number of days from 1 to {most}."
    if errors:
        return account(view, typed, errors, status=_WRONG)
    try:
        made = access.make_token(
            view.company,
            view.visitor.person,
            typed.get("secret", ""),
            name=name,
            lasts=timedelta(days=lasts),
            now=view.now,
        )
    except access.NotSignedInError as error:
        return account(view, typed, {"secret": _not_right(error)}, status=_WRONG)
    _log.info("%s made a token", view.visitor.person)
    return account(view, fresh=made.token)


def _typed(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _not_right(error: access.NotSignedInError) -> str:
    text = _sentence(error)
    return text if "too many" in text else "This is not your password."


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
