"""Boxes at work: contexts, lists, relations, functions, invocations, conditions and walks."""

from collections.abc import Callable
from typing import TypeAlias

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    Function,
    FunctionType,
    ListType,
    Type,
    Value,
    YesNoType,
    compile_leniently,
)
from kingpost.expressions.judgement import item_of
from kingpost.expressions.kinds import join
from kingpost.expressions.operators import kind_of
from kingpost.expressions.value import FailureError, Run
from kingpost.rules.logic import (
    BoxedContext,
    BoxedList,
    Conditional,
    Entry,
    Filter,
    FunctionDefinition,
    FunctionKind,
    Invocation,
    Iteration,
    Logic,
    Relation,
    Text,
    Variable,
)
from kingpost.rules.parts import (
    EMPTY,
    Part,
    Setting,
    compile_text,
    failing,
    typed,
    unread,
)
from kingpost.rules.session import Session, Site, Values
from kingpost.rules.shapes import ANY, Shape, conform, is_small

Build: TypeAlias = Callable[[Setting, Logic], Part]

_YES_NO = YesNoType()
_CALL_DEPTH = 8
_SOURCE, _BODY = "source", "body"
# No author can mean this name, so a filter's own text may stand beside it.
_HIDDEN = "\u01c1"


def _standing(text: str) -> Compiled:
    """Compile an expression of our own over a source and a body, so that FEEL says how to walk."""
    found = compile_leniently(text, {_SOURCE: ANY, _BODY: ANY})
    assert isinstance(found, Compiled)
    return found


_PICK = _standing("source[body(item)]")
_WALKS = {
    "for": _standing("for x in source return body(x, partial)"),
    "some": _standing("some x in source satisfies body(x)"),
    "every": _standing("every x in source satisfies body(x)"),
}


def optional(setting: Setting, logic: Logic | None, build: Build) -> Part:
    """Build logic that may be left out."""
    return EMPTY if logic is None else build(setting, logic)


def build_context(setting: Setting, box: BoxedContext, build: Build) -> Part:
    """Build a context, of which each entry may read those before it; a result cell is its value."""
    known: dict[str, Type] = {}
    entries: list[tuple[str, Part]] = []
    for entry in box.entries:
        name = entry.variable.name if entry.variable else ""
        if name in known:
            setting.fault(
                f"`{name}` is named twice", "Give each entry a name of its own.", entry.at
            )
            return failing(setting.site, f"`{name}` is named twice")
        inside = setting.inside(f"entry `{name}`" if name else "the result", entry.at, known)
        part = _entry(inside, entry, build)
        entries.append((name, part))
        if name:
            known[name] = part.type if is_small(part.type) else ANY
    return _context(entries, known)


def _entry(setting: Setting, entry: Entry, build: Build) -> Part:
    part = optional(setting, entry.value, build)
    return typed(setting, entry.variable.head.type, part) if entry.variable else part


def _context(entries: list[tuple[str, Part]], known: dict[str, Type]) -> Part:
    works = [(name, part.work) for name, part in entries]

    def work(session: Session, values: Values) -> Value:
        session.run.spend(len(works))
        inner, group = dict(values), dict[str, Value]()
        for name, entry in works:
            found = entry(session, inner)
            if not name:
                return found
            inner[name] = group[name] = found
        return group

    results = [part.type for name, part in entries if not name]
    return Part(work, results[0] if results else ContextType(known))


def build_list(setting: Setting, box: BoxedList, build: Build) -> Part:
    """Build a list of values."""
    parts = [
        build(setting.inside(f"item {number}", item.at), item)
        for number, item in enumerate(box.items, 1)
    ]
    works = [part.work for part in parts]

    def work(session: Session, values: Values) -> Value:
        session.run.spend(len(works))
        return [item(session, values) for item in works]

    return Part(work, ListType(_common(parts)))


def _common(parts: list[Part]) -> Type:
    if not parts:
        return ANY
    found = parts[0].type
    for part in parts[1:]:
        found = join(found, part.type)
    return found


def build_relation(setting: Setting, box: Relation, build: Build) -> Part:
    """Build a list of contexts from a table."""
    names = [column.name for column in box.columns]
    rows: list[list[Part]] = []
    for number, row in enumerate(box.rows, 1):
        if len(row.cells) != len(names):
            message = f"row {number} has not a cell for each column"
            setting.fault(message, "Give each column a cell.")
            return failing(setting.site, message)
        cells = zip(box.columns, row.cells, strict=True)
        rows.append([_cell(setting, number, column, cell, build) for column, cell in cells])
    works = [[part.work for part in row] for row in rows]

    def work(session: Session, values: Values) -> Value:
        session.run.spend(len(works) * len(names))
        return [
            {name: cell(session, values) for name, cell in zip(names, row, strict=True)}
            for row in works
        ]

    columns = zip(names, map(list, zip(*rows, strict=True)), strict=False)
    return Part(work, ListType(ContextType({name: _common(parts) for name, parts in columns})))


def _cell(setting: Setting, number: int, column: Variable, cell: Logic, build: Build) -> Part:
    inside = setting.inside(f"row {number}, column `{column.name}`", cell.at)
    return typed(inside, column.head.type, build(inside, cell))


def build_invocation(setting: Setting, box: Invocation, build: Build) -> Part:
    """Build a call of a function with its parameters by name."""
    function = optional(setting.inside("the function", box.at), box.function, build)
    bindings = [
        (one.parameter.name, _argument(setting, one.parameter, one.value, build))
        for one in box.bindings
    ]
    works = [(name, part.work) for name, part in bindings]

    def work(session: Session, values: Values) -> Value:
        found = function.work(session, values)
        given = {name: argument(session, values) for name, argument in works}
        return call(session, setting.site, found, given)

    kind = function.type
    return Part(work, kind.result if isinstance(kind, FunctionType) else ANY)


def _argument(setting: Setting, parameter: Variable, value: Logic | None, build: Build) -> Part:
    inside = setting.inside(f"parameter `{parameter.name}`", parameter.at)
    return typed(inside, parameter.head.type, optional(inside, value, build))


def call(session: Session, site: Site, function: Value, given: dict[str, Value]) -> Value:
    """Call a function with arguments by name; what does not fit is null with a remark."""
    if not isinstance(function, Function):
        session.remark(site, "what is called is no function")
        return None
    odd = [name for name in given if name not in function.parameters]
    if odd:
        session.remark(site, f"the function has no parameter `{odd[0]}`")
        return None
    run = session.run
    try:
        return run.invoke(function, [given.get(name) for name in function.parameters])
    except FailureError as error:
        session.remark(site, str(error))
        return None
    finally:
        if run.warnings:
            session.take(site, run.warnings)
            run.warnings = ()


def build_function(setting: Setting, box: FunctionDefinition, build: Build) -> Part:
    """Build a function that keeps the names around it."""
    shapes = [setting.shape(one.head.type) for one in box.parameters]
    names = tuple(one.name for one in box.parameters)
    kinds = tuple(shape.type for shape in shapes)
    if box.kind is not FunctionKind.FEEL:
        message = f"functions in {box.kind.value} are not run here"
        setting.fault(message, "Write the function in FEEL.", box.at)
        return failing(setting.site, message)
    around = setting.inside("the body", box.at, dict(zip(names, kinds, strict=True)))
    body = optional(around, box.body, build)

    def work(session: Session, values: Values) -> Value:
        return function_of(session, names, shapes, body, values)

    return Part(work, FunctionType(kinds, body.type))


def function_of(
    session: Session, names: tuple[str, ...], shapes: list[Shape], body: Part, values: Values
) -> Function:
    """Return a function value that evaluates a body, paid for by whoever calls it."""

    def called(run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(names):
            message = f"the function takes {len(names)} arguments, found {len(arguments)}"
            raise FailureError(message)
        passed = zip(names, arguments, shapes, strict=True)
        given = {name: conform(run, value, shape) for name, value, shape in passed}
        return paying(session, run, body, {**values, **given})

    kind = FunctionType(tuple(shape.type for shape in shapes), body.type)
    return Function(names, _CALL_DEPTH, 1 + len(values), called, kind)


def paying(session: Session, run: Run, body: Part, values: Values) -> Value:
    """Evaluate a body for a caller, who pays for it."""
    before, session.run = session.run, run
    try:
        return body.work(session, values)
    finally:
        session.run = before


def build_conditional(setting: Setting, box: Conditional, build: Build) -> Part:
    """Build a choice between two values."""
    condition = build(setting.inside("the condition", box.condition.at), box.condition)
    then = build(setting.inside("`then`", box.then.at), box.then)
    otherwise = build(setting.inside("`else`", box.otherwise.at), box.otherwise)

    def work(session: Session, values: Values) -> Value:
        found = condition.work(session, values)
        if found is not None and not isinstance(found, bool):
            session.remark(setting.site, f"the condition is {kind_of(found)}")
            return None
        return (then if found else otherwise).work(session, values)

    return Part(work, join(then.type, otherwise.type))


def build_filter(setting: Setting, box: Filter, build: Build) -> Part:
    """Build the picking of items; the test reads `item` and the members of the item."""
    source = build(setting.inside("the list", box.source.at), box.source)
    if isinstance(box.test, Text):
        return _filter_by_text(setting, box.test, source)
    item = item_of(source.type)
    members = dict(item.members) if isinstance(item, ContextType) else {}
    inside = setting.inside("the test", box.test.at, {**members, "item": item})
    test = build(inside, box.test)

    def work(session: Session, values: Values) -> Value:
        def holds(run: Run, arguments: list[Value]) -> Value:
            (one,) = arguments
            lent = one if isinstance(one, dict) else {}
            return paying(session, run, test, {**values, **lent, "item": one})

        body = Function(("item",), _CALL_DEPTH, 1, holds)
        return _walked(session, setting.site, _PICK, source.work(session, values), body)

    return Part(work, ListType(item))


def _filter_by_text(setting: Setting, test: Text, source: Part) -> Part:
    """Let the language itself filter, since it knows the members of items that have no type."""
    inside = setting.inside("the test", test.at, {"item": ANY})
    if not test.text.strip():
        return failing(inside.site, "the filter has no test")
    alone = compile_leniently(test.text, inside.scope, inside.types())
    if isinstance(alone, tuple):
        return unread(inside, alone[-1:])
    around = inside.inside("", test.at, {_HIDDEN: source.type})
    whole = compile_text(around, Text(f"{_HIDDEN}[{test.text}\n]", at=test.at))

    def work(session: Session, values: Values) -> Value:
        return whole.work(session, {**values, _HIDDEN: source.work(session, values)})

    return Part(work, whole.type)


def _walked(session: Session, site: Site, walk: Compiled, source: Value, body: Function) -> Value:
    value, problems = walk.within(session.run, {_SOURCE: source, _BODY: body})
    session.take(site, problems)
    return value


def build_iteration(setting: Setting, box: Iteration, build: Build) -> Part:
    """Build `for`, `some` or `every` over a list or a range.

    Source: OMG DMN 1.5, 10.3.2.14; a condition that is neither yes nor no has no answer.
    """
    source = build(setting.inside("the list", box.source.at), box.source)
    kind = source.type
    item = ANY if isinstance(kind, AnyType) else getattr(kind, "of", kind)
    names: dict[str, Type] = {"partial": ListType(ANY), box.variable: item}
    body = build(setting.inside(f"`{box.word}`", box.body.at, names), box.body)

    asks = box.word != "for"

    def work(session: Session, values: Values) -> Value:
        odd: list[Value] = []

        def each(run: Run, arguments: list[Value]) -> Value:
            given = dict(zip((box.variable, "partial"), arguments, strict=False))
            value = paying(session, run, body, {**values, **given})
            if asks and value is not None and not isinstance(value, bool):
                odd.append(value)
            return value

        walked = source.work(session, values)
        parameters = (box.variable,) if asks else (box.variable, "partial")
        function = Function(parameters, _CALL_DEPTH, 1, each)
        found = _walked(session, setting.site, _WALKS[box.word], walked, function)
        if odd:
            session.remark(setting.site, f"`{box.word}` expects yes/no, found {kind_of(odd[0])}")
        return None if odd else found

    return Part(work, ListType(body.type) if box.word == "for" else _YES_NO)
