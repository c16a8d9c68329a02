"""Types: what kind of value an expression has, told before it is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NumberType:
    """A decimal number of 34 digits.

    written: it is written out in the expression, and may so stand for an amount of money.
    """

    written: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class MoneyType:
    """A number that is an amount of money. currency: its code, or empty text for any."""

    currency: str = ""


@dataclass(frozen=True, slots=True)
class TextType:
    """A text of any length."""


@dataclass(frozen=True, slots=True)
class YesNoType:
    """True or false; the standard's boolean."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A day, without a time."""


@dataclass(frozen=True, slots=True)
class DateTimeType:
    """A day and a time, with or without a zone."""


@dataclass(frozen=True, slots=True)
class TimeType:
    """A time of day, with or without a zone."""


@dataclass(frozen=True, slots=True)
class DurationType:
    """A duration of days and time."""


@dataclass(frozen=True, slots=True)
class MonthsType:
    """A duration of years and months."""


@dataclass(frozen=True, slots=True)
class NullType:
    """The type of `null`, which fits wherever a value is expected."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """A value whose type is told only when it is evaluated."""


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """A text that is one of the declared values."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListType:
    """A list whose items share a type."""

    of: "Type"


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range between two values of a type."""

    of: "Type"


@dataclass(frozen=True, slots=True)
class ContextType:
    """A group of named values."""

    members: Mapping[str, "Type"]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function, by the types of its parameters and of its result."""

    parameters: tuple["Type", ...]
    result: "Type"


Type: TypeAlias = (
    NumberType
    | MoneyType
    | TextType
    | YesNoType
    | DateType
    | DateTimeType
    | TimeType
    | DurationType
    | MonthsType
    | NullType
    | AnyType
    | ChoiceType
    | ListType
    | RangeType
    | ContextType
    | FunctionType
)
Scope: TypeAlias = Mapping[str, Type]

NUMBER = NumberType()
TEXT = TextType()
YES_NO = YesNoType()
DATE = DateType()
DATE_TIME = DateTimeType()
TIME = TimeType()
DURATION = DurationType()
MONTHS = MonthsType()
NULL = NullType()
ANY = AnyType()

_WORDS: Mapping[type, str] = {
    NumberType: "a number",
    TextType: "text",
    ChoiceType: "text",
    YesNoType: "yes/no",
    DateType: "a date",
    DateTimeType: "a date and time",
    TimeType: "a time",
    DurationType: "a duration",
    MonthsType: "a duration of months",
    NullType: "null",
    AnyType: "any value",
    ContextType: "a group",
    FunctionType: "a function",
}


def describe(found: Type) -> str:
    """Return the words for a type, as messages use them."""
    match found:
        case ListType(of):
            return "a list" if isinstance(of, AnyType) else f"a list of {_plain(of)}"
        case RangeType(of):
            return "a range" if isinstance(of, AnyType) else f"a range of {_plain(of)}"
        case MoneyType(currency):
            return f"money in {currency}" if currency else "money"
        case _:
            return _WORDS[type(found)]


def _plain(found: Type) -> str:
    words = describe(found)
    plural = {"a number": "numbers", "a date": "dates", "a time": "times", "a group": "groups"}
    return plural.get(words, words.removeprefix("a "))


def fits(found: Type, wanted: Type) -> bool:
    """Tell whether a value of one type may stand where another is expected.

    Source: OMG DMN 1.5, 10.3.2.9, type conformance.
    """
    match found, wanted:
        case (AnyType() | NullType(), _) | (_, AnyType()):
            return True
        case (ListType(a), ListType(b)) | (RangeType(a), RangeType(b)):
            return fits(a, b)
        case ContextType(have), ContextType(need):
            return all(name in have and fits(have[name], need[name]) for name in need)
        case FunctionType(), FunctionType():
            return len(found.parameters) == len(wanted.parameters)
        case (ChoiceType() | TextType(), ChoiceType() | TextType()):
            return True
        case (MoneyType(), MoneyType()):
            return one_currency(found, wanted)
        case (NumberType(written=True), MoneyType()):
            return True
        case _:
            return type(found) is type(wanted)


def one_currency(left: MoneyType, right: MoneyType) -> bool:
    """Tell whether two amounts are, or may be, of one currency."""
    return left.currency == right.currency or not (left.currency and right.currency)


def comparable(left: Type, right: Type) -> bool:
    """Tell whether two values may be asked to be equal."""
    return fits(left, right) or fits(right, left)


def join(left: Type, right: Type) -> Type:
    """Return the narrowest type that holds the values of both."""
    match left, right:
        case (NullType(), _):
            return right
        case (_, NullType()):
            return left
        case ListType(a), ListType(b):
            return ListType(join(a, b))
        case ContextType(a), ContextType(b):
            return ContextType(_joined(a, b))
        case ChoiceType(a), ChoiceType(b):
            return left if a == b else TEXT
        case (ChoiceType() | TextType(), ChoiceType() | TextType()):
            return TEXT
        case (NumberType() | MoneyType(), NumberType() | MoneyType()):
            return _join_numbers(left, right)
        case _:
            return left if left == right else ANY


def _join_numbers(left: NumberType | MoneyType, right: NumberType | MoneyType) -> Type:
    """Join two amounts; a number that is written out may be an amount of money."""
    match left, right:
        case (NumberType(), NumberType()):
            return left if right.written else right
        case (MoneyType(), MoneyType()) if one_currency(left, right):
            return left if left.currency else right
        case (MoneyType(), NumberType(written=True)):
            return left
        case (NumberType(written=True), MoneyType()):
            return right
        case _:
            return ANY


def _joined(left: Mapping[str, Type], right: Mapping[str, Type]) -> dict[str, Type]:
    both = {**left, **right}
    return {
        name: join(left[name], right[name]) if name in left and name in right else kind
        for name, kind in both.items()
    }
