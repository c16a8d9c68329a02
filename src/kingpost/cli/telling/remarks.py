"""Tell what became of each element of a file that was taken over or written."""

from collections import Counter
from collections.abc import Iterable

from rich.markup import escape

from kingpost.cli.columns import count, for_people
from kingpost.exchange.remarks import Remark, Verdict, counted

_COLOURS = {Verdict.EXECUTED: "green", Verdict.APPROXIMATED: "yellow", Verdict.REFUSED: "red"}


# A reason that so many elements share is told once, below them.
_SHARED_MIN = 3


def tell_remarks(remarks: Iterable[Remark]) -> None:
    """Print a fidelity report for people."""
    console = for_people()
    remarks = list(remarks)
    reasons = Counter(_said(remark) for remark in remarks if remark.why)
    shared = [why for why, times in reasons.items() if times >= _SHARED_MIN]
    numbers = {why: number for number, why in enumerate(shared, 1)}
    for remark in remarks:
        place = f"{remark.line}:{remark.column} " if remark.line else ""
        name = f" `{remark.name or remark.id}`" if remark.name or remark.id else ""
        becomes = f" → {remark.becomes}" if remark.becomes else ""
        colour = _COLOURS[remark.verdict]
        head = f"{place}[{colour}]{remark.verdict.value}[/] {remark.kind}"
        number = f" ({numbers[_said(remark)]})" if _said(remark) in numbers else ""
        console.print(head + escape(name + becomes) + number)
        if remark.why and not number:
            console.print(f"    {escape(_said(remark))}")
    for why, number in numbers.items():
        console.print(f"({number}) {escape(why)}")
    verdicts = ", ".join(f"{times} {verdict.value}" for verdict, times in counted(remarks).items())
    console.print(f"{count(len(remarks), 'element')}: {verdicts}.")


def _said(remark: Remark) -> str:
    """Return why something became what it did, with what to do about it behind it."""
    return f"{remark.why}. {remark.help}" if remark.help else remark.why
