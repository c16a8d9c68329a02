"""`kingpost succession`: what whoever takes over a post takes over with it."""

from typing import Annotated

import typer
from pydantic import TypeAdapter

from kingpost.cli.columns import print_columns
from kingpost.cli.failures import CommandError
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.cli.telling.succession import heading, sections
from kingpost.engine.company import Company
from kingpost.queries.succession.pack import Closed, Succession
from kingpost.queries.succession.reading import read_succession
from kingpost.values.nearest import suggestion


def succession_command(
    post: Annotated[str, typer.Argument(help="The id of a post.")],
    *,
    page: Annotated[int, typer.Option(min=1, help="Of the open work.")] = 1,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Tell what somebody who takes over a post takes over: work, decisions, duties, expectations.

    The page of the post has it as a document to print, for those whom it concerns.
    """
    with open_database(read_settings(data), connections=2) as database:
        program = Company(database).active()
        found = read_succession(database, program, post, page=page)
    if found is None:
        help_ = suggestion(post, program.model.posts, "Look it up in the model.")
        raise CommandError(f"there is no post `{post}`. {help_}")
    assert not isinstance(found, Closed), "it is open to whoever keeps the system"
    if as_json:
        typer.echo(TypeAdapter(Succession).dump_json(found, indent=2).decode())
        return
    for line in heading(found):
        typer.echo(line)
    for section in sections(found):
        if section.rows:
            typer.echo(f"\n{section.title}:")
            print_columns(section.head, section.rows)
