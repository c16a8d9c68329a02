"""`kingpost drift`: where the files in front of you differ from the company that runs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.commands.looking.differing import tell_differences
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.commands.looking.stored import stored_versions, told
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.planning.difference import as_document, differences


def drift_command(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
    ] = Path(),
    *,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Tell where the files of a model differ from the company that runs, in sentences.

    The exit status is 0 when they mean the same, 1 when they differ and 2 when one of both cannot
    be read.
    """
    try:
        after = read_for_looking(folder)
        with stored_versions(data) as versions:
            running = versions.running
            before = versions.model(running)
    except CommandError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    found = differences(before, after)
    if as_json:
        document = {"running": running.digest, "differences": [as_document(item) for item in found]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    elif found:
        tell_differences(found, before, after)
        typer.echo(f"The files differ from {told(running)}.")
    else:
        typer.echo(f"The files mean what runs: {told(running)}.")
    raise typer.Exit(1 if found else 0)
