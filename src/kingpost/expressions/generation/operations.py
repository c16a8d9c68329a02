"""Operators as generated code: plain where the types are told, careful where they are not."""

import ast
from collections.abc import Mapping

from kingpost.expressions.evaluation.operations import make_span
from kingpost.expressions.generation.syntax import (
    assign,
    attempt,
    call,
    compared,
    differs,
    listed,
    member,
    named,
    perform,
    same,
    when,
    where,
    written,
)
from kingpost.expressions.generation.writer import Write, Writer, variable
from kingpost.expressions.kinds import (
    ChoiceType,
    ContextType,
    DateType,
    DurationType,
    MoneyType,
    NumberType,
    TextType,
    Type,
    YesNoType,
)
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
    Broken,
    Compare,
    Comparison,
    Constant,
    If,
    InstanceOf,
    Items,
    Let,
    Local,
    Logic,
    Member,
    Name,
    Negation,
    Node,
    Passes,
    Sign,
    Span,
)
from kingpost.expressions.value import FailureError, Range, Value

# Values of these types compare in Python as they do in the standard; null raises a TypeError.
ORDERED = (NumberType, MoneyType, TextType, ChoiceType, DateType, DurationType)
PLAIN = (*ORDERED, YesNoType)
NUMBERS = (NumberType, MoneyType)
TEXTS = (TextType, ChoiceType)
SIGNS: Mapping[Sign, str] = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
COMPARISONS: Mapping[Comparison, type[ast.cmpop]] = {
    "=": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}
RUN = named("run")


def alike(left: Type, right: Type, among: tuple[type, ...] = PLAIN) -> bool:
    """Tell whether values of two types are plain values of one kind."""
    if not (isinstance(left, among) and isinstance(right, among)):
        return False
    groups = (NUMBERS, TEXTS)
    return type(left) is type(right) or any(
        isinstance(left, group) and isinstance(right, group) for group in groups
    )


def _constant(writer: Writer, node: Constant) -> ast.expr:
    return writer.constant(node.value)


def _broken(writer: Writer, node: Broken) -> ast.expr:
    return writer.keep(call("fail", RUN, where(node.at), written(node.message)))


def _name(writer: Writer, node: Name) -> ast.expr:
    name = writer.fresh()
    otherwise = call("missing", RUN, where(node.at), written(node.name))
    writer.add(attempt(name, member(named("values"), node.name), otherwise))
    return named(name)


def _local(_writer: Writer, node: Local) -> ast.expr:
    return named(variable(node.slot))


def _member(writer: Writer, node: Member) -> ast.expr:
    owner = node.base
    declared = isinstance(owner.type, ContextType) and node.name in owner.type.members
    if not declared:
        base = writer.write(owner)
        return writer.keep(call("member", RUN, where(node.at), base, written(node.name)))
    name = writer.fresh()
    if isinstance(owner, Name):
        plain = member(member(named("values"), owner.name), node.name)
        careful = call("field_of", RUN, where(node.at), named("values"), written(owner.name))
    else:
        base = writer.write(owner)
        plain = member(base, node.name)
        careful = call("field", RUN, where(node.at), base)
    careful.args.append(written(node.name))
    writer.add(attempt(name, plain, careful))
    return named(name)


def _negation(writer: Writer, node: Negation) -> ast.expr:
    operand = writer.write(node.operand)
    return writer.keep(call("negate", RUN, where(node.at), operand))


def _arithmetic(writer: Writer, node: Arithmetic) -> ast.expr:
    left, right = writer.write(node.left), writer.write(node.right)
    careful = call("calculate", RUN, where(node.at), written(node.sign), left, right)
    plain = SIGNS.get(node.sign)
    if plain is None or not alike(node.left.type, node.right.type, NUMBERS):
        return writer.keep(careful)
    name = writer.fresh()
    writer.add(attempt(name, call(plain, left, right), careful))
    return named(name)


def _compare(writer: Writer, node: Compare) -> ast.expr:
    left, right = writer.write(node.left), writer.write(node.right)
    sign = COMPARISONS[node.sign]()
    if node.sign in {"=", "!="} and alike(node.left.type, node.right.type):
        return writer.keep(compared(left, (sign, right)))
    careful = call("compare", RUN, where(node.at), written(node.sign), left, right)
    if not alike(node.left.type, node.right.type, ORDERED):
        return writer.keep(careful)
    name = writer.fresh()
    writer.add(attempt(name, compared(left, (sign, right)), careful))
    return named(name)


def _logic(writer: Writer, node: Logic) -> ast.expr:
    """Join conditions in three-valued logic; each is read only where it can still decide.

    Source: OMG DMN 1.5, 10.3.2.10, table 50.
    """
    ends, other = written(node.word == "or"), written(node.word != "or")
    name = writer.fresh()
    writer.add(assign(name, other))
    for place, part in enumerate(node.parts):
        with writer.inside() as block:
            found = writer.write(part)
            undecided = when(differs(found, other), [assign(name, written(None))])
            writer.add(when(same(found, ends), [assign(name, ends)], [undecided]))
        if place == 0:
            writer.block.extend(block)
        else:
            writer.add(when(differs(named(name), ends), block))
    return named(name)


def _between(writer: Writer, node: Between) -> ast.expr:
    value = writer.write(node.operand)
    low, high = writer.write(node.low), writer.write(node.high)
    careful = call("between", RUN, where(node.at), value, low, high)
    kinds = (node.low.type, node.high.type)
    if not all(alike(node.operand.type, kind, ORDERED) for kind in kinds):
        return writer.keep(careful)
    name = writer.fresh()
    writer.add(attempt(name, compared(low, (ast.LtE(), value), (ast.LtE(), high)), careful))
    return named(name)


def _passes(writer: Writer, node: Passes) -> ast.expr:
    value = writer.write(node.operand)
    values = written_values(node)
    if values is not None:
        name = writer.fresh()
        plain = compared(value, (ast.In(), writer.constant(frozenset(values))))
        test = values if isinstance(node.test, Items) else values[0]
        careful = call("passes", RUN, where(node.at), value, writer.constant(test))
        writer.add(attempt(name, plain, careful))
        return named(name)
    if isinstance(node.test, Span):
        return _in_span(writer, node, node.test, value)
    test = writer.write(node.test)
    return writer.keep(call("passes", RUN, where(node.at), value, test))


def written_values(node: Passes) -> list[Value] | None:
    """Return the values of a test that is written out, when they are plain and of one type."""
    if not isinstance(node.test, Constant | Items):
        return None
    parts = node.test.items if isinstance(node.test, Items) else (node.test,)
    values = [part.value for part in parts if isinstance(part, Constant)]
    if len(values) < len(parts) or None in values:
        return None
    return values if all(alike(node.operand.type, part.type) for part in parts) else None


def _in_span(writer: Writer, node: Passes, span: Span, value: ast.expr) -> ast.expr:
    careful = call("in_span", RUN, where(node.at), value, writer.write(span))
    ends = [end for end in (span.low, span.high) if end is not None]
    plain = all(alike(node.operand.type, end.type, ORDERED) for end in ends)
    if span.only or not plain or known_range(span) is None:
        return writer.keep(careful)
    name = writer.fresh()
    writer.add(attempt(name, _inside(writer, span, value), careful))
    return named(name)


def _inside(writer: Writer, span: Span, value: ast.expr) -> ast.expr:
    steps: list[tuple[ast.cmpop, ast.expr]] = []
    first = value
    if span.low is not None:
        first = writer.write(span.low)
        steps.append((ast.LtE() if span.low_included else ast.Lt(), value))
    if span.high is not None:
        high = writer.write(span.high)
        steps.append((ast.LtE() if span.high_included else ast.Lt(), high))
    return compared(first, *steps)


def _let(writer: Writer, node: Let) -> ast.expr:
    name = variable(node.slot)
    writer.add(assign(name, writer.write(node.value)))
    with writer.binding(name):
        return writer.write(node.body)


def _if(writer: Writer, node: If) -> ast.expr:
    condition, name = writer.write(node.condition), writer.fresh()
    with writer.inside() as then:
        writer.add(assign(name, writer.write(node.then)))
    with writer.inside() as otherwise:
        doubt = perform(call("doubt", RUN, where(node.condition.at), condition))
        writer.add(when(differs(condition, written(value=False)), [doubt]))
        writer.add(assign(name, writer.write(node.otherwise)))
    writer.add(when(same(condition, written(value=True)), then, otherwise))
    return named(name)


def _items(writer: Writer, node: Items) -> ast.expr:
    return writer.keep(listed([writer.write(item) for item in node.items]))


def _span(writer: Writer, node: Span) -> ast.expr:
    known = known_range(node)
    if known is not None:
        return writer.constant(known)
    low, high = (
        written(None) if end is None else writer.write(end) for end in (node.low, node.high)
    )
    return writer.keep(call("span", RUN, where(node.at), writer.constant(node), low, high))


def known_range(node: Span) -> Range | None:
    """Return the range whose ends are written out and in order."""
    ends = (node.low, node.high)
    if not all(end is None or isinstance(end, Constant) for end in ends):
        return None
    low, high = (end.value if isinstance(end, Constant) else None for end in ends)
    try:
        return make_span(node, low, high)
    except FailureError:
        return None


def _instance_of(writer: Writer, node: InstanceOf) -> ast.expr:
    operand = writer.write(node.operand)
    return writer.keep(call("instance_of", RUN, operand, writer.constant(node.wanted)))


OPERATIONS: Mapping[type[Node], Write] = {
    Constant: _constant,
    Broken: _broken,
    Name: _name,
    Local: _local,
    Member: _member,
    Negation: _negation,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Logic: _logic,
    Between: _between,
    Passes: _passes,
    Let: _let,
    If: _if,
    Items: _items,
    Span: _span,
    InstanceOf: _instance_of,
}
