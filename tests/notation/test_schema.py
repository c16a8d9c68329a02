"""The published JSON Schema: it is current, and it knows what the reader knows."""

import json
from pathlib import Path
from typing import Any, cast

from kingpost.notation import json_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "model.schema.json"


def test_the_published_schema_is_current() -> None:
    """When it is not: write what `json_schema()` returns, indented by two, into the file."""
    assert PUBLISHED.read_text() == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_every_reference_leads_somewhere() -> None:
    schema = cast("dict[str, Any]", json_schema())
    text = json.dumps(schema)

    for name in schema["$defs"]:
        assert f'"#/$defs/{name}"' in text
    for part in text.split('"#/$defs/')[1:]:
        assert part.split('"')[0] in schema["$defs"]
