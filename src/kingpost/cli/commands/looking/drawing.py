"""`kingpost graph`: a picture of any part of a model, as SVG."""

from pathlib import Path
from typing import Annotated

import typer

from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.commands.looking.showing import ModelOption, resolve
from kingpost.insight.drawing.pictures import WHOLES, part_picture, whole_picture
from kingpost.insight.drawing.svg import standalone
from kingpost.model.parts.links import links_of


def graph_command(
    address: Annotated[
        str,
        typer.Argument(
            help="Such as `workflow/fine`; or `organisation`, `objectives` or `units` as a whole."
        ),
    ] = WHOLES[0],
    *,
    folder: ModelOption = Path(),
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
) -> None:
    """Draw a part of a model as SVG, light and dark, for screen and paper.

    A workflow as its map, a business object as its lifecycle, a value stream with its stages, a
    rule with what it needs, and every other part among its neighbours.
    """
    model = read_for_looking(folder)
    if address in WHOLES:
        picture = whole_picture(model, address)
    else:
        links = links_of(model)
        picture = part_picture(model, links, resolve(links, address))
    text = standalone(picture)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    typer.echo(f"{picture.title}: {output}")
