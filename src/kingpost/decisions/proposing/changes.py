"""Changes about what is proposed for another to confirm, and about what is reviewed afterwards."""

from dataclasses import dataclass
from typing import TypeAlias

from kingpost.decisions.case import Proposal, Review


@dataclass(frozen=True, slots=True)
class RepairProposed:
    """Something was proposed; another may confirm it until anything but a notice happens."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class ProposalLapsed:
    """An override that was asked for can be confirmed no longer."""


@dataclass(frozen=True, slots=True)
class ProposalDeclined:
    """The second person said no to what was proposed."""


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """An override took effect, and somebody has to review it."""

    review: Review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An override was reviewed. review: its id."""

    review: str


Proposing: TypeAlias = RepairProposed | ProposalLapsed | ProposalDeclined | ReviewOpened | Reviewed


def proposal_after(proposal: Proposal | None, change: Proposing) -> Proposal | None:
    """Return what is proposed after a change; whatever else changes the case lets it go."""
    return change.proposal if isinstance(change, RepairProposed) else proposal


def reviews_after(reviews: dict[str, Review], change: Proposing) -> dict[str, Review]:
    """Return the reviews that are to be made after a change."""
    if isinstance(change, ReviewOpened):
        return {**reviews, change.review.id: change.review}
    if isinstance(change, Reviewed):
        return {name: each for name, each in reviews.items() if name != change.review}
    return reviews
