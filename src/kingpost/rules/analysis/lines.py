"""The values of one input as a line, cut into pieces at the constants that its cells name.

No cell tells the values of one piece apart, so one value of each stands for all of them. A set
of values is a number whose bits are the pieces.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kingpost.expressions import (
    ChoiceType,
    DateTimeType,
    DateType,
    DurationType,
    MoneyType,
    Months,
    MonthsType,
    NumberType,
    TextType,
    Type,
    Value,
    YesNoType,
)
from kingpost.expressions.tree import Comparison
from kingpost.rules.analysis.bits import common, united
from kingpost.rules.analysis.conditions import (
    Always,
    BeyondError,
    Compared,
    Condition,
    Joined,
    Turned,
)
from kingpost.rules.analysis.examples import between, beyond

_COMPARE: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PYTHON: Mapping[type[Any], type] = {
    NumberType: Decimal,
    MoneyType: Decimal,
    TextType: str,
    ChoiceType: str,
    YesNoType: bool,
    DateType: date,
    DateTimeType: datetime,
    DurationType: timedelta,
    MonthsType: Months,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of single values without an order that matters.

    others: whether the last piece stands for every value that is not listed.
    """

    values: tuple[Any, ...]
    others: bool = False

    @property
    def pieces(self) -> Sequence[tuple[int, Any]]:
        """Return the number of each piece, with a value of it."""
        return tuple(enumerate(self.values))

    @property
    def whole(self) -> int:
        """Return the set of all pieces."""
        return (1 << len(self.values)) - 1

    def where(self, sign: Comparison, value: Value) -> int:
        """Return the pieces whose values stand so to a constant."""
        if sign not in {"=", "!="} and (self.others or isinstance(value, bool)):
            raise BeyondError("asks which comes first, in an input without an order")
        if value is None:
            return 0 if sign == "=" else self.whole
        compare = _COMPARE[sign]
        return sum(1 << at for at, one in enumerate(self.values) if compare(one, value))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line from low to high: a piece for each end, one between each two, and one beyond each.

    ends:     the constants, ascending.
    standing: a value of each piece, from the lowest; None where no value lies.
    """

    ends: Mapping[Any, int]
    standing: tuple[Any, ...]

    @property
    def pieces(self) -> Sequence[tuple[int, Any]]:
        """Return the number of each piece, with a value of it."""
        return tuple((at, value) for at, value in enumerate(self.standing) if value is not None)

    @property
    def whole(self) -> int:
        """Return the set of all pieces."""
        return (1 << len(self.standing)) - 1

    def where(self, sign: Comparison, value: Value) -> int:
        """Return the pieces whose values stand so to a constant, which is one of the ends."""
        if value is None:
            return 0 if sign == "=" else self.whole
        point = 1 << (2 * self.ends[value] + 1)
        match sign:
            case "=":
                return point
            case "!=":
                return self.whole ^ point
            case "<":
                return point - 1
            case "<=":
                return 2 * point - 1
            case ">":
                return self.whole ^ (2 * point - 1)
            case ">=":
                return self.whole ^ (point - 1)


Line: TypeAlias = Listed | Ordered


def draw(kind: Type, constants: Iterable[Value], *, whole: bool) -> Line | None:
    """Return the line of an input; None when its type has none.

    constants: that its cells name. whole: whether it takes whole numbers only.
    Raises:    BeyondError, when the constants have no common order.
    """
    if type(kind) not in _PYTHON:
        return None
    known = [value for value in constants if value is not None]
    if any(type(value) is not _PYTHON[type(kind)] for value in known):
        raise BeyondError("compares with a value of another type")
    known = list(dict.fromkeys(known))
    match kind:
        case ChoiceType(choices):
            return Listed(choices)
        case YesNoType():
            return Listed((True, False))
        case TextType():
            return Listed((*known, _other_text(known)), others=True)
        case _:
            return _ordered(known, whole=whole)


def pieces_where(line: Line, condition: Condition) -> int:
    """Return the pieces of a line whose values satisfy a condition."""
    match condition:
        case Always(holds):
            return line.whole if holds else 0
        case Compared(sign, value):
            return line.where(sign, value)
        case Turned(part):
            return line.whole ^ pieces_where(line, part)
        case Joined(word, parts):
            sets = [pieces_where(line, part) for part in parts]
            return common(sets, line.whole) if word == "and" else united(sets)


def _other_text(known: Sequence[Any]) -> str:
    return "something else" if "something else" not in known else "".join(known) + "…"


def _ordered(known: Sequence[Any], *, whole: bool) -> Ordered:
    try:
        ends = sorted(known)
    except TypeError as error:
        raise BeyondError("compares with times of which only some have a zone") from error
    if not ends:
        return Ordered({}, ("anything",))
    standing = [beyond(ends[0], -1)]
    for at, end in enumerate(ends):
        lies = not whole or end == end.to_integral_value()
        standing.append(end if lies else None)
        last = at + 1 == len(ends)
        standing.append(beyond(end, 1) if last else between(end, ends[at + 1], whole=whole))
    return Ordered({end: at for at, end in enumerate(ends)}, tuple(standing))
