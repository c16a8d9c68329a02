"""`kingpost messages`: what systems sent and no case waits for yet."""

from typing import Annotated
from uuid import UUID

import typer

from kingpost.cli.columns import print_columns
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.outside.dropping import Drop, drop
from kingpost.queries.trouble.messages import read_messages

messages = typer.Typer(help="Messages that wait for their case.", no_args_is_help=True)

_ALL = 1_000_000
_Id = Annotated[UUID, typer.Argument(help="As `kingpost messages list` shows it.")]
_By = Annotated[str, typer.Option("--by", help="Who acts; their posts say whether they may.")]
_Reason = Annotated[str, typer.Option(help="Why it is delivered no more.")]


@messages.command("list")
def list_messages(data: DataFolder = None) -> None:
    """List the messages that no case waits for yet, the oldest first."""
    with open_database(read_settings(data), connections=2) as database:
        found = read_messages(database, Company(database).active(), size=_ALL).page.rows
    if not found:
        typer.echo("No message waits for its case.")
        return
    heads = ("id", "message", "value", "from", "since", "until", "refused because", "owner")
    rows = [
        (
            str(item.id),
            item.message,
            item.value,
            item.interface,
            f"{item.received_at:%Y-%m-%d %H:%M} UTC",
            f"{item.until:%Y-%m-%d}",
            item.refusal or "–",
            ", ".join(item.owners) or "–",
        )
        for item in found
    ]
    print_columns(heads, rows)


@messages.command("drop")
def drop_message(message: _Id, *, by: _By, reason: _Reason, data: DataFolder = None) -> None:
    """Deliver a message no more."""
    with open_database(read_settings(data), connections=2) as database:
        refusal = drop(Company(database), Drop(message, by, reason))
    if refusal is not None:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1)
    typer.echo(f"{message}: dropped")
