"""Calls at work: built-in functions, functions that are defined, and their arguments."""

from dataclasses import dataclass
from typing import TypeAlias

from kingpost.expressions.functions.registry import BUILTINS
from kingpost.expressions.functions.signature import Signature, coerced
from kingpost.expressions.operators import kind_of
from kingpost.expressions.tree import Parameter
from kingpost.expressions.value import FailureError, Function, Run, Value

_Way: TypeAlias = tuple[Signature, tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The ways in which a built-in function takes so many arguments, or these names."""

    name: str
    ways: tuple[_Way, ...]


def shapes_of(name: str, count: int, names: tuple[str, ...]) -> Shapes:
    """Return the ways to call a built-in function with so many arguments."""
    shapes = ((one, one.arrange(count, names)) for one in BUILTINS[name])
    return Shapes(name, tuple((one, order) for one, order in shapes if order is not None))


def call(run: Run, shapes: Shapes, values: list[Value]) -> Value:
    """Call a built-in function in the first way that takes the values."""
    run.spend(1)
    for value in values:
        run.weigh(value)
    for one, order in shapes.ways:
        try:
            arguments = _arranged(run, one, order, values)
        except FailureError:
            continue
        try:
            result = one.perform(run, *arguments) if one.paid else one.perform(*arguments)
        except (ArithmeticError, ValueError) as error:
            raise FailureError(f"`{shapes.name}` has no value here") from error
        run.weigh(result)
        return result
    found = ", ".join(kind_of(value) for value in values)
    raise FailureError(f"`{shapes.name}` cannot take {found}")


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


def builtin_value(name: str) -> Function:
    """Return a built-in function as a value."""
    parameters = tuple(parameter.name for parameter in BUILTINS[name][0].parameters)

    def work(run: Run, values: list[Value]) -> Value:
        return call(run, shapes_of(name, len(values), ()), values)

    return Function(parameters, 1, 1, work)


def invoke(run: Run, function: Value, names: tuple[str, ...], values: list[Value]) -> Value:
    """Call a function value. names: of the arguments, or none when they stand by position."""
    if not isinstance(function, Function):
        raise FailureError(f"{kind_of(function)} cannot be called")
    if names:
        if sorted(names) != sorted(function.parameters):
            raise FailureError("the function does not have these parameters")
        values = [values[names.index(name)] for name in function.parameters]
    return run.invoke(function, values)


def fitted(run: Run, parameters: tuple[Parameter, ...], values: list[Value]) -> list[Value]:
    """Return the arguments of a defined function as the types that it asks for."""
    if len(values) != len(parameters):
        raise FailureError(f"the function takes {len(parameters)} arguments, found {len(values)}")
    return [coerced(run, value, one.type) for one, value in zip(parameters, values, strict=True)]
