"""`kingpost check` and `kingpost load`: read a model, say all that is wrong, let it take effect."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from kingpost.checks import check
from kingpost.cli.settings import open_database, read_settings
from kingpost.cli.texts import read_texts
from kingpost.engine.company import Company
from kingpost.model.content import version
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.values.diagnostic import Diagnostic, Severity

Folder = Annotated[
    Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="The folder of the embedded database.")
]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def examine(folder: Path) -> tuple[Model | None, list[Diagnostic]]:
    """Read and check a model. The model is None when it has errors of any kind."""
    texts, unreadable = read_texts(folder)
    reading = read_model(texts) if texts else None
    found = [*unreadable, *(reading.diagnostics if reading else ())]
    model = reading.model if reading else None
    if model is not None:
        found.extend(check(model))
    found.sort(key=Diagnostic.order)
    sound = all(item.severity is not Severity.ERROR for item in found)
    return (model if sound else None), found


def check_command(
    folder: Folder,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check a model and print everything that is wrong with it.

    The exit status is 0 when the model may run and 1 when it may not.
    """
    model, found = examine(folder)
    if as_json:
        print(json.dumps(as_document(model, found), indent=2, ensure_ascii=False))  # noqa: T201
    else:
        tell(Console(), model, found)
    if model is None:
        raise typer.Exit(1)


def load_command(folder: Folder, data: DataFolder = None) -> None:
    """Check a model and let it take effect. Cases in flight stay on the version they began on."""
    model, found = examine(folder)
    console = Console()
    if model is None:
        tell(console, model, found)
        console.print("Nothing was loaded.")
        raise typer.Exit(1)
    with open_database(read_settings(data)) as database:
        program = Company(database).load(model)
    console.print(f"{model.company}: model version {program.version[:12]} is in effect.")


def as_document(model: Model | None, found: list[Diagnostic]) -> dict[str, object]:
    """Return the findings as they are printed with `--json`."""
    return {
        "version": version(model) if model else None,
        "errors": sum(item.severity is Severity.ERROR for item in found),
        "warnings": sum(item.severity is Severity.WARNING for item in found),
        "diagnostics": [
            {
                "code": item.code,
                "severity": item.severity.value,
                "subject": item.subject,
                "file": item.place.file if item.place else None,
                "line": item.place.line if item.place else None,
                "column": item.place.column if item.place else None,
                "message": item.message,
                "help": item.help,
            }
            for item in found
        ],
    }


def tell(console: Console, model: Model | None, found: list[Diagnostic]) -> None:
    """Print the findings for people."""
    for item in found:
        colour = _COLOURS[item.severity]
        place = f"{item.place}: " if item.place else ""
        words = f"{escape(place)}[{colour}]{item.severity.value}[/] {item.code} "
        console.print(words + escape(item.message), highlight=False, soft_wrap=True)
        console.print(f"    [dim]{escape(item.subject)}[/]", highlight=False, soft_wrap=True)
        if item.help:
            console.print(f"    {escape(item.help)}", highlight=False, soft_wrap=True)
    errors = sum(item.severity is Severity.ERROR for item in found)
    warnings = len(found) - errors
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    console.print(f"{counts}. Version {version(model)[:12]}." if model else f"{counts}.")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
