"""`kingpost demo`: the example company at work on its real history, in one command."""

import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kingpost.cli.accounts import read_demo_accounts
from kingpost.cli.checking import DataFolder, examine, tell
from kingpost.cli.clock import now
from kingpost.cli.importing import stop_when_asked
from kingpost.cli.people import load_register
from kingpost.cli.serve import HOST, PORT, free_port
from kingpost.cli.settings import Settings, open_database, read_settings
from kingpost.engine.company import Company
from kingpost.exchange.playing import ImportRun, latest_run

EXAMPLE = Path(__file__).parents[3] / "examples" / "service-desk"
# A Wednesday in the middle of the log, with some twelve hundred incidents in flight.
MOMENT = datetime(2016, 5, 4, 11, tzinfo=UTC)
_WEEK = timedelta(days=7)
_SPEED = 60.0
_START_SECONDS_MAX = 60


def demo_command(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the example.", exists=True, file_okay=False)
    ] = EXAMPLE,
    *,
    port: Annotated[int, typer.Option(help="The first port to try.")] = PORT,
    speed: Annotated[
        float, typer.Option(help="How much faster than the log the work goes on.", min=1)
    ] = _SPEED,
    data: DataFolder = None,
) -> None:
    """Run the example company: load it, import its history, serve it, and let the work go on."""
    console = Console()
    settings = read_settings(data)
    stop = stop_when_asked()
    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings, connections=2))
        company = Company(database)
        _load(console, company, folder)
        moment = _moment(latest_run(database))
        log, mapping = folder / "log" / "incident_event_log.csv.gz", folder / "log" / "mapping.yaml"
        port = free_port(port)
        children = [
            _child(settings, "serve", f"--port={port}", f"--demo={folder / 'demo.csv'}"),
            _child(settings, "import", str(log), f"--mapping={mapping}", f"--moment={moment}"),
        ]
        stack.callback(_end, children)
        if not _answers(port):
            console.print("The pages did not start; see the lines above.")
            raise typer.Exit(1)
        _welcome(console, company, folder, port)
        children[1].wait()
        if not stop.is_set():
            playing = (f"--play={log}", f"--mapping={mapping}", f"--speed={speed}")
            children.append(_child(settings, "worker", *playing))
            console.print("\nThe work of the log goes on live. Stop with Ctrl-C.")
        while not stop.is_set() and all(
            child.poll() is None for child in (children[0], children[-1])
        ):
            stop.wait(0.5)
    console.print("Stopped. The same command goes on from here.")


def aligned(moment: datetime, to: datetime) -> datetime:
    """Return the time nearest to `moment` at the weekday and time of day of `to`.

    So the shift is a number of whole weeks, and office hours stay office hours.
    """
    later = moment + (to - moment) % _WEEK
    return later if later - moment <= _WEEK / 2 else later - _WEEK


def _load(console: Console, company: Company, folder: Path) -> None:
    model, found = examine(folder)
    if model is None:
        tell(console, model, found)
        raise typer.Exit(1)
    program = company.load(model)
    people = load_register(company, folder / "people.csv", folder / "appointments.csv")
    console.print(
        f"[bold]{model.company}[/]: model {program.version[:8]}, {len(model.posts)} posts, "
        f"{people:,} people.",
        highlight=False,
    )


def _moment(run: ImportRun | None) -> str:
    """Return the moment of the import that was begun before, or one that suits the time now."""
    at = run.moment if run is not None else aligned(MOMENT, now().replace(second=0, microsecond=0))
    return at.astimezone(UTC).isoformat()


def _child(settings: Settings, command: str, *arguments: str) -> "subprocess.Popen[bytes]":
    program = "from kingpost.cli import main; main()"
    # Our own program with our own arguments.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", program, command, *arguments, f"--data={settings.data}"]
    )


def _answers(port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/sign-in", timeout=2):
                return True
        except OSError:
            time.sleep(0.2)
    return False


def _welcome(console: Console, company: Company, folder: Path, port: int) -> None:
    console.print(f"\n  Open [bold]http://{HOST}:{port}[/] and sign in with one click as:\n")
    for account in read_demo_accounts(folder / "demo.csv", company.active().model):
        console.print(f"    {account.name:<18} {account.post}", highlight=False)
    console.print("\n  The newest incidents come first; the rest of the history follows.\n")


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    """End the processes that were started here, and no other."""
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
