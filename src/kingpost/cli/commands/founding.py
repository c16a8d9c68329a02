"""`kingpost new`: a company to begin with."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.values.nearest import suggestion

TEMPLATES: Mapping[str, str] = {
    "starter": "staff ask for things, and a lead or a director grants them; small and commented",
    "lending": "a lender, whole: limits, four eyes, tables, duties with a clock, and its people",
}

_HELP = "Which company to begin with: " + "; ".join(
    f"`{name}` ({what})" for name, what in TEMPLATES.items()
)


def new_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make, or one that is empty.")],
    *,
    template: Annotated[str, typer.Option(metavar="NAME", help=f"{_HELP}.")] = "starter",
) -> None:
    """Begin a company from a template: sound, with its scenarios, to be changed into yours."""
    if template not in TEMPLATES:
        every = " or ".join(f"`{name}`" for name in TEMPLATES)
        help_ = suggestion(template, TEMPLATES, f"Take {every}.")
        raise CommandError(f"there is no template `{template}`. {help_}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"`{folder}` is not empty. Name a new folder; nothing was written.")
    with as_file(files("kingpost.cli") / "templates" / template) as from_here:
        copytree(from_here, folder, dirs_exist_ok=True)
    typer.echo(f"{folder} holds a company. Change it into yours, and ask again at each step:")
    for command in ("check", "test", "docs"):
        more = f" -o {folder}-site" if command == "docs" else ""
        typer.echo(f"  kingpost {command} {folder}{more}")
