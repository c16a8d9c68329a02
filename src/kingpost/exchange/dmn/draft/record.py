"""What decisions are given, as the fields of one business object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kingpost.exchange.dmn.draft.boxes import RefusedError
from kingpost.exchange.dmn.draft.kinds import Renamed, with_ids
from kingpost.exchange.naming import Names, line_of, words
from kingpost.expressions import (
    AnyType,
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    NumberType,
    TextType,
    Type,
    YesNoType,
    describe,
)
from kingpost.rules import Shape

Tree: TypeAlias = dict[str, Any]
# What every record has besides its fields.
STATE = "state"
_PLAIN: Mapping[type, str] = {
    TextType: "text",
    NumberType: "decimal",
    YesNoType: "yes/no",
    DateType: "date",
    DateTimeType: "datetime",
    DurationType: "duration",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A field that holds what a decision is given. notes: where it differs, each a clause."""

    path: str
    type: Type
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """The object whose record holds what all the decisions of a file are given."""

    id: str
    title: str
    fields: Tree = field(default_factory=dict[str, Any])
    names: Names = field(default_factory=lambda: Names({STATE}))

    def hold(self, name: str, shape: Shape, description: str = "") -> Held:
        """Add a field, or a group of fields. Raises: RefusedError, when no field holds such."""
        kind = with_ids(shape.type)
        made = _field(line_of(name), kind)
        id_ = self.names.give(words(name), "given")
        self.fields[id_] = {**made, **({"description": description} if description else {})}
        return Held(f"{self.id}.{id_}", kind, tuple(_differences(shape)))

    def drop(self, path: str) -> None:
        """Take a field away again."""
        item, _, name = path.partition(".")
        if item == self.id:
            self.fields.pop(name, None)

    def section(self, custodian: str) -> Tree:
        """Return the object as the language writes it."""
        return {
            "title": self.title,
            "custodian": custodian,
            "fields": self.fields,
            "states": {"open": {"begin": True}, "closed": {"end": True}},
            "moves": ["open -> closed"],
        }


def _field(title: str, kind: Type) -> Tree:
    match kind:
        case ContextType(members) if members:
            ids = dict(members.ids) if isinstance(members, Renamed) else dict[str, str]()
            inner = {
                ids.get(name, name): _field(line_of(name), one) for name, one in members.items()
            }
            return {"title": title, "type": "group", "fields": inner}
        case ChoiceType(of):
            return {"title": title, "type": "choice", "of": list(of)}
        case ListType(ChoiceType(of)):
            return {"title": title, "type": "list", "of": {"type": "choice", "of": list(of)}}
        case ListType(inner) if type(inner) in _PLAIN:
            return {"title": title, "type": "list", "of": _PLAIN[type(inner)]}
        case _ if type(kind) in _PLAIN:
            return {"title": title, "type": _PLAIN[type(kind)]}
        case ListType():
            raise RefusedError("a record holds no list of groups or lists", _FLAT)
        case AnyType():
            raise RefusedError("it has no type, and a field needs one", _TYPED)
        case _:
            raise RefusedError(f"a record holds no field for {describe(kind)}", _FLAT)


_TYPED = "Give it a type, such as `number` or `string`."
_FLAT = "Let inputData hold what is read of it: numbers, texts, times, or lists of these."


def _differences(shape: Shape) -> list[str]:
    notes: list[str] = []
    if _has_moments(shape.type):
        notes.append("a field keeps moments in UTC")
    if _is_bounded(shape):
        notes.append("its values are not held to what is allowed")
    return notes


def _has_moments(kind: Type) -> bool:
    match kind:
        case DateTimeType():
            return True
        case ListType(inner):
            return _has_moments(inner)
        case ContextType(members):
            return any(map(_has_moments, members.values()))
        case _:
            return False


def _is_bounded(shape: Shape) -> bool:
    own = bool(shape.tests) and not isinstance(shape.type, ChoiceType)
    parts = [*shape.members.values(), *([shape.item] if shape.item else [])]
    return own or any(map(_is_bounded, parts))
