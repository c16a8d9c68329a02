"""Types on the way into the language: what they are called there, and what surely holds them."""

from collections.abc import Iterator, Mapping
from typing import Any

from kingpost.exchange.naming import Names, words
from kingpost.expressions import (
    AnyType,
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    FunctionType,
    ListType,
    MonthsType,
    NullType,
    NumberType,
    RangeType,
    TextType,
    Type,
    YesNoType,
)
from kingpost.expressions.tree import Constant, If, Node
from kingpost.expressions.value import FailureError, Run
from kingpost.rules import Shape
from kingpost.rules.shapes import conform

_PLAIN: Mapping[type, str] = {
    TextType: "text",
    NumberType: "decimal",
    YesNoType: "yes/no",
    DateType: "date",
    DateTimeType: "datetime",
    DurationType: "duration",
    MonthsType: "months",
}


class Renamed(dict[str, Type]):
    """The members of a group that have other names in the language. ids: by the name they had."""

    def __init__(self, members: Mapping[str, Type], ids: Mapping[str, str]) -> None:
        """Keep the members under the names that they had."""
        super().__init__(members)
        self.ids = ids


def with_ids(kind: Type, reserved: frozenset[str] = frozenset()) -> Type:
    """Return a type whose groups know the ids that their members get."""
    match kind:
        case ContextType(members):
            names = Names(set(reserved))
            ids = {name: names.give(words(name), "part") for name in members}
            return ContextType(Renamed({name: with_ids(one) for name, one in members.items()}, ids))
        case ListType(inner):
            return ListType(with_ids(inner))
        case _:
            return kind


def new_names(kind: Type) -> Iterator[tuple[str, str]]:
    """Yield the members within a type that have another name in the language, with it."""
    match kind:
        case ContextType(members):
            if isinstance(members, Renamed):
                yield from ((name, id_) for name, id_ in members.ids.items() if name != id_)
            for one in members.values():
                yield from new_names(one)
        case ListType(inner) | RangeType(inner):
            yield from new_names(inner)
        case FunctionType(result=result):
            yield from new_names(result)
        case _:
            return


def called(kind: Type) -> dict[str, Any] | str:
    """Return how the language calls the type of a parameter or an answer; empty where it cannot."""
    match kind:
        case ChoiceType(of):
            return {"type": "choice", "of": list(of)}
        case ListType(inner) if type(inner) in _PLAIN:
            return f"list of {_PLAIN[type(inner)]}"
        case _:
            return _PLAIN.get(type(kind), "")


def surely(node: Node, shape: Shape) -> bool:
    """Tell whether every value of an expression is as a shape asks, so that none becomes null."""
    if isinstance(shape.type, AnyType) and not shape.constrained():
        return True
    match node:
        case Constant(value=value):
            try:
                return conform(Run({}), value, shape) == value
            except FailureError:
                return False
        case If(then=then, otherwise=otherwise):
            return surely(then, shape) and surely(otherwise, shape)
        case _:
            return certain(node.type, shape)


def certain(kind: Type, shape: Shape) -> bool:
    """Tell whether every value of a type is as a shape asks."""
    if shape.constrained() and not isinstance(shape.type, ChoiceType):
        return isinstance(kind, NullType)
    return _within(kind, shape.type)


def _within(kind: Type, wanted: Type) -> bool:
    match kind, wanted:
        case (_, AnyType()) | (NullType(), _):
            return True
        case (ListType(a), ListType(b)) | (RangeType(a), RangeType(b)):
            return _within(a, b)
        case ContextType(have), ContextType(need):
            return all(name in have and _within(have[name], need[name]) for name in need)
        case FunctionType(), FunctionType():
            return len(kind.parameters) == len(wanted.parameters)
        case ChoiceType(have), ChoiceType(need):
            return set(have) <= set(need)
        case ChoiceType(), TextType():
            return True
        case _:
            return type(kind) is type(wanted)
