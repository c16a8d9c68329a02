"""The published JSON Schema: it is current, and it knows what the reader knows."""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias, cast

import pytest
import yaml
from tools import reference_page

from kingpost.notation import json_schema

Schema: TypeAlias = dict[str, Any]
TEXTS = tuple(reference_page.texts())


def test_the_published_schema_is_current() -> None:
    """When it is not: run `python tools/reference_page.py`."""
    assert reference_page.SCHEMA.read_text() == reference_page.schema()


def test_every_reference_leads_somewhere() -> None:
    schema = cast("dict[str, Any]", json_schema())
    text = json.dumps(schema)

    for name in schema["$defs"]:
        assert f'"#/$defs/{name}"' in text
    for part in text.split('"#/$defs/')[1:]:
        assert part.split('"')[0] in schema["$defs"]


def test_every_property_is_explained_and_has_an_example() -> None:
    schema = json.loads(reference_page.SCHEMA.read_text())

    for described in (schema, *schema["$defs"].values()):
        for name, each in described.get("properties", {}).items():
            if described.get("additionalProperties") is False:
                assert each["description"], name
                assert each["examples"], name


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_the_reader_takes_the_schema_takes(number: int) -> None:
    text = TEXTS[number]
    schema = json.loads(reference_page.SCHEMA.read_text())
    value = yaml.load(text, Loader=yaml.CSafeLoader)

    assert list(_faults(schema, schema, value, "")) == []


def _faults(whole: Schema, schema: Schema, value: object, path: str) -> Iterator[str]:
    """Yield where a value is not as a schema wants: the words of the standard that ours uses."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema:
        found = [list(_faults(whole, one, value, path)) for one in schema["anyOf"]]
        if all(found):
            yield f"{path}: {min(found, key=len)}"
    elif isinstance(value, dict):
        yield from _of_mapping(whole, schema, cast("Schema", value), path)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _faults(whole, schema.get("items", {}), item, f"{path}.{index}")
    elif isinstance(value, str):
        yield from _of_text(schema, value, path)


def _of_text(schema: Schema, value: str, path: str) -> Iterator[str]:
    if value not in schema.get("enum", [value]):
        yield f"{path}: {value} is none of {schema['enum']}"
    if not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {value} is not like {schema['pattern']}"
    if schema.get("type") in ("object", "array", "boolean", "integer"):
        yield f"{path}: {value} is a text"


def _of_mapping(whole: Schema, schema: Schema, value: Schema, path: str) -> Iterator[str]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}: no {name}"
    for name, item in value.items():
        if name in known:
            yield from _faults(whole, known[name], item, f"{path}.{name}")
        elif more is False:
            yield f"{path}: {name} is not known"
        elif isinstance(more, dict):
            yield from _faults(whole, cast("Schema", more), item, f"{path}.{name}")
