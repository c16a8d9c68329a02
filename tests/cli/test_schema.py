"""`kingpost schema`: what editors complete and explain a model by."""

import json
from pathlib import Path
from typing import Any, cast

from tests.cli.program import run

PUBLISHED = Path(__file__).parents[2] / "docs" / "model.schema.json"


def test_the_schema_is_the_published_one_without_its_examples() -> None:
    answer = run("schema")

    assert answer.status == 0
    assert json.loads(answer.out) == _without_examples(json.loads(PUBLISHED.read_text()))


def test_the_schema_is_written_into_a_file_and_said_how_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "model.schema.json"
    answer = run("schema", "-o", file)

    assert answer.out == (
        f"Begin a file with `# yaml-language-server: $schema=model.schema.json`: {file}\n"
    )
    assert file.read_text() == run("schema").out


def _without_examples(schema: object) -> object:
    match schema:
        case dict():
            return {
                name: _without_examples(value)
                for name, value in cast("dict[str, Any]", schema).items()
                if name != "examples" or not isinstance(value, list)
            }
        case list():
            return [_without_examples(one) for one in cast("list[Any]", schema)]
        case _:
            return schema
