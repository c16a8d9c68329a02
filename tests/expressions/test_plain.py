"""What is read without the grammar is what the grammar reads, node for node."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    DateType,
    MoneyType,
    NumberType,
    TextType,
    Type,
    YesNoType,
    compile_expression,
    compile_test,
)
from kingpost.expressions.reading.plain import plain_test, plain_value

KINDS: tuple[Type, ...] = (
    NumberType(), MoneyType("EUR"), TextType(), ChoiceType(("a", "b c")), YesNoType(), DateType(),
)  # fmt: skip
NUMBERS = st.from_regex(r"[0-9]{1,16}(\.[0-9]{1,16})?", fullmatch=True)
TESTS = st.one_of(
    st.just("-"),
    NUMBERS,
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.sampled_from(["", " "]),
              NUMBERS).map("".join),
    st.tuples(st.sampled_from("[(]"), NUMBERS, st.just(".."), NUMBERS,
              st.sampled_from("])[")).map("".join),
    st.sampled_from(['"a"', '"b c"', '"d"', "true", "false", '""', '"?"', "a", "<5..6>", "?"]),
)  # fmt: skip


def by_grammar(text: str, kind: Type) -> object:
    """Return what the grammar makes of a test: a space before it is no plain form."""
    return compile_test(f"{text} ", kind, {})


@given(text=TESTS, kind=st.sampled_from(KINDS))
def test_a_plain_test_is_read_as_the_grammar_reads_it(text: str, kind: Type) -> None:
    plain, read = compile_test(text, kind, {}), by_grammar(text, kind)

    if plain_test(text, kind) is None:
        assert isinstance(plain, Compiled) == isinstance(read, Compiled)
    else:
        assert isinstance(plain, Compiled)
        assert isinstance(read, Compiled)
        assert (plain.tree, plain.reads, plain.type) == (read.tree, read.reads, read.type)


@given(text=TESTS, expects=st.sampled_from((None, *KINDS)))
def test_a_plain_value_is_read_as_the_grammar_reads_it(text: str, expects: Type | None) -> None:
    if plain_value(text) is None:
        return
    plain, read = (compile_expression(one, {}, expects) for one in (text, f"{text} "))

    if isinstance(plain, Compiled):
        assert isinstance(read, Compiled)
        assert (plain.tree, plain.reads, plain.type) == (read.tree, read.reads, read.type)
    else:
        assert plain == read


@pytest.mark.parametrize(
    "text", ["-", "5", "5.25", ">= 5", "<5", "[1..2)", "]1..2[", '"a"', "true"]
)
def test_the_plain_forms_are_plain(text: str) -> None:
    assert any(plain_test(text, kind) is not None for kind in KINDS)
