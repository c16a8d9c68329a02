"""`kingpost carry`: decide of one live case whether and where it goes over."""

from collections.abc import Iterable
from typing import Annotated
from uuid import uuid4  # noqa: TID251 - the key of what is asked here comes from here

import typer

from kingpost.cli.failures import CommandError
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.carrying.deciding import Decided, Wish, decide_case
from kingpost.engine.company import Company

_TOLD = {
    "carried": "went over to the version that runs",
    "unaffected": "meets nothing that differs: it stays where it is",
    "stays": "ends on its version",
}


def carry_command(
    number: Annotated[str, typer.Argument(help="Of the case, such as CLM-12.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Who decides: who keeps its workflow.")],
    reason: Annotated[str, typer.Option(help="Why, for the receipt.")],
    places: Annotated[
        list[str] | None,
        typer.Option("--map", help="Where it goes on, such as `check=examine`. May be repeated."),
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="It ends on its version.")] = False,
    data: DataFolder = None,
) -> None:
    """Decide of a live case that asks, or stayed, whether and where it goes over.

    It goes over now to the version that runs, or ends on its own.
    """
    wanted = _placed(places or ())
    with open_database(read_settings(data), connections=2) as database:
        wish = Wish(uuid4(), number, by, reason, wanted, stays=stay)
        answer = decide_case(Company(database), wish)
    if not isinstance(answer, Decided):
        typer.echo(str(answer), err=True)
        raise typer.Exit(1)
    typer.echo(f"{answer.number} {_TOLD[answer.outcome]}.")
    for sentence in answer.different:
        typer.echo(f"  {sentence}")
    typer.echo(f"See `kingpost receipt {answer.change}`.")


def _placed(written: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in written:
        step, _, target = each.partition("=")
        if not (step and target):
            raise CommandError(
                f"`{each}` maps no step: write the step where it stands and the step of now, such"
                " as `check=examine`."
            )
        found[step] = target
    return found
