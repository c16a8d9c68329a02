"""Times and clocks as members of a body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kingpost.decisions.case import Clock


def instant(at: datetime) -> str:
    """Return a time as it stands in events: UTC with six digits and `Z`."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def read_instant(text: str) -> datetime:
    """Read what `instant` wrote."""
    return datetime.fromisoformat(text)


def write_clock(clock: Clock) -> dict[str, Any]:
    """Return a clock as members of a body."""
    since = instant(clock.since) if clock.since else None
    return {
        "budget-ms": clock.budget_ms,
        "consumed-ms": clock.consumed_ms,
        "since": since,
        "calendar": clock.calendar,
    }


def read_clock(written: Mapping[str, Any]) -> Clock:
    """Read what `write_clock` wrote."""
    since = read_instant(written["since"]) if written["since"] else None
    return Clock(written["budget-ms"], written["consumed-ms"], since, written["calendar"])
