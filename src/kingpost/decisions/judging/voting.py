"""Decisions that several people take together: which votes count, and when it is over.

Each person has one vote, and may give another until the end. When no outcome can be reached any
more, the votes lapse, and everybody votes anew; so do they when what they were shown changes.
"""

from collections.abc import Mapping

from kingpost.decisions.authority import Taking, grants
from kingpost.decisions.case import Plain, Token, Vote
from kingpost.decisions.changes import Voted, VotesLapsed
from kingpost.decisions.commands import AGENT
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import AlreadyVoted, OutsideDelegation, RefusedError
from kingpost.decisions.refusing.agents import OnlyPeopleVote
from kingpost.model.workflow import Decision, Outcome


def said_before(token: Token, person: str | None, outcome: str) -> tuple[tuple[str, Plain], ...]:
    """Return what the others who voted for an outcome want to be recorded with it, in order."""
    return tuple(
        pair
        for vote in token.votes
        if vote.outcome == outcome and vote.person != person
        for pair in vote.fields
    )


def cast(
    work: Work, token: Token, outcome: Outcome, taking: Taking, fields: Mapping[str, Plain]
) -> bool:
    """Cast the actor's vote, and tell whether the outcome takes effect by it.

    taking: by which right. fields: that come with the vote.
    """
    step, person = work.program.places[token.step].step, work.facts.actor.person
    assert isinstance(step, Decision), "the caller has found a decision of several"
    assert person is not None, "only a person has a right"
    vote = Vote(person, taking[0].authority, outcome.id, tuple(sorted(fields.items())))
    if vote in token.votes and vote in counted(work, token, step, outcome.id):
        raise RefusedError(AlreadyVoted(step.id, outcome.id))
    work.change(Voted(token.id, vote))
    now = work.draft.tokens[token.id]
    votes = tally(work, now, step)
    if votes[outcome.id] >= step.needs(outcome.id):
        return True
    if not within_reach(now, step, votes):
        work.change(VotesLapsed(token.id))
    return False


def own_votes(step: str, outcome: str, takings: tuple[Taking, ...]) -> tuple[Taking, ...]:
    """Return the rights by which the actor votes: a vote is not lent, and no machine has one.

    Otherwise one person would be heard twice: by oneself, and through the hands of another.
    """
    if any(standing.holding.kind == AGENT for standing, _ in takings):
        raise RefusedError(OnlyPeopleVote(step))
    own = tuple(taking for taking in takings if taking[0].holding.delegation is None)
    if not own:
        standing = takings[0][0]
        giver = str(standing.holding.behind)
        raise RefusedError(OutsideDelegation(standing.authority, giver, step, outcome, None))
    return own


def within_reach(token: Token, step: Decision, votes: Mapping[str, int]) -> bool:
    """Tell whether those who have yet to vote can still bring an outcome about.

    votes: how many count for each outcome.
    """
    assert step.quorum is not None, "the caller has found a decision of several"
    waiting = step.quorum.asked - len(token.votes)
    return any(votes[item.id] + waiting >= step.needs(item.id) for item in step.outcomes)


def counted(work: Work, token: Token, step: Decision, outcome: str) -> tuple[Vote, ...]:
    """Return the votes for an outcome whose posts may take it on the record that it would leave.

    Otherwise one could vote for an amount, and others raise it beyond one's limit.
    """
    votes = tuple(vote for vote in token.votes if vote.outcome == outcome)
    rights = work.program.rights.get(f"{step.id}/{outcome}", ())
    values = work.values_with(dict(said_before(token, None, outcome)))

    def covers(vote: Vote) -> bool:
        return any(right.post == vote.post and grants(right, values) for right in rights)

    return tuple(vote for vote in votes if covers(vote))


def tally(work: Work, token: Token, step: Decision) -> Mapping[str, int]:
    """Return how many votes count for each outcome."""
    return {item.id: len(counted(work, token, step, item.id)) for item in step.outcomes}
