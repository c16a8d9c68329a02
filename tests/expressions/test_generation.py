"""Generated functions: they answer as the plain walk of the tree does, and reach nothing else."""

import ast
from decimal import Decimal

import pytest
from hypothesis import given, settings

from kingpost.expressions import Compiled, Value, compile_leniently
from kingpost.expressions.evaluation.operations import RUNTIME
from kingpost.expressions.generation import program
from tests.expressions.oracle import alike, evaluated, is_plain
from tests.expressions.writing import SCOPE, expressions, given_values


def compiled(text: str) -> Compiled:
    found = compile_leniently(text, SCOPE)
    assert isinstance(found, Compiled), (text, found)
    return found


@settings(max_examples=400)
@given(expressions, given_values)
def test_a_random_expression_has_the_value_that_walking_its_tree_finds(
    text: str, given_: dict[str, Value]
) -> None:
    found = compiled(text)

    value, expected = found.evaluate(given_), evaluated(found.tree, given_).value

    assert alike(value, expected) or not is_plain(expected)


@settings(max_examples=200)
@given(expressions, given_values)
def test_a_null_has_a_warning_wherever_walking_the_tree_warns(
    text: str, given_: dict[str, Value]
) -> None:
    found = compiled(text)

    explained, expected = found.explain(given_), evaluated(found.tree, given_)

    assert explained.value is not None or explained.warnings or not expected.warnings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(for f in (for i in 1..3 return function() i) return f())", [1, 2, 3]),
        ("{f: function(p) function(q) p * q, r: f(3)(4)}.r", 12),
        ("for i in 1..2, j in 1..i return [i, j]", [[1, 1], [2, 1], [2, 2]]),
        ("for i in [1, 2], j in null return i", None),
        ("[][1]", None),
        ("[][true]", []),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][item >= 2][1]", 2),
        ("some i in [1, 2], j in [2, 3] satisfies i = j", True),
    ],
)
def test_names_keep_their_values(text: str, value: object) -> None:
    assert compiled(text).evaluate({}) == value


def test_loops_nest_deeper_than_python_nests_them() -> None:
    depth = 30
    loops = "".join(f"for v{level} in [1] return " for level in range(depth))
    text = loops + " + ".join(f"v{level}" for level in range(depth))
    found: Value = compiled(text).evaluate({})

    for _ in range(depth):
        assert isinstance(found, list)
        found = found[0]
    assert found == Decimal(depth)


@settings(max_examples=100)
@given(expressions)
def test_generated_code_names_nothing_but_itself_and_the_run_time(text: str) -> None:
    syntax, constants = program.written(compiled(text).tree)

    own = {"run", "values", "arguments"} | set(constants) | set(RUNTIME)
    for node in ast.walk(syntax):
        match node:
            case ast.Name(name, ast.Load()):
                assert name in own or name.rstrip("0123456789") in {
                    "t",
                    "v",
                    "part",
                    "body",
                    "maker",
                }
            case ast.Attribute(_, name):
                assert name in {"spend", "append", "copy"}
            case ast.Import() | ast.ImportFrom() | ast.Global() | ast.Lambda():
                pytest.fail("generated code has no such form")
            case _:
                pass
