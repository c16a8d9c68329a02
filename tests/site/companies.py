"""The companies that the tests publish."""

from functools import cache
from pathlib import Path

from kingpost.checks import check
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.decisions.program import compile_model
from kingpost.handbook.book import Book
from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from kingpost.scenarios import coverage, run_scenarios
from kingpost.site.building import build_site

EXAMPLES = Path(__file__).parents[2] / "examples"


def company(model: Model, *, told: bool = False) -> Book:
    """Return a company with what its check finds; told: run its scenarios, too."""
    results = tuple(run_scenarios(compile_model(model))) if told else ()
    covered = coverage(model, results) if told else ()
    return Book(model, links_of(model), tuple(check(model)), results, covered)


@cache
def lending() -> dict[str, bytes]:
    """Return the site of the example that has everything."""
    return dict(build_site(company(read_for_looking(EXAMPLES / "lending"), told=True)))
