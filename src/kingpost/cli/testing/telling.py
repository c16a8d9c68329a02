"""Tell people what came of scenarios, and how much of the model they cover."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import typer
from rich.markup import escape

from kingpost.cli.columns import count, for_people, print_columns
from kingpost.scenarios import Covered, Result, Share

# As wide as a time with the gap after it.
_INDENT = " " * 18


def tell_result(result: Result, *, whole: bool = False) -> None:
    """Print a story that went another way, or any when the whole is wanted."""
    if result.passed and not whole:
        return
    console = for_people()
    mark = "[green]passed[/]" if result.passed else "[red]failed[/]"
    place = f"{result.place}: " if result.place else ""
    scenario = result.scenario
    console.print(f"{escape(place)}{mark} {scenario.id}: {escape(scenario.title)}")
    for line in result.story:
        console.print(f"    {_clock(line.at)}{escape(line.what)}")
        console.print(f"    {_INDENT}[dim]→[/] {escape(line.outcome)}")
    for failure in result.failures:
        where = f" ({failure.place})" if failure.place else ""
        console.print(f"  [red]here it went another way[/]{escape(where)}")
        console.print(f"    expected  {escape(failure.expected)}")
        console.print(f"    instead   {escape(failure.instead)}")
        if failure.why:
            console.print(f"    because   {escape(failure.why)}")
    console.print()


def tell_sum(results: Sequence[Result], rule_tests: int, seconds: float) -> None:
    """Print how many stories there were, and how many went another way.

    rule_tests: how many tests rules have; they have passed, or the model would not be sound.
    """
    failed = sum(not result.passed for result in results)
    end = f", {failed} failed" if failed else " passed"
    words = f"{count(len(results), 'scenario')}{end}, in {seconds:.2f} s."
    typer.echo(words if results else "The model has no scenarios.")
    if rule_tests:
        typer.echo(f"{count(rule_tests, 'test')} of rules passed.")


def tell_coverage(shares: Iterable[Share], covered: Iterable[Covered]) -> None:
    """Print the table, and what no scenario comes by."""
    rows = [
        (share.owner, share.kind, str(share.covered), str(share.of), f"{share.percent} %")
        for share in shares
    ]
    print_columns(("part of the model", "kind", "covered", "of", ""), rows)
    missing = [part for part in covered if not part.by]
    if missing:
        typer.echo()
        print_columns(
            ("not covered", "address", ""),
            [(part.kind, part.address, part.title) for part in missing],
        )


def _clock(at: datetime) -> str:
    return f"{at:%a %e %b %H:%M}".ljust(len(_INDENT))
