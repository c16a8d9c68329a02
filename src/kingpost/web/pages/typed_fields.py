"""Fields of the model as fields of a form, and back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from starlette.datastructures import FormData

from kingpost.model.model import Model
from kingpost.model.objects import Field as ModelField
from kingpost.model.objects import FieldType
from kingpost.model.records.values import Entry, Plain
from kingpost.web.form_pieces import Field, FieldKind, Option
from kingpost.web.pages.words import title_of

_KINDS: dict[FieldType, FieldKind] = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "integer",
    FieldType.DECIMAL: "decimal",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.DURATION: "duration",
    FieldType.YES_NO: "yes-no",
    FieldType.CHOICE: "choice",
    FieldType.POST: "choice",
    FieldType.MONEY: "money",
    FieldType.DOCUMENT: "text",
    FieldType.REFERENCE: "reference",
}
_PICKED = frozenset((FieldType.CHOICE, FieldType.POST))
_HINTS: dict[FieldType, str] = {
    FieldType.DURATION: "Such as PT4H30M for four and a half hours.",
    FieldType.DECIMAL: "With a point, such as 12.50.",
    FieldType.DATETIME: "In UTC.",
    FieldType.DOCUMENT: "The name or address of the document, which is kept elsewhere.",
    FieldType.LIST: "One entry a line.",
}


def form_field(
    model: Model,
    field: ModelField,
    value: Plain,
    *,
    required: bool,
    prefix: str = "",
    error: str = "",
) -> Field:
    """Return a field of a form.

    value:  as stored, or as the reader typed it. prefix: put before its name, to keep it unique.
    """
    text = input_text(field, value)
    kind = _kind(field)
    chosen = text.splitlines() if kind == "choices" else [text]
    choices = _choices(model, field.item or field)
    return Field(
        kind,
        prefix + field.id,
        field.title,
        text,
        _hint(field, kind),
        required=required,
        error=error,
        options=tuple(Option(key, shown, key in chosen) for key, shown in choices),
        unit=field.currency,
    )


def read_fields(form: FormData, fields: Iterable[ModelField], prefix: str = "") -> dict[str, Plain]:
    """Return the values of a form by field. What is not a number stays text, to be refused.

    A field that the form does not hold is left out; one that is empty becomes None.
    """
    found: dict[str, Plain] = {}
    for field in fields:
        typed = [each for each in form.getlist(prefix + field.id) if isinstance(each, str)]
        if typed:
            # Only a list is sent in several inputs, one for each choice that is ticked.
            text = "\n".join(typed) if field.item else typed[-1]
            found[field.id] = plain_of(field, text.strip())
    return found


def shown_value(model: Model, field: ModelField, value: Plain) -> str:
    """Return a stored value in words."""
    if value is None:
        return "Not recorded"
    if isinstance(value, list):
        return ", ".join(shown_value(model, field.item or field, entry) for entry in value)
    if field.type is FieldType.MONEY:
        return shown_money(str(value))
    if field.type is FieldType.YES_NO:
        return "Yes" if value else "No"
    if field.type is FieldType.CHOICE:
        return title_of(str(value))
    if field.type is FieldType.POST:
        return model.posts[str(value)].title if value in model.posts else str(value)
    return str(value)


def shown_money(stored: str) -> str:
    """Return a stored amount as people read it: `60,000.00 EUR`."""
    amount, _, currency = stored.partition(" ")
    return f"{Decimal(amount):,f} {currency}" if currency else stored


def plain_of(field: ModelField, typed: str) -> Plain:
    """Return what was typed into the input of a field as a value of it."""
    if field.item is not None:
        lines = (line.strip() for line in typed.splitlines())
        return [_entry_of(field.item, line) for line in lines if line] or None
    return _entry_of(field, typed) if typed else None


def _entry_of(field: ModelField, typed: str) -> Entry:
    if field.type is FieldType.YES_NO:
        return {"yes": True, "no": False}.get(typed, typed)
    if field.type is FieldType.INTEGER:
        digits = typed.removeprefix("-")
        return int(typed) if digits.isascii() and digits.isdigit() and len(digits) < 17 else typed  # noqa: PLR2004 - beyond 2^53
    if field.type is FieldType.DATETIME and not typed.endswith("Z"):
        return f"{typed}:00Z" if typed.count(":") == 1 else f"{typed}Z"
    return typed


def input_text(field: ModelField, value: Plain) -> str:
    """Return a value as it stands in the input of its field."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(input_text(field.item or field, entry) for entry in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if field.type is FieldType.MONEY:
        return text.removesuffix(f" {field.currency}")
    return text.removesuffix("Z") if field.type is FieldType.DATETIME else text


def _hint(field: ModelField, kind: FieldKind) -> str:
    """Return what the model says of a field, and how its values are written."""
    written = "" if kind == "choices" else _HINTS.get(field.type, "")
    return " ".join(filter(None, (field.description, written)))


def _kind(field: ModelField) -> FieldKind:
    if field.item is None:
        return _KINDS[field.type]
    return "choices" if field.item.type in _PICKED else "long-text"


def _choices(model: Model, field: ModelField) -> Iterable[tuple[str, str]]:
    match field.type:
        case FieldType.CHOICE:
            return [(choice, title_of(choice)) for choice in field.choices]
        case FieldType.POST:
            titles: Mapping[str, str] = {post.id: post.title for post in model.posts.values()}
            return sorted(titles.items(), key=lambda item: item[1])
        case FieldType.YES_NO:
            return [("yes", "Yes"), ("no", "No")]
        case _:
            return []
