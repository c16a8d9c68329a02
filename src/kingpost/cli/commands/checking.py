"""`kingpost check`: read a model and say all that is wrong with it."""

import json

import typer

from kingpost.cli.findings import as_document, examine, tell
from kingpost.cli.options import AsJson, ModelFolder


def check_command(folder: ModelFolder, *, as_json: AsJson = False) -> None:
    """Check a model and print everything that is wrong with it.

    The exit status is 0 when the model may run and 1 when it may not.
    """
    model, found = examine(folder)
    if as_json:
        typer.echo(json.dumps(as_document(model, found), indent=2, ensure_ascii=False))
    else:
        tell(model, found)
    if model is None:
        raise typer.Exit(1)
