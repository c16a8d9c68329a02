"""`kingpost load`: let a model take effect, and its live cases go over to it."""

from collections.abc import Iterable
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import DataFolder, ModelFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.change import NotCustodianError, change_model
from kingpost.engine.company import Company
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.values.nearest import nearest


def load_command(
    folder: ModelFolder,
    *,
    person: Annotated[
        str | None, typer.Option("--as", help="Who changes it: a person who keeps what changes.")
    ] = None,
    carry_over: Annotated[
        CarryOver | None,
        typer.Option(help="How it reaches live cases; without it, as its governance says."),
    ] = None,
    places: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="Where cases go on, such as `claim/check=examine`. May be repeated."
        ),
    ] = None,
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
    positions = _positions(model, places or ())
    if positions and carry_over is None:
        carry_over = CarryOver.MAPPED
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        try:
            program = change_model(
                company, model, person=person, carry_over=carry_over, positions=positions
            )
        except NotCustodianError as error:
            typer.echo(f"{error}\nNothing was loaded.")
            raise typer.Exit(1) from None
        typer.echo(f"{model.company}: model version {program.version[:12]} is in effect.")
        for change in carry_all(company):
            told = receipt(company, change)
            if told is not None and told.counted:
                typer.echo(f"Live cases: {told.sentence()}.")
                typer.echo(f"See `kingpost receipt {change}`.")


def _positions(model: Model, places: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return by workflow where cases of a step go on, as it is written on the command line."""
    found: dict[str, dict[str, str]] = {}
    for written in places:
        left, _, target = written.partition("=")
        name, _, step = left.partition("/")
        if not (name and step and target):
            raise CommandError(
                f"`{written}` maps no step: write the workflow, the step of before and the step"
                " of now, such as `claim/check=examine`."
            )
        workflow = model.workflows.get(name)
        if workflow is None:
            raise CommandError(f"there is no workflow `{name}`{_near(name, model.workflows)}")
        if workflow.step(target) is None:
            known = [each.id for each in workflow.all_steps()]
            raise CommandError(f"`{name}` has no step `{target}`{_near(target, known)}")
        found.setdefault(name, {})[step] = target
    return found


def _near(name: str, known: Iterable[str]) -> str:
    found = nearest(name, known)
    return f": did you mean `{found}`?" if found else "."
