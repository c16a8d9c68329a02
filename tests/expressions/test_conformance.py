"""The expressions of the public conformance kit: what typing makes of them, and a second opinion.

Taken are the cases whose decision is one literal expression that reads at most input data. The
score is another test's, which runs the kit whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from kingpost.expressions import (
    AnyType,
    Compiled,
    Months,
    Problem,
    Type,
    Value,
    compile_expression,
    compile_leniently,
)
from tests.conformance import kit
from tests.conformance.kit import KIT, NOW, agrees, files, read
from tests.expressions.oracle import alike, evaluated, is_plain

pytestmark = pytest.mark.skipif(not KIT.exists(), reason="the conformance kit is not beside us")


@dataclass(frozen=True)
class Case:
    text: str
    given: dict[str, ET.Element]
    expected: ET.Element | None


@cache
def literals(path: str) -> dict[str, str]:
    """Find the decisions that are one literal expression and read at most input data."""
    found: dict[str, str] = {}
    for decision in ET.fromstring(files()[path]).findall("{*}decision"):
        needs = [part for part in decision if part.tag.endswith("Requirement")]
        inputs = decision.findall("{*}informationRequirement/{*}requiredInput")
        text = decision.findtext("{*}literalExpression/{*}text")
        if text is not None and len(needs) == len(inputs):
            found[decision.attrib["name"]] = text
    return found


def cases() -> Iterator[Case]:
    for case in kit.cases():
        texts = literals(case.model)
        for name, expected in case.expected.items():
            if name in texts:
                yield Case(texts[name], case.inputs, expected)


def scope(case: Case) -> dict[str, Type]:
    return dict.fromkeys(case.given, AnyType())


def given(case: Case) -> dict[str, Value]:
    return {"now": NOW, **{name: read(node) for name, node in case.given.items()}}


def answer(case: Case) -> Value:
    compiled = compile_leniently(case.text, scope(case))
    return None if isinstance(compiled, tuple) else compiled.evaluate(given(case))


def passed(case: Case) -> bool:
    return agrees(answer(case), read(case.expected))


def test_what_typing_refuses_has_no_value_in_the_kit() -> None:
    """Static typing may refuse only what the standard evaluates to null, or to part null."""
    wrong = [
        case.text
        for case in cases()
        if isinstance(compile_expression(case.text, scope(case)), tuple)
        and passed(case)
        and isinstance(read(case.expected), Decimal | str | date | time | timedelta | Months)
    ]

    assert len(wrong) == 0, wrong


def test_no_case_of_the_kit_raises() -> None:
    for case in cases():
        compiled = compile_leniently(case.text, scope(case))

        assert not isinstance(compiled, tuple) or isinstance(compiled[0], Problem)


def test_walking_the_tree_finds_the_same_in_every_case_of_the_kit() -> None:
    for case in cases():
        compiled = compile_leniently(case.text, scope(case))
        if isinstance(compiled, Compiled):
            values = given(case)
            found, expected = compiled.evaluate(values), evaluated(compiled.tree, values).value

            assert alike(found, expected) or not is_plain(expected), case.text
