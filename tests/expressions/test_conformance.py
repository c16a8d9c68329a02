"""The expressions of the public conformance kit: what typing makes of them, and a second opinion.

Taken are the cases whose decision is one literal expression that reads at most input data. The
score is another test's, which runs the kit whole.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
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
from kingpost.expressions.library.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from tests.expressions.oracle import alike, evaluated, is_plain

KIT = Path(__file__).parents[3] / "shared" / "data" / "dmn-tck" / "dmn-tck.tar.gz"
NOW = datetime.fromisoformat("2026-03-01T10:00:00+00:00")

pytestmark = pytest.mark.skipif(not KIT.exists(), reason="the conformance kit is not beside us")


@dataclass(frozen=True)
class Case:
    group: str
    text: str
    given: dict[str, ET.Element]
    expected: ET.Element | None


@cache
def files() -> dict[str, ET.Element]:
    found: dict[str, ET.Element] = {}
    with tarfile.open(KIT) as kit:
        for member in kit.getmembers():
            if "/compliance-level-" in member.name and member.name.endswith((".dmn", ".xml")):
                stream = kit.extractfile(member)
                assert stream is not None
                found[member.name] = ET.fromstring(stream.read())
    return found


def literals(model: ET.Element) -> Iterator[tuple[str, str]]:
    """Find the decisions that are one literal expression and read at most input data."""
    for decision in model.findall("{*}decision"):
        needs = [part for part in decision if part.tag.endswith("Requirement")]
        inputs = decision.findall("{*}informationRequirement/{*}requiredInput")
        text = decision.findtext("{*}literalExpression/{*}text")
        if text is not None and len(needs) == len(inputs):
            yield decision.attrib["name"], text


def cases() -> Iterator[Case]:
    for name, model in files().items():
        group = name.split("/")[-2]
        if not name.endswith(".dmn") or group.startswith("0082"):
            continue
        texts = dict(literals(model))
        folder = name.rpartition("/")[0]
        tests = [one for path, one in files().items() if path.startswith(folder + "/")]
        for case in (case for test in tests for case in test.findall(".//{*}testCase")):
            given = {node.attrib["name"]: node for node in case.findall("{*}inputNode")}
            for node in case.findall("{*}resultNode"):
                if node.attrib["name"] in texts:
                    text = texts[node.attrib["name"]]
                    yield Case(group, text, given, node.find("{*}expected"))


def read(node: ET.Element | None) -> Value:
    if node is None:
        return None
    parts = node.findall("{*}component")
    if parts:
        return {part.attrib["name"]: read(part) for part in parts}
    items = node.find("{*}list")
    if items is not None:
        return [read(item) for item in items.findall("{*}item")]
    value = node.find("{*}value")
    if value is None or "true" in [v for k, v in value.attrib.items() if k.endswith("}nil")]:
        return None
    kind = next((v for k, v in value.attrib.items() if k.endswith("}type")), "string")
    return plain(kind.rpartition(":")[2], value.text or "")


def plain(kind: str, text: str) -> Value:
    match kind:
        case "boolean":
            return text == "true"
        case "decimal" | "double" | "integer":
            return Decimal(text)
        case "date":
            return read_date(text)
        case "time":
            return read_time(text)
        case "dateTime":
            return read_date_time(text)
        case "duration":
            return read_duration(text)
        case _:
            return text


def agrees(found: Value, expected: Value) -> bool:
    match found, expected:
        case bool(), bool():
            return found is expected
        case Decimal(), Decimal():
            return abs(found - expected) <= Decimal("1e-8") * max(1, abs(expected))
        case list(), list():
            return len(found) == len(expected) and all(map(agrees, found, expected))
        case dict(), dict():
            return found.keys() == expected.keys() and all(
                agrees(found[name], expected[name]) for name in expected
            )
        case _:
            return type(found) is type(expected) and found == expected


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
