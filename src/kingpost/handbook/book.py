"""What a handbook tells, and where it stands."""

from dataclasses import dataclass

from kingpost.handbook.addressing import AS_FILES, Place, Sight
from kingpost.model.model import Model
from kingpost.model.parts.links import Links
from kingpost.scenarios import Covered, Result
from kingpost.values.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Book:
    """What is told: a model, what its check finds, how its scenarios come out; and where.

    findings: None when nobody looked for any.
    """

    model: Model
    links: Links
    findings: tuple[Diagnostic, ...] | None = None
    results: tuple[Result, ...] = ()
    covered: tuple[Covered, ...] = ()
    place: Place = AS_FILES

    def sight(self, page: str) -> Sight:
        """Return what a page sees of the others."""
        return Sight(self.links, page, self.place)
