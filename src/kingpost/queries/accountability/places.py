"""Where a case stood in a time, and whom its work was addressed to: read from its history."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow


@dataclass(frozen=True, slots=True)
class Stay:
    """The work of a case at a step. post: to which it was addressed; None for a role."""

    step: str
    post: str | None


def stays(events: Iterable[DictRow], start: datetime, end: datetime) -> tuple[Stay, ...]:
    """Return where a case stood in a time, each place once. events: of the case, the oldest first.

    What it came to and left in the same moment is no stay.
    """
    found = (stay for stay, since, until in _all(events) if _overlaps(since, until, start, end))
    return tuple(dict.fromkeys(found))


def _all(events: Iterable[DictRow]) -> Iterator[tuple[Stay, datetime, datetime | None]]:
    open_: dict[str, tuple[Stay, datetime]] = {}
    for row in events:
        at: datetime = row["at"]
        for change in json.loads(row["body"])["changes"]:
            token = change.get("token", "")
            if change["do"] == "enter":
                open_[token] = Stay(change["step"], change.get("post")), at
            elif change["do"] in {"leave", "address"} and token in open_:
                stay, since = open_.pop(token)
                yield stay, since, at
                if change["do"] == "address":
                    open_[token] = Stay(stay.step, change["post"]), at
    yield from ((stay, since, None) for stay, since in open_.values())


def _overlaps(since: datetime, until: datetime | None, start: datetime, end: datetime) -> bool:
    return since < end and (until is None or (until > start and until > since))
