"""The least that a company must say of itself, so that a draft within it can be checked."""

from collections.abc import Mapping
from typing import Any

OWNER = "process-owner"
UNIT = "operations"


def bare_company(
    name: str, goals: Mapping[str, Any] | None = None, posts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the sections of a company with one unit, and one post that owns what is drafted.

    goals: the sections of what it is for. posts: further ones.
    """
    return {
        "kingpost": 1,
        "company": name,
        "timezone": "UTC",
        "calendars": {"office": {"title": "Office hours", "hours": ["Mon-Fri 09:00-17:00"]}},
        "governance": [{"part": "*", "custodian": OWNER}],
        **(goals or {}),
        "units": {UNIT: {"title": "Operations", "calendar": "office"}},
        "posts": {
            OWNER: {"title": "Process owner", "unit": UNIT, "vacancy": "holds"},
            **(posts or {}),
        },
    }
