"""Iteration as generated code: `for`, `some`, `every`, filters and contexts."""

import ast
from collections.abc import Callable, Mapping

from kingpost.expressions.generation.operations import RUN
from kingpost.expressions.generation.syntax import (
    assign,
    assign_member,
    call,
    differs,
    empty_group,
    leave,
    listed,
    loop,
    method,
    named,
    perform,
    same,
    when,
    where,
    written,
)
from kingpost.expressions.generation.writer import Write, Writer, variable
from kingpost.expressions.kinds import MoneyType, NumberType, YesNoType
from kingpost.expressions.tree import Binder, Filter, For, Group, Node, Place, Quantified

_YES, _NO, _NULL = written(value=True), written(value=False), written(None)


def _for(writer: Writer, node: For) -> ast.expr:
    return writer.apart(lambda: _for_in_place(writer, node))


def _for_in_place(writer: Writer, node: For) -> ast.expr:
    name = writer.fresh()

    def body(_done: str) -> None:
        if node.partial is not None:
            partial = variable(node.partial)
            writer.add(perform(method("run", "spend", call("count_of", named(name)))))
            writer.add(assign(partial, method(name, "copy")))
            writer.bound.append(partial)
        writer.add(perform(method(name, "append", writer.write(node.body))))

    writer.add(assign(name, listed(())))
    _walk(writer, node.binders, (name, node.at, node.body.at.size), body)
    return named(name)


def _quantified(writer: Writer, node: Quantified) -> ast.expr:
    return writer.apart(lambda: _quantified_in_place(writer, node))


def _quantified_in_place(writer: Writer, node: Quantified) -> ast.expr:
    """Answer `some` or `every` in three-valued logic, as a chain of `or` or `and`.

    Source: OMG DMN 1.5, 10.3.2.14.
    """
    name = writer.fresh()
    ends, other = (_YES, _NO) if node.word == "some" else (_NO, _YES)

    def body(done: str) -> None:
        found = writer.write(node.body)
        decided = [assign(name, ends), assign(done, _YES), leave()]
        undecided = when(differs(found, other), [assign(name, _NULL)])
        writer.add(when(same(found, ends), decided, [undecided]))

    writer.add(assign(name, other))
    _walk(writer, node.binders, (name, node.at, node.body.at.size), body)
    return named(name)


def _walk(
    writer: Writer,
    binders: tuple[Binder, ...],
    whole: tuple[str, Place, int],
    body: Callable[[str], None],
) -> None:
    """Write loops over all the combinations, the last name moving fastest.

    whole: the variable of the answer, the place of the phrase, and the steps that one turn costs.
    """
    done = writer.fresh()
    writer.add(assign(done, _NO))
    depth = len(writer.bound)
    _loops(writer, binders, (done, *whole), body)
    del writer.bound[depth:]


def _loops(
    writer: Writer,
    binders: tuple[Binder, ...],
    whole: tuple[str, str, Place, int],
    body: Callable[[str], None],
) -> None:
    done, name, at, cost = whole
    binder, rest = binders[0], binders[1:]
    source = _source(writer, binder, at)
    item = variable(binder.slot)
    writer.bound.append(item)
    with writer.inside_loop() as block:
        writer.add(perform(method("run", "spend", written(1 if rest else cost))))
        if rest:
            _loops(writer, rest, whole, body)
            writer.add(when(named(done), [leave()]))
        else:
            body(done)
    failed = [assign(name, _NULL), assign(done, _YES)]
    writer.add(when(same(source, _NULL), failed, [loop(item, source, block)]))


def _source(writer: Writer, binder: Binder, at: Place) -> ast.expr:
    source = writer.write(binder.source)
    if binder.end is None:
        return writer.keep(call("each", RUN, where(at), source))
    return writer.keep(call("count", RUN, where(at), source, writer.write(binder.end)))


def _filter(writer: Writer, node: Filter) -> ast.expr:
    return writer.apart(lambda: _filter_in_place(writer, node))


def _filter_in_place(writer: Writer, node: Filter) -> ast.expr:
    """Pick the items that satisfy a condition, or the one at a position.

    Source: OMG DMN 1.5, 10.3.2.5, filters count from 1, and from the end when negative.
    """
    items = writer.keep(call("as_list", writer.write(node.base)))
    if isinstance(node.test.type, NumberType | MoneyType):
        return _position(writer, node, items)
    if isinstance(node.test.type, YesNoType):
        return _picked(writer, node, items, items)
    tried = writer.keep(call("or_nothing", items))
    found = _picked(writer, node, items, tried)
    return writer.keep(call("of_items", items, found))


def _position(writer: Writer, node: Filter, items: ast.expr) -> ast.expr:
    item = variable(node.slot)
    writer.add(assign(item, call("first", items)))
    with writer.binding(item):
        position = writer.write(node.test)
    return writer.keep(call("pick", RUN, where(node.at), items, position))


def _picked(writer: Writer, node: Filter, items: ast.expr, tried: ast.expr) -> ast.expr:
    name, item = writer.fresh(), variable(node.slot)
    writer.add(assign(name, listed(())))
    with writer.inside_loop() as block, writer.binding(item):
        writer.add(perform(method("run", "spend", written(node.test.at.size))))
        found = writer.write(node.test)
        doubt = perform(call("doubt_item", RUN, where(node.test.at), items))
        chosen = call("pick", RUN, where(node.at), items, found)
        other = when(same(found, _NULL), [doubt], [assign(name, chosen), leave()])
        kept = perform(method(name, "append", named(item)))
        writer.add(when(same(found, _YES), [kept], [when(differs(found, _NO), [other])]))
    writer.add(loop(item, tried, block))
    return named(name)


def _group(writer: Writer, node: Group) -> ast.expr:
    """Make a context; each entry may read those before it."""
    if len({entry.name for entry in node.entries}) < len(node.entries):
        return writer.keep(call("fail", RUN, where(node.at), written("an entry is named twice")))
    name = writer.fresh()
    writer.add(assign(name, empty_group()))
    depth = len(writer.bound)
    for entry in node.entries:
        item = variable(entry.slot)
        writer.add(assign(item, writer.write(entry.value)))
        writer.add(assign_member(name, entry.name, named(item)))
        writer.bound.append(item)
    del writer.bound[depth:]
    return named(name)


ITERATION: Mapping[type[Node], Write] = {
    For: _for,
    Quantified: _quantified,
    Filter: _filter,
    Group: _group,
}
