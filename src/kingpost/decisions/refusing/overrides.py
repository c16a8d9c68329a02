"""Refusals about overrides and their reviews."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kingpost.decisions.refusing.calls import listed


@dataclass(frozen=True, slots=True)
class NotOverridable:
    """The model lets nobody take the outcome beyond an authority."""

    step: str
    outcome: str

    def __str__(self) -> str:
        return (
            f"nobody may go beyond their authority for `{self.outcome}` in `{self.step}`:"
            f" the model declares no `override` for it"
        )


@dataclass(frozen=True, slots=True)
class NotYourOverride:
    """The actor holds no post that may ask for an override. could: those that may."""

    step: str
    could: tuple[str, ...]

    def __str__(self) -> str:
        return f"you may not override `{self.step}`: {listed(self.could)} may"


@dataclass(frozen=True, slots=True)
class NotYourConfirmation:
    """The actor holds no post in which an override is confirmed. could: those that are."""

    step: str
    could: tuple[str, ...]

    def __str__(self) -> str:
        return f"you may not confirm an override of `{self.step}`: {listed(self.could)} may"


@dataclass(frozen=True, slots=True)
class NeedlessOverride:
    """The actor may take the outcome, and goes beyond nothing."""

    step: str
    outcome: str

    def __str__(self) -> str:
        return (
            f"your authority suffices for `{self.outcome}` in `{self.step}`: decide it, which"
            f" needs nobody else and no review"
        )


@dataclass(frozen=True, slots=True)
class OverrideGone:
    """The case went on since an override was asked for, or nothing was. asked: by which event."""

    asked: int

    def __str__(self) -> str:
        return (
            f"event {self.asked} asks for no override any more, or never did: look at the case"
            f" again, and ask for it anew"
        )


@dataclass(frozen=True, slots=True)
class OverrideLapsed:
    """An override that was asked for is too old to be confirmed."""

    step: str
    until: datetime

    def __str__(self) -> str:
        return (
            f"the override of `{self.step}` lapsed on {self.until:%-d %B %Y at %H:%M} UTC:"
            f" ask for it anew"
        )


@dataclass(frozen=True, slots=True)
class ReviewOverdue:
    """An earlier override of the post was not reviewed in its time. by: the post that reviews."""

    post: str
    by: str

    def __str__(self) -> str:
        return (
            f"`{self.post}` overrides nothing more while the review of an earlier override of it is"
            f" overdue: it can again as soon as that is made, here by `{self.by}`"
        )


@dataclass(frozen=True, slots=True)
class NotYourReview:
    """The review of an override is for another post."""

    step: str
    post: str

    def __str__(self) -> str:
        return f"the override of `{self.step}` is for `{self.post}` to review"


@dataclass(frozen=True, slots=True)
class OwnReview:
    """Who asked for an override, or confirmed it, would review it."""

    person: str
    step: str

    def __str__(self) -> str:
        return (
            f"`{self.person}` took part in the override of `{self.step}`: another person has to"
            f" review it"
        )


OverrideRefusal: TypeAlias = (
    NotOverridable
    | NotYourOverride
    | NotYourConfirmation
    | NeedlessOverride
    | OverrideGone
    | OverrideLapsed
    | ReviewOverdue
    | NotYourReview
    | OwnReview
)
