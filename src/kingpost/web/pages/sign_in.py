"""The page to sign in on."""

from dataclasses import dataclass

from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError
from kingpost.web.pieces import Act
from kingpost.web.presenters import SignInPage


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the example company that a visitor may try. post: as a title."""

    person: str
    name: str
    post: str


def sign_in_page(
    company: str, *, person: str, error: str, go_on: str, demo: tuple[DemoAccount, ...]
) -> SignInPage:
    """Return the page. error: one clause, empty when nothing is wrong. go_on: path to go to."""
    errors = (FormError("field-person", f"{error[:1].upper()}{error[1:]}."),) if error else ()
    fields = (
        Field("text", "person", "Name of the account", person, autofill="username"),
        Field("password", "password", "Password", autofill="current-password"),
    )
    form = Form(
        "/sign-in",
        "Sign in",
        "",
        groups=(FieldGroup("", fields),),
        errors=errors,
        hidden=(("next", go_on),),
    )
    tries = tuple(
        (
            Act(
                item.name,
                "/sign-in/try",
                "person",
                post=True,
                fields=(("person", item.person), ("next", go_on)),
            ),
            item.post,
        )
        for item in demo
    )
    return SignInPage(company, form, demo=tries)
