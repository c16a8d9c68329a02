"""The few forms of Python that generated functions are made of."""

import ast
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from kingpost.expressions.tree import Place

Block: TypeAlias = list[ast.stmt]
_Placed = TypeVar("_Placed", bound=ast.expr | ast.stmt | ast.ExceptHandler | ast.arg)

_LOAD = ast.Load()
_STORE = ast.Store()


def _placed(node: _Placed) -> _Placed:
    """Give a node a place in a source that does not exist, without which Python compiles none."""
    node.lineno, node.col_offset = 1, 0
    return node


def _target(name: str) -> ast.Name:
    return _placed(ast.Name(name, _STORE))


def named(name: str) -> ast.Name:
    """Read a variable of the generated function."""
    return _placed(ast.Name(name, _LOAD))


def written(value: str | bool | int | None) -> ast.Constant:  # noqa: FBT001 - any plain constant
    """Write a plain constant."""
    return _placed(ast.Constant(value))


def where(at: Place) -> ast.expr:
    """Write a place of the expression's text, as offset and length."""
    return _placed(ast.Constant((at.start, at.end - at.start)))  # type: ignore[arg-type] # a tuple is a constant


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """Call a function by name."""
    return _placed(ast.Call(named(function), list(arguments), []))


def method(base: str, name: str, *arguments: ast.expr) -> ast.Call:
    """Call a method of a variable."""
    return _placed(ast.Call(_placed(ast.Attribute(named(base), name, _LOAD)), list(arguments), []))


def member(base: ast.expr, key: str) -> ast.expr:
    """Read a member of a mapping."""
    return _placed(ast.Subscript(base, written(key), _LOAD))


def listed(items: Sequence[ast.expr]) -> ast.expr:
    """Make a fresh list."""
    return _placed(ast.List(list(items), _LOAD))


def empty_group() -> ast.expr:
    """Make a fresh mapping without members."""
    return _placed(ast.Dict([], []))


def joined(word: str, parts: Sequence[ast.expr]) -> ast.expr:
    """Join values that are true or false by `and` or `or`."""
    return _placed(ast.BoolOp(ast.And() if word == "and" else ast.Or(), list(parts)))


def turned(value: ast.expr) -> ast.expr:
    """Turn true to false, and false to true."""
    return _placed(ast.UnaryOp(ast.Not(), value))


def compared(left: ast.expr, *steps: tuple[ast.cmpop, ast.expr]) -> ast.expr:
    """Compare, also in a chain such as `a <= b < c`."""
    return _placed(ast.Compare(left, [sign for sign, _ in steps], [right for _, right in steps]))


def same(left: ast.expr, right: ast.expr) -> ast.expr:
    """Tell whether two values are one and the same: null, true and false are."""
    return _placed(ast.Compare(left, [ast.Is()], [right]))


def differs(left: ast.expr, right: ast.expr) -> ast.expr:
    """Tell whether two values are not one and the same."""
    return _placed(ast.Compare(left, [ast.IsNot()], [right]))


def choice(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """Choose one of two values."""
    return _placed(ast.IfExp(condition, then, otherwise))


def assign(name: str, value: ast.expr) -> ast.stmt:
    """Set a variable."""
    return _placed(ast.Assign([_target(name)], value))


def assign_all(names: Sequence[str], values: ast.expr) -> ast.stmt:
    """Set variables from a list."""
    targets: list[ast.expr] = [_target(name) for name in names]
    return _placed(ast.Assign([_placed(ast.Tuple(targets, _STORE))], values))


def assign_member(base: str, key: str, value: ast.expr) -> ast.stmt:
    """Set a member of a mapping."""
    return _placed(ast.Assign([_placed(ast.Subscript(named(base), written(key), _STORE))], value))


def perform(value: ast.expr) -> ast.stmt:
    """Evaluate for the effect alone."""
    return _placed(ast.Expr(value))


def when(condition: ast.expr, then: Block, otherwise: Block | None = None) -> ast.stmt:
    """Do one of two blocks."""
    return _placed(ast.If(condition, then, otherwise or []))


def loop(name: str, source: ast.expr, body: Block) -> ast.stmt:
    """Do a block for each item."""
    return _placed(ast.For(_target(name), source, body, []))


def leave() -> ast.stmt:
    """Leave the loop around."""
    return _placed(ast.Break())


def attempt(name: str, value: ast.expr, otherwise: ast.expr) -> ast.stmt:
    """Set a variable; where the plain way fails, set it the careful way."""
    handler = _placed(ast.ExceptHandler(named("Unfit"), None, [assign(name, otherwise)]))
    return _placed(ast.Try([assign(name, value)], [handler], [], []))


def careful(value: ast.expr, otherwise: ast.expr) -> ast.stmt:
    """Return a value; where that fails, return the other."""
    handler = _placed(ast.ExceptHandler(named("Unfit"), None, [answer(otherwise)]))
    return _placed(ast.Try([answer(value)], [handler], [], []))


def answer(value: ast.expr) -> ast.stmt:
    """Return a value."""
    return _placed(ast.Return(value))


def function(name: str, parameters: Sequence[str], body: Block) -> ast.stmt:
    """Define a function."""
    arguments = ast.arguments(
        [], [_placed(ast.arg(one)) for one in parameters], None, [], [], None, []
    )
    return _placed(ast.FunctionDef(name, arguments, body, []))
