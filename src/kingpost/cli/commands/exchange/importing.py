"""`kingpost import`: replay an event log through the function that decides live work."""

import json
import secrets
import threading
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kingpost.cli.clock import now
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.cli.stopping import stop_when_asked
from kingpost.engine.company import Company
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import BadMappingError, Plan, plan_import
from kingpost.exchange.replay.rows import read_moment
from kingpost.exchange.report import Progress as Done
from kingpost.exchange.report import Report
from kingpost.store.pool import Database

_STOPPED = 130


def import_command(
    log: Annotated[
        Path, typer.Argument(help="CSV or XES, plain, gzip or zip.", exists=True, dir_okay=False)
    ],
    mapping: Annotated[
        Path, typer.Option(help="How its columns and states map.", exists=True, dir_okay=False)
    ],
    *,
    moment: Annotated[
        str | None,
        typer.Option(help="A time of the log that becomes now; what lies after is not imported."),
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Import an event log. Interrupt it at any time; the same command goes on where it stopped."""
    console = Console(stderr=True)
    chosen = _read_chosen(moment)
    with (
        open_database(read_settings(data), connections=2) as database,
        _planned(console, database, log, mapping, chosen) as plan,
        # Before this nothing is written, so that an interruption may end it at once.
        stop_when_asked() as stop,
    ):
        report = _carry_out(console, database, plan, stop)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        typer.echo(report.as_text())
    if not report.finished:
        raise typer.Exit(_STOPPED)


def _read_chosen(moment: str | None) -> datetime | None:
    """Read the moment of the log that becomes now."""
    if moment is None:
        return None
    chosen = read_moment(moment, "UTC")
    if chosen is None:
        raise CommandError(f"`{moment}` is not a time. Write it such as `2016-05-04T11:00`.")
    return chosen


def _planned(
    console: Console, database: Database, log: Path, mapping: Path, moment: datetime | None
) -> Plan:
    """Read the log once, or say all that is wrong with it."""
    program = Company(database).active()
    try:
        with console.status(f"Reading {log.name}"):
            return plan_import(log, mapping, program, moment=moment)
    except (UnreadableError, BadMappingError) as error:
        raise CommandError(f"{error}\nNothing was imported.") from None


def _carry_out(console: Console, database: Database, plan: Plan, stop: threading.Event) -> Report:
    """Carry out an import with its progress on the console."""
    columns = (
        TextColumn("Importing {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cases"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(plan.source, total=len(plan.cases))

        def show(done: Done) -> None:
            bar.update(task, completed=done.cases)

        return run_import(
            database,
            plan,
            now=now(),
            seed=secrets.token_bytes(32),
            progress=show,
            stop=stop.is_set,
        )
