"""The few forms of Python that generated functions are made of."""

import ast
from collections.abc import Sequence
from typing import TypeAlias

from kingpost.expressions.tree import Place

Block: TypeAlias = list[ast.stmt]

_LOAD = ast.Load()
_STORE = ast.Store()


def named(name: str) -> ast.Name:
    """Read a variable of the generated function."""
    return ast.Name(name, _LOAD)


def written(value: str | bool | int | None) -> ast.Constant:  # noqa: FBT001 - any plain constant
    """Write a plain constant."""
    return ast.Constant(value)


def where(at: Place) -> ast.expr:
    """Write a place of the expression's text, as offset and length."""
    return ast.Constant((at.start, at.end - at.start))  # type: ignore[arg-type] # a tuple is a constant


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """Call a function by name."""
    return ast.Call(named(function), list(arguments), [])


def method(base: str, name: str, *arguments: ast.expr) -> ast.Call:
    """Call a method of a variable."""
    return ast.Call(ast.Attribute(named(base), name, _LOAD), list(arguments), [])


def member(base: ast.expr, key: str) -> ast.expr:
    """Read a member of a mapping."""
    return ast.Subscript(base, ast.Constant(key), _LOAD)


def listed(items: Sequence[ast.expr]) -> ast.expr:
    """Make a fresh list."""
    return ast.List(list(items), _LOAD)


def compared(left: ast.expr, *steps: tuple[ast.cmpop, ast.expr]) -> ast.expr:
    """Compare, also in a chain such as `a <= b < c`."""
    return ast.Compare(left, [sign for sign, _ in steps], [right for _, right in steps])


def same(left: ast.expr, right: ast.expr) -> ast.expr:
    """Tell whether two values are one and the same: null, true and false are."""
    return ast.Compare(left, [ast.Is()], [right])


def differs(left: ast.expr, right: ast.expr) -> ast.expr:
    """Tell whether two values are not one and the same."""
    return ast.Compare(left, [ast.IsNot()], [right])


def choice(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """Choose one of two values."""
    return ast.IfExp(condition, then, otherwise)


def assign(name: str, value: ast.expr) -> ast.stmt:
    """Set a variable."""
    return ast.Assign([ast.Name(name, _STORE)], value)


def assign_all(names: Sequence[str], values: ast.expr) -> ast.stmt:
    """Set variables from a list."""
    targets: list[ast.expr] = [ast.Name(name, _STORE) for name in names]
    return ast.Assign([ast.Tuple(targets, _STORE)], values)


def assign_member(base: str, key: str, value: ast.expr) -> ast.stmt:
    """Set a member of a mapping."""
    return ast.Assign([ast.Subscript(named(base), ast.Constant(key), _STORE)], value)


def perform(value: ast.expr) -> ast.stmt:
    """Evaluate for the effect alone."""
    return ast.Expr(value)


def when(condition: ast.expr, then: Block, otherwise: Block | None = None) -> ast.stmt:
    """Do one of two blocks."""
    return ast.If(condition, then, otherwise or [])


def loop(name: str, source: ast.expr, body: Block) -> ast.stmt:
    """Do a block for each item."""
    return ast.For(ast.Name(name, _STORE), source, body, [])


def leave() -> ast.stmt:
    """Leave the loop around."""
    return ast.Break()


def attempt(name: str, value: ast.expr, otherwise: ast.expr) -> ast.stmt:
    """Set a variable; where the plain way fails, set it the careful way."""
    handler = ast.ExceptHandler(named("Unfit"), None, [assign(name, otherwise)])
    return ast.Try([assign(name, value)], [handler], [], [])


def answer(value: ast.expr) -> ast.stmt:
    """Return a value."""
    return ast.Return(value)


def function(name: str, parameters: Sequence[str], body: Block) -> ast.stmt:
    """Define a function."""
    arguments = ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, [])
    return ast.FunctionDef(name, arguments, body, [])
