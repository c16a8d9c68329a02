"""`kingpost worker`: what is due, and the work of a log that goes on."""

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.clock import now
from kingpost.cli.failures import CommandError
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings, systems
from kingpost.cli.stopping import stop_when_asked
from kingpost.engine.company import Company
from kingpost.exchange.playing import ImportRun, latest_run
from kingpost.exchange.replay.plan import plan_import
from kingpost.worker import pump
from kingpost.worker.calling import Caller
from kingpost.worker.play import Player

# Each call that is under way takes one for a moment.
_CONNECTIONS = 8
# A worker that waits for ever does nothing, and nobody is told.
_PATIENCE_SECONDS = 60.0


def worker_command(
    *,
    play: Annotated[
        Path | None,
        typer.Option(help="A log that was imported up to a moment.", exists=True, dir_okay=False),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="The log's mapping.", exists=True, dir_okay=False)
    ] = None,
    speed: Annotated[float, typer.Option(help="Times the pace of the log.", min=0.1)] = 1.0,
    data: DataFolder = None,
) -> None:
    """Do what is due, until interrupted. Any number of workers may run.

    With `--play` the rows of a log after the moment of its import become live work; one worker
    plays them.
    """
    if (play is None) != (mapping is None):
        raise CommandError("`--play` and `--mapping` go together. Name both or neither.")
    logging.getLogger().setLevel(logging.INFO)
    with ExitStack() as stack:
        settings = read_settings(data)
        database = stack.enter_context(
            open_database(settings, connections=_CONNECTIONS, patience=_PATIENCE_SECONDS)
        )
        company = Company(database)
        player = None
        if play is not None and mapping is not None:
            run = _finished(latest_run(database), play)
            plan = plan_import(play, mapping, company.active(), moment=run.moment)
            player = Player(company, stack.enter_context(plan), run, begun=now(), speed=speed)
            typer.echo(f"Playing {player.left:,} rows on.")
        stop = stack.enter_context(stop_when_asked())
        typer.echo("Working.")
        caller = Caller(company, systems())
        pump.run(company, stop, lambda: caller.round() + (player.round(now()) if player else 0))


def _finished(run: ImportRun | None, log: Path) -> ImportRun:
    if run is None or run.source != log.name:
        raise CommandError(f"`{log.name}` was not imported last. Import it up to a moment first.")
    if run.finished_at is None:
        raise CommandError(f"`{log.name}` is not imported yet. Finish its import first.")
    return run
