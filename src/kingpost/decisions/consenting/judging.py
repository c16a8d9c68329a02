"""Whether somebody may propose, discuss, approve, reject or withdraw a change."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kingpost.decisions.commands import AGENT, Holding
from kingpost.decisions.consenting.proposal import (
    Hand,
    Kind,
    Proposal,
    Sealed,
    State,
    seal,
)
from kingpost.decisions.consenting.tally import (
    Wanted,
    barred,
    is_against,
    is_hopeless,
    standing,
)
from kingpost.model.model import Model
from kingpost.model.vacancy import falls_to


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: what they hold now, and which posts stand empty.

    acting_as: the post chosen to act in; None lets each that suffices act.
    """

    person: str
    held: tuple[Holding, ...]
    vacant: frozenset[str]
    acting_as: str | None = None

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Return the posts in which the person acts; a machine agent agrees to nothing.

        What somebody took over of a post, for cases of before, is no right to answer for it.
        """
        return tuple(
            each
            for each in self.held
            if each.kind != AGENT and not each.held and self.acting_as in {None, each.post}
        )


@dataclass(frozen=True, slots=True)
class NotAgreed:
    """Why an act on a proposal is refused. kind: for programs. words: for people."""

    kind: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Said:
    """An act that is to be recorded, and the rights on which it rests."""

    sealed: Sealed
    hands: tuple[Hand, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a proposal, and why."""

    kind: Kind
    reason: str


def hands(model: Model, posts: Collection[str], person: Person) -> Iterator[Hand]:
    """Yield by which right a person answers for posts, the best for each.

    Its holder does, then who was lent all that its holder may do, then who acts for it while it is
    vacant. A delegation that is bound to workflows or outcomes is about cases, and reaches no
    change of the model.
    """
    every = tuple(
        sorted(
            (each for each in person.holdings if _is_whole(each)),
            key=lambda each: each.delegation is not None,
        )
    )
    for post in posts:
        stand_in = falls_to(model, post, person.vacant) if post in person.vacant else None
        found = [Hand(post, each) for each in every if each.post == post]
        found += [Hand(post, each, vacant=True) for each in every if each.post == stand_in]
        yield from found[:1]


def _is_whole(holding: Holding) -> bool:
    lent = holding.delegation
    return lent is None or not (lent.workflows or lent.outcomes)


def judge(  # noqa: PLR0913 - who wants what of which change, and when
    model: Model,
    proposal: Proposal,
    wanted: Wanted,
    wish: Wish,
    person: Person,
    *,
    planner: str | None,
    now: datetime,
) -> Said | NotAgreed:
    """Judge an act on a proposal, or say why not.

    planner: who saved the plan, if somebody did in particular.
    model: the one that runs. proposal: at the version that is read and locked; one without events
           is to be proposed.
    """
    reason = wish.reason.strip()
    if not reason:
        return NotAgreed("reason-missing", "say why: a reason is missing")
    if wish.kind is not Kind.COMMENTED and proposal.state is not State.OPEN:
        return NotAgreed(
            "proposal-closed",
            f"the proposal is {proposal.state.value}: nothing more is done to it. Plan anew and"
            " propose that.",
        )
    own = next((each for each in person.holdings if each.delegation is None), None)
    match wish.kind:
        case Kind.APPROVED | Kind.REJECTED:
            found = _answering(model, proposal, wanted, wish, person, planner)
            if isinstance(found, NotAgreed):
                return found
            answers = [each.members() for each in found]
            body: dict[str, Any] = {"reason": reason, "answers": answers}
            sealed = seal(proposal, wish.kind, person.person, body, now)
            if is_hopeless(wanted, sealed.proposal.answers):
                body["comes-to"] = State.REJECTED.value
                sealed = seal(proposal, wish.kind, person.person, body, now)
            return Said(sealed, found)
        case Kind.WITHDRAWN if proposal.by != person.person:
            words = "only who proposed a change withdraws it; to be against it, reject it"
            return NotAgreed("not-yours", words)
        case _ if own is None:
            words = f"`{person.person}` holds no post{_acting(person)}, and so proposes nothing"
            return NotAgreed("no-post", words)
        case _:
            hand = Hand(own.post, own)
            body = {"reason": reason, "as": hand.members()}
            return Said(seal(proposal, wish.kind, person.person, body, now), (hand,))


def _answering(
    model: Model,
    proposal: Proposal,
    wanted: Wanted,
    wish: Wish,
    person: Person,
    planner: str | None,
) -> tuple[Hand, ...] | NotAgreed:
    """Return for which posts somebody says what they wish, by which rights."""
    found = tuple(hands(model, wanted.posts, person))
    # To keep a part is neither lent nor stood in for.
    asked = {post for each in wanted.asked for post in each.posts}
    found = tuple(each for each in found if each.post in asked or each.is_own)
    if not found:
        listed = ", ".join(f"`{post}`" for post in wanted.posts)
        words = f"`{person.person}` answers for none of the posts that are asked{_acting(person)}"
        return NotAgreed("not-asked", f"{words}: {listed}")
    if wish.kind is Kind.REJECTED:
        left = tuple(each for each in found if not is_against(proposal.answers, each.post))
        return left or NotAgreed("said-already", "you rejected it already")
    out = barred(planner, proposal.by).keys()
    own = tuple(
        each
        for each in found
        if out.isdisjoint(_people(each, person)) or (each.post in wanted.keepers and each.is_own)
    )
    if not own:
        words = "a change is approved by another person than who planned or proposed it"
        return NotAgreed("own-proposal", words)
    left = tuple(
        each
        for each in own
        if all(person.person != answer.person for answer in standing(proposal.answers, each.post))
    )
    return left or NotAgreed("said-already", "you approved it already")


def _people(hand: Hand, person: Person) -> frozenset[str]:
    lent = hand.holding.delegation
    return frozenset((person.person, lent.giver if lent else person.person))


def _acting(person: Person) -> str:
    return f" as `{person.acting_as}`" if person.acting_as else ""
