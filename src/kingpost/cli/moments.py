"""Days and times that are typed and told, all of them in UTC."""

from datetime import UTC, datetime
from typing import Annotated

import typer


def moment(text: str) -> datetime:
    """Read a day, or a day with a time, as it is typed. Raises: BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - in_utc gives it the zone
    except ValueError:
        return day(text, "write one such as 2026-11-21, or 2026-11-21T09:00 with a time")


def day(text: str, advice: str = "write one such as 2026-11-21") -> datetime:
    """Read a day as it is typed. Raises: BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - in_utc gives it the zone
    except ValueError:
        raise typer.BadParameter(f"`{text}` is no day: {advice}") from None


From = Annotated[datetime | None, typer.Option("--from", help="In UTC.", parser=moment)]
Until = Annotated[datetime | None, typer.Option("--until", help="In UTC.", parser=moment)]
At = Annotated[datetime | None, typer.Option("--at", help="In UTC.", parser=moment)]


def in_utc(typed: datetime) -> datetime:
    """Return what was typed as a moment."""
    return typed.replace(tzinfo=UTC)


def in_words(moment: datetime | None) -> str:
    """Return a moment for a column."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"
