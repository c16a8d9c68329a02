"""What the names of types stand for, and how a bare word in a table is read."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from kingpost.expressions import (
    ChoiceType,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    MoneyType,
    MonthsType,
    NumberType,
    TextType,
    Type,
    YesNoType,
)
from kingpost.model.model import Model
from kingpost.model.scope import field_type, post_type, record_scope

CHOICE = "choice"
_LIST = "list of "
NAMED: Mapping[str, Type] = MappingProxyType(
    {
        "text": TextType(),
        "integer": NumberType(),
        "decimal": NumberType(),
        "money": MoneyType(),
        "date": DateType(),
        "datetime": DateTimeType(),
        "duration": DurationType(),
        "months": MonthsType(),
        "yes/no": YesNoType(),
    }
)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_QUOTED = re.compile(r"""\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*""")


def named_type(model: Model, name: str, values: tuple[str, ...] = ()) -> Type | None:
    """Return what the name of a type stands for; None when there is no such type.

    name:   `decimal`, `list of text`, an object, or a field of one: `claim.kind`.
    values: of a choice.
    """
    if name.startswith(_LIST):
        inner = named_type(model, name.removeprefix(_LIST), values)
        return None if inner is None else ListType(inner)
    if name == CHOICE or (name in {"", "text"} and values):
        return ChoiceType(values) if values else None
    if name in NAMED:
        return NAMED[name]
    if name == "post":
        return post_type(model)
    owner, _, member = name.partition(".")
    item = model.objects.get(owner)
    if item is None:
        return None
    if not member:
        return record_scope(model, item)[owner]
    found = item.field(member)
    return None if found is None else field_type(model, found)


def written(text: str, kind: Type) -> str:
    """Return an expression for a cell in which a value of a choice may stand as a bare word.

    What is one of the declared values is that value; everything else is an expression.
    """
    if isinstance(kind, ChoiceType) and text.strip() in kind.of:
        return quoted(text.strip())
    return text


def written_test(text: str, kind: Type) -> str:
    """Return a test for a cell whose values may stand as bare words: `low, medium`, `not(low)`."""
    if not isinstance(kind, ChoiceType):
        return text
    turned = _NOT.fullmatch(text.strip())
    parts = (turned[1] if turned else text).split(",")
    if text.strip() in kind.of:
        return quoted(text.strip())
    if not all(part.strip() in kind.of or _QUOTED.fullmatch(part) for part in parts):
        return text
    listed = ", ".join(written(part, kind) for part in parts)
    return f"not({listed})" if turned else listed


def quoted(text: str) -> str:
    """Return a text as an expression."""
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
