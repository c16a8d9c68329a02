"""Static typing: which operands fit which operators, and what they yield."""

from collections.abc import Mapping
from typing import TypeAlias

from kingpost.expressions.kinds import (
    ANY,
    DATE,
    DATE_TIME,
    DURATION,
    MONTHS,
    NUMBER,
    TEXT,
    TIME,
    YES_NO,
    AnyType,
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    MoneyType,
    MonthsType,
    NullType,
    NumberType,
    RangeType,
    TextType,
    TimeType,
    Type,
    comparable,
    join,
    one_currency,
)
from kingpost.expressions.tree import Node, Sign
from kingpost.expressions.value import Value

_Row: TypeAlias = tuple[type, type]

_RESULTS: Mapping[Sign, Mapping[_Row, Type]] = {
    "+": {
        (NumberType, NumberType): NUMBER,
        (TextType, TextType): TEXT,
        (DurationType, DurationType): DURATION,
        (MonthsType, MonthsType): MONTHS,
        (DateType, DurationType): DATE,
        (DateTimeType, DurationType): DATE_TIME,
        (TimeType, DurationType): TIME,
        (DurationType, DateType): DATE,
        (DurationType, DateTimeType): DATE_TIME,
        (DurationType, TimeType): TIME,
        (DateType, MonthsType): DATE,
        (DateTimeType, MonthsType): DATE_TIME,
        (MonthsType, DateType): DATE,
        (MonthsType, DateTimeType): DATE_TIME,
    },
    "-": {
        (NumberType, NumberType): NUMBER,
        (DurationType, DurationType): DURATION,
        (MonthsType, MonthsType): MONTHS,
        (DateType, DateType): DURATION,
        (DateTimeType, DateTimeType): DURATION,
        (DateType, DateTimeType): DURATION,
        (DateTimeType, DateType): DURATION,
        (TimeType, TimeType): DURATION,
        (DateType, DurationType): DATE,
        (DateTimeType, DurationType): DATE_TIME,
        (TimeType, DurationType): TIME,
        (DateType, MonthsType): DATE,
        (DateTimeType, MonthsType): DATE_TIME,
    },
    "*": {
        (NumberType, NumberType): NUMBER,
        (NumberType, DurationType): DURATION,
        (DurationType, NumberType): DURATION,
        (NumberType, MonthsType): MONTHS,
        (MonthsType, NumberType): MONTHS,
    },
    "/": {
        (NumberType, NumberType): NUMBER,
        (DurationType, NumberType): DURATION,
        (DurationType, DurationType): NUMBER,
        (MonthsType, NumberType): MONTHS,
        (MonthsType, MonthsType): NUMBER,
    },
    "**": {(NumberType, NumberType): NUMBER},
}

_PROPERTIES: Mapping[type, Mapping[str, Type]] = {
    DateType: {"year": NUMBER, "month": NUMBER, "day": NUMBER, "weekday": NUMBER},
    DateTimeType: {
        "year": NUMBER,
        "month": NUMBER,
        "day": NUMBER,
        "weekday": NUMBER,
        "hour": NUMBER,
        "minute": NUMBER,
        "second": NUMBER,
        "time offset": DURATION,
        "timezone": TEXT,
    },
    TimeType: {
        "hour": NUMBER,
        "minute": NUMBER,
        "second": NUMBER,
        "time offset": DURATION,
        "timezone": TEXT,
    },
    DurationType: {"days": NUMBER, "hours": NUMBER, "minutes": NUMBER, "seconds": NUMBER},
    MonthsType: {"years": NUMBER, "months": NUMBER},
}
PROPERTY_NAMES = frozenset(
    {name for members in _PROPERTIES.values() for name in members}
    | {"start", "end", "start included", "end included"}
)
_ORDERED = (
    NumberType, MoneyType, TextType, ChoiceType, DateType, DateTimeType, TimeType, DurationType,
    MonthsType, AnyType, NullType,
)  # fmt: skip


def arithmetic(sign: Sign, left: Type, right: Type) -> Type | None:
    """Return the type that a sign yields from two operands, or None when they do not fit.

    Source: OMG DMN 1.5, 10.3.2.3, tables 57 to 60.
    """
    if isinstance(left, MoneyType) or isinstance(right, MoneyType):
        return _of_money(sign, left, right)
    if isinstance(left, NumberType) and isinstance(right, NumberType):
        return left if right.written else right
    rows = _RESULTS[sign]
    first, second = _row(left), _row(right)
    if first and second:
        return rows.get((first, second))
    found = {
        result
        for (one, two), result in rows.items()
        if first in (None, one) and second in (None, two)
    }
    if not found:
        return None
    return found.pop() if len(found) == 1 else ANY


def _of_money(sign: Sign, left: Type, right: Type) -> Type | None:
    """Return what a sign yields where money takes part: money keeps its currency."""
    match sign:
        case "+" | "-":
            one, two = _amount(left), _amount(right)
            return join(one, two) if one and two and one_currency(one, two) else None
        case "*":
            money, factor = (left, right) if isinstance(left, MoneyType) else (right, left)
            return money if isinstance(factor, NumberType | AnyType | NullType) else None
        case "/":
            return _divided(left, right)
        case "**":
            return None


def _amount(operand: Type) -> MoneyType | None:
    """Return the money that an operand is or may be, or None when it cannot be any."""
    match operand:
        case MoneyType():
            return operand
        case NumberType(written=True) | AnyType() | NullType():
            return MoneyType()
        case _:
            return None


def _divided(left: Type, right: Type) -> Type | None:
    match left, right:
        case MoneyType(), MoneyType():
            return NUMBER if one_currency(left, right) else None
        case MoneyType(), NumberType():
            return left
        case MoneyType(), AnyType() | NullType():
            return ANY
        case AnyType() | NullType(), MoneyType():
            return NUMBER
        case _:
            return None


def _row(operand: Type) -> type | None:
    """Return the class to look up, or None where it is told only later."""
    if isinstance(operand, AnyType | NullType):
        return None
    return TextType if isinstance(operand, ChoiceType) else type(operand)


def sizable(left: Type, right: Type) -> bool:
    """Tell whether two values have an order between them."""
    return isinstance(left, _ORDERED) and isinstance(right, _ORDERED) and comparable(left, right)


def negatable(operand: Type) -> bool:
    """Tell whether a sign may be turned."""
    return isinstance(
        operand, NumberType | MoneyType | DurationType | MonthsType | AnyType | NullType
    )


def testable(operand: Type, test: Type) -> bool:
    """Tell whether a value may be held against a test."""
    match test:
        case RangeType(of):
            return comparable(operand, of)
        case ListType(of):
            return comparable(operand, test) or testable(operand, of)
        case _:
            return comparable(operand, test)


def members_of(base: Type) -> Mapping[str, Type] | None:
    """Return the named parts of a type; None where they are told only later."""
    match base:
        case ContextType(members):
            return members
        case ListType(of):
            return _members_of_items(of)
        case RangeType(of):
            return {"start": of, "end": of, "start included": YES_NO, "end included": YES_NO}
        case AnyType() | NullType():
            return None
        case _:
            return _PROPERTIES.get(type(base), {})


def _members_of_items(item: Type) -> Mapping[str, Type] | None:
    if isinstance(item, ListType):
        return {}
    members = members_of(item)
    return None if members is None else {name: ListType(kind) for name, kind in members.items()}


def item_of(source: Type) -> Type:
    """Return the type of the items of a list; any other value counts as a list of one."""
    match source:
        case ListType(of):
            return of
        case NullType():
            return ANY
        case _:
            return source


def joined(parts: tuple[Node, ...]) -> Type:
    """Return the narrowest type that holds the values of all the parts."""
    if not parts:
        return ANY
    found = parts[0].type
    for part in parts[1:]:
        found = join(found, part.type)
    return ANY if isinstance(found, NullType) else found


def choice_broken(wanted: Type, value: Value) -> ChoiceType | None:
    """Return the choice that a written text does not belong to, or None when all is well."""
    if isinstance(wanted, ChoiceType) and isinstance(value, str) and value not in wanted.of:
        return wanted
    return None


def item_members(item: Type) -> dict[str, Type]:
    """Return the names that an item lends to its filter."""
    return dict(item.members) if isinstance(item, ContextType) else {}
