"""Tests of a value: ranges, lists, comparisons without a left side, and what follows `in`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from kingpost.expressions.judgement import joined, sizable
from kingpost.expressions.kinds import YES_NO, RangeType
from kingpost.expressions.reading.builder import (
    around,
    expect_type,
    make_compare,
    make_items,
    make_passes,
    place,
)
from kingpost.expressions.reading.phrases import moved
from kingpost.expressions.reading.reader import Bound, Names, Reader
from kingpost.expressions.tree import Comparison, Let, Local, Logic, Node, Span

TEST = re.compile(r"<=|>=|!=|[=<>]")
_QUOTED = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*\1""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The ways to read on: a whole expression, one operand of a comparison, or the rest of one."""

    whole: Callable[[Reader], Node]
    operand: Callable[[Reader], Node]
    rest: Callable[[Reader, Node], Node]


def read_open_range(reader: Reader, grammar: Grammar, start: int) -> Node:
    """Read `> 5` where a value is expected: a range that is open on one side."""
    sign = TEST.match(reader.text, start)
    assert sign is not None
    reader.at = sign.end()
    end = grammar.operand(reader)
    at = place(reader, start, end.at.end, (end,))
    equal = sign[0] in {"=", "!="}
    return Span(
        low=end if equal or sign[0] in {">", ">="} else None,
        high=end if equal or sign[0] in {"<", "<="} else None,
        low_included=equal or sign[0] == ">=",
        high_included=equal or sign[0] == "<=",
        only=cast("Literal['=', '!=']", sign[0]) if equal else "",
        at=at,
        type=RangeType(end.type),
    )


def read_bracket(reader: Reader, grammar: Grammar, opening: str, start: int) -> Node:
    """Read a list, a range or a part in parentheses."""
    if opening == "[" and reader.take("]"):
        return make_items(reader, (), start, reader.at)
    first = grammar.whole(reader)
    if reader.take(".."):
        return _range(reader, grammar, first, opening, start)
    if opening == "]":
        reader.stop(f"expected `..`, found {reader.found()}", "Write a range such as `]1..5[`.")
    if opening == "(":
        reader.expect(")")
        return moved(first, start, reader.at)
    items = [first]
    while not reader.take("]"):
        reader.expect(",")
        items.append(grammar.whole(reader))
    return make_items(reader, tuple(items), start, reader.at)


def _range(reader: Reader, grammar: Grammar, low: Node, opening: str, start: int) -> Node:
    high = grammar.whole(reader)
    closing = reader.next()
    if closing not in {"]", ")", "["}:
        reader.stop(f"expected `]` or `)`, found {reader.found()}", "Close the range.")
    reader.at += 1
    at = place(reader, start, reader.at, (low, high))
    if not sizable(low.type, high.type):
        message = "the ends of a range must be of one type that has an order"
        reader.report(at.start, at.end, message, "Write a range such as `[1..5]`.")
    kind = RangeType(joined((low, high)))
    return Span(low, high, opening == "[", closing == "]", only="", at=at, type=kind)


def read_membership(reader: Reader, grammar: Grammar, operand: Node) -> Node:
    """Read what follows `in`: one test, or several in parentheses."""
    slot = reader.slot()
    reader.levels.append(Names.of({"?": Bound(slot, operand.type)}))
    subject = Local(slot, operand.at, operand.type)
    reader.skip()
    tests = _tests_in_parentheses(reader, grammar, subject) or [
        _lone_test(reader, grammar, subject)
    ]
    del reader.levels[-1]
    node = either(reader, tests)
    return Let(slot, operand, node, around(reader, operand, node), YES_NO)


def _tests_in_parentheses(reader: Reader, grammar: Grammar, subject: Node) -> list[Node]:
    """Read `(a, b, c)` or the range `(a..b)`; nothing when no parenthesis comes next."""
    start = reader.at
    if not reader.take("("):
        return []
    count = len(reader.problems)
    sign, node = _read_test(reader, grammar)
    if sign is None and reader.take(".."):
        del reader.problems[count:]
        bounds = _range(reader, grammar, node, "(", start)
        return [make_passes(reader, subject, bounds, bounds.at)]
    if sign is None and reader.take(")"):
        # What stands in the parentheses may be the beginning of an operand, as in `(a + b) * c`.
        node = grammar.rest(reader, moved(node, start, reader.at))
        return [_make_test(reader, subject, None, node)]
    tests = [_make_test(reader, subject, sign, node)]
    while reader.take(","):
        tests.append(parse_test(reader, grammar, subject))
    reader.expect(")")
    return tests


def _lone_test(reader: Reader, grammar: Grammar, subject: Node) -> Node:
    """Read the one test after `in`; it ends where a condition would go on with `and` or `or`."""
    sign = TEST.match(reader.text, reader.at)
    if sign is not None:
        return parse_test(reader, grammar, subject)
    return _make_test(reader, subject, None, grammar.operand(reader))


def parse_test(reader: Reader, grammar: Grammar, subject: Node) -> Node:
    """Read one positive unary test of a subject.

    Source: OMG DMN 1.5, 10.3.1.2, rules 7 to 15, unary tests.
    """
    return _make_test(reader, subject, *_read_test(reader, grammar))


def _read_test(reader: Reader, grammar: Grammar) -> tuple[Comparison | None, Node]:
    reader.skip()
    sign = TEST.match(reader.text, reader.at)
    if sign is not None:
        reader.at = sign.end()
        return cast("Comparison", sign[0]), grammar.operand(reader)
    return None, grammar.whole(reader)


def _make_test(reader: Reader, subject: Node, sign: Comparison | None, node: Node) -> Node:
    if sign is not None:
        return make_compare(reader, sign, moved(subject, node.at.start, node.at.start), node)
    if _asks(reader, node):
        expect_type(reader, node, YES_NO, "a test with `?`")
        return node
    return make_passes(reader, subject, node, node.at)


def _asks(reader: Reader, node: Node) -> bool:
    """Tell whether a test names its subject itself."""
    text = reader.text[node.at.start : node.at.end]
    return "?" in _QUOTED.sub("", text)


def either(reader: Reader, tests: list[Node]) -> Node:
    """Return the test that is passed when one of the tests is."""
    if len(tests) == 1:
        return tests[0]
    start, end = tests[0].at.start, tests[-1].at.end
    return Logic("or", tuple(tests), place(reader, start, end, tests), YES_NO)
