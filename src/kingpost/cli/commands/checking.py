"""`kingpost check`: read a model and say all that is wrong with it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.clock import now
from kingpost.cli.findings import as_document, examine, tell
from kingpost.cli.options import AsJson, ModelFolder
from kingpost.cli.telling.staffing import examine_staffing, staffing_document, tell_staffing
from kingpost.values.diagnostic import Severity

Draft = Annotated[bool, typer.Option("--draft", help="Only warn of what is not carried out yet.")]
Files = Annotated[
    tuple[Path, Path] | None,
    typer.Option(
        "--register",
        metavar="PEOPLE APPOINTMENTS",
        help="Files of people and appointments: would they suffice to finish every case?",
        exists=True,
        dir_okay=False,
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option("--at", help="The day of the register, in UTC; today when left out."),
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
    register: Files = None,
    at: Day = None,
    watch: Watch = False,
) -> None:
    """Check a model and print everything that is wrong with it.

    With `--register` a sound model is also held against who holds which post: whether every case
    could be finished, by whom, and with any one person absent.

    The exit status is 0 when the model may run and 1 when it may not, or people do not suffice.
    """
    if watch:
        from kingpost.cli.watching import watch_folder  # noqa: PLC0415 - of use to nobody else.

        watch_folder(folder, draft=draft)
        return
    model, found = examine(folder, draft=draft)
    staffing = None
    if model is not None and register is not None:
        moment = at.replace(tzinfo=UTC) if at else now()
        staffing = examine_staffing(model, *register, moment)
        found = [*found, *staffing.findings]
    if as_json:
        document = as_document(model, found)
        if staffing is not None:
            document["staffing"] = staffing_document(staffing)
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        if staffing is not None:
            tell_staffing(staffing)
        tell(model, found)
    if model is None or any(item.severity is Severity.ERROR for item in found):
        raise typer.Exit(1)
