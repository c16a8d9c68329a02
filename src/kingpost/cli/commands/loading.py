"""`kingpost load`: let a model take effect, and its live cases go over to it."""

from typing import Annotated

import typer

from kingpost.cli.commands.changing.carried import carry_and_tell
from kingpost.cli.commands.changing.reaching import Places, Reach, reach_of
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import DataFolder, ModelFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.change import NotApprovedError, NotCustodianError, change_model
from kingpost.engine.company import Company
from kingpost.engine.restructuring.applying import UnsettledError


def load_command(
    folder: ModelFolder,
    *,
    person: Annotated[
        str | None, typer.Option("--as", help="Who changes it: a person who keeps what changes.")
    ] = None,
    carry_over: Reach = None,
    places: Places = None,
    data: DataFolder = None,
) -> None:
    """Check a model and let it take effect; live cases go over to it by a policy.

    The first model of a company is loaded by whoever sets it up. A change needs a person who holds
    the posts that governance names for the parts that change. Where nothing says how it reaches
    live cases, these end on the version that they began on.
    """
    examined = examine(folder)
    model = examined.model
    if model is None:
        tell(examined)
        typer.echo("Nothing was loaded.")
        raise typer.Exit(1)
    carry_over, positions = reach_of(model, carry_over, places or ())
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        try:
            program = change_model(
                company, model, person=person, carry_over=carry_over, positions=positions
            )
        except (NotApprovedError, NotCustodianError, UnsettledError) as error:
            typer.echo(f"{error}\nNothing was loaded.")
            raise typer.Exit(1) from None
        typer.echo(f"{model.company}: model version {program.version[:12]} is in effect.")
        carry_and_tell(company, asked=carry_over is not None or bool(positions))
