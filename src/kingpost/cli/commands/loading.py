"""`kingpost load`: let a model take effect."""

from typing import Annotated

import typer

from kingpost.cli.findings import examine, tell
from kingpost.cli.options import DataFolder, ModelFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.change import NotCustodianError, change_model
from kingpost.engine.company import Company


def load_command(
    folder: ModelFolder,
    *,
    person: Annotated[
        str | None, typer.Option("--as", help="Who changes it: a person who keeps what changes.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Check a model and let it take effect. Cases in flight stay on the version they began on.

    The first model of a company is loaded by whoever sets it up. A change needs a person who holds
    the posts that governance names for the parts that change.
    """
    examined = examine(folder)
    model = examined.model
    if model is None:
        tell(examined)
        typer.echo("Nothing was loaded.")
        raise typer.Exit(1)
    with open_database(read_settings(data), connections=2) as database:
        try:
            program = change_model(Company(database), model, person=person)
        except NotCustodianError as error:
            typer.echo(f"{error}\nNothing was loaded.")
            raise typer.Exit(1) from None
    typer.echo(f"{model.company}: model version {program.version[:12]} is in effect.")
