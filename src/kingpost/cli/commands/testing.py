"""`kingpost test`: run the scenarios of a model, and say how much of it they cover."""

import json
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from kingpost.cli.failures import CommandError
from kingpost.cli.findings import as_document as findings
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson
from kingpost.cli.testing.documents import as_json as document
from kingpost.cli.testing.documents import as_junit
from kingpost.cli.testing.telling import tell_coverage, tell_result, tell_sum
from kingpost.decisions.program import compile_model
from kingpost.model.model import Model
from kingpost.scenarios import Result, coverage, run_scenario, shares
from kingpost.values.nearest import suggestion


def run_tests(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
    ] = Path(),
    *,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Run this one only; may be given several times.")
    ] = None,
    with_coverage: Annotated[
        bool, typer.Option("--coverage", help="Tell what the scenarios cover.")
    ] = False,
    require: Annotated[
        int | None,
        typer.Option(help="Fail when less of any kind is covered, in percent.", min=0, max=100),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write the results as JUnit XML into this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the scenarios of a model: each must come out as it is told.

    The exit status is 0 when all do, and 1 when one does not or when too little is covered.
    """
    model = _sound(folder, as_json=as_json)
    begun = perf_counter()
    results = _run(model, tuple(scenario or ()))
    seconds = perf_counter() - begun
    covered = coverage(model, results)
    parts = shares(covered)
    rule_tests = sum(len(rule.tests) for rule in model.rules.values())
    if junit is not None:
        junit.write_text(as_junit(model.company, results, seconds), encoding="utf-8")
    if as_json:
        typer.echo(
            json.dumps(document(results, rule_tests, parts, covered), indent=2, ensure_ascii=False)
        )
    else:
        for result in results:
            tell_result(result, whole=bool(scenario))
        if with_coverage:
            tell_coverage(parts, covered)
            typer.echo()
        tell_sum(results, rule_tests, seconds)
    short = [share for share in parts if require is not None and share.percent < require]
    for share in short:
        words = f"`{share.owner}`: {share.percent} % of its {share.kind}s"
        typer.echo(f"{words} are covered, {require} % required", err=True)
    if short or not all(result.passed for result in results):
        raise typer.Exit(1)


def _sound(folder: Path, *, as_json: bool) -> Model:
    """Return the model of a folder; when it is not sound, say why and end."""
    examined = examine(folder)
    if examined.model is not None:
        return examined.model
    if as_json:
        typer.echo(json.dumps(findings(examined), indent=2, ensure_ascii=False))
    else:
        tell(examined)
    raise typer.Exit(1)


def _run(model: Model, names: tuple[str, ...]) -> list[Result]:
    for name in names:
        if name not in model.scenarios:
            help_ = suggestion(name, model.scenarios, "Name one that the model has.")
            raise CommandError(f"there is no scenario `{name}`. {help_}")
    program = compile_model(model)
    return [run_scenario(program, name) for name in names or sorted(model.scenarios)]
