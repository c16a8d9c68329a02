"""What a change does to the organisation, told on a terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape

from kingpost.decisions.restructuring.restructure import Restructure
from kingpost.decisions.restructuring.sentences import told


def tell_organisation(console: Console, found: Restructure) -> None:
    """Tell what becomes of posts and of those who hold them, where that changes at all."""
    if not found.changes:
        return
    console.print("\n[bold]What becomes of the organisation[/]")
    for heading, lines in told(found):
        console.print(f"  {heading}")
        for line in lines:
            console.print(f"    {escape(line)}", soft_wrap=True)


def organisation_in_markdown(found: Restructure) -> Iterator[str]:
    """Yield the same as lines of Markdown."""
    if not found.changes:
        return
    yield "\n### What becomes of the organisation\n"
    for heading, lines in told(found):
        yield f"- {heading}"
        yield from (f"  - {line}" for line in lines)
