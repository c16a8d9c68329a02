"""`kingpost verify`: ask whether the history is whole, and whether the rows follow from it."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console

from kingpost.audit.auditing import Looked, audit
from kingpost.cli.columns import count
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.verify import verify

_SHOWN_MAX = 50
_Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="Recompute everything by other code than that which wrote it: rights as they were "
        "known at the time, separation of duty, vacancies, votes, obligations, clocks, timers.",
    ),
]


def verify_command(data: DataFolder = None, *, live: _Live = False) -> None:
    """Walk every chain, fold every history and compare with the rows. Exit 1 on any fault."""
    faults, looked = _audited(data) if live else _verified(data)
    found = count(faults, "fault") + "." if faults else "everything is whole."
    typer.echo(f"{looked.cases:,} cases, {looked.events:,} events: {found}")
    if faults:
        raise typer.Exit(1)


def _verified(data: DataFolder) -> tuple[int, Looked]:
    status = Console(stderr=True).status("Verifying")
    with open_database(read_settings(data), connections=2) as database, status:
        report = verify(Company(database))
    return _print(report.faults), Looked(report.cases, report.events)


def _audited(data: DataFolder) -> tuple[int, Looked]:
    last = Looked()
    status = Console(stderr=True).status("Verifying")

    def tell(looked: Looked) -> None:
        nonlocal last
        last = looked
        status.update(f"Verifying: {looked.cases:,} of {looked.total:,} cases")

    with open_database(read_settings(data), connections=2) as database, status:
        faults = _print(audit(database, tell))
    return faults, last


def _print(faults: Iterable[object]) -> int:
    """Print the first faults as they come; return how many there are."""
    found = 0
    for found, fault in enumerate(faults, start=1):
        if found <= _SHOWN_MAX:
            typer.echo(str(fault))
    if found > _SHOWN_MAX:
        typer.echo(f"… and {found - _SHOWN_MAX:,} more")
    return found
