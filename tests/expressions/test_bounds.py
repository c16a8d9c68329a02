"""Laws that hold for any text, and what hostile texts may not do."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    NumberType,
    Problem,
    TextType,
    Value,
    compile_expression,
    compile_leniently,
    compile_test,
)

SECONDS_MAX = 5.0
SCOPE = {"a": NumberType(), "t": TextType(), "x": AnyType(), "g": ContextType({"n": NumberType()})}
WORDS = st.sampled_from(
    [
        "a", "t", "x", "g", "g.n", "1", '"s"', "null", "true", "+", "-", "*", "/", "**", "=", "<",
        "and", "or", "in", "between", "if", "then", "else", "for", "return", "some", "every",
        "satisfies", "function", "instance of", "number", "list<", ">", "(", ")", "[", "]", "{",
        "}", ",", ":", ".", "..", "?", '@"P1D"', "count", "sum", "string", "item", "not", "1..3",
    ]
)  # fmt: skip


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = compile_expression(text, SCOPE)

    assert isinstance(found, Compiled) or all(isinstance(one, Problem) for one in found)


@given(st.lists(WORDS, max_size=25))
def test_no_text_of_known_words_raises(words: list[str]) -> None:
    text = " ".join(words)
    values: dict[str, Value] = {
        "a": Decimal(1),
        "t": "t",
        "x": None,
        "g": {"n": Decimal(2)},
        "?": Decimal(1),
    }
    for found in (compile_leniently(text, SCOPE), compile_test(text, NumberType(), SCOPE)):
        if isinstance(found, Compiled):
            found.explain(values)
        else:
            assert all(0 <= one.offset <= len(text) for one in found)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(-999, 999))
def test_numbers_are_exact(one: Decimal, two: int) -> None:
    found = compile_expression("x + y - y", {"x": NumberType(), "y": NumberType()})
    assert isinstance(found, Compiled)
    small = one % 10**9

    assert found.evaluate({"x": small, "y": Decimal(two)}) == small


HOSTILE = [
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 10_000,
    "-" * 10_000 + "1",
    "1" + "+1" * 9000,
    "a" + ".a" * 5000,
    "x" + "[1]" * 5000,
    "f(" * 5000,
    "{a:" * 3000,
    "if " * 5000,
    "for a" + " b" * 9000,
    '"' + "\\" * 9999,
    "/*" + "*" * 15_000,
    "for" + " " * 19_000 + "x",
    "1 in (" * 30 + "1" + "..2)" * 30,
    "list" + "<list" * 4000,
    "1 instance of " + "list<" * 3000,
    "x" * 10_001,
    "@" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_reading_is_bounded(text: str) -> None:
    began = process_time()

    assert isinstance(compile_expression(text, SCOPE), tuple)
    assert process_time() - began < SECONDS_MAX


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..100000, j in 1..100000 return i * j",
        "some i in 1..1000000000 satisfies i < 0",
        "1e6144 * 10",
        "exp(100000)",
        "(function(f) f(f))(function(f) f(f))",
        '(function(f, s) f(f, s + s))(function(f, s) f(f, s + s), "aaaaaaaaaaaaaaaaaaaaaaaaaa")',
        "distinct values(for i in 1..100000 return i)",
        "for i in 1..1000000 return [" + ", ".join(["i + 1"] * 1200) + "]",
        '{s: string join(for i in 1..90000 return "x"), r: for i in 1..900000 return s + ""}.r',
        '{s: string join(for i in 1..90000 return "x"), r: for i in 1..90000 return s + "b"}.r',
        "{f: function(x) [x, x, x, x, x, x, x, x, x, x], r: f(f(f(f(f(f(f(f(f(f(1))))))))))}.r",
        "string({f: function(x) [x, x, x, x, x, x, x, x], r: f(f(f(f(f(f(f(f(f(f(1))))))))))}.r)",
        '@"999999999-12-31" + @"P1D"',
        '@"P999999999Y" * 1e600',
        'matches("a", "(((a{500}){500}){500})")',
        'matches("aaaa", "(a)\\\\1")',
        'replace("aaa", "a*", "b")',
        "[1][99999999999999999999999999]",
    ],
    ids=range(19),
)  # fmt: skip
def test_evaluating_is_bounded(text: str) -> None:
    found = compile_leniently(text, {})
    assert isinstance(found, Compiled)
    began = process_time()
    explained = found.explain({})

    assert explained.value is None
    assert explained.warnings
    assert process_time() - began < SECONDS_MAX


def test_powers_of_powers_end_at_once() -> None:
    found = compile_leniently("10 ** 10 ** 10 ** 10", {})
    assert isinstance(found, Compiled)

    assert found.evaluate({}) == Decimal("1e1000")


def test_nothing_of_python_is_within_reach() -> None:
    for text in ("x.__class__", "g.__class__", '"s".upper', "a.real", "[1].append"):
        found = compile_leniently(text, SCOPE)
        if isinstance(found, Compiled):
            value = found.evaluate({"x": "s", "g": {"n": Decimal(1)}, "a": Decimal(1)})
            assert value is None or value == [None]


def test_an_expression_that_is_too_long_is_told_how_long_it_is() -> None:
    found = compile_expression("1 + " * 2_600 + "1", {})

    assert isinstance(found, tuple)
    assert [(one.message, one.help) for one in found] == [
        (
            "the expression has 10,401 characters, and may have 10,000",
            "Split it into smaller rules.",
        )
    ]
