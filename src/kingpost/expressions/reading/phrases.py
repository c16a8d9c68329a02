"""The longer phrases: `if`, `for`, `some`, `every`, `function`, contexts and type names."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from kingpost.expressions.judgement import item_of
from kingpost.expressions.kinds import (
    ANY,
    DATE,
    DATE_TIME,
    DURATION,
    MONTHS,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    YES_NO,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
)
from kingpost.expressions.reading.builder import expect_type, make_if, origin_of, place
from kingpost.expressions.reading.literals import read_text
from kingpost.expressions.reading.reader import Bound, Names, Reader, index_of, match_name
from kingpost.expressions.tree import (
    Binder,
    Definition,
    Entry,
    For,
    Group,
    Node,
    Parameter,
    Quantified,
)
from kingpost.values.nearest import nearest

Parse: TypeAlias = Callable[[Reader], Node]

_BINDER = re.compile(r"([^\s(){}\[\],\"][^(){}\[\],\"]{0,99}?)\s+in\b")
_KEY = re.compile(r"([^\s(){}\[\],\":][^(){}\[\],\":]{0,99}?)\s*:")
_PARAMETER = re.compile(r"([^\s(){}\[\],\":][^(){}\[\],\":]{0,99}?)\s*(?=[:,)])")
_PLAIN_TYPES = {
    "years and months duration": MONTHS,
    "days and time duration": DURATION,
    "date and time": DATE_TIME,
    "number": NUMBER,
    "string": TEXT,
    "boolean": YES_NO,
    "date": DATE,
    "time": TIME,
    "Any": ANY,
    "Null": NULL,
}


def read_if(reader: Reader, parse: Parse) -> Node:
    """Read `if a then b else c`, of which the cursor has passed the first word."""
    start = reader.at - 2
    condition = parse(reader)
    reader.expect_word("then")
    then = parse(reader)
    reader.expect_word("else")
    return make_if(reader, condition, then, parse(reader), start)


def read_for(reader: Reader, parse: Parse) -> Node:
    """Read `for x in a, y in b return c`."""
    start = reader.at - 3
    depth = len(reader.levels)
    binders = _read_binders(reader, parse)
    reader.expect_word("return")
    partial = reader.slot()
    reader.levels.append(Names.of({"partial": Bound(partial, ListType(ANY))}))
    body = parse(reader)
    del reader.levels[depth:]
    at = place(reader, start, body.at.end, (*_sources(binders), body))
    read = "partial" in reader.text[body.at.start : body.at.end]
    return For(binders, body, partial if read else None, at, ListType(body.type))


def read_quantified(reader: Reader, parse: Parse, word: Literal["some", "every"]) -> Node:
    """Read `some x in a satisfies b`."""
    start = reader.at - len(word)
    depth = len(reader.levels)
    binders = _read_binders(reader, parse)
    reader.expect_word("satisfies")
    body = parse(reader)
    del reader.levels[depth:]
    expect_type(reader, body, YES_NO, f"`{word}`")
    at = place(reader, start, body.at.end, (*_sources(binders), body))
    return Quantified(word, binders, body, at, YES_NO)


def _sources(binders: tuple[Binder, ...]) -> list[Node]:
    ends = [binder.end for binder in binders if binder.end is not None]
    return [*(binder.source for binder in binders), *ends]


def _read_binders(reader: Reader, parse: Parse) -> tuple[Binder, ...]:
    binders: list[Binder] = []
    while True:
        reader.skip()
        name = _BINDER.match(reader.text, reader.at)
        if name is None:
            reader.stop(f"expected a name and `in`, found {reader.found()}", "Write `x in list`.")
        reader.at = name.end()
        source = parse(reader)
        end = parse(reader) if reader.take("..") else None
        slot = reader.slot()
        walked = source.type.of if isinstance(source.type, RangeType) else item_of(source.type)
        item = walked if end is None else source.type
        binders.append(Binder(slot, source, end))
        reader.levels.append(
            Names.of({" ".join(name[1].split()): Bound(slot, item, origin_of(source))})
        )
        if not reader.take(","):
            return tuple(binders)


def read_context(reader: Reader, parse: Parse) -> Node:
    """Read `{a: 1, b: a + 1}`, of which the cursor has passed the brace."""
    start = reader.at - 1
    depth = len(reader.levels)
    entries: list[Entry] = []
    seen: set[str] = set()
    while not reader.take("}"):
        if entries:
            reader.expect(",")
        entry = _read_entry(reader, parse)
        if entry.name in seen:
            at = entry.value.at
            message = f"`{entry.name}` is named twice"
            reader.report(at.start, at.end, message, "Give each entry a name of its own.")
        seen.add(entry.name)
        entries.append(entry)
        reader.levels.append(Names.of({entry.name: Bound(entry.slot, entry.value.type)}))
    del reader.levels[depth:]
    reader.known_parts |= seen
    kind = ContextType({entry.name: entry.value.type for entry in entries})
    at = place(reader, start, reader.at, [entry.value for entry in entries])
    return Group(tuple(entries), at, kind)


def _read_entry(reader: Reader, parse: Parse) -> Entry:
    reader.skip()
    if reader.next() in {'"', "'"}:
        name = read_text(reader)
        reader.expect(":")
    else:
        key = _KEY.match(reader.text, reader.at)
        if key is None:
            reader.stop(f"expected a name and `:`, found {reader.found()}", "Write `name: value`.")
        name = " ".join(key[1].split())
        reader.at = key.end()
    return Entry(name, reader.slot(), parse(reader))


def read_function(reader: Reader, parse: Parse) -> Node:
    """Read `function(x: number, y) x + y`, of which the cursor has passed the first word."""
    start = reader.at - len("function")
    reader.expect("(")
    parameters: list[Parameter] = []
    while not reader.take(")"):
        if parameters:
            reader.expect(",")
        parameters.append(_read_parameter(reader))
    reader.levels.append(Names.of({one.name: Bound(one.slot, one.type) for one in parameters}))
    if reader.sees_word("external"):
        reader.stop("functions of another language are not run here", "Write the function here.")
    body = parse(reader)
    del reader.levels[-1]
    kind = FunctionType(tuple(one.type for one in parameters), body.type)
    at = place(reader, start, body.at.end, (body,))
    return Definition(tuple(parameters), body, at, kind)


def _read_parameter(reader: Reader) -> Parameter:
    reader.skip()
    name = _PARAMETER.match(reader.text, reader.at)
    if name is None:
        reader.stop(f"expected the name of a parameter, found {reader.found()}")
    reader.at = name.end()
    kind = read_type(reader) if reader.take(":") else ANY
    return Parameter(" ".join(name[1].split()), reader.slot(), kind)


def read_type(reader: Reader) -> Type:
    """Read the name of a type, such as `list<number>` or one that was declared."""
    reader.skip()
    declared = match_name(reader.text, reader.at, index_of(reader.types).get(reader.word(), ()))
    if declared is not None:
        reader.at = declared[1]
        return reader.types[declared[0]]
    for word, kind in _PLAIN_TYPES.items():
        words = re.compile(r"\s+".join(word.split()) + r"\b")
        reader.skip()
        match = words.match(reader.text, reader.at)
        if match:
            reader.at = match.end()
            return kind
    word = reader.word()
    reader.nesting += 1
    if word not in {"list", "range", "context", "function"} or reader.nesting > 40:  # noqa: PLR2004 - far above any real type
        close = nearest(
            word, [*reader.types, *_PLAIN_TYPES, "list", "range", "context", "function"]
        )
        help_ = f"Write `{close or 'number'}`."
        reader.stop(f"{reader.found()} is not a type", help_)
    reader.at += len(word)
    found = _read_wide_type(reader, word)
    reader.nesting -= 1
    return found


def _read_wide_type(reader: Reader, word: str) -> Type:
    if word == "context":
        return ContextType(_read_members(reader) if reader.take("<") else {})
    if word == "function":
        reader.expect("<")
        parameters: list[Type] = []
        while not reader.take(">"):
            if parameters:
                reader.expect(",")
            parameters.append(read_type(reader))
        reader.expect("->")
        return FunctionType(tuple(parameters), read_type(reader))
    inner: Type = ANY
    if reader.take("<"):
        inner = read_type(reader)
        reader.expect(">")
    return ListType(inner) if word == "list" else RangeType(inner)


def _read_members(reader: Reader) -> dict[str, Type]:
    members: dict[str, Type] = {}
    while not reader.take(">"):
        if members:
            reader.expect(",")
        reader.skip()
        key = _KEY.match(reader.text, reader.at)
        if key is None:
            reader.stop(f"expected a name and `:`, found {reader.found()}", "Write `name: type`.")
        reader.at = key.end()
        members[" ".join(key[1].split())] = read_type(reader)
    return members


def moved(node: Node, start: int, end: int) -> Node:
    """Return a node with its place widened, as by parentheses."""
    return replace(node, at=replace(node.at, start=start, end=end))
