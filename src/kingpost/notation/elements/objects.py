"""The forms of business objects: their fields, lifecycles and moves."""

from dataclasses import replace

from kingpost.model.objects import BusinessObject, Field, FieldClass, FieldType, Group, State
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import NAMED, TITLE, told
from kingpost.notation.forms import Deferred, Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.later import FIELD_CLASSES, FIELD_TYPES
from kingpost.notation.phrases import (
    CURRENCY,
    EXPRESSION,
    MOVE,
    REFERENCE,
    RETENTION,
    TEXT,
    YES_NO,
    one_of,
    word,
)
from kingpost.notation.shapes import ByKind, ListOf

# --- the type of a field --------------------------------------------------------------------------

# Besides the types that a value may have there is `group`, a name for some fields together.
_GROUP = "group"
SCALARS = tuple(kind.value for kind in FieldType if kind is not FieldType.LIST)
# Types that say by themselves what an entry of a list is.
_PLAIN = tuple(name for name in SCALARS if name not in {FieldType.CHOICE, FieldType.REFERENCE})


def _of_a_record(_text: str) -> str:
    """Return what else may be meant by a type that is not known: another object."""
    return "Write the type of a value; `text` for the number of another record."


_OF_MEANS = "the values of a choice, the type of a list's entries, or the object of a reference"
_TYPE = required(
    "type",
    replace(
        word(*SCALARS, FieldType.LIST.value, _GROUP),
        later=FIELD_TYPES,
        hint=_of_a_record,
    ),
    "the type of its values",
)
_ITEM_TYPE = required("type", replace(word(*SCALARS), later=FIELD_TYPES), "the type of each entry")
_OF = optional(
    "of",
    ByKind(
        "a list of values, a type, or an object",
        text=REFERENCE,
        listed=ListOf(TEXT, least=1),
        mapped=Deferred(lambda: _ITEM),
    ),
    _OF_MEANS,
)
_CURRENCY = optional("currency", CURRENCY, "of money, when it is not the company's")


def _typed(of: Opened, kind: FieldType) -> Field:
    """Return a field that has no more than its type, with what the type is of."""
    field = Field("", "", kind, currency=of[_CURRENCY] or "")
    if of.has(_CURRENCY) and kind is not FieldType.MONEY:
        message = f"{of.spot.label} has `currency`, which only money has"
        of.report(_CURRENCY, Code.CONTRADICTION, message, "Remove it, or write `type: money`.")
    given = of[_OF]
    match kind:
        case FieldType.LIST:
            return replace(field, item=_item(of, given))
        case FieldType.REFERENCE:
            return replace(field, target=_target(of, given))
        case _ if given is None or isinstance(given, tuple):
            return replace(field, choices=given or ())
        case _:
            message = f"{of.spot.label} has an `of` that is not a list of values"
            of.report(_OF, Code.CONTRADICTION, message, "Write `[…]` for a choice, or remove it.")
            return field


def _item(of: Opened, given: object) -> Field | None:
    if isinstance(given, Field):
        return given
    if isinstance(given, str) and given in _PLAIN:
        return Field("", "", FieldType(given))
    help_text = "Write a type such as `text`, or `{type: choice, of: […]}`."
    if given is None:
        message = f"{of.spot.label} is a list and has no `of`"
        of.spot.report(Code.MISSING, message, help_text)
    else:
        near = of.spot.nearest(given, _PLAIN) if isinstance(given, str) else None
        message = f"{of.spot.label} is a list, and its `of` is not the type of an entry"
        of.report(_OF, Code.CONTRADICTION, message, f"Write `{near}`." if near else help_text)
    return None


def _target(of: Opened, given: object) -> str:
    if not isinstance(given, str):
        if FieldType.REFERENCE.value in FIELD_TYPES:
            return ""  # That there are no references yet is told, and is all there is to mend.
        message = f"{of.spot.label} is a reference and does not say to what"
        of.spot.report(Code.MISSING, message, "Name the object in `of`.")
        return ""
    return given


_ITEM: Form[Field] = Form(
    "entry", (_ITEM_TYPE, _OF, _CURRENCY), lambda of: _typed(of, FieldType(of[_ITEM_TYPE]))
)


# --- fields and groups of fields ------------------------------------------------------------------

_CLASS = optional(
    "class", one_of(FieldClass, FIELD_CLASSES), "how private it is; `internal` when left out"
)
_RETAIN = optional("retain", RETENTION, "how long a value is kept after the record is closed")
_REQUIRED = defaulted(
    "required",
    YES_NO,
    default=False,
    about="whether a record may not begin without it, and is never without it",
)
_INNER = optional("fields", MapOf(Deferred(lambda: _FIELD), least=1), "the fields of a group")

_Named = tuple[tuple[Group, ...], tuple[Field, ...]]


def _field(of: Opened) -> _Named:
    """Return a field, or a group with its fields, whose ids begin with its own."""
    title = of.titled(TITLE)
    if of[_TYPE] == _GROUP:
        return _group(of, title)
    if of.has(_INNER):
        message = f"{of.spot.label} has `fields`, which only a group has"
        of.report(_INNER, Code.CONTRADICTION, message, "Write `type: group`, or remove them.")
    field = _typed(of, FieldType(of[_TYPE]))
    named = replace(
        field,
        id=of.id,
        title=title,
        required=of[_REQUIRED],
        privacy=of[_CLASS] or FieldClass.INTERNAL,
        retain=of[_RETAIN],
        **told(of),
    )
    return (), (named,)


def _group(of: Opened, title: str) -> _Named:
    for wrong in (_OF, _CURRENCY, _CLASS, _REQUIRED, _RETAIN):
        if of.has(wrong):
            message = f"{of.spot.label} is a group and has `{wrong.name}`"
            of.report(wrong, Code.CONTRADICTION, message, "Write it at the fields of the group.")
    if not of.has(_INNER):
        message = f"{of.spot.label} is a group and has no `fields`"
        of.spot.report(Code.MISSING, message, "Add `fields`, each with its type.")
    groups, fields = _joined(of[_INNER] or ())
    inner = tuple(replace(each, id=f"{of.id}.{each.id}") for each in groups)
    return (
        (Group(of.id, title, **told(of)), *inner),
        tuple(
            replace(each, id=f"{of.id}.{each.id}", title=f"{title}: {each.title}")
            for each in fields
        ),
    )


def _joined(parts: tuple[_Named, ...]) -> _Named:
    groups = tuple(group for part in parts for group in part[0])
    return groups, tuple(field for part in parts for field in part[1])


_FIELD: Form[_Named] = Form(
    "field",
    (*NAMED, _TYPE, _OF, _CURRENCY, _INNER, _CLASS, _REQUIRED, _RETAIN),
    _field,
)


# --- states and objects ---------------------------------------------------------------------------

_BEGIN = defaulted("begin", YES_NO, default=False, about="whether records begin in it")
_END = defaulted("end", YES_NO, default=False, about="whether it is final")
_ALWAYS = optional("always", EXPRESSION, "the condition that holds while a record is in it")


def _state(of: Opened) -> State:
    return State(of.id, of.titled(TITLE), of[_BEGIN], of[_END], of[_ALWAYS], **told(of))


_CUSTODIAN = required("custodian", REFERENCE, "the post that owns the source of truth")
_FIELDS = required("fields", MapOf(_FIELD, least=1), "what a record holds")
_STATES = required(
    "states",
    MapOf(Form("state", (*NAMED, _BEGIN, _END, _ALWAYS), _state), least=1),
    "the states of its lifecycle",
)
_MOVES = defaulted("moves", ListOf(MOVE), (), "the permitted changes of state")


def _object(of: Opened) -> BusinessObject:
    groups, fields = _joined(of[_FIELDS])
    return BusinessObject(
        id=of.id,
        title=of.titled(TITLE),
        custodian=of[_CUSTODIAN],
        fields=fields,
        states=of[_STATES],
        moves=of[_MOVES],
        groups=groups,
        **told(of),
    )


OBJECTS = MapOf(Form("object", (*NAMED, _CUSTODIAN, _FIELDS, _STATES, _MOVES), _object), "object/")
