"""Spans: lengths of time as a model writes them, in plain or in working time."""

import re
from dataclasses import dataclass

_SHAPE = re.compile(r"([0-9]{1,9}) +(working +)?(minute|hour|day|week)s?")
_SECONDS_MAX = 10 * 366 * 86_400
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A length of time, such as `4 working hours`.

    count:   at least 1.
    unit:    `minute`, `hour`, `day` or `week`.
    working: counted only while the unit that does the work is open.
    """

    count: int
    unit: str
    working: bool = False

    def __str__(self) -> str:
        kind = "working " if self.working else ""
        return f"{self.count} {kind}{self.unit}{'' if self.count == 1 else 's'}"

    def seconds(self, day_seconds: int, week_days: int) -> int:
        """Return the budget in seconds.

        day_seconds, week_days: length of a working day and week, used for working time only.
        """
        if not self.working:
            return self.count * _SECONDS[self.unit]
        if self.unit == "day":
            return self.count * day_seconds
        if self.unit == "week":
            return self.count * week_days * day_seconds
        return self.count * _SECONDS[self.unit]


def read_span(text: str) -> Span | None:
    """Read `4 working hours`, `30 minutes`, `2 days`; None when it is no span up to ten years."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return None
    span = Span(int(match[1]), match[3], working=match[2] is not None)
    return span if 0 < span.count * _SECONDS[span.unit] <= _SECONDS_MAX else None
