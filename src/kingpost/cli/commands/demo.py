"""`kingpost demo`: the example company at work on its real history, in one command."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from kingpost.cli.accounts import read_demo_accounts
from kingpost.cli.clock import now
from kingpost.cli.columns import for_people
from kingpost.cli.commands.children import (
    Child,
    end_children,
    start_child,
    wait_for,
    wait_for_pages,
)
from kingpost.cli.commands.serving import free_port
from kingpost.cli.failures import CommandError
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import HOST, PORT, DataFolder
from kingpost.cli.register import load_register
from kingpost.cli.settings import Settings, open_database, read_settings
from kingpost.cli.staging import NotStagedError, stage
from kingpost.cli.stopping import stop_when_asked
from kingpost.decisions.program import Program
from kingpost.engine.company import Company, NoModelError
from kingpost.exchange.playing import ImportRun, latest_run
from kingpost.model.content import version
from kingpost.model.model import Model
from kingpost.store.pool import Database

# Beside the source, where a checkout has it; an installed package comes without.
EXAMPLE = Path(__file__).parents[4] / "examples" / "service-desk"
# A Wednesday late in the log, with some three thousand incidents open and a week of work after it.
MOMENT = datetime(2016, 5, 4, 11, tzinfo=UTC)
# Of other examples, by the name of their folder.
_MOMENTS = {"lending": datetime(2023, 2, 1, 11, tzinfo=UTC)}
_WEEK = timedelta(days=7)
_SPEED = 60.0
_LOGS = ("*.csv", "*.csv.gz", "*.csv.zip", "*.xes", "*.xes.gz", "*.xes.zip")


@dataclass(frozen=True, slots=True)
class Example:
    """The files of an example company."""

    folder: Path
    log: Path
    mapping: Path
    demo: Path
    people: Path
    appointments: Path


def demo_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder of the example; by default ours.", show_default=False),
    ] = None,
    *,
    port: Annotated[int, typer.Option(help="The first port to try.", min=1, max=65535)] = PORT,
    speed: Annotated[
        float, typer.Option(help="How much faster than the log the work goes on.", min=1)
    ] = _SPEED,
    data: DataFolder = None,
) -> None:
    """Run the example company: load it, import its history, serve it, and let the work go on."""
    example = find_example(folder or EXAMPLE)
    settings = read_settings(data)
    with ExitStack() as stack:
        stop = stack.enter_context(stop_when_asked())
        database = stack.enter_context(open_database(settings, connections=2))
        model = _load(Company(database), example)
        children: list[Child] = []
        stack.callback(end_children, children)
        show = _Show(settings, example, children, stop)
        show.serve(free_port(port), Company(database))
        show.bring_in(database)
        show.stage(database, model)
        show.play(speed)
    typer.echo("Stopped. The same command goes on from here.")


@dataclass(frozen=True, slots=True)
class _Show:
    """What runs: its processes in the order of their start."""

    settings: Settings
    example: Example
    children: list[Child]
    stop: Event

    def serve(self, port: int, company: Company) -> None:
        """Serve the pages, and say where they are when they answer."""
        pages = self._start("serve", f"--port={port}", f"--demo={self.example.demo}")
        if wait_for_pages(pages, port, self.stop):
            _welcome(company, self.example, port)
        elif not self.stop.is_set():
            raise CommandError("the pages did not start: see the lines above")

    def bring_in(self, database: Database) -> None:
        """Import the history up to the moment, or the rest of it."""
        run = latest_run(database)
        if self.stop.is_set() or (run is not None and run.finished_at is not None):
            return
        typer.echo("  The newest cases come first; the rest of the history follows.\n")
        moment = f"--moment={_moment(run, self.example)}"
        status = wait_for(self._start("import", *self._log(), moment), self.stop)
        if status:
            raise CommandError("the history was not imported: see the lines above")

    def stage(self, database: Database, model: Model) -> None:
        """Bring about what the log does not show: who acts for whom, and a few cases of today."""
        run = latest_run(database)
        if self.stop.is_set() or run is None or run.finished_at is None:
            return
        try:
            stage(Company(database), model, self.example.folder / "demo", run.finished_at)
        except NotStagedError as error:
            raise CommandError(str(error)) from None

    def play(self, speed: float) -> None:
        """Let the work of the log go on until somebody stops it, or a process ends."""
        if self.stop.is_set():
            return
        log, mapping = self._log()
        self._start("worker", f"--play={log}", mapping, f"--speed={speed}")
        typer.echo("The work of the log goes on live. Stop with Ctrl-C.")
        pages, player = self.children[0], self.children[-1]
        while not self.stop.is_set():
            for child, name in ((pages, "the pages"), (player, "the worker")):
                if child.poll() is not None:
                    raise CommandError(f"{name} ended: the same command goes on from here")
            self.stop.wait(0.2)

    def _log(self) -> tuple[str, str]:
        return str(self.example.log), f"--mapping={self.example.mapping}"

    def _start(self, command: str, *arguments: str) -> Child:
        child = start_child(command, *arguments, f"--data={self.settings.data}")
        self.children.append(child)
        return child


def find_example(folder: Path) -> Example:
    """Find the files of an example."""
    if not folder.is_dir():
        help_ = "Name a folder such as `examples/service-desk` of the source."
        raise CommandError(f"there is no example at `{folder}`. {help_}")
    logs = [path for pattern in _LOGS for path in sorted((folder / "log").glob(pattern))]
    if not logs:
        raise CommandError(f"`{folder / 'log'}` holds no log. Put one in as CSV or XES.")
    example = Example(
        folder,
        logs[0],
        folder / "log" / "mapping.yaml",
        folder / "demo.csv",
        folder / "people.csv",
        folder / "appointments.csv",
    )
    for path in (example.mapping, example.demo, example.people, example.appointments):
        if not path.is_file():
            raise CommandError(f"the example lacks `{path}`. Add it.")
    return example


def aligned(moment: datetime, to: datetime) -> datetime:
    """Return the time nearest to `moment` at the weekday and time of day of `to`.

    So the shift is a number of whole weeks, and office hours stay office hours.
    """
    later = moment + (to - moment) % _WEEK
    return later if later - moment <= _WEEK / 2 else later - _WEEK


def _load(company: Company, example: Example) -> Model:
    examined = examine(example.folder)
    model = examined.model
    if model is None:
        tell(examined)
        raise typer.Exit(1)
    there = _running(company, model)
    if there is not None and there.version != version(model):
        # Somebody changed the company since, by the road of every change.
        for_people().print(
            f"[bold]{model.company}[/]: model {there.version[:8]} runs, which is another than that "
            f"of `{example.folder}`, and is left as it is. `kingpost plan` tells what differs."
        )
        return there.model
    program = company.load(model)
    people, _ = load_register(company, example.people, example.appointments)
    for_people().print(
        f"[bold]{model.company}[/]: model {program.version[:8]}, {len(model.posts)} posts, "
        f"{people:,} people."
    )
    return model


def _running(company: Company, model: Model) -> Program | None:
    """Return what runs here already; another company, whose cases lie here, is refused."""
    try:
        there = company.active()
    except NoModelError:
        return None
    if there.model.company != model.company:
        raise CommandError(
            f"this database holds {there.model.company}, and would become {model.company}."
            " Name another folder with `--data FOLDER`, or remove what is there with `make clean`."
        )
    return there


def _moment(run: ImportRun | None, example: Example) -> str:
    """Return the moment of the import that was begun before, or one that suits the time now."""
    moment = _MOMENTS.get(example.folder.resolve().name, MOMENT)
    at = run.moment if run is not None else aligned(moment, now().replace(second=0, microsecond=0))
    return at.astimezone(UTC).isoformat()


def _welcome(company: Company, example: Example, port: int) -> None:
    console = for_people()
    console.print(f"\n  Open [bold]http://{HOST}:{port}[/] and sign in with one click as:\n")
    for account in read_demo_accounts(example.demo, company.active().model):
        typer.echo(f"    {account.name:<18} {account.post}")
    typer.echo("")
