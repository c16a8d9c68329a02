"""Calls as generated code: built-in functions, functions that are defined, and their arguments."""

import ast
from collections.abc import Mapping

from kingpost.expressions.evaluation.calls import builtin_value, shapes_of
from kingpost.expressions.generation.operations import RUN
from kingpost.expressions.generation.syntax import (
    answer,
    assign_all,
    call,
    choice,
    function,
    listed,
    named,
    same,
    where,
    written,
)
from kingpost.expressions.generation.writer import Write, Writer, variable
from kingpost.expressions.kinds import YesNoType
from kingpost.expressions.tree import Builtin, Call, Definition, Invoke, Node

# The levels of Python's stack that one call of a defined function takes.
_DEPTH = 3


def _call(writer: Writer, node: Call) -> ast.expr:
    shapes = shapes_of(node.name, len(node.arguments), node.names)
    if not shapes.ways:
        message = f"`{node.name}` does not take these arguments"
        return writer.keep(call("fail", RUN, where(node.at), written(message)))
    arguments = [writer.write(argument) for argument in node.arguments]
    careful = call("call", RUN, where(node.at), writer.constant(shapes), listed(arguments))
    if node.name == "not" and isinstance(node.arguments[0].type, YesNoType):
        yes, no = written(value=True), written(value=False)
        otherwise = choice(same(arguments[0], no), yes, careful)
        return writer.keep(choice(same(arguments[0], yes), no, otherwise))
    return writer.keep(careful)


def _builtin(writer: Writer, node: Builtin) -> ast.expr:
    return writer.constant(builtin_value(node.name))


def _invoke(writer: Writer, node: Invoke) -> ast.expr:
    called = writer.write(node.function)
    arguments = listed([writer.write(argument) for argument in node.arguments])
    names = writer.constant(node.names)
    return writer.keep(call("invoke", RUN, where(node.at), called, names, arguments))


def _definition(writer: Writer, node: Definition) -> ast.expr:
    """Define a function that keeps the values around it as they are now.

    Python's own closures would see what a variable holds later, in the next turn of a loop.
    """
    body, maker = writer.fresh("body"), writer.fresh("maker")
    around = tuple(writer.bound)
    parameters = tuple(variable(one.slot) for one in node.parameters)
    with writer.inside() as block, writer.binding(*parameters):
        if parameters:
            fitted = call("fitted", RUN, writer.constant(node.parameters), named("arguments"))
            writer.add(assign_all(parameters, fitted))
        writer.add(answer(writer.write(node.body)))
    inner = [function(body, ("run", "arguments"), block), answer(named(body))]
    writer.add(function(maker, around, inner))
    names = writer.constant(tuple(one.name for one in node.parameters))
    depth, size = written(_DEPTH), written(node.at.size + node.at.depth)
    made = call(maker, *map(named, around))
    return writer.keep(call("Function", names, depth, size, made, writer.constant(node.type)))


CALLS: Mapping[type[Node], Write] = {
    Call: _call,
    Builtin: _builtin,
    Invoke: _invoke,
    Definition: _definition,
}
