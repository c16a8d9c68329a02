"""Forcing an outcome by a repair: only by two of whom one, or in a quorum both, may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.authority import (
    Reach,
    Standing,
    Taking,
    could_take,
    grants,
    in_reach,
    is_separate,
)
from kingpost.decisions.case import Proposal, Token
from kingpost.decisions.commands import Holding
from kingpost.decisions.judging.allowing.room import with_room
from kingpost.decisions.judging.flow import pass_on
from kingpost.decisions.judging.guards import note, refuse_suspended, step_of
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import NoSuchChoice, RefusedError
from kingpost.decisions.refusing.repairs import BeyondBoth, CouldNotVote
from kingpost.model.workflow import Decision


@dataclass(frozen=True, slots=True)
class Forced:
    """By whose right an outcome is forced, and what that uses up of an allowance.

    second: how the person stands who confirms; either the same as in `taking`, or beside it.
    """

    person: str
    taking: Taking
    use: Use | None
    second: Standing

    def written(self) -> Mapping[str, str]:
        """Return it as a decision record keeps it."""
        holding, grant = self.taking[0].holding, self.taking[1].limit
        told = {"person": self.person, "post": holding.post, "right": holding.right}
        return {**told, "grant": grant} if grant else told


def outcome_of(work: Work, token: Token, name: str, people: tuple[str, ...]) -> Decision:
    """Return the decision at a token; refuse an outcome that is not there, or not for these."""
    step = step_of(work, token, Decision, "decided", "a decision")
    refuse_suspended(token)
    outcome = step.outcome(name)
    if outcome is None:
        known = tuple(item.id for item in step.outcomes)
        raise RefusedError(NoSuchChoice("outcome", name, known))
    # With what the same repair corrects.
    case = replace(work.case, performers=work.draft.performers)
    for person in people:
        broken = is_separate(step, case, person)
        if broken is not None:
            raise RefusedError(broken)
    work.require(f"{step.id}/{outcome.id}", outcome.requires)
    return step


def force(work: Work, token: Token, step: Decision, name: str, people: tuple[str, ...]) -> None:
    """Let an outcome take effect, with these people as those who decided."""
    for person in people:
        note(work, step.id, person)
    pass_on(work, token, f"{step.id}/{name}")


def may_propose(
    work: Work, token: Token, step: Decision, name: str, stands: tuple[Standing, ...]
) -> Standing:
    """Return how the proposer stands, best in a post that may take the outcome.

    Whether one of two has the right can only be told once the second is known; whether somebody
    could vote can be told of each.
    """
    mine = _takings(work, token, step, name, stands)
    if step.quorum is not None and not mine:
        raise RefusedError(_no_vote(work, token, step, name, stands[0]))
    return mine[0][0] if mine else stands[0]


def may_force(
    work: Work,
    token: Token,
    step: Decision,
    name: str,
    proposal: Proposal,
    stands: tuple[Standing, ...],
) -> Forced:
    """Return by whose right two people force an outcome on the record as repaired, or refuse.

    stands: of the second, whose own right is taken before that of the one who proposed.
    """
    first = Standing(Holding(proposal.post, proposal.right))
    mine = _takings(work, token, step, name, stands)
    theirs = _takings(work, token, step, name, (first,))
    if step.quorum is not None and not (mine and theirs):
        raise RefusedError(_no_vote(work, token, step, name, first if mine else stands[0]))
    if not mine and not theirs:
        posts = tuple(dict.fromkeys((proposal.post, *(item.holding.post for item in stands))))
        could = could_take(work.program, token, name, work.values)
        raise RefusedError(BeyondBoth(step.id, name, posts, could))
    free = with_room(work, token, name, (*mine, *theirs), work.draft.fields, whole=True)
    taking, use = next(free)
    person = work.facts.actor.person if taking in mine else proposal.person
    assert person is not None, "only a person holds a post"
    second = taking[0] if taking in mine else (mine[0][0] if mine else stands[0])
    return Forced(person, taking, use, second)


def _takings(
    work: Work, token: Token, step: Decision, name: str, stands: tuple[Standing, ...]
) -> tuple[Taking, ...]:
    """Return the rights to an outcome; where several decide, of posts that the work reaches."""
    reach = in_reach(work.program, step.role, Reach(token.post, token.told))
    return tuple(
        (standing, right)
        for standing in stands
        for right in work.program.rights.get(f"{step.id}/{name}", ())
        if right.post == standing.holding.post
        and grants(right, work.values)
        and (step.quorum is None or right.post in reach)
    )


def _no_vote(
    work: Work, token: Token, step: Decision, name: str, standing: Standing
) -> CouldNotVote:
    could = could_take(work.program, token, name, work.values)
    return CouldNotVote(step.id, name, standing.holding.post, could)
