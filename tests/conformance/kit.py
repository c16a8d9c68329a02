"""The public conformance kit of the standard: its cases, and how they are counted.

A case is passed when every result that it names is as expected, as the kit's own runners count.
Cases whose every result is null are counted apart: an engine that knows nothing passes those.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from kingpost.exchange.dmn.reading import read_dmn
from kingpost.expressions import Value
from kingpost.expressions.functions.moments import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from kingpost.expressions.value import FailureError
from kingpost.rules.definitions import Definitions, Service
from kingpost.rules.graphs import Graph, compile_graph

KIT = Path(__file__).parents[3] / "shared" / "data" / "dmn-tck" / "dmn-tck.tar.gz"
NOW = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class UnreadableError(Exception):
    """A date of the kit lies outside of the calendar that we keep."""


@dataclass(frozen=True)
class Case:
    """One test case. service: the name of the service to call, or empty.

    expected: by the name of a decision; an element of the kit's file, or None for null.
    """

    level: str
    group: str
    model: str
    id: str
    service: str
    inputs: dict[str, ET.Element]
    expected: dict[str, ET.Element | None]

    @property
    def name(self) -> str:
        return f"{self.group}/{self.id}"

    @property
    def has_value(self) -> bool:
        """Tell whether anything but null is expected."""
        return any(not _is_null(node) for node in self.expected.values())


@cache
def files() -> dict[str, bytes]:
    """Return the files of both levels by path."""
    found: dict[str, bytes] = {}
    with tarfile.open(KIT) as kit:
        for member in kit.getmembers():
            if "/compliance-level-" in member.name and member.name.endswith((".dmn", ".xml")):
                stream = kit.extractfile(member)
                assert stream is not None
                found[member.name] = stream.read()
    return dict(sorted(found.items()))


def cases() -> Iterator[Case]:
    """Yield every case of the kit."""
    for path, content in files().items():
        if not path.endswith(".xml"):
            continue
        root = ET.fromstring(content)
        folder = path.rpartition("/")[0]
        level, group = folder.split("/")[-2:]
        model = f"{folder}/{root.findtext('{*}modelName', '').strip()}"
        for case in root.findall("{*}testCase"):
            yield Case(
                level=level.rpartition("-")[2],
                group=group,
                model=model,
                id=case.attrib.get("id", ""),
                service=case.attrib.get("invocableName", ""),
                inputs={node.attrib["name"]: node for node in case.findall("{*}inputNode")},
                expected={
                    node.attrib["name"]: node.find("{*}expected")
                    for node in case.findall("{*}resultNode")
                },
            )


def _is_null(node: ET.Element | None) -> bool:
    return node is None or (
        node.find("{*}component") is None
        and node.find("{*}list") is None
        and _is_nil(node.find("{*}value"))
    )


def _is_nil(value: ET.Element | None) -> bool:
    return value is None or value.attrib.get(_NIL) == "true"


def read(node: ET.Element | None) -> Value:
    """Read a value as the kit writes it."""
    if node is None:
        return None
    parts = node.findall("{*}component")
    if parts:
        return {part.attrib["name"]: read(part) for part in parts}
    items = node.find("{*}list")
    if items is not None:
        return [read(item) for item in items.findall("{*}item")]
    value = node.find("{*}value")
    if value is None or _is_nil(value):
        return None
    return _plain(value.attrib.get(_TYPE, "string").rpartition(":")[2], value.text or "")


def _plain(kind: str, text: str) -> Value:
    try:
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
    except FailureError as error:
        raise UnreadableError(text) from error


def agrees(found: Value, expected: Value) -> bool:
    """Tell whether a value is the one expected; numbers to eight digits, as the kit's runners."""
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


@cache
def definitions(path: str) -> Definitions:
    """Read a model of the kit."""
    return read_dmn(files()[path], path).definitions


@cache
def graph(path: str) -> Graph:
    """Compile a model of the kit together with those beside it."""
    folder = path.rpartition("/")[0] + "/"
    others = [one for one in files() if one.startswith(folder) and one.endswith(".dmn")]
    return compile_graph(definitions(path), [definitions(one) for one in others if one != path])


def answers(case: Case, *, explaining: bool = False) -> dict[str, Value]:
    """Return what the engine answers for each result that a case names."""
    asked = graph(case.model)
    inputs = {name: read(node) for name, node in case.inputs.items()}
    if case.service:
        node = asked.find(case.service)
        assert node is not None
        value = asked.evaluate(node, inputs, now=NOW, explaining=explaining).value
        assert isinstance(node.element, Service)
        if len(node.element.outputs) > 1 and isinstance(value, dict):
            return {name: value.get(name) for name in case.expected}
        return dict.fromkeys(case.expected, value)
    nodes = {name: asked.find(name) for name in case.expected}
    return {
        name: asked.evaluate(node, inputs, now=NOW, explaining=explaining).value if node else None
        for name, node in nodes.items()
    }


def passed(case: Case) -> bool:
    """Tell whether every result of a case is as expected."""
    try:
        found = answers(case)
        return all(agrees(found[name], read(node)) for name, node in case.expected.items())
    except UnreadableError:
        return False
