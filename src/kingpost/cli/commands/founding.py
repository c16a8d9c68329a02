"""`kingpost new`: a company to begin with."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.values.nearest import suggestion


def new_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make, or one that is empty.")],
    *,
    template: Annotated[str, typer.Option(help="Which company to begin with.")] = "starter",
) -> None:
    """Begin a company from a template: small, sound, and commented so that it teaches."""
    known = templates()
    if template not in known:
        help_ = suggestion(template, known, f"Take {', '.join(f'`{name}`' for name in known)}.")
        raise CommandError(f"there is no template `{template}`. {help_}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"`{folder}` is not empty. Name a new folder; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    for text in known[template].iterdir():
        (folder / text.name).write_bytes(text.read_bytes())
    typer.echo(f"{folder} holds a company. Change it into yours, and ask again at each step:")
    for command in ("check", "test", "docs"):
        more = f" -o {folder}-site" if command == "docs" else ""
        typer.echo(f"  kingpost {command} {folder}{more}")


def templates() -> dict[str, Traversable]:
    """Return the templates that come along, by name."""
    folders = (files("kingpost.cli") / "templates").iterdir()
    return {folder.name: folder for folder in folders if folder.is_dir()}
