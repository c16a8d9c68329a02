"""Regular expressions: the syntax of the standard, in linear time."""

import re
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import Compiled, Value, compile_leniently
from kingpost.expressions.functions.pattern import compile_pattern
from kingpost.expressions.value import FailureError


def value(text: str) -> Value:
    found = compile_leniently(text, {})
    assert isinstance(found, Compiled), found
    return found.evaluate({})


def refusal(pattern: str, flags: str = "") -> str:
    with pytest.raises(FailureError) as caught:
        compile_pattern(pattern, flags)
    return str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "fits"),
    [
        ("a.c", "", "a\nc", False),
        ("a.c", "s", "a\nc", True),
        ("^b", "", "a\nb", False),
        ("^b", "m", "a\nb", True),
        ("a$", "", "a\n", False),
        ("a$", "m", "a\nb", True),
        ("A B", "ix", "ab", True),
        ("a.b", "q", "axb", False),
        ("A.b", "qi", "a.B", True),
        (r"\d+", "", "٣", True),
        (r"\w", "", "é", True),
        (r"\W", "", "!", True),
        (r"[\w-[\d_]]+", "", "12", False),
        (r"[a-z-[aeiou]]", "", "e", False),
        (r"[a-z-[aeiou]]", "", "f", True),
        (r"[\s\S]", "", "x", True),
        (r"[^\d]", "", "7", False),
        (r"\p{Lu}", "", "a", False),
        (r"\P{Lu}", "", "a", True),
        (r"\p{IsBasicLatin}", "", "é", False),
        (r"\i\c*", "", "_x-1", True),
        (r"^\I", "", "x", False),
        ("[.]", "", "x", False),
        ("x{2,3}", "", "xx", True),
        (r"\-\.\^", "", "-.^", True),
    ],
)
def test_a_pattern_says_what_fits(pattern: str, flags: str, text: str, fits: bool) -> None:
    assert (compile_pattern(pattern, flags).search(text) is not None) is fits


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a", "the pattern has a `(` that is not closed"),
        ("a)", "the pattern has a `)` too many"),
        ("[a", "the pattern has a `[` that is not closed"),
        ("*a", "the pattern has a `*` that repeats nothing"),
        ("a**", "the pattern has a `*` that repeats nothing"),
        ("a{2", "the pattern has a `{` that is not `{1}`, `{1,}` or `{1,2}`"),
        ("a{3,2}", "the pattern repeats from more to less"),
        (r"(a)\1", r"the pattern has an escape `\1` that is not known"),
        (r"\b", r"the pattern has an escape `\b` that is not known"),
        ("(?i)a", "the pattern has a `?` that repeats nothing"),
        ("(?P<n>a)", "the pattern has a `?` that repeats nothing"),
        ("[[:alpha:]]", "the pattern has a `[` that is not closed"),
        (r"\p{Foo}", "the pattern names a category `Foo` that is not known"),
        (r"\pL", r"the pattern has a `\p` without `{...}`"),
        ("[z-a]", "the pattern has a range of characters that runs backwards"),
        ("[a-[a]]", "the pattern has a class that no character is of"),
        ("((a{900}){900}){900}", "the pattern is too large"),
        ("(" * 31, "the pattern is nested too deeply"),
        ("a" * 2_001, "the pattern is too large"),
    ],
)
def test_what_the_standard_or_the_engine_lacks_is_refused(pattern: str, words: str) -> None:
    assert refusal(pattern) == words


def test_unknown_flags_are_refused() -> None:
    assert refusal("a", "z") == "the flags of a pattern are `s`, `m`, `i`, `x` and `q`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('replace("0123", "(\\\\d)(\\\\d)", "$2$1")', "1032"),
        ('replace("ab", "(a)(b)", "$12")', "a2"),
        ('replace("ab", "(a)|(c)", "[$2]")', "[]b"),
        ('replace("ab", "a", "[$0]")', "[a]b"),
        ('replace("ab", "a", "$1")', "b"),
        ('replace("ab", "a", "\\\\$")', "$b"),
        ('replace("ab", "a", "$")', None),
        ('replace("ab", "a", "$x", "q")', "$xb"),
        ('replace("ab", "x*", "-")', None),
        ('split("a1b22c", "\\\\d+")', ["a", "b", "c"]),
        ('split("ab", "")', None),
        ('matches("ab", "a" + "b")', True),
    ],
)
def test_texts_are_replaced_and_split_by_patterns(text: str, expected: object) -> None:
    assert value(text) == expected


@given(st.text(alphabet="ab(|)*+?.[]{}\\^$-1,", max_size=20), st.text(alphabet="ab1", max_size=40))
def test_a_pattern_matches_as_pythons_does_or_is_refused(pattern: str, text: str) -> None:
    try:
        found = compile_pattern(pattern, "").search(text)
        expected = re.search(pattern.replace("$", r"\Z"), text)
    except (FailureError, re.error, FutureWarning):
        return

    if not re.search(r"-\[|\\1", pattern):
        assert (found is None) is (expected is None)


def test_a_hostile_pattern_takes_time_in_line_with_the_text() -> None:
    began = process_time()

    assert value('matches("' + "a" * 9_000 + '", "(a*)*(a|a|aa)*b")') is False
    assert process_time() - began < 5.0


def test_a_text_that_cannot_be_encoded_has_no_match() -> None:
    found = compile_leniently('matches(t, "a")', {})
    assert not isinstance(found, Compiled) or found.evaluate({"t": "\ud800"}) is None
    assert value('string length(replace("aaa", "a", "bb"))') == Decimal(6)
