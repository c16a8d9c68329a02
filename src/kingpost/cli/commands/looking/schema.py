"""`kingpost schema`: what an editor completes and explains the files of a model by."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kingpost.notation import json_schema


def schema_command(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
) -> None:
    """Print the JSON Schema of the language, by which editors complete and explain a model.

    Put it beside the model, and begin its files with the line
    `# yaml-language-server: $schema=model.schema.json`.
    """
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    typer.echo(f"Begin a file with `# yaml-language-server: $schema={output.name}`: {output}")
