"""Pieces of a form: fields of each type, errors, and the form that holds them."""

from dataclasses import dataclass
from typing import Literal

from kingpost.web.pieces import Link


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    text: str
    chosen: bool = False
    hint: str = ""


FieldKind = Literal[
    "text",
    "long-text",
    "integer",
    "decimal",
    "money",
    "date",
    "datetime",
    "duration",
    "yes-no",
    "choice",
    "choices",
    "document",
    "reference",
    "password",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. Its input is `field-NAME`, or `field-NAME-1` for the first of many.

    value:     as typed by the reader, so that nothing is lost when the form comes back.
    options:   of a choice, of several choices, and of yes or no.
    unit:      currency or unit, shown beside the input.
    error:     what is wrong and what to do; the same words stand in the summary.
    suggest:   options offered while typing a reference.
    autofill:  the `autocomplete` token, such as `username`.
    kept:      name of the document that is already attached.
    """

    kind: FieldKind
    name: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = True
    error: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    suggest: tuple[Option, ...] = ()
    autofill: str = "off"
    kept: str = ""
    accept: str = ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields under one heading; an empty title is a group without a heading.

    folded: shown when the heading is pressed; a group with an error stands open.
    """

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the error summary; `target` is the id of the input, without `#`."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """Another button of a form: it sends the same fields elsewhere, with its own name and value."""

    text: str
    url: str
    name: str
    value: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is sent once.

    act:     words of the one primary button; they say the act. Empty when others stand for it.
    others:  further buttons.
    key:     idempotency key.
    version: version of the case that the form was drawn from.
    hidden:  further names and values.
    cancel:  where to go without doing anything.
    files:   sends documents.
    confirm: the question to ask first, naming the object; empty to act at once.
    """

    url: str
    act: str
    key: str
    groups: tuple[FieldGroup, ...] = ()
    errors: tuple[FormError, ...] = ()
    version: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    cancel: Link | None = None
    files: bool = False
    others: tuple[Send, ...] = ()
    confirm: str = ""
