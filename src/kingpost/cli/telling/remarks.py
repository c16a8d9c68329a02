"""Tell what became of each element of a file that was taken over or written."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from kingpost.cli.columns import count
from kingpost.exchange.remarks import Remark, Verdict, counted

_COLOURS = {Verdict.EXECUTED: "green", Verdict.APPROXIMATED: "yellow", Verdict.REFUSED: "red"}


def tell_remarks(remarks: Iterable[Remark]) -> None:
    """Print a fidelity report for people."""
    console = Console(highlight=False, soft_wrap=True)
    remarks = list(remarks)
    for remark in remarks:
        place = f"{remark.line}:{remark.column} " if remark.line else ""
        name = f" `{remark.name or remark.id}`" if remark.name or remark.id else ""
        becomes = f" → {remark.becomes}" if remark.becomes else ""
        colour = _COLOURS[remark.verdict]
        head = f"{place}[{colour}]{remark.verdict.value}[/] {remark.kind}"
        console.print(head + escape(name + becomes))
        if remark.why:
            console.print(f"    {escape(remark.why)}")
    numbers = ", ".join(f"{number} {verdict.value}" for verdict, number in counted(remarks).items())
    console.print(f"{count(len(remarks), 'element')}: {numbers}.")
