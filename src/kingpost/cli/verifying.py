"""`kingpost verify`: ask whether the history is whole, and whether the rows follow from it."""

import typer
from rich.console import Console

from kingpost.cli.checking import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.verify import verify

_SHOWN_MAX = 50


def verify_command(data: DataFolder = None) -> None:
    """Walk every chain, fold every history and compare with the rows. Exit 1 on any fault."""
    console = Console()
    settings = read_settings(data)
    with open_database(settings, connections=2) as database, console.status("Verifying"):
        report = verify(Company(database))
    for fault in report.faults[:_SHOWN_MAX]:
        console.print(str(fault), highlight=False, soft_wrap=True, markup=False)
    left = len(report.faults) - _SHOWN_MAX
    if left > 0:
        console.print(f"… and {left:,} more")
    console.print(
        f"{report.cases:,} cases, {report.events:,} events: "
        + (f"{len(report.faults):,} faults." if report.faults else "everything is whole."),
        highlight=False,
    )
    if report.faults:
        raise typer.Exit(1)
