"""Print numbers and rows for people: rows in columns and whole, so that they can be searched."""

from collections.abc import Sequence

import typer
from rich.console import Console


def print_columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a head and rows, each column as wide as its longest text."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def for_people(*, stderr: bool = False) -> Console:
    """Return where words for people are printed: as they are, so that `:100:` is no emoji."""
    return Console(highlight=False, soft_wrap=True, emoji=False, stderr=stderr)


def count(number: int, word: str) -> str:
    """Return a number of things."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
