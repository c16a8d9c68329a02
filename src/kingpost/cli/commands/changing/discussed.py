"""A proposal in words: what was said to it, and what it lacks."""

from collections.abc import Iterator, Mapping

from kingpost.cli.moments import in_words
from kingpost.decisions.consenting.proposal import Happened, Kind, State
from kingpost.engine.proposals.reading import Standing

_DID: Mapping[Kind, str] = {
    Kind.PROPOSED: "proposed it",
    Kind.COMMENTED: "said",
    Kind.APPROVED: "approved it",
    Kind.REJECTED: "rejected it",
    Kind.WITHDRAWN: "withdrew it",
    Kind.APPLIED: "applied it",
}


def tell_proposal(standing: Standing) -> Iterator[str]:
    """Yield what was said to a proposal, and what it lacks."""
    if standing.proposal.version:
        yield "\nWhat was said"
        for event in standing.proposal.events:
            yield f"  {tell_event(standing, event)}"
    if standing.words and standing.proposal.state is State.OPEN:
        yield "\nIt lacks approvals"
        yield from (f"  {line}" for line in standing.words)


def tell_event(standing: Standing, event: Happened) -> str:
    """Return one event of a proposal as a sentence."""
    who = standing.names.get(event.person, event.person)
    posts = ", ".join(f"`{each['post']}`" for each in event.body.get("answers", ()))
    did = _DID[event.kind] + (f" for {posts}" if posts else "")
    reason: str = event.body["reason"]
    return f"{in_words(event.at)}: {who} {did}{f': {reason}' if reason else ''}"
