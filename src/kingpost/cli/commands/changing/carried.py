"""Carrying live cases over after a change, and telling what came of them."""

from uuid import UUID

import typer

from kingpost.cli.failures import explain
from kingpost.engine.away import OperationalError
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.company import Company


def carry_and_tell(company: Company, *changes: UUID, asked: bool = False) -> None:
    """Carry over all that can go now.

    changes: of which to tell in any case. asked: whether to tell of each also when it has no cases.
    """
    try:
        for change in dict.fromkeys((*changes, *carry_all(company))):
            told = receipt(company, change)
            if told is not None and (told.counted or asked or change in changes):
                typer.echo(f"Live cases: {told.sentence()}.")
                typer.echo(f"See `kingpost receipt {change}`.")
    except OperationalError as error:
        typer.echo(explain(error), err=True)
        typer.echo("Live cases: what is left to be carried over, a worker goes on with.")
