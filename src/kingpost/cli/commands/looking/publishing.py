"""`kingpost docs`: a company as a readable static site."""

from pathlib import Path
from typing import Annotated

import typer

from kingpost.checks import check
from kingpost.cli.columns import count
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.cli.failures import CommandError
from kingpost.cli.options import ModelFolder
from kingpost.decisions.program import compile_model
from kingpost.handbook.book import Book
from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from kingpost.scenarios import Result, coverage, run_scenarios
from kingpost.site.building import build_site
from kingpost.site.writing import NotOursError, write_site
from kingpost.values.diagnostic import Diagnostic, Severity


def docs_command(
    folder: ModelFolder,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the site.")] = Path(
        "site"
    ),
) -> None:
    """Publish a company as a readable site: streams, workflows with their maps, posts, duties.

    The site needs no server. An unsound model is published too, with what the check finds.
    """
    model = read_for_looking(folder)
    found = tuple(sorted(check(model), key=Diagnostic.order))
    results = _results(model, found)
    covered = coverage(model, results) if results else ()
    site = build_site(Book(model, links_of(model), found, results, covered))
    try:
        write_site(site, output)
    except NotOursError as error:
        raise CommandError(str(error)) from None
    pages = count(sum(name.endswith(".html") for name in site), "page")
    typer.echo(f"{model.company}: {pages} in {output}. Open {output / 'index.html'}.")


def _results(model: Model, found: tuple[Diagnostic, ...]) -> tuple[Result, ...]:
    """Return how the scenarios come out; none is run on a model that may not run."""
    if any(item.severity is Severity.ERROR for item in found):
        return ()
    return tuple(run_scenarios(compile_model(model)))
