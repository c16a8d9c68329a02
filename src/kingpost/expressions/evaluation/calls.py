"""Calls at work: built-in functions, functions that are defined, and their arguments."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from kingpost.expressions.kinds import FunctionType
from kingpost.expressions.library.registry import BUILTINS
from kingpost.expressions.library.signature import Signature, coerced
from kingpost.expressions.operators import kind_of
from kingpost.expressions.tree import Builtin, Call, Definition, Invoke, Node, Parameter
from kingpost.expressions.value import (
    FailureError,
    Function,
    Run,
    Value,
)

Thunk: TypeAlias = Callable[[Run], Value]
Build: TypeAlias = Callable[[Node], Thunk]


def build_call(node: Call, build: Build) -> Thunk:
    """Return the function that calls a built-in function."""
    arguments = tuple(build(argument) for argument in node.arguments)
    name, names = node.name, node.names
    shaped = _shaped(name, len(arguments), names)
    if not shaped:
        raise_ = FailureError(f"`{name}` does not take these arguments")

        def fail(_run: Run) -> Value:
            raise raise_

        return fail
    return lambda run: _dispatch(run, name, shaped, [argument(run) for argument in arguments])


_Shape: TypeAlias = tuple[Signature, tuple[int | None, ...]]


def _shaped(name: str, count: int, names: tuple[str, ...]) -> list[_Shape]:
    return [
        (one, order) for one in BUILTINS[name] if (order := one.arrange(count, names)) is not None
    ]


def _dispatch(run: Run, name: str, shaped: Sequence[_Shape], values: list[Value]) -> Value:
    run.spend(1)
    for value in values:
        run.weigh(value)
    for one, order in shaped:
        try:
            arguments = _arranged(run, one, order, values)
        except FailureError:
            continue
        try:
            result = one.perform(run, *arguments) if one.paid else one.perform(*arguments)
        except (ArithmeticError, ValueError) as error:
            raise FailureError(f"`{name}` has no value here") from error
        run.weigh(result)
        return result
    found = ", ".join(kind_of(value) for value in values)
    raise FailureError(f"`{name}` cannot take {found}")


def _arranged(
    run: Run, one: Signature, order: tuple[int | None, ...], values: list[Value]
) -> list[Value]:
    """Return the arguments in the order of the parameters. Raises FailureError when one misfits."""
    lead = len(one.parameters) - 1 if one.rest else len(one.parameters)
    arguments: list[Value] = []
    for parameter, place in zip(one.parameters[:lead], order, strict=False):
        value = values[place] if place is not None else None
        if value is None and not parameter.nullable and not (parameter.optional and place is None):
            raise FailureError(f"`{parameter.name}` is null")
        arguments.append(coerced(run, value, parameter.type))
    return [*arguments, _rest(run, one, values[lead:], alone=lead == 0)] if one.rest else arguments


def _rest(run: Run, one: Signature, values: list[Value], *, alone: bool) -> Value:
    """Return the arguments of a function such as `min`, given as one list or one by one."""
    last = one.parameters[-1]
    taken = values
    if alone and len(values) == 1 and isinstance(values[0], list):
        taken = values[0]
    if not last.nullable and None in taken:
        raise FailureError(f"`{last.name}` holds null")
    return [coerced(run, value, last.type) for value in taken]


def build_builtin(node: Builtin) -> Thunk:
    """Return the function that yields a built-in function as a value."""
    name = node.name
    first = BUILTINS[name][0]
    parameters = tuple(parameter.name for parameter in first.parameters)

    def call(run: Run, values: list[Value]) -> Value:
        return _dispatch(run, name, _shaped(name, len(values), ()), values)

    function = Function(parameters, 1, 1, call)
    return lambda _run: function


def build_invoke(node: Invoke, build: Build) -> Thunk:
    """Return the function that calls a function value."""
    function = build(node.function)
    arguments = tuple(build(argument) for argument in node.arguments)
    names = node.names

    def work(run: Run) -> Value:
        found = function(run)
        if not isinstance(found, Function):
            raise FailureError(f"{kind_of(found)} cannot be called")
        values = [argument(run) for argument in arguments]
        if names:
            if sorted(names) != sorted(found.parameters):
                raise FailureError("the function does not have these parameters")
            values = [values[names.index(name)] for name in found.parameters]
        return run.invoke(found, values)

    return work


def build_definition(node: Definition, build: Build) -> Thunk:
    """Return the function that yields a function value, with the names around it as they are."""
    body, parameters = build(node.body), node.parameters
    names = tuple(parameter.name for parameter in parameters)
    depth, size = node.at.depth + 2, node.at.size + node.at.depth
    kind = node.type if isinstance(node.type, FunctionType) else None

    def work(run: Run) -> Value:
        around, given = list(run.locals), run.values

        def call(inner: Run, values: list[Value]) -> Value:
            frame = list(around)
            _bind(inner, frame, parameters, values)
            before = inner.values, inner.locals
            inner.values, inner.locals = given, frame
            try:
                return body(inner)
            finally:
                inner.values, inner.locals = before

        return Function(names, depth, size, call, kind)

    return work


def _bind(
    run: Run, frame: list[Value], parameters: tuple[Parameter, ...], values: list[Value]
) -> None:
    if len(values) != len(parameters):
        raise FailureError(f"the function takes {len(parameters)} arguments, found {len(values)}")
    for parameter, value in zip(parameters, values, strict=True):
        frame[parameter.slot] = coerced(run, value, parameter.type)
