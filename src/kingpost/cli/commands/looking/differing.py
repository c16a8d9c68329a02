"""`kingpost diff`: what one model changes in another, in sentences."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kingpost.cli.columns import count, for_people
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.commands.looking.revisions import folder_of
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.model.model import Model
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links, links_of
from kingpost.planning.difference import Difference, as_document, by_element, differences

_SIGNS: Mapping[str, str] = {
    "added": "[green]+[/]",
    "removed": "[red]-[/]",
    "changed": "[yellow]~[/]",
    "moved": "[yellow]~[/]",
    "renamed": "[yellow]~[/]",
}

_Side = Annotated[
    str,
    typer.Argument(
        help="A folder, `REVISION:FOLDER` of a git repository, or a version that took effect: "
        "`@` and its number, the beginning of its digest, a day, or `running`."
    ),
]


def diff_command(
    before: _Side, after: _Side, *, as_json: AsJson = False, data: DataFolder = None
) -> None:
    """Tell what is different between two models, in sentences, by element.

    How a model is split over files and laid out means nothing and is not told. The exit status is
    0 when they mean the same, 1 when they differ and 2 when one cannot be read.
    """
    try:
        models = [_read(written, data) for written in (before, after)]
    except CommandError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    found = differences(models[0], models[1])
    if as_json:
        document = [as_document(item) for item in found]
        typer.echo(json.dumps({"differences": document}, indent=2, ensure_ascii=False))
    else:
        tell_differences(found, models[0], models[1])
    raise typer.Exit(1 if found else 0)


def _read(written: str, data: Path | None) -> Model:
    if written.startswith("@"):
        # Imported here: who compares two folders does not wait for the driver of the database.
        from kingpost.cli.commands.looking.stored import stored_model  # noqa: PLC0415

        return stored_model(data, written[1:])
    with folder_of(written) as folder:
        try:
            return read_for_looking(folder)
        except CommandError as error:
            # The folder of a revision is gone when one reads this.
            raise CommandError(str(error).replace(str(folder), written)) from None


def tell_differences(found: tuple[Difference, ...], before: Model, after: Model) -> None:
    """Print differences by element."""
    console = for_people()
    sides = (links_of(after), links_of(before))
    for element, items in by_element(found).items():
        console.print(f"[bold]{element}[/]{_title(element, sides)}")
        for item in items:
            console.print(f"  {_SIGNS[item.kind]} {escape(item.sentence)}")
    if not found:
        console.print("Both mean the same.")
        return
    elements = count(len({item.element for item in found}), "element")
    console.print(f"{count(len(found), 'difference')} in {elements}.")


def _title(element: str, sides: tuple[Links, Links]) -> str:
    part = next((links.parts[element] for links in sides if element in links.parts), None)
    return f"  [dim]{escape(title_of(part.value))}[/]" if part else ""
