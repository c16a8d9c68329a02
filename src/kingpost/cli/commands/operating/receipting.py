"""`kingpost receipt`: what came of carrying live cases over to another version."""

from typing import Annotated
from uuid import UUID

import typer
from pydantic import TypeAdapter

from kingpost.cli.columns import count
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.carrying.receipts import WORDS, Entry, Receipt, entries, receipt
from kingpost.engine.company import Company


def receipt_command(
    change: Annotated[UUID, typer.Argument(help="Of the change, as `kingpost load` tells it.")],
    *,
    outcome: Annotated[
        str | None, typer.Option(help="List the cases that came to it, such as `asks`.")
    ] = None,
    cases: Annotated[
        int, typer.Option("--cases", min=1, max=1_000_000, help="So many of them at most.")
    ] = 1000,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Tell what was applied, to which live cases, and what came of each."""
    known = [name for name in WORDS if name is not None]
    if outcome is not None and outcome not in known:
        listed = ", ".join(f"`{name}`" for name in known)
        raise CommandError(f"`{outcome}` is no outcome: there are {listed}.")
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = receipt(company, change)
        if found is None:
            raise CommandError(f"there is no change `{change}`.")
        listed_ = entries(company, change, outcome, cases) if outcome is not None else ()
    if as_json:
        shown = TypeAdapter(tuple[Receipt, tuple[Entry, ...]]).dump_json((found, listed_), indent=2)
        typer.echo(shown.decode())
        return
    _tell(found)
    _list(found, outcome, listed_)
    if found.ended_at is None and found.of("asks"):
        typer.echo(
            "Who keeps the workflow decides: `kingpost carry CASE --by PERSON --reason WHY`."
        )
    if found.ended_at is None and found.left:
        typer.echo(f"It goes on with {count(found.left, 'case')}.")


def _tell(found: Receipt) -> None:
    by = f" by {found.person}" if found.person else ""
    why = f' ("{found.reason}")' if found.reason else ""
    typer.echo(f"To version {found.version[:12]}{by}{why}: {found.sentence()}.")
    for each in found.counted:
        words = WORDS[each.outcome]
        typer.echo(f"  {each.workflow} from {each.version[:12]}: {each.number:,} {words}")


def _list(found: Receipt, outcome: str | None, listed: tuple[Entry, ...]) -> None:
    for entry in listed:
        typer.echo(f"  {entry.number}: {entry.words or 'done'}")
    every = found.of(outcome) if outcome is not None else 0
    if every > len(listed):
        typer.echo(f"  and {every - len(listed):,} more: `--cases {every}` lists them all")
