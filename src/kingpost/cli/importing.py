"""`kingpost import`: replay an event log through the function that decides live work."""

import json
import secrets
import signal
import threading
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kingpost.cli.checking import DataFolder
from kingpost.cli.clock import now
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import BadMappingError, Plan, plan_import
from kingpost.exchange.replay.rows import read_moment
from kingpost.exchange.report import Progress as Done
from kingpost.exchange.report import Report
from kingpost.store.imports import ImportTakenError
from kingpost.store.pool import Database

_STOPPED = 130


def import_command(
    log: Annotated[Path, typer.Argument(help="CSV or XES, plain, gzip or zip.", exists=True)],
    mapping: Annotated[Path, typer.Option(help="How its columns and states map.", exists=True)],
    *,
    moment: Annotated[
        str | None,
        typer.Option(help="A time of the log that becomes now; what lies after is not imported."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    data: DataFolder = None,
) -> None:
    """Import an event log. Interrupt it at any time; the same command goes on where it stopped."""
    console = Console(stderr=True)
    chosen = read_chosen(console, moment)
    stop = stop_when_asked()
    with (
        open_database(read_settings(data), connections=2) as database,
        plan_or_explain(console, database, log, mapping, chosen) as plan,
    ):
        report = carry_out(console, database, plan, stop)
    if as_json:
        print(json.dumps(report.as_json(), indent=2, ensure_ascii=False))  # noqa: T201 - asked for
    else:
        print(report.as_text())  # noqa: T201 - asked for
    if not report.finished:
        raise typer.Exit(_STOPPED)


def read_chosen(console: Console, moment: str | None) -> datetime | None:
    """Read the moment of the log that becomes now."""
    if moment is None:
        return None
    chosen = read_moment(moment, "UTC")
    if chosen is None:
        console.print(f"`{moment}` is not a time. Write it such as `2016-05-04T11:00`.")
        raise typer.Exit(1)
    return chosen


def plan_or_explain(
    console: Console, database: Database, log: Path, mapping: Path, moment: datetime | None
) -> Plan:
    """Read the log once, or say what is wrong with it and end."""
    try:
        with console.status(f"Reading {log.name}"):
            return plan_import(log, mapping, Company(database).active(), moment=moment)
    except (UnreadableError, BadMappingError) as error:
        console.print(str(error), highlight=False, soft_wrap=True, markup=False)
        console.print("Nothing was imported.")
        raise typer.Exit(1) from None


def carry_out(console: Console, database: Database, plan: Plan, stop: threading.Event) -> Report:
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

        try:
            return run_import(
                database,
                plan,
                now=now(),
                seed=secrets.token_bytes(32),
                progress=show,
                stop=stop.is_set,
            )
        except (UnreadableError, ImportTakenError) as error:
            console.print(str(error), highlight=False, soft_wrap=True, markup=False)
            raise typer.Exit(1) from None


def stop_when_asked() -> threading.Event:
    """Return an event that is set by the first interruption; the batch in hand is finished."""
    stop = threading.Event()

    def stop_now(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_now)
    return stop
