"""The page of one's own account: where one is signed in, tokens, and the password."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingpost.engine.access import PASSWORD_CHARACTERS_MIN, TOKEN_DAYS_MAX, OpenSession
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Notice, Pill, Table
from kingpost.web.presenters import Head

_COLUMNS = (Column("What"), Column("Since"), Column("Until"), Column("Change"))
_DAYS = "30"


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`account.html`: sessions, tokens, and the forms for a password and for a token.

    notice: what was just done. fresh: a token just made; it is never shown again.
    """

    head: Head
    sessions: Table
    tokens: Table
    password: Form
    token: Form
    notice: Notice | None = None
    fresh: str = ""


def account_page(
    view: View,
    found: tuple[OpenSession, ...],
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    notice: Notice | None = None,
    fresh: str = "",
) -> AccountPage:
    """Return the page. errors: by field, each a sentence. typed: what comes back to the forms."""
    keys = Keys()
    browsers = tuple(each for each in found if each.name is None)
    tokens = tuple(each for each in found if each.name is not None)
    others = any(not each.mine for each in browsers)
    every = Act(
        "Sign out everywhere else",
        "/account/sessions/end-others",
        "leave",
        post=True,
        key=keys.next(),
        confirm="Sign out everywhere but here?",
    )
    return AccountPage(
        Head("My account", (Link(view.visitor.person),), (every,) if others else ()),
        Table("Where I am signed in", _COLUMNS, tuple(_row(view, each, keys) for each in browsers)),
        Table(
            "My tokens",
            _COLUMNS,
            tuple(_row(view, each, keys) for each in tokens),
            Empty("No token", "A token lets a program of yours act as you.", icon="lock"),
        ),
        _password_form(keys, errors),
        _token_form(keys, typed, errors),
        notice,
        fresh,
    )


def _row(view: View, each: OpenSession, keys: Keys) -> tuple[Cell, ...]:
    since = words.moment(each.created_at, view.now, view.zone).text
    until = words.moment(each.expires_at, view.now, view.zone).text
    title = each.name or each.device or "A browser"
    what = "Revoke" if each.name else "Sign out"
    end = Act(what, f"/account/sessions/{each.id}/end", post=True, key=keys.next())
    change = (
        Cell("", pill=Pill("This browser", "accent"))
        if each.mine
        else Cell(what, act=end, about=title)
    )
    return Cell(title), Cell(since), Cell(until), change


def _password_form(keys: Keys, errors: Mapping[str, str]) -> Form:
    hint = f"{PASSWORD_CHARACTERS_MIN} characters or more. All other sessions and tokens end"
    fields = (
        _field("old", "Password of now", errors, autofill="current-password"),
        _field("new", "New password", errors, hint=hint, autofill="new-password"),
        _field("again", "New password again", errors, autofill="new-password"),
    )
    return _form("/account/password", "Change the password", keys, fields)


def _field(
    name: str, label: str, errors: Mapping[str, str], *, hint: str = "", autofill: str
) -> Field:
    error = errors.get(name, "")
    return Field("password", name, label, hint=hint, error=error, autofill=autofill)


def _token_form(keys: Keys, typed: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    name, days = typed.get("name", ""), typed.get("days", _DAYS)
    hint = f"At most {TOKEN_DAYS_MAX}"
    fields = (
        Field("text", "name", "What it is for", name, error=errors.get("name", "")),
        _field("secret", "Your password", errors, autofill="current-password"),
        Field("integer", "days", "For how many days", days, hint, error=errors.get("days", "")),
    )
    return _form("/account/tokens", "Make a token", keys, fields)


def _form(url: str, act: str, keys: Keys, fields: tuple[Field, ...]) -> Form:
    errors = tuple(FormError(f"field-{each.name}", each.error) for each in fields if each.error)
    return Form(url, act, keys.next(), (FieldGroup("", fields),), errors)
