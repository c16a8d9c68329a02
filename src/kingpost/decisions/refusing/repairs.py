"""Refusals about repairs."""

from dataclasses import dataclass
from typing import TypeAlias

OVERRIDE = "override"


def _did(what: str) -> str:
    return "asked for" if what == OVERRIDE else "proposed"


@dataclass(frozen=True, slots=True)
class NotYourRepair:
    """The actor holds no post that may repair a case. could: those that may."""

    workflow: str
    could: tuple[str, ...]

    def __str__(self) -> str:
        could = ", ".join(f"`{post}`" for post in self.could)
        may = f"{could} may" if could else "it names nobody in `repaired-by`"
        return f"you may not repair cases of `{self.workflow}`: {may}"


@dataclass(frozen=True, slots=True)
class NothingToRepair:
    """A repair would leave the case as it is."""

    def __str__(self) -> str:
        return "nothing would be repaired: change a field, move a step or force an outcome"


@dataclass(frozen=True, slots=True)
class TwoRepairs:
    """A repair would move a step and force an outcome at once."""

    def __str__(self) -> str:
        return "a repair moves a step or forces an outcome, and not both: propose one of them"


@dataclass(frozen=True, slots=True)
class ProposalGone:
    """The case went on since a repair was proposed, or nothing was."""

    proposal: int

    def __str__(self) -> str:
        return (
            f"event {self.proposal} proposes nothing any more, or never did:"
            f" look at the case again, and propose it anew"
        )


@dataclass(frozen=True, slots=True)
class NothingToDecline:
    """The case went on since something was proposed, or nothing was."""

    proposal: int

    def __str__(self) -> str:
        return (
            f"event {self.proposal} proposes nothing any more, or never did: there is nothing left"
            f" to decline; look at the case again"
        )


@dataclass(frozen=True, slots=True)
class NotYoursToDecline:
    """The actor holds no post in which what is proposed is confirmed. could: those that are."""

    proposal: int
    could: tuple[str, ...]

    def __str__(self) -> str:
        could = ", ".join(f"`{post}`" for post in self.could)
        return f"you may not decline what event {self.proposal} proposes: {could} may"


@dataclass(frozen=True, slots=True)
class DeclinesOwn:
    """Whoever proposed a repair or an override would decline it."""

    person: str

    def __str__(self) -> str:
        return (
            f"`{self.person}` proposed this, and another person declines it or confirms it: propose"
            f" what should be done instead, which takes its place"
        )


@dataclass(frozen=True, slots=True)
class NeedsAnother:
    """Whoever proposed a repair or an override wants to confirm it. what: which of them."""

    person: str
    what: str = "repair"

    def __str__(self) -> str:
        return (
            f"`{self.person}` {_did(self.what)} this {self.what}: another person has to confirm it"
        )


@dataclass(frozen=True, slots=True)
class ProposerLeft:
    """Whoever proposed a repair or an override no longer holds the post in which that was done."""

    person: str
    post: str
    what: str = "repair"

    def __str__(self) -> str:
        anew = "ask for" if self.what == OVERRIDE else "propose"
        return (
            f"`{self.person}` {_did(self.what)} this {self.what} and no longer holds"
            f" `{self.post}`: {anew} it anew, and let another person confirm it"
        )


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A repair would move a case past a decision, or against one that was taken."""

    step: str
    to: str
    decision: str

    def __str__(self) -> str:
        there = "" if self.step == self.decision else "move it to where that is decided, or "
        return (
            f"no repair moves a case past what is decided about it, and from `{self.step}` to"
            f" `{self.to}` it would go past `{self.decision}`: {there}force the outcome there,"
            f" which needs the right to it"
        )


@dataclass(frozen=True, slots=True)
class PastRule:
    """A repair would move a case past a rule, to where its answer is missing or out of date."""

    step: str
    to: str
    rule: str

    def __str__(self) -> str:
        return (
            f"no repair moves a case past a rule about it, and from `{self.step}` to `{self.to}` it"
            f" would go past `{self.rule}`: move it to that rule, which needs nobody"
        )


@dataclass(frozen=True, slots=True)
class DecisionRestsOn:
    """A repair would correct, behind a decision, what that was taken by."""

    field: str
    step: str

    def __str__(self) -> str:
        return (
            f"no repair corrects behind a decision what it rested on, and `{self.step}` was taken"
            f" by what `{self.field}` says: move the case in the same repair to where that is still"
            f" to come, and it is decided anew"
        )


@dataclass(frozen=True, slots=True)
class BeyondBoth:
    """Neither of two has the right to the outcome that they would force.

    posts: in which they act. could: posts that may take it on this record.
    """

    step: str
    outcome: str
    posts: tuple[str, ...]
    could: tuple[str, ...]

    def __str__(self) -> str:
        posts = " nor ".join(f"`{post}`" for post in self.posts)
        may = f"neither {posts} may" if len(self.posts) > 1 else f"{posts} may not"
        could = f"; {', '.join(f'`{post}`' for post in self.could)} may" if self.could else ""
        return (
            f"a repair forces only what one of its two people may decide: {may} take"
            f" `{self.outcome}` in `{self.step}` on this record{could}"
        )


@dataclass(frozen=True, slots=True)
class CouldNotVote:
    """Several decide here, and one who would force their outcome could not vote for it.

    could: posts that may.
    """

    step: str
    outcome: str
    post: str
    could: tuple[str, ...]

    def __str__(self) -> str:
        could = f"; {', '.join(f'`{post}`' for post in self.could)} may" if self.could else ""
        return (
            f"several people decide in `{self.step}`, so two force its outcome only when both"
            f" could vote for it: `{self.post}` may not vote for `{self.outcome}`{could}"
        )


RepairRefusal: TypeAlias = (
    NotYourRepair
    | NothingToRepair
    | TwoRepairs
    | ProposalGone
    | NothingToDecline
    | NotYoursToDecline
    | DeclinesOwn
    | NeedsAnother
    | ProposerLeft
    | PastDecision
    | PastRule
    | DecisionRestsOn
    | BeyondBoth
    | CouldNotVote
)
