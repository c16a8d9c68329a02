"""What changed rules would have answered in cases of the past, told in a plan."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape

from kingpost.cli.columns import count
from kingpost.engine.carrying.answers import Asked, Listed, Past

PastCases: TypeAlias = Annotated[
    int,
    typer.Option(
        "--past",
        min=0,
        max=1_000_000,
        help="In how many of the latest cases changed rules are asked again; 0 for none.",
    ),
]
# Of each rule, on the screen.
_LINES_MAX = 8


def tell_past(console: Console, past: Past, *, listed: bool) -> None:
    """Tell of each changed rule what it would have answered. listed: also in which cases."""
    if past == Past():
        return
    console.print("\n[bold]What changed rules would have answered[/]")
    for each in past.rules:
        console.print(escape(f"  {_heading(each)}"))
        lines = list(_lines(each))
        for line in lines[:_LINES_MAX]:
            console.print(escape(f"    {line}"))
        if len(lines) > _LINES_MAX:
            console.print(f"    and {count(len(lines) - _LINES_MAX, 'more line')}: see `--json`")
        if listed:
            for item in each.other:
                console.print(escape(f"    {item.case}: {'; '.join(_told(item))}"))

    for name in past.others:
        console.print(escape(f"  `{name}`: not asked again, since only conditions call it"))


def _heading(asked: Asked) -> str:
    where = f"`{asked.rule}` at {asked.workflow}/{asked.step}"
    if not asked.asked:
        return f"{where}: none of the latest cases asked it"
    times = f"{count(asked.asked, 'answer')} in {count(asked.cases, 'case')}"
    return f"{where}: {times}, {len(asked.other):,} would have come out otherwise"


def _lines(asked: Asked) -> Iterator[str]:
    for (output, before, after), number in asked.outputs.most_common():
        yield f"{number:,}: `{output}` `{after}` instead of `{before}`"
    for output, (number, least, most, total) in asked.by.items():
        between = f"{_signed(least)} to {_signed(most)}, together {_signed(total)}"
        yield f"`{output}` differs in {number:,} by {between}"
    for (before, after), number in asked.ways.most_common():
        yield f"{number:,} would have gone to `{after}` instead of `{before}`"
    for refused, number in asked.refused.most_common():
        yield f"{number:,} would have had no answer: {refused}"
    if asked.unsure:
        yield f"{asked.unsure:,} could not be asked again: the record of then is not whole"


def _told(item: Listed) -> Iterator[str]:
    answered = item.answered
    for each in answered.otherwise:
        yield f"`{each.output}` `{each.after}` instead of `{each.before}`"
    if answered.ways[0] != answered.ways[1]:
        yield f"goes to `{answered.ways[1]}` instead of `{answered.ways[0]}`"
    if answered.refused:
        yield answered.refused


def _signed(number: Decimal) -> str:
    return f"{number:+,f}"


def past_document(past: Past) -> dict[str, Any]:
    """Return what changed rules would have answered as a document, with every case."""
    return {
        "rules": [_document(each) for each in past.rules],
        "rules-not-asked": list(past.others),
    }


def _document(asked: Asked) -> dict[str, Any]:
    return {
        "rule": asked.rule,
        "workflow": asked.workflow,
        "step": asked.step,
        "cases": asked.cases,
        "answers": asked.asked,
        "unsure": asked.unsure,
        "otherwise": [
            {
                "case": item.case,
                "event": item.seq,
                "at": item.at.isoformat(),
                "outputs": {
                    each.output: {"before": each.before, "after": each.after}
                    for each in item.answered.otherwise
                },
                "goes": {"before": item.answered.ways[0], "after": item.answered.ways[1]},
                "refused": item.answered.refused,
            }
            for item in asked.other
        ],
    }
