"""`kingpost explain`: what a finding means, why it matters, and an example."""

from typing import Annotated

import typer

from kingpost.cli.telling.pages import codes, page_of
from kingpost.values.nearest import suggestion

Code = Annotated[str, typer.Argument(help="The code of a finding, such as KP0519.")]


def explain_command(code: Code) -> None:
    """Print the page about a finding: its meaning, a wrong and a right example."""
    page = page_of(code.upper())
    if page is None:
        known = codes()
        advice = suggestion(code.upper(), known, f"Name a code from {known[0]} to {known[-1]}.")
        typer.echo(f"there is no finding `{code}`. {advice}", err=True)
        raise typer.Exit(1)
    typer.echo(page.rstrip())
