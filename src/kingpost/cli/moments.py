"""Days and times that are typed and told, all of them in UTC."""

from datetime import UTC, datetime
from typing import Annotated

import typer

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
From = Annotated[datetime | None, typer.Option("--from", help="In UTC.", formats=FORMATS)]
Until = Annotated[datetime | None, typer.Option("--until", help="In UTC.", formats=FORMATS)]
At = Annotated[datetime | None, typer.Option("--at", help="In UTC.", formats=FORMATS)]


def in_utc(typed: datetime) -> datetime:
    """Return what was typed as a moment."""
    return typed.replace(tzinfo=UTC)


def in_words(moment: datetime | None) -> str:
    """Return a moment for a column."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"
