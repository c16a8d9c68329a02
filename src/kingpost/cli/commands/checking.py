"""`kingpost check`: read a model and say all that is wrong with it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kingpost.checks.staffing.findings import Staffing
from kingpost.cli.clock import now
from kingpost.cli.findings import Examined, as_document, examine, tell
from kingpost.cli.moments import moment
from kingpost.cli.options import AsJson, ModelFolder
from kingpost.cli.telling.staffing import examine_staffing, staffing_document, tell_staffing
from kingpost.values.diagnostic import Severity

Draft = Annotated[bool, typer.Option("--draft", help="Only warn of what is not carried out yet.")]
RegisterFolder = Annotated[
    Path | None,
    typer.Option(
        "--register",
        metavar="FOLDER",
        help="A folder with `people.csv` and `appointments.csv`: do they suffice for every case?",
        exists=True,
        file_okay=False,
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--at", help="With --register: the day, in UTC; today when left out.", parser=moment
    ),
]
Watch = Annotated[
    bool,
    typer.Option("--watch", help="Check again after each change of a file, until interrupted."),
]


def check_command(
    folder: ModelFolder,
    *,
    draft: Draft = False,
    as_json: AsJson = False,
    register: RegisterFolder = None,
    at: Day = None,
    watch: Watch = False,
) -> None:
    """Check a model and print everything that is wrong with it.

    With `--register` a sound model is also held against who holds which post: whether every case
    could be finished, by whom, and with any one person absent. Before anybody is appointed it says
    which posts to begin with.

    The exit status is 0 when the model may run and 1 when it may not, or people do not suffice.
    """
    if at and register is None:
        raise typer.BadParameter("it is a day of the register: add --register", param_hint="--at")
    if watch:
        _watch(folder, draft=draft, others={"--register": bool(register), "--json": as_json})
        return
    examined = examine(folder, draft=draft)
    model, staffing = examined.model, None
    if model is not None and register is not None:
        moment = at.replace(tzinfo=UTC) if at else now()
        staffing = examine_staffing(model, register, moment)
        examined = examined._replace(found=[*examined.found, *staffing.findings])
    _tell(examined, staffing, as_json=as_json)
    if register is not None and model is None and not as_json:
        typer.echo("The register was not looked at: the model has errors.")
    if model is None or any(item.severity is Severity.ERROR for item in examined.found):
        raise typer.Exit(1)


def _tell(examined: Examined, staffing: Staffing | None, *, as_json: bool) -> None:
    if not as_json:
        if staffing is not None:
            tell_staffing(staffing)
        tell(examined)
        return
    document = as_document(examined)
    if staffing is not None:
        document["staffing"] = staffing_document(staffing)
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _watch(folder: Path, *, draft: bool, others: Mapping[str, bool]) -> None:
    """Watch a folder. others: what does not go with it, and whether it is asked for."""
    from kingpost.cli.watching import watch_folder  # noqa: PLC0415 - of use to nobody else.

    for name in (name for name, asked in others.items() if asked):
        raise typer.BadParameter(f"it does not go with {name}", param_hint="--watch")
    watch_folder(folder, draft=draft)
