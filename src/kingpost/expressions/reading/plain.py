"""Tests and values in their plainest forms, read without the grammar.

Most cells of most tables are one of these, and a model has tens of thousands of cells. What is
read here is, node for node, what the grammar reads; everything else is left to it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from kingpost.expressions.kinds import (
    TEXT,
    YES_NO,
    ChoiceType,
    DateType,
    DurationType,
    MoneyType,
    NumberType,
    RangeType,
    TextType,
    Type,
    YesNoType,
)
from kingpost.expressions.tree import Compare, Comparison, Constant, Name, Node, Passes, Place, Span

_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"
_VALUE = re.compile(rf'(?P<number>{_NUMBER})|"(?P<text>[^"\\\n]*)"|(?P<truth>true|false)')
_BOUND = re.compile(rf"(<=|>=|!=|[=<>])( *)({_NUMBER})")
_RANGE = re.compile(rf"([\[(\]])({_NUMBER})\.\.({_NUMBER})([\])\[])")
_WRITTEN = NumberType(written=True)
_RANGE_TYPE = RangeType(_WRITTEN)
_KINDS: Mapping[type, Type] = {TextType: TEXT, YesNoType: YES_NO}
# The types of which a test may be plain.
PLAIN = (NumberType, MoneyType, TextType, ChoiceType, YesNoType, DateType, DurationType)


def plain_value(text: str) -> Constant | None:
    """Return a number, a text or a truth that is written out, or None."""
    found = _VALUE.fullmatch(text)
    if found is None:
        return None
    at = Place(0, len(text))
    match found.lastgroup:
        case "number":
            return Constant(Decimal(text), at, _WRITTEN)
        case "text":
            return Constant(found["text"], at, TEXT)
        case _:
            return Constant(text == "true", at, YES_NO)


def plain_test(text: str, subject: Type) -> Node | None:
    """Return a test of a subject: a value, a comparison with a number or a range; or None."""
    if text == "-":
        return Constant(value=True, at=Place(0, 0), type=YES_NO)
    if isinstance(subject, NumberType | MoneyType):
        found = _bound(text, subject) or _range(text, subject)
        if found is not None:
            return found
    value = plain_value(text)
    if value is None or not suits(value, subject):
        return None
    return Passes(_asked(0, subject), value, value.at, YES_NO)


def suits(value: Node, wanted: Type) -> bool:
    """Tell whether a written value may stand where a plain type is expected."""
    match wanted:
        case ChoiceType(of):
            return isinstance(value, Constant) and value.value in of
        case NumberType() | MoneyType():
            return isinstance(value.type, NumberType)
        case _:
            return _KINDS.get(type(wanted)) == value.type


def _asked(at: int, subject: Type) -> Name:
    return Name("?", Place(at, at), subject)


def _bound(text: str, subject: Type) -> Node | None:
    found = _BOUND.fullmatch(text)
    if found is None:
        return None
    start = found.start(3)
    right = Constant(Decimal(found[3]), Place(start, len(text)), _WRITTEN)
    at = Place(start, len(text), 2, 3)
    return Compare(cast("Comparison", found[1]), _asked(start, subject), right, at, YES_NO)


def _range(text: str, subject: Type) -> Node | None:
    found = _RANGE.fullmatch(text)
    # What runs backwards is left to the grammar, which says so.
    if found is None or Decimal(found[2]) > Decimal(found[3]):
        return None
    low, high = (
        Constant(Decimal(found[part]), Place(found.start(part), found.end(part)), _WRITTEN)
        for part in (2, 3)
    )
    at = Place(0, len(text), 2, 3)
    included = found[1] == "[", found[4] == "]"
    span = Span(
        low=low,
        high=high,
        low_included=included[0],
        high_included=included[1],
        only="",
        at=at,
        type=_RANGE_TYPE,
    )
    return Passes(_asked(0, subject), span, at, YES_NO)
