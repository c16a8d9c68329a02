"""`kingpost load`: let a model take effect."""

import typer

from kingpost.cli.findings import examine, tell
from kingpost.cli.options import DataFolder, ModelFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company


def load_command(folder: ModelFolder, data: DataFolder = None) -> None:
    """Check a model and let it take effect. Cases in flight stay on the version they began on."""
    model, found = examine(folder)
    if model is None:
        tell(model, found)
        typer.echo("Nothing was loaded.")
        raise typer.Exit(1)
    with open_database(read_settings(data), connections=2) as database:
        program = Company(database).load(model)
    typer.echo(f"{model.company}: model version {program.version[:12]} is in effect.")
