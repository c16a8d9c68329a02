"""`kingpost verify`: ask whether the history is whole, and whether the rows follow from it."""

import typer
from rich.console import Console

from kingpost.cli.columns import count
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.verify import verify

_SHOWN_MAX = 50


def verify_command(data: DataFolder = None) -> None:
    """Walk every chain, fold every history and compare with the rows. Exit 1 on any fault."""
    status = Console(stderr=True).status("Verifying")
    with open_database(read_settings(data), connections=2) as database, status:
        report = verify(Company(database))
    for fault in report.faults[:_SHOWN_MAX]:
        typer.echo(str(fault))
    left = len(report.faults) - _SHOWN_MAX
    if left > 0:
        typer.echo(f"… and {left:,} more")
    found = count(len(report.faults), "fault") + "." if report.faults else "everything is whole."
    typer.echo(f"{report.cases:,} cases, {report.events:,} events: {found}")
    if report.faults:
        raise typer.Exit(1)
