"""A cell taken apart: the comparisons with constants that it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kingpost.expressions import Compiled, Range, Value, compile_expression
from kingpost.expressions.tree import (
    Between,
    Call,
    Compare,
    Comparison,
    Constant,
    Items,
    Let,
    Local,
    Logic,
    Name,
    Node,
    Passes,
    Span,
)

SUBJECT = "?"
_TURNED: dict[Comparison, Comparison] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip


class BeyondError(Exception):
    """A cell says more than interval arithmetic understands. Its text completes `it …`."""


@dataclass(frozen=True, slots=True)
class Always:
    """A condition that does not depend on the input."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The input compared with a constant."""

    sign: Comparison
    value: Value


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all hold, or any does."""

    word: Literal["and", "or"]
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A condition that does not hold."""

    part: "Condition"


Condition: TypeAlias = Always | Compared | Joined | Turned


def take_apart(cell: Compiled) -> Condition:
    """Return the condition that a cell puts on its input.

    Raises: BeyondError, when it is made of more than comparisons with constants.
    """
    strange = sorted(path for path in cell.reads if path != SUBJECT)
    if strange:
        raise BeyondError(f"reads `{strange[0]}`")
    return _Reading(cell.text).condition(cell.tree)


def constants(condition: Condition) -> Iterator[Value]:
    """Yield the constants that a condition compares its input with."""
    match condition:
        case Compared(value=value):
            yield value
        case Joined(parts=parts):
            for part in parts:
                yield from constants(part)
        case Turned(part):
            yield from constants(part)
        case Always():
            return


class _Reading:
    """Reads the tree of one cell. asked: local names that stand for the input."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: set[int] = set()

    def condition(self, node: Node) -> Condition:
        """Return the condition that a part of the cell puts on the input."""
        match node:
            case Logic(word=word, parts=parts):
                return Joined(word, tuple(self.condition(part) for part in parts))
            case Call(name="not", arguments=(part,)):
                return Turned(self.condition(part))
            case Let(slot=slot, value=value, body=body) if self.is_input(value):
                self.asked.add(slot)
                return self.condition(body)
            case _:
                return self.comparison(node)

    def comparison(self, node: Node) -> Condition:
        """Return the condition of a part that holds no others."""
        match node:
            case Compare(sign=sign, left=left, right=right) if self.is_input(left):
                return _compared(sign, self.constant(right))
            case Compare(sign=sign, left=left, right=right) if self.is_input(right):
                return _compared(_TURNED[sign], self.constant(left))
            case Between(operand=operand, low=low, high=high) if self.is_input(operand):
                ends = (_compared(">=", self.constant(low)), _compared("<=", self.constant(high)))
                return Joined("and", ends)
            case Passes(operand=operand, test=test) if self.is_input(operand):
                return self.test(test)
            case _ if self.is_input(node):
                return Compared("=", value=True)
            case _:
                return _always(self.constant(node))

    def test(self, node: Node) -> Condition:
        """Return the condition that the input passes a test: a value, a range or a list."""
        match node:
            case Items(items=items):
                return Joined("or", tuple(self.test(item) for item in items))
            case Span(low=low, only="=" | "!=" as sign):
                assert low is not None, "a range of one value has that value"
                return _compared(sign, self.constant(low))
            case Span(low=low, high=high):
                bounds = Range(
                    self.constant(low) if low else None,
                    self.constant(high) if high else None,
                    node.low_included,
                    node.high_included,
                )
                return _within(bounds, open_ends=low is None or high is None)
            case _:
                return _passes(self.constant(node))

    def is_input(self, node: Node) -> bool:
        """Tell whether a part is the input itself."""
        match node:
            case Name(name=name):
                return name == SUBJECT
            case Local(slot=slot):
                return slot in self.asked
            case _:
                return False

    def constant(self, node: Node) -> Value:
        """Return the value of a part that reads nothing."""
        if isinstance(node, Constant):
            return node.value
        compiled = compile_expression(self.text[node.at.start : node.at.end], {})
        if not isinstance(compiled, Compiled):
            raise BeyondError("computes with the input")
        return compiled.evaluate({})


def _always(value: Value) -> Condition:
    if not isinstance(value, bool):
        raise BeyondError("has a part that is neither true nor false")
    return Always(value)


def _passes(value: Value) -> Condition:
    match value:
        case Range():
            return _within(value, open_ends=True)
        case list():
            return Joined("or", tuple(_passes(item) for item in value))
        case _:
            return Compared("=", value)


def _within(bounds: Range, *, open_ends: bool) -> Condition:
    """Return the condition to lie in a range; without open ends both must have a value."""
    parts: list[Condition] = []
    if bounds.low is not None or not open_ends:
        parts.append(_compared(">=" if bounds.low_included else ">", bounds.low))
    if bounds.high is not None or not open_ends:
        parts.append(_compared("<=" if bounds.high_included else "<", bounds.high))
    return Joined("and", tuple(parts))


def _compared(sign: Comparison, value: Value) -> Condition:
    if value is None and sign not in {"=", "!="}:
        raise BeyondError("compares with what has no value")
    return Compared(sign, value)
