"""Refusals of overrides and of their reviews in the words of the company."""

from collections.abc import Iterable
from typing import Protocol

from kingpost.decisions.refusing.overrides import (
    NeedlessOverride,
    NotOverridable,
    NotYourConfirmation,
    NotYourOverride,
    NotYourReview,
    OverrideGone,
    OverrideLapsed,
    OwnReview,
    ReviewOverdue,
)
from kingpost.decisions.refusing.repairs import (
    OVERRIDE,
    DeclinesOwn,
    NeedsAnother,
    NothingToDecline,
    NotYoursToDecline,
    ProposerLeft,
)


class _Titles(Protocol):
    """The titles of a workflow, as far as they are needed here."""

    def outcome(self, step_id: str, outcome: str) -> str: ...

    def post(self, name: str | None) -> str: ...

    def posts(self, names: Iterable[str]) -> str: ...


def of_overrides(titles: _Titles, refusal: object) -> str:  # noqa: C901, PLR0912 - one case a kind
    """Return why an override or a review was refused; empty for everything else."""
    match refusal:
        case NotOverridable():
            outcome = titles.outcome(refusal.step, refusal.outcome)
            return f"Nobody may go beyond their authority for “{outcome}” here."
        case NotYourOverride():
            return f"None of your posts may override this. {titles.posts(refusal.could)} may."
        case NotYourConfirmation():
            return f"None of your posts may confirm this. {titles.posts(refusal.could)} may."
        case NeedlessOverride():
            outcome = titles.outcome(refusal.step, refusal.outcome)
            return f"Your authority suffices for “{outcome}”. Decide it: that needs nobody else."
        case OverrideGone():
            return "The case went on since this was asked for. Look at it, and ask for it anew."
        case OverrideLapsed():
            return f"It lapsed on {refusal.until:%-d %B %Y at %H:%M} UTC. Ask for it anew."
        case ReviewOverdue():
            by = titles.post(refusal.by)
            return (
                f"{titles.post(refusal.post)} overrides nothing more while the review of an earlier"
                f" override of it is overdue. It can again as soon as that is made, here by {by}."
            )
        case NotYourReview():
            return f"This override is for {titles.post(refusal.post)} to review."
        case OwnReview():
            return "You took part in this override, or act for who did. Another person reviews it."
        case NeedsAnother(what="override"):
            return "You asked for this override; another person has to confirm it."
        case ProposerLeft(what=what) if what == OVERRIDE:
            post = titles.post(refusal.post)
            return f"{refusal.person}, who asked for this, no longer holds {post}. Ask for it anew."
        case NothingToDecline():
            return "There is nothing left to decline: the case went on. Look at it again."
        case NotYoursToDecline():
            return f"None of your posts may decline this. {titles.posts(refusal.could)} may."
        case DeclinesOwn():
            return "You proposed this yourself. Propose what should be done instead."
        case _:
            return ""
