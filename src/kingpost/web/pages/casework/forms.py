"""Forms of open work: what is recorded, with what is sent along to know the work again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kingpost.decisions.case import Plain
from kingpost.decisions.options import Option, Options
from kingpost.queries.task_page import TaskPage as Found
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Send
from kingpost.web.form_pieces import Option as Choice
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.typed_fields import form_field, input_text
from kingpost.web.pieces import Act, Link


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back with a refused form, so that nothing typed is lost.

    fields: those that the person changed; the others are shown as they stand.
    errors: by field, or under an empty name for the whole form. shown: the digest sent back.
    clashes: fields that somebody else changed as well. because: why the second person says no.
    """

    fields: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    outcome: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    shown: str = ""
    clashes: tuple[str, ...] = ()
    because: str = ""


NOTHING_TYPED = Typed()
# Before the name of a field: what stood in it when its form was drawn.
BASE = "was."


def titles_of(found: Found) -> Titles:
    """Return the titles of the model that the case runs on."""
    return Titles(found.program.model, found.work.workflow)


def about(found: Found) -> tuple[tuple[str, str], ...]:
    """Return what is sent along with every form of open work.

    By it the fields can be read, and the case be shown, when the work is open no longer.
    """
    work = found.work
    return (
        ("model", found.case.model),
        ("workflow", work.workflow),
        ("case", work.number),
        ("step", work.step),
    )


def drawn_from(found: Found, names: Iterable[str], prefix: str = "") -> tuple[tuple[str, str], ...]:
    """Return the values that a form is drawn from, to be sent along with it."""
    declared = found.program.workflows[found.work.workflow].fields
    return tuple(
        (BASE + prefix + name, input_text(declared[name], found.case.fields.get(name)))
        for name in names
    )


def work_field(
    view: View, found: Found, name: str, typed: Typed, *, required: bool, prefix: str = ""
) -> Field:
    """Return a field of the record: as typed, or as it stands."""
    declared = found.program.workflows[found.work.workflow].fields[name]
    value = typed.fields.get(name, found.case.fields.get(name))
    error = typed.errors.get(name, "")
    return form_field(
        view.program.model, declared, value, required=required, prefix=prefix, error=error
    )


def errors_of(typed: Typed, inputs: Mapping[str, str]) -> tuple[FormError, ...]:
    """Return the lines of the error summary. inputs: the id of the input, by field."""
    return tuple(FormError(inputs.get(name, "form"), text) for name, text in typed.errors.items())


def input_of(shown: Field) -> str:
    """Return the id of the first input of a field."""
    few_choices = 5
    is_list = shown.kind == "yes-no" or (
        shown.kind == "choice" and len(shown.options) < few_choices
    )
    return f"field-{shown.name}-1" if is_list else f"field-{shown.name}"


def raise_form(found: Found, possible: Options, keys: Keys) -> Form | None:
    """Return the form that raises an exception; None when none may be raised."""
    free = [option for option in possible.exceptions if option.refusal is None]
    if not free:
        return None
    fields = (
        Field(
            "choice",
            "exception",
            "What happened",
            options=tuple(Choice(option.id, option.title) for option in free),
        ),
        Field("text", "because", "Reason", hint="Kept with the case.", required=False),
    )
    return Form(
        f"/tasks/{found.work.id}/raise",
        "",
        keys.next(),
        groups=(FieldGroup("", fields),),
        hidden=about(found),
        others=(Send("Report it", f"/tasks/{found.work.id}/raise", "report", "yes"),),
    )


def decline_form(
    url: str, keys: Keys, typed: Typed, hidden: tuple[tuple[str, str], ...] = ()
) -> Form:
    """Return the form by which the second person says no."""
    error = typed.errors.get("because", "")
    hint = "Whoever asked reads it in the case."
    reason = Field("long-text", "because", "Reason", typed.because, hint, error=error)
    return Form(
        url,
        "",
        keys.next(),
        groups=(FieldGroup("", (reason,)),),
        errors=errors_of(typed, {"because": "field-because"}) if error else (),
        hidden=hidden,
        others=(Send("Decline", url, "decline", "yes"),),
    )


def claim_act(view: View, found: Found, possible: Options, keys: Keys) -> Act | None:
    """Return the button that takes work on, or lays it back."""
    work = found.work
    if possible.work is not None or work.is_awaited or work.suspended is not None:
        return None
    if work.person is not None and work.person != found.facts.actor.person:
        return None
    is_free = work.person is None
    fields = (("mine", "yes" if is_free else "no"), ("back", view.path), *about(found))
    text, icon = ("Take it on", "person-add") if is_free else ("Lay it back", "")
    return Act(text, f"/tasks/{work.id}/assign", icon, post=True, key=keys.next(), fields=fields)


def open_options(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return the options that nothing stands against."""
    return tuple(option for option in options if option.refusal is None)


def back_to_case(found: Found) -> Link:
    """Return the way back to the case."""
    return Link("Back to the case", f"/cases/{found.work.number}")
