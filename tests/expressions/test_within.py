"""Expressions as parts of something larger: declared types, shared fuel, functions that travel."""

from decimal import Decimal

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    Function,
    NumberType,
    TextType,
    Type,
    compile_leniently,
    compile_test,
)
from kingpost.expressions.value import Run


def test_a_declared_type_is_known_by_its_name() -> None:
    person: Type = ContextType({"name": TextType()})
    asked = compile_leniently("x instance of my person", {"x": AnyType()}, {"my person": person})

    assert isinstance(asked, Compiled)
    assert asked.evaluate({"x": {"name": "Ada"}}) is True
    assert asked.evaluate({"x": {"age": "Ada"}}) is False


def test_an_evaluation_within_another_spends_from_the_same_purse() -> None:
    asked = compile_leniently("sum(for x in 1..100 return x)", {})
    outer = Run({})
    assert isinstance(asked, Compiled)

    before = outer.steps
    value, warnings = asked.within(outer, {})

    assert (value, warnings) == (Decimal(5050), [])
    assert outer.steps < before


def test_a_function_reads_the_values_of_the_place_where_it_was_made() -> None:
    made = compile_leniently("function(x) x + rate", {"rate": NumberType()})
    called = compile_leniently("f(1)", {"f": AnyType()})
    assert isinstance(made, Compiled)
    assert isinstance(called, Compiled)

    function = made.evaluate({"rate": Decimal(2)})

    assert isinstance(function, Function)
    assert called.evaluate({"f": function}) == Decimal(3)


def test_a_cell_may_be_compiled_as_leniently_as_the_standard_does() -> None:
    cell = compile_test("> 5", TextType(), {}, strict=False)

    assert isinstance(cell, Compiled)
    assert cell.evaluate({"?": "six"}) is None
