"""What an exception is made of: its cause, how it may end, and the work that it asks for."""

from dataclasses import dataclass
from enum import StrEnum

from kingpost.values.span import Span


class Cause(StrEnum):
    """What kind of thing went wrong."""

    PARTY = "party"
    DOCUMENT = "document"
    SYSTEM = "system"
    REGULATION = "regulation"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a suspension may end.

    completes: the step counts as completed by the same act, with all that completing it asks
               for; otherwise the work goes on where it was.
    """

    id: str
    title: str
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Work that an exception asks for: what is to be done, by whom, in which time."""

    title: str
    role: str
    due: Span | None = None
