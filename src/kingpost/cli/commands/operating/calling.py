"""`kingpost calls`: the calls to other systems that do not run as they should."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4  # noqa: TID251 - the key of what is asked here comes from here

import typer

from kingpost.cli.columns import print_columns
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.outside.triage import Wish, act_on_calls
from kingpost.engine.perform import Done
from kingpost.queries.trouble.calls import TroubledCall, read_calls

calls = typer.Typer(help="Calls to other systems: what is in trouble.", no_args_is_help=True)

_ALL = 1_000_000
_Ids = Annotated[list[UUID], typer.Argument(help="As `kingpost calls list` shows them.")]
_By = Annotated[str, typer.Option("--by", help="Who acts; their posts say whether they may.")]
_Reason = Annotated[str, typer.Option(help="Why, for the history of the case.")]


@calls.command("list")
def list_calls(data: DataFolder = None) -> None:
    """List the calls that failed, that are tried again, or that wait for a system that is down."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = read_calls(database, company.program, size=_ALL).page.rows
    if not found:
        typer.echo("Every call runs as it should.")
        return
    heads = ("call", "case", "step", "asks", "state", "attempts", "cause", "owner")
    print_columns(heads, [_row(call) for call in found])


@calls.command("retry")
def retry(ids: _Ids, *, by: _By, reason: _Reason = "", data: DataFolder = None) -> None:
    """Let calls be tried again now, with all their attempts."""
    _act(Wish(uuid4(), tuple(ids), by, reason=reason), data)


@calls.command("give-up")
def give_up(ids: _Ids, *, by: _By, reason: _Reason = "", data: DataFolder = None) -> None:
    """Let calls fail at once: each becomes its exception."""
    _act(Wish(uuid4(), tuple(ids), by, gives_up=True, reason=reason), data)


def _act(wish: Wish, data: DataFolder) -> None:
    with open_database(read_settings(data), connections=2) as database:
        results = act_on_calls(Company(database), wish)
    for result in results:
        outcome = result.outcome
        words = f"done in {outcome.number}" if isinstance(outcome, Done) else str(outcome)
        typer.echo(f"{result.call}: {words}")
    if not all(isinstance(result.outcome, Done) for result in results):
        raise typer.Exit(1)


def _row(call: TroubledCall) -> tuple[str, ...]:
    return (
        str(call.id),
        call.number,
        call.step,
        call.interface,
        call.state.value + _until(call.next_at),
        f"{call.attempts} of {call.most}",
        call.cause or "–",
        call.post or "–",
    )


def _until(at: datetime | None) -> str:
    return f" until {at:%H:%M:%S} UTC" if at else ""
