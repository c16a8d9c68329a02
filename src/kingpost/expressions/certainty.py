"""What is certain before any value is given: parts that never have a value, truths that stand."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from kingpost.expressions.functions.registry import CLOCKS
from kingpost.expressions.generation.program import Program
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
    Binder,
    Call,
    Compare,
    Constant,
    Definition,
    Entry,
    Filter,
    For,
    Group,
    If,
    InstanceOf,
    Invoke,
    Items,
    Let,
    Local,
    Logic,
    Member,
    Negation,
    Node,
    Passes,
    Quantified,
    Span,
)
from kingpost.expressions.value import ExhaustedError, Problem, Run, UndecidedError, Value

# What one part may spend, and how many parts of an expression are worked out: a check goes
# through many, and what it leaves out is told when it is evaluated.
_STEPS_MAX = 10_000
_PARTS_MAX = 50
_BELOW: Mapping[type, tuple[str, ...]] = {
    Member: ("base",),
    Negation: ("operand",),
    Arithmetic: ("left", "right"),
    Compare: ("left", "right"),
    Logic: ("parts",),
    Between: ("operand", "low", "high"),
    Passes: ("operand", "test"),
    Let: ("value", "body"),
    If: ("condition", "then", "otherwise"),
    Binder: ("source", "end"),
    For: ("binders", "body"),
    Quantified: ("binders", "body"),
    Filter: ("base", "test"),
    Items: ("items",),
    Span: ("low", "high"),
    Entry: ("value",),
    Group: ("entries",),
    Call: ("arguments",),
    Invoke: ("function", "arguments"),
    Definition: ("body",),
    InstanceOf: ("operand",),
}
# What is made of nothing but constants when all its parts are.
_PLAIN = (
    Negation, Arithmetic, Compare, Logic, Between, Passes, Let, If, Items, Span, Call, InstanceOf,
)  # fmt: skip
_Part: TypeAlias = Node | Binder | Entry | None
_CORRECT = "It never has a value: correct it."


def never_valued(tree: Node) -> Iterator[Problem]:
    """Yield the parts of an expression that are errors whatever is given, each at its place.

    They are a division by 0, an operation that null takes part in, and what is made of constants
    alone and goes wrong, such as a date that no calendar has.
    """
    waiting, left = [tree], _PARTS_MAX
    while waiting:
        node = waiting.pop()
        if isinstance(node, Constant):
            continue
        if _is_constant(node):
            left -= 1
            if left >= 0:
                yield from _misfits(node)
        elif (found := _misfit(node)) is not None:
            yield found
        else:
            waiting.extend(_below(node))


def certain_value(tree: Node) -> tuple[Value] | None:
    """Return the value that a condition always has, in a tuple of one; None when it may change."""
    if _is_constant(tree):
        found = _evaluated(tree)
        return None if found is None else (found[0],)
    match tree:
        case Logic(word=word, parts=parts):
            ends = word == "or"
            known = [certain_value(part) for part in parts]
            return (ends,) if (ends,) in known else None
        case Call(name="not", arguments=(part,)):
            inner = certain_value(part)
            return (not inner[0],) if inner and isinstance(inner[0], bool) else None
        case _:
            return None


def _below(node: object) -> Iterator[Node]:
    """Yield the parts of a node that are nodes themselves."""
    for name in _BELOW.get(type(node), ()):
        part: _Part | tuple[_Part, ...] = getattr(node, name)
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, Binder | Entry):
                yield from _below(one)
            elif one is not None:
                yield one


def _is_constant(node: Node, slots: frozenset[int] = frozenset()) -> bool:
    """Tell whether a part reads nothing but what is written in it. slots: that it named itself."""
    match node:
        case Constant():
            return True
        case Local(slot=slot):
            return slot in slots
        case Let(slot=slot, value=value, body=body):
            return _is_constant(value, slots) and _is_constant(body, slots | {slot})
        case Call(name=name) if name in CLOCKS:
            return False
        case _:
            return isinstance(node, _PLAIN) and all(
                _is_constant(part, slots) for part in _below(node)
            )


def _misfits(node: Node) -> Iterator[Problem]:
    """Yield what goes wrong in a part that is made of constants."""
    found = _evaluated(node)
    for one in found[1] if found is not None else ():
        named = _misfit_at(node, one)
        yield named or Problem(one.offset, one.length, one.message, _CORRECT)
        # What follows from the first is its echo.
        return


def _misfit_at(node: Node, warning: Problem) -> Problem | None:
    """Return what is wrong at the place of a warning, where there are better words for it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if (one.at.start, one.at.end - one.at.start) == (warning.offset, warning.length):
            return _misfit(one)
        waiting.extend(_below(one))
    return None


def _evaluated(node: Node) -> tuple[Value, tuple[Problem, ...]] | None:
    """Return the value of constants and what became null on the way; None when it takes long."""
    run = Run({})
    run.steps = _STEPS_MAX
    try:
        return Program(node).work(run, {}), run.warnings
    except (ExhaustedError, UndecidedError, RecursionError):
        return None


def _misfit(node: Node) -> Problem | None:
    """Return the problem of an operation that has no value, whatever its other operand is."""
    length = node.at.end - node.at.start
    match node:
        case Arithmetic(sign="/", right=Constant(value=divisor)) if _is_zero(divisor):
            message, help_ = "nothing can be divided by 0", "Divide by something else."
        case Compare(sign=sign, left=left, right=right) if sign not in {"=", "!="} and (
            _is_null(left) or _is_null(right)
        ):
            message = f"`{sign}` with null has no answer"
            help_ = "Write `= null` or `!= null`, or compare with a value."
        case Arithmetic(sign=sign, left=left, right=right) if _is_null(left) or _is_null(right):
            message, help_ = f"`{sign}` with null has no value", "Write a value in its place."
        case _:
            return None
    return Problem(node.at.start, length, message, help_)


def _is_null(node: Node) -> bool:
    return isinstance(node, Constant) and node.value is None


def _is_zero(value: Value) -> bool:
    return not isinstance(value, bool) and value == 0
