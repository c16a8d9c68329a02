"""`kingpost versions`: every version of the model that took effect."""

import json
from typing import Annotated

import typer
from pydantic import TypeAdapter

from kingpost.cli.columns import count, print_columns
from kingpost.cli.commands.looking.stored import stored_versions
from kingpost.cli.moments import in_words
from kingpost.cli.options import AsJson, DataFolder
from kingpost.queries.changes.versions import ModelVersion, Versions

_SHOWN_MAX = 20


def versions_command(
    *,
    every: Annotated[bool, typer.Option("--all", help="List all, not the newest 20.")] = False,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """List the versions of the model that took effect, the one that runs first.

    Of each: when, by whom, how many live cases stand on it, and how much it changed.
    """
    with stored_versions(data) as versions:
        found = versions.found if every else versions.found[:_SHOWN_MAX]
        if as_json:
            typer.echo(json.dumps([_document(versions, item) for item in found], indent=2))
            return
        rows = [_row(versions, item) for item in found]
        left = len(versions.found) - len(found)
    if not rows:
        typer.echo("No model has taken effect yet: load one with `kingpost load FOLDER`.")
        return
    print_columns(("number", "version", "since", "by", "live cases", "changed"), rows)
    if left:
        typer.echo(f"and {left:,} more; `--all` lists them")


def _row(versions: Versions, item: ModelVersion) -> tuple[str, ...]:
    return (
        str(item.number),
        item.digest[:12],
        in_words(item.activated_at),
        item.name or item.person or "nobody",
        f"see {item.again}" if item.again else f"{item.open_cases:,}",
        "the first" if item.number == 1 else count(len(versions.changes(item)), "difference"),
    )


def _document(versions: Versions, item: ModelVersion) -> object:
    told = TypeAdapter(ModelVersion).dump_python(item, mode="json")
    return {**told, "differences": len(versions.changes(item))}
