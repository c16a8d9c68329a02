"""The grammar: from a text and its scope to a typed tree."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

from kingpost.expressions import builder, judgement, phrases
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
    AnyType,
    NullType,
    RangeType,
    Type,
)
from kingpost.expressions.library.moments import read_moment
from kingpost.expressions.library.registry import BUILTINS
from kingpost.expressions.reader import (
    KEYWORDS,
    NESTING_MAX,
    Bound,
    Given,
    Names,
    Part,
    Provided,
    Reader,
    index_of,
    match_name,
)
from kingpost.expressions.tree import (
    Broken,
    Builtin,
    Comparison,
    Constant,
    InstanceOf,
    Let,
    Local,
    Logic,
    Name,
    Node,
    Place,
    Sign,
    Span,
)
from kingpost.expressions.value import DECIMAL, FailureError, Months

_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_OPERATOR = re.compile(r"\*\*|[-+*/]|<=|>=|!=|[=<>]|(?:and|or|between|in|instance\s+of)\b")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_TEST = re.compile(r"<=|>=|!=|[=<>]")
_ARGUMENT = re.compile(r"([^\W\d][\w '-]{0,60}?)\s*:")
_POWER: Mapping[str, int] = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6, "instance of": 7,
}  # fmt: skip
_OPERAND = 4
_END_OF_RANGE = frozenset(",)]}=<>!") | {""}
_MOMENT_TYPES = {"date": DATE, "datetime": DATE_TIME, "time": TIME, "timedelta": DURATION}
LIBRARY = Names.of({name: Provided() for name in BUILTINS})

Open: TypeAlias = Literal["[", "(", "]"]


def new_reader(text: str, scope: Mapping[str, Type]) -> Reader:
    """Prepare to read a text in a scope."""
    given = {name: Given(kind) for name, kind in scope.items()}
    return Reader(text, levels=[LIBRARY, Names.of(given)])


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
    left = _unary(reader)
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
            return builder.make_logic(reader, sign, left, right)
        case "between":
            low = parse_binary(reader, _OPERAND)
            reader.expect_word("and")
            return builder.make_between(reader, left, low, parse_binary(reader, _OPERAND))
        case "in":
            return _membership(reader, left)
        case "instance of":
            wanted = phrases.read_type(reader)
            at = builder.place(reader, left.at.start, reader.at, (left,))
            return InstanceOf(left, wanted, at, YES_NO)
        case "=" | "!=" | "<" | "<=" | ">" | ">=":
            right = parse_binary(reader, _OPERAND)
            return builder.make_compare(reader, sign, left, right)
        case _:
            right = parse_binary(reader, _POWER[sign] + 1)
            return builder.make_arithmetic(reader, cast("Sign", sign), left, right)


def _unary(reader: Reader) -> Node:
    reader.skip()
    start = reader.at
    if reader.take("-"):
        reader.nesting += 1
        if reader.nesting > NESTING_MAX:
            reader.stop("the expression is nested too deeply", "Split it into smaller rules.")
        node = builder.make_negation(reader, _unary(reader), start)
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
            at = builder.place(reader, node.at.start, reader.at, (node, *arguments))
            node = builder.make_invoke(reader, node, arguments, names, at)
        else:
            return node


def _closes_range(reader: Reader) -> bool:
    """Tell whether the bracket that comes next ends a range, as in `[1..5[`."""
    probe = Reader(reader.text, at=reader.at + 1)
    return probe.next() in _END_OF_RANGE or probe.word() in KEYWORDS - {"true", "false", "null"}


def _member(reader: Reader, base: Node) -> Node:
    reader.skip()
    members = judgement.members_of(base.type)
    known = members if members is not None else reader.known_parts | judgement.PROPERTY_NAMES
    found = match_name(reader.text, reader.at, index_of(known).get(reader.word(), ()))
    if found is None:
        word = reader.word() if members is None else reader.wide_word()
        if not word:
            reader.stop(f"expected a field, found {reader.found()}", "Write a field's name.")
        found = (word, reader.at + len(word))
    reader.at = found[1]
    return builder.make_member(reader, base, found[0], reader.at)


def _filter(reader: Reader, base: Node) -> Node:
    slot = reader.slot()
    item = judgement.item_of(base.type)
    members = builder.item_members(item)
    parts = {name: Part(slot, item, kind) for name, kind in members.items()}
    whole = Bound(slot, item)
    loose = whole if isinstance(item, AnyType | NullType) else None
    reader.levels.append(Names.of({"item": whole, **parts}, loose))
    test = parse(reader)
    del reader.levels[-1]
    reader.expect("]")
    return builder.make_filter(reader, base, slot, test, reader.at)


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
    number = _NUMBER.match(reader.text, start)
    if number is not None:
        return _number(reader, number)
    match reader.next():
        case '"':
            text = phrases.read_text(reader)
            return Constant(text, Place(start, reader.at), TEXT)
        case "@":
            return _moment(reader)
        case "{":
            reader.at += 1
            return phrases.read_context(reader, parse)
        case "[" | "(" | "]" as opening:
            reader.at += 1
            return _bracket(reader, opening, start)
        case "<" | ">" | "=" | "!" if _TEST.match(reader.text, start):
            return _open_range(reader, start)
        case _:
            return _word(reader, start)


def _number(reader: Reader, number: re.Match[str]) -> Node:
    reader.at = number.end()
    at = Place(number.start(), number.end())
    try:
        return Constant(DECIMAL.create_decimal(number[0]), at, NUMBER)
    except ArithmeticError:
        message = f"`{number[0][:40]}` is too large a number"
        reader.report(at.start, at.end, message, "Write a number below 1e6144.")
        return Broken(message, at, NUMBER)


def _moment(reader: Reader) -> Node:
    start = reader.at
    reader.at += 1
    if not reader.sees('"'):
        reader.stop(f"expected a text after `@`, found {reader.found()}", 'Write `@"2026-03-01"`.')
    text = phrases.read_text(reader)
    at = Place(start, reader.at)
    try:
        value = read_moment(text)
    except FailureError as error:
        help_ = 'Write a date, time or duration such as `@"2026-03-01"`.'
        reader.report(at.start, at.end, str(error), help_)
        return Broken(str(error), at, ANY)
    kind = MONTHS if isinstance(value, Months) else _MOMENT_TYPES[type(value).__name__]
    return Constant(value, at, kind)


def _open_range(reader: Reader, start: int) -> Node:
    """Read `> 5` where a value is expected: a range that is open on one side."""
    sign = _TEST.match(reader.text, start)
    assert sign is not None
    reader.at = sign.end()
    end = parse_binary(reader, _OPERAND)
    at = builder.place(reader, start, end.at.end, (end,))
    kind = RangeType(end.type)
    match sign[0]:
        case "<" | "<=":
            return Span(None, end, False, sign[0] == "<=", False, at, kind)  # noqa: FBT003 - as the fields stand
        case ">" | ">=":
            return Span(end, None, sign[0] == ">=", False, False, at, kind)  # noqa: FBT003 - as the fields stand
        case _:
            return Span(end, end, True, True, sign[0] == "!=", at, kind)  # noqa: FBT003 - as the fields stand


def _bracket(reader: Reader, opening: str, start: int) -> Node:
    """Read a list, a range or a part in parentheses."""
    if opening == "[" and reader.take("]"):
        return builder.make_items(reader, (), start, reader.at)
    first = parse(reader)
    if reader.take(".."):
        return _range(reader, first, opening, start)
    if opening == "]":
        reader.stop(f"expected `..`, found {reader.found()}", "Write a range such as `]1..5[`.")
    if opening == "(":
        reader.expect(")")
        return phrases.moved(first, start, reader.at)
    items = [first]
    while not reader.take("]"):
        reader.expect(",")
        items.append(parse(reader))
    return builder.make_items(reader, tuple(items), start, reader.at)


def _range(reader: Reader, low: Node, opening: str, start: int) -> Node:
    high = parse(reader)
    closing = reader.next()
    if closing not in {"]", ")", "["}:
        reader.stop(f"expected `]` or `)`, found {reader.found()}", "Close the range.")
    reader.at += 1
    at = builder.place(reader, start, reader.at, (low, high))
    if not judgement.sizable(low.type, high.type):
        message = "the ends of a range must be of one type that has an order"
        reader.report(at.start, at.end, message, "Write a range such as `[1..5]`.")
    kind = RangeType(judgement.joined((low, high)))
    return Span(low, high, opening == "[", closing == "]", False, at, kind)  # noqa: FBT003 - as the fields stand


def _word(reader: Reader, start: int) -> Node:
    word = reader.word()
    match word:
        case "":
            reader.stop(f"expected a value, found {reader.found()}")
        case "true" | "false":
            reader.at += len(word)
            return Constant(word == "true", Place(start, reader.at), YES_NO)
        case "null":
            reader.at += len(word)
            return Constant(None, Place(start, reader.at), NULL)
        case _:
            pass
    found = reader.resolve()
    if found is None or word in KEYWORDS | {"function"}:
        return _phrase(reader, word, start)
    name, binding, reader.at = found
    at = Place(start, reader.at)
    match binding:
        case Given(kind):
            reader.reads[name] += 1
            return Name(name, at, kind)
        case Bound(slot, kind):
            return Local(slot, at, kind)
        case Part(slot, item, _):
            return builder.make_member(reader, Local(slot, at, item), name, reader.at)
        case Provided():
            return _library(reader, name, start)


def _phrase(reader: Reader, word: str, start: int) -> Node:
    """Read what begins with a word that is no name in scope."""
    if word in {"if", "for", "some", "every", "function"}:
        reader.at += len(word)
    match word:
        case "if":
            return phrases.read_if(reader, parse)
        case "for":
            return phrases.read_for(reader, parse)
        case "some" | "every":
            return phrases.read_quantified(reader, parse, word)
        case "function":
            return phrases.read_function(reader, parse)
        case _ if word in KEYWORDS:
            reader.stop(f"expected a value, found `{word}`")
        case _:
            return _unknown(reader, start)


def _unknown(reader: Reader, start: int) -> Node:
    item = reader.loose_item()
    if item is not None:
        word = reader.word()
        reader.at += len(word)
        whole = Local(item.slot, Place(start, start), item.type)
        return builder.make_member(reader, whole, word, reader.at)
    word = reader.wide_word()
    reader.at += len(word)
    return builder.make_unknown(reader, word, start)


def _library(reader: Reader, name: str, start: int) -> Node:
    if not reader.take("("):
        return Builtin(name, Place(start, reader.at), ANY)
    arguments, names = _arguments(reader)
    at = builder.place(reader, start, reader.at, arguments)
    if name in {"now", "today"} and not arguments:
        reader.reads["now"] += 1
    return builder.make_call(reader, name, arguments, names, at)


def _membership(reader: Reader, operand: Node) -> Node:
    """Read what follows `in`: one test, or several in parentheses."""
    slot = reader.slot()
    reader.levels.append(Names.of({"?": Bound(slot, operand.type)}))
    subject = Local(slot, operand.at, operand.type)
    reader.skip()
    tests = _tests_in_parentheses(reader, subject) or [parse_test(reader, subject)]
    del reader.levels[-1]
    node = either(reader, tests)
    return Let(slot, operand, node, builder.around(reader, operand, node), YES_NO)


def _tests_in_parentheses(reader: Reader, subject: Node) -> list[Node]:
    """Read `(a, b, c)` or the range `(a..b)`; nothing when no parenthesis comes next."""
    start = reader.at
    if not reader.take("("):
        return []
    count = len(reader.problems)
    sign, node = _read_test(reader)
    if sign is None and reader.take(".."):
        del reader.problems[count:]
        bounds = _range(reader, node, "(", start)
        return [builder.make_passes(reader, subject, bounds, bounds.at)]
    tests = [_make_test(reader, subject, sign, node)]
    while reader.take(","):
        tests.append(parse_test(reader, subject))
    reader.expect(")")
    return tests


def parse_test(reader: Reader, subject: Node) -> Node:
    """Read one positive unary test of a subject.

    Source: OMG DMN 1.5, 10.3.1.2, rules 7 to 15, unary tests.
    """
    return _make_test(reader, subject, *_read_test(reader))


def _read_test(reader: Reader) -> tuple[Comparison | None, Node]:
    reader.skip()
    sign = _TEST.match(reader.text, reader.at)
    if sign is not None:
        reader.at = sign.end()
        return cast("Comparison", sign[0]), parse_binary(reader, _OPERAND)
    return None, parse(reader)


def _make_test(reader: Reader, subject: Node, sign: Comparison | None, node: Node) -> Node:
    if sign is not None:
        return builder.make_compare(reader, sign, subject, node)
    if _asks(reader, node):
        builder.expect_type(reader, node, YES_NO, "a test with `?`")
        return node
    return builder.make_passes(reader, subject, node, node.at)


def _asks(reader: Reader, node: Node) -> bool:
    """Tell whether a test names its subject itself."""
    text = reader.text[node.at.start : node.at.end]
    return "?" in _QUOTED.sub("", text)


def either(reader: Reader, tests: list[Node]) -> Node:
    """Return the test that is passed when one of the tests is."""
    if len(tests) == 1:
        return tests[0]
    start, end = tests[0].at.start, tests[-1].at.end
    return Logic("or", tuple(tests), builder.place(reader, start, end, tests), YES_NO)
