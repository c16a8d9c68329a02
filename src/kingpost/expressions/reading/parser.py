"""The grammar: from a text and its scope to a typed tree."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

from kingpost.expressions.functions.registry import BUILTINS
from kingpost.expressions.judgement import PROPERTY_NAMES, item_members, item_of, members_of
from kingpost.expressions.kinds import (
    ANY,
    NULL,
    TEXT,
    YES_NO,
    AnyType,
    NullType,
    Scope,
)
from kingpost.expressions.reading.builder import (
    make_arithmetic,
    make_between,
    make_call,
    make_compare,
    make_filter,
    make_invoke,
    make_logic,
    make_member,
    make_negation,
    make_unknown,
    origin_of,
    place,
)
from kingpost.expressions.reading.literals import read_at, read_number
from kingpost.expressions.reading.phrases import (
    read_context,
    read_for,
    read_function,
    read_if,
    read_quantified,
    read_text,
    read_type,
)
from kingpost.expressions.reading.reader import (
    KEYWORDS,
    NESTING_MAX,
    Binding,
    Bound,
    Given,
    Names,
    Part,
    Provided,
    Reader,
    index_of,
    match_name,
)
from kingpost.expressions.reading.unary import (
    TEST,
    Grammar,
    read_bracket,
    read_membership,
    read_open_range,
)
from kingpost.expressions.tree import (
    Broken,
    Builtin,
    Constant,
    InstanceOf,
    Local,
    Member,
    Name,
    Node,
    Place,
    Sign,
)

_OPERATOR = re.compile(r"\*\*|[-+*/]|<=|>=|!=|[=<>]|(?:and|or|between|in|instance\s+of)\b")
_ARGUMENT = re.compile(r"([^\W\d][\w '-]{0,60}?)\s*:")
_POWER: Mapping[str, int] = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6, "instance of": 7,
}  # fmt: skip
_OPERAND = 4
_END_OF_RANGE = frozenset(",)]}=<>!") | {""}
_WRITTEN: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
LIBRARY = Names.of({name: Provided() for name in BUILTINS})

Open: TypeAlias = Literal["[", "(", "]"]


def new_reader(text: str, scope: Scope, types: Scope) -> Reader:
    """Prepare to read a text in a scope, with the declared types that it may name."""
    given = {name: Given(kind) for name, kind in scope.items()}
    return Reader(text, types=types, levels=[LIBRARY, Names.of(given)])


def parse_whole(reader: Reader) -> Node:
    """Read the whole text as one expression. Raises SyntaxProblemError."""
    node = parse(reader)
    reader.skip()
    if reader.at < len(reader.text):
        reader.stop(f"expected an operator or the end, found {reader.found()}")
    return node


def parse(reader: Reader) -> Node:
    """Read one expression. Raises SyntaxProblemError.

    Source: OMG DMN 1.5, 10.3.1.2, the grammar of FEEL.
    """
    reader.nesting += 1
    if reader.nesting > NESTING_MAX:
        reader.stop("the expression is nested too deeply", "Split it into smaller rules.")
    node = parse_binary(reader, 1)
    reader.nesting -= 1
    return node


def parse_binary(reader: Reader, power: int) -> Node:
    """Read operands joined by operators that bind at least as strongly as `power`."""
    return _joined(reader, _unary(reader), power)


def _joined(reader: Reader, left: Node, power: int) -> Node:
    while True:
        reader.skip()
        match = _OPERATOR.match(reader.text, reader.at)
        sign = " ".join(match[0].split()) if match else ""
        if match is None or _POWER[sign] < power:
            return left
        reader.at = match.end()
        left = _join(reader, left, sign)


def _join(reader: Reader, left: Node, sign: str) -> Node:
    match sign:
        case "and" | "or":
            right = parse_binary(reader, _POWER[sign] + 1)
            return make_logic(reader, sign, left, right)
        case "between":
            low = parse_binary(reader, _OPERAND)
            reader.expect_word("and")
            return make_between(reader, left, low, parse_binary(reader, _OPERAND))
        case "in":
            return read_membership(reader, GRAMMAR, left)
        case "instance of":
            wanted = read_type(reader)
            at = place(reader, left.at.start, reader.at, (left,))
            return InstanceOf(left, wanted, at, YES_NO)
        case "=" | "!=" | "<" | "<=" | ">" | ">=":
            if reader.sees("="):
                reader.stop("expected a value, found `=`", "Write `=` once.")
            right = parse_binary(reader, _OPERAND)
            return make_compare(reader, sign, left, right)
        case _:
            right = parse_binary(reader, _POWER[sign] + 1)
            return make_arithmetic(reader, cast("Sign", sign), left, right)


def _unary(reader: Reader) -> Node:
    reader.skip()
    start = reader.at
    if reader.take("-"):
        reader.nesting += 1
        if reader.nesting > NESTING_MAX:
            reader.stop("the expression is nested too deeply", "Split it into smaller rules.")
        node = make_negation(reader, _unary(reader), start)
        reader.nesting -= 1
        return node
    return _postfix(reader, _primary(reader))


def _postfix(reader: Reader, node: Node) -> Node:
    while True:
        reader.skip()
        ahead = reader.text[reader.at : reader.at + 2]
        if ahead.startswith(".") and ahead != "..":
            reader.at += 1
            node = _member(reader, node)
        elif ahead.startswith("[") and not _closes_range(reader):
            reader.at += 1
            node = _filter(reader, node)
        elif ahead.startswith("("):
            reader.at += 1
            arguments, names = _arguments(reader)
            at = place(reader, node.at.start, reader.at, (node, *arguments))
            node = make_invoke(reader, node, arguments, names, at)
        else:
            return node


def _closes_range(reader: Reader) -> bool:
    """Tell whether the bracket that comes next ends a range, as in `[1..5[`."""
    probe = Reader(reader.text, at=reader.at + 1)
    if probe.next() == ".":
        return not reader.text[probe.at + 1 : probe.at + 2].isdigit()
    return probe.next() in _END_OF_RANGE or probe.word() in KEYWORDS - {"true", "false", "null"}


def _member(reader: Reader, base: Node) -> Node:
    reader.skip()
    members = members_of(base.type)
    known = members if members is not None else reader.known_parts | PROPERTY_NAMES
    found = match_name(reader.text, reader.at, index_of(known).get(reader.word(), ()))
    if found is None:
        # Of what is not known nothing is computed, so a hyphen is no sign: it belongs to the name.
        is_name = members is not None or _is_broken(base)
        word = reader.wide_word() if is_name else reader.word()
        if not word:
            reader.stop(f"expected a field, found {reader.found()}", "Write a field's name.")
        found = (word, reader.at + len(word))
    reader.at = found[1]
    return make_member(reader, base, found[0], reader.at)


def _is_broken(node: Node) -> bool:
    """Tell whether a node is a name that is not known, or a part of one."""
    while isinstance(node, Member):
        node = node.base
    return isinstance(node, Broken)


def _filter(reader: Reader, base: Node) -> Node:
    slot = reader.slot()
    item = item_of(base.type)
    members = item_members(item)
    origin = origin_of(base)
    parts = {name: Part(slot, item, kind, origin) for name, kind in members.items()}
    whole = Bound(slot, item, origin)
    loose = whole if isinstance(item, AnyType | NullType) else None
    reader.levels.append(Names.of({"item": whole, **parts}, loose))
    test = parse(reader)
    del reader.levels[-1]
    reader.expect("]")
    return make_filter(reader, base, slot, test, reader.at)


def _arguments(reader: Reader) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    arguments: list[Node] = []
    names: list[str] = []
    while not reader.take(")"):
        if arguments:
            reader.expect(",")
        reader.skip()
        name = _ARGUMENT.match(reader.text, reader.at)
        if name is not None and (names or not arguments):
            names.append(" ".join(name[1].split()))
            reader.at = name.end()
        elif names:
            reader.stop(f"expected a name and `:`, found {reader.found()}", "Name each argument.")
        arguments.append(parse(reader))
    return tuple(arguments), tuple(names)


def _primary(reader: Reader) -> Node:
    start = reader.at
    number = read_number(reader)
    if number is not None:
        return number
    match reader.next():
        case '"' | "'":
            text = read_text(reader)
            return Constant(text, Place(start, reader.at), TEXT)
        case "@":
            return read_at(reader)
        case "{":
            reader.at += 1
            return read_context(reader, parse)
        case "[" | "(" | "]" as opening:
            reader.at += 1
            return read_bracket(reader, GRAMMAR, opening, start)
        case "<" | ">" | "=" | "!" if TEST.match(reader.text, start):
            return read_open_range(reader, GRAMMAR, start)
        case _:
            return _word(reader, start)


def _word(reader: Reader, start: int) -> Node:
    word = reader.word()
    if not word:
        reader.stop(f"expected a value, found {reader.found()}")
    if word in _WRITTEN:
        reader.at += len(word)
        value = _WRITTEN[word]
        return Constant(value, Place(start, reader.at), NULL if value is None else YES_NO)
    found = reader.resolve()
    if found is None or word in KEYWORDS | {"function"}:
        return _phrase(reader, word, start)
    name, binding, end = found
    calls = reader.text[end : end + 1] == "(" or not isinstance(binding, Provided)
    if not calls and reader.loose_item() is not None:
        return _unknown(reader, start)
    reader.at = end
    return _named(reader, name, binding, start)


def _named(reader: Reader, name: str, binding: Binding, start: int) -> Node:
    at = Place(start, reader.at)
    match binding:
        case Given(kind):
            reader.reads[name] += 1
            return Name(name, at, kind)
        case Bound(slot, kind, origin):
            return Local(slot, at, kind, origin)
        case Part(slot, item, _, origin):
            return make_member(reader, Local(slot, at, item, origin), name, reader.at)
        case Provided():
            return _library(reader, name, start)


def _phrase(reader: Reader, word: str, start: int) -> Node:
    """Read what begins with a word that is no name in scope."""
    if word in {"if", "for", "some", "every", "function"}:
        reader.at += len(word)
    match word:
        case "if":
            return read_if(reader, parse)
        case "for":
            return read_for(reader, parse)
        case "some" | "every":
            return read_quantified(reader, parse, word)
        case "function":
            return read_function(reader, parse)
        case _:
            pass
    if word in KEYWORDS:
        reader.stop(f"expected a value, found `{word}`")
    return _unknown(reader, start)


def _unknown(reader: Reader, start: int) -> Node:
    item = reader.loose_item()
    if item is not None:
        word = reader.word()
        reader.at += len(word)
        whole = Local(item.slot, Place(start, start), item.type, item.origin)
        return make_member(reader, whole, word, reader.at)
    word = reader.wide_word()
    reader.at += len(word)
    return make_unknown(reader, word, start)


def _library(reader: Reader, name: str, start: int) -> Node:
    if not reader.take("("):
        return Builtin(name, Place(start, reader.at), ANY)
    arguments, names = _arguments(reader)
    at = place(reader, start, reader.at, arguments)
    if name in {"now", "today"} and not arguments:
        reader.reads["now"] += 1
    return make_call(reader, name, arguments, names, at)


def _operand(reader: Reader) -> Node:
    return parse_binary(reader, _OPERAND)


def _rest_of_operand(reader: Reader, first: Node) -> Node:
    return _joined(reader, _postfix(reader, first), _OPERAND)


GRAMMAR = Grammar(parse, _operand, _rest_of_operand)
