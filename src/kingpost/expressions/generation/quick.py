"""The quick form of what most conditions are: plain values compared, reckoned with and joined.

It is one Python expression without a single check. Whatever does not go smoothly in it (a value
that is null, missing or of another type) raises, and the careful form is evaluated instead, which
comes to the same answer and says what was wrong.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from kingpost.expressions.generation.operations import (
    COMPARISONS,
    NUMBERS,
    ORDERED,
    PLAIN,
    SIGNS,
    alike,
    known_range,
    written_values,
)
from kingpost.expressions.generation.syntax import call, compared, joined, member, named, turned
from kingpost.expressions.kinds import ContextType
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Constant,
    Logic,
    Member,
    Name,
    Node,
    Passes,
    Span,
)

Constants: TypeAlias = dict[str, object]
_Write: TypeAlias = Callable[[Constants, Any], ast.expr]


class NotQuickError(Exception):
    """A tree has a part that needs care."""


def write_quick(tree: Node) -> tuple[ast.expr, Constants] | None:
    """Return a tree as one expression over `values`, and its constants; None when it needs care."""
    constants: Constants = {}
    if not isinstance(tree.type, PLAIN):
        return None
    try:
        return _write(constants, tree), constants
    except NotQuickError:
        return None


def _write(constants: Constants, node: Node) -> ast.expr:
    write = _WRITERS.get(type(node))
    if write is None:
        raise NotQuickError
    return write(constants, node)


def _expect(condition: bool) -> None:  # noqa: FBT001 - like an assertion
    if not condition:
        raise NotQuickError


def _keep(constants: Constants, value: object) -> ast.expr:
    name = f"k{len(constants)}"
    constants[name] = value
    return named(name)


def _constant(constants: Constants, node: Constant) -> ast.expr:
    return _keep(constants, node.value)


def _name(_constants: Constants, node: Name) -> ast.expr:
    return member(named("values"), node.name)


def _member(constants: Constants, node: Member) -> ast.expr:
    owner = node.base
    _expect(isinstance(owner.type, ContextType) and node.name in owner.type.members)
    _expect(isinstance(owner, Name | Member))
    return member(_write(constants, owner), node.name)


def _arithmetic(constants: Constants, node: Arithmetic) -> ast.expr:
    _expect(node.sign in SIGNS and alike(node.left.type, node.right.type, NUMBERS))
    left, right = _write(constants, node.left), _write(constants, node.right)
    return call(SIGNS[node.sign], left, right)


def _compare(constants: Constants, node: Compare) -> ast.expr:
    among = PLAIN if node.sign in {"=", "!="} else ORDERED
    _expect(alike(node.left.type, node.right.type, among))
    sign = COMPARISONS[node.sign]()
    return compared(_write(constants, node.left), (sign, _write(constants, node.right)))


def _logic(constants: Constants, node: Logic) -> ast.expr:
    _expect(all(map(_is_sure, node.parts)))
    return joined(node.word, [_write(constants, part) for part in node.parts])


def _is_sure(node: Node) -> bool:
    """Tell whether a part is true or false wherever the quick form comes to an end with it."""
    return isinstance(node, Compare | Between | Passes | Logic) or _is_not(node)


def _is_not(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "not" and len(node.arguments) == 1


def _not(constants: Constants, node: Call) -> ast.expr:
    _expect(_is_not(node) and _is_sure(node.arguments[0]))
    return turned(_write(constants, node.arguments[0]))


def _between(constants: Constants, node: Between) -> ast.expr:
    kinds = (node.low.type, node.high.type)
    _expect(all(alike(node.operand.type, kind, ORDERED) for kind in kinds))
    value, low, high = (_write(constants, part) for part in (node.operand, node.low, node.high))
    return compared(low, (ast.LtE(), value), (ast.LtE(), high))


def _passes(constants: Constants, node: Passes) -> ast.expr:
    value = _write(constants, node.operand)
    values = written_values(node)
    if values is not None:
        return compared(value, (ast.In(), _keep(constants, frozenset(values))))
    _expect(isinstance(node.test, Span))
    assert isinstance(node.test, Span)
    return _in_span(constants, node.test, node.operand, value)


def _in_span(constants: Constants, span: Span, operand: Node, value: ast.expr) -> ast.expr:
    ends = [end for end in (span.low, span.high) if end is not None]
    _expect(known_range(span) is not None and not span.only)
    _expect(all(alike(operand.type, end.type, ORDERED) for end in ends))
    steps: list[tuple[ast.cmpop, ast.expr]] = []
    first = value
    if span.low is not None:
        first = _write(constants, span.low)
        steps.append((ast.LtE() if span.low_included else ast.Lt(), value))
    if span.high is not None:
        high = _write(constants, span.high)
        steps.append((ast.LtE() if span.high_included else ast.Lt(), high))
    return compared(first, *steps)


_WRITERS: Mapping[type[Node], _Write] = {
    Constant: _constant,
    Name: _name,
    Member: _member,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Logic: _logic,
    Call: _not,
    Between: _between,
    Passes: _passes,
}
