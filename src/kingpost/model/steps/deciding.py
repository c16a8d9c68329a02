"""How several people decide, and how one goes beyond an authority."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kingpost.values.span import Span

# An override that was asked for lapses after so much time at the latest.
LAPSES_AT_MOST = Span(4, "hour")


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many people must agree, out of how many who are asked."""

    needed: int
    asked: int


@dataclass(frozen=True, slots=True)
class Override:
    """Who may ask for an outcome beyond their authority, who confirms it, and who reviews it.

    by:            the posts whose holders may ask for it.
    confirmed_by:  the posts in which another person confirms it before it takes effect.
    reviewed_by:   the post that looks at each afterwards. review_within: how soon.
    lapses_after:  how long one that was asked for can be confirmed.
    outcomes:      the outcomes that it is for; empty for each.
    """

    by: tuple[str, ...]
    confirmed_by: tuple[str, ...]
    reviewed_by: str
    review_within: Span
    lapses_after: Span
    outcomes: tuple[str, ...] = ()

    def covers(self, outcome: str) -> bool:
        """Tell whether an outcome may be taken by it."""
        return not self.outcomes or outcome in self.outcomes


class ReviewFinding(StrEnum):
    """What comes of a review: what was decided stands, or something has to be put right."""

    KEPT = "kept"
    TO_CORRECT = "to-correct"


FINDING_TITLES: Mapping[ReviewFinding, str] = MappingProxyType(
    {ReviewFinding.KEPT: "Kept", ReviewFinding.TO_CORRECT: "To be corrected"}
)
