"""Signatures: what a built-in function takes, checked before and while it runs."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
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
    FunctionType,
    ListType,
    MoneyType,
    MonthsType,
    NullType,
    NumberType,
    RangeType,
    TextType,
    TimeType,
    Type,
    YesNoType,
    fits,
)
from kingpost.expressions.value import FailureError, Function, Months, Range, Run, Value
from kingpost.expressions.wide import WideDate, WideDateTime, WideTime, day_of, make_moment

Result: TypeAlias = Type | Callable[..., Type]

# Of any number of parameters; known by its identity, for a written type can be equal to it.
ANY_FUNCTION = FunctionType((), ANY)
_TYPES: Mapping[str, Type] = {
    "any": ANY,
    "number": NUMBER,
    "text": TEXT,
    "boolean": YES_NO,
    "date": DATE,
    "datetime": DATE_TIME,
    "time": TIME,
    "duration": DURATION,
    "months": MONTHS,
    "list": ListType(ANY),
    "numbers": ListType(NUMBER),
    "texts": ListType(TEXT),
    "range": RangeType(ANY),
    "context": ContextType({}),
    "contexts": ListType(ContextType({})),
    "function": ANY_FUNCTION,
}
_PARAMETER = re.compile(r"(\.\.\.)?([a-zA-Z0-9 ]+)(\?)?: ([a-z]+)(\?)?")
_CLASSES: Mapping[type, type | tuple[type, ...]] = {
    NumberType: Decimal,
    MoneyType: Decimal,
    TextType: str,
    ChoiceType: str,
    YesNoType: bool,
    DateTimeType: (datetime, WideDateTime),
    TimeType: (time, WideTime),
    DurationType: timedelta,
    MonthsType: Months,
    RangeType: Range,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in function."""

    name: str
    type: Type
    optional: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function.

    rest: the last parameter takes all the arguments that are left, as a list.
    paid: the function takes the run first, because it counts its steps.
    """

    parameters: tuple[Parameter, ...]
    rest: bool
    result: Result
    perform: Callable[..., Value]
    paid: bool

    def arrange(self, count: int, names: tuple[str, ...]) -> tuple[int | None, ...] | None:
        """Return which argument each parameter takes; None when the call does not fit.

        Returns: None in a place stands for an optional argument that is left out.
        """
        known = [parameter.name for parameter in self.parameters]
        if names:
            if not set(names) <= set(known) or len(set(names)) < len(names):
                return None
            order = [names.index(name) if name in names else None for name in known]
        elif self.rest:
            return tuple(range(count)) if count else None
        else:
            order = [place if place < count else None for place in range(len(known))]
            if count > len(known):
                return None
        missing = any(
            place is None and not parameter.optional
            for place, parameter in zip(order, self.parameters, strict=True)
        )
        return None if missing else tuple(order)

    def parameter(self, place: int) -> Parameter:
        """Return the parameter that takes the argument at a place."""
        return self.parameters[min(place, len(self.parameters) - 1)]


def signature(
    parameters: str, result: Result, perform: Callable[..., Value], *, paid: bool = False
) -> Signature:
    """Make a signature from text such as `text: text, start: number, length?: number`.

    `name?` may be left out; `type?` may be null; `...name` takes all that is left.
    """
    rows = [row for row in parameters.split(", ") if row]
    parts = [match for row in rows if (match := _PARAMETER.fullmatch(row))]
    assert len(parts) == len(rows), parameters
    return Signature(
        tuple(
            Parameter(part[2], _TYPES[part[4]], part[3] is not None, part[5] is not None)
            for part in parts
        ),
        any(part[1] for part in parts),
        result,
        perform,
        paid,
    )


def accepts(found: Type, wanted: Type) -> bool:
    """Tell whether an argument of a type may be passed, conversions included.

    Source: OMG DMN 1.5, 10.3.2.9.4, implicit conversions.
    """
    if fits(found, wanted):
        return True
    match found, wanted:
        case DateType(), DateTimeType():
            return True
        case MoneyType(), _:
            return accepts(NUMBER, wanted)
        case ListType(MoneyType()), _:
            return accepts(ListType(NUMBER), wanted)
        case FunctionType(), FunctionType():
            return True
        case _, ListType(of):
            return fits(found, of)
        case ListType(of), _:
            return fits(of, wanted)
        case _:
            return False


def holds(run: Run, value: Value, wanted: Type) -> bool:
    """Tell whether a value is of a type; null is of every type."""
    if value is None or isinstance(wanted, AnyType):
        return True
    match wanted:
        case ListType(of):
            return isinstance(value, list) and all(holds(run, item, of) for item in value)
        case ContextType(members):
            return isinstance(value, dict) and all(
                name in value and holds(run, value[name], kind) for name, kind in members.items()
            )
        case DateType():
            return isinstance(value, date | WideDate) and not isinstance(value, datetime)
        case RangeType(of):
            return (
                isinstance(value, Range)
                and holds(run, value.low, of)
                and holds(run, value.high, of)
            )
        case NullType():
            return False
        case FunctionType():
            return isinstance(value, Function) and _callable_as(value.type, wanted)
        case _:
            return isinstance(value, _CLASSES[type(wanted)])


def _callable_as(found: FunctionType | None, wanted: FunctionType) -> bool:
    """Tell whether a function takes all that another kind would be given, and yields no more.

    Source: OMG DMN 1.5, 10.3.2.9, type conformance.
    """
    if found is None or wanted is ANY_FUNCTION:
        return True
    return (
        len(found.parameters) == len(wanted.parameters)
        and all(map(fits, wanted.parameters, found.parameters))
        and fits(found.result, wanted.result)
    )


def _is(run: Run, value: Value, wanted: Type) -> bool:
    return value is not None and holds(run, value, wanted)


def coerced(run: Run, value: Value, wanted: Type) -> Value:
    """Return a value as the type that is expected. Raises FailureError when it cannot be."""
    if holds(run, value, wanted):
        return value
    if isinstance(wanted, ListType):
        if not isinstance(value, list) and holds(run, value, wanted.of):
            return [value]
    elif isinstance(value, list) and len(value) == 1 and _is(run, value[0], wanted):
        return value[0]
    elif isinstance(wanted, DateTimeType) and isinstance(value, date | WideDate):
        return make_moment(day_of(value), 0, None)
    raise FailureError("a value does not have the type that is expected")


def number_like(first: Type, *_rest: Type) -> Type:
    """Return the result of a function that yields money from money, and a number otherwise."""
    of = first.of if isinstance(first, ListType) else first
    return of if isinstance(of, MoneyType) else NUMBER


def result_of(found: Signature, arguments: Iterable[Type]) -> Type:
    """Return the type of a call's result."""
    if isinstance(found.result, Callable):
        return found.result(*arguments)
    return found.result
