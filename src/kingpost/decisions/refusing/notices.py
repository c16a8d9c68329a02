"""Refusals about notices: warnings and ladders."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NotYetLate:
    """A notice about the time of a step does not fall due yet."""

    step: str
    due: datetime

    def __str__(self) -> str:
        return f"the next notice about `{self.step}` falls due {self.due:%-d %B %Y at %H:%M} UTC"
