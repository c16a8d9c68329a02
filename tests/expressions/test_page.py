"""The page of the language: each function has an example there, and each example is true."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from kingpost.expressions import AnyType, Compiled, Value, compile_leniently
from kingpost.expressions.functions.registry import BUILTINS

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text()
FORMS = re.findall(r"^\| [A-Z][^|]* \| `(.+)` \|$", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"^\| ([a-z ]+) \| `(.+)` \| `(.+)` \|$", PAGE, re.MULTILINE)
NOW = datetime.fromisoformat("2026-03-01T10:00:00+00:00")


def value(text: str, **values: Value) -> Value:
    found = compile_leniently(text, dict.fromkeys(values, AnyType()))
    assert isinstance(found, Compiled), found
    return found.evaluate({"now": NOW, **values})


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_the_page_holds(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize(("name", "text", "written"), EXAMPLES)
def test_every_example_of_the_page_has_its_value(name: str, text: str, written: str) -> None:
    found = value(text)

    assert text.startswith(f"{name}(")
    assert value("string([found])", found=found) == f"[{written}]"


def test_every_function_has_an_example_on_the_page() -> None:
    assert {name for name, _, _ in EXAMPLES} == set(BUILTINS)
    assert len(FORMS) == 12
