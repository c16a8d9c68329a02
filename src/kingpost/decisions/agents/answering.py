"""Machine agents: they act in posts of their own, and only while a person answers for them."""

from collections.abc import Iterable

from kingpost.decisions.commands import AGENT, Holding
from kingpost.decisions.refusing.agents import NobodyAnswers
from kingpost.model.model import Model


def counts(model: Model, holding: Holding) -> bool:
    """Tell whether a holding gives its holder anything to do.

    A post for agents is held by an agent for which a person answers, and by nobody else; any other
    post by people. A case may run on a model in which that was otherwise.
    """
    post = model.posts.get(holding.post)
    is_for_agents = post is not None and post.answered_for_by is not None
    if holding.kind == AGENT:
        return is_for_agents and holding.answering is not None
    return not is_for_agents


def unanswered(model: Model, holdings: Iterable[Holding]) -> NobodyAnswers | None:
    """Return why an agent may do nothing, if it is that nobody answers for it."""
    for holding in holdings:
        post = model.posts.get(holding.post)
        if holding.kind == AGENT and holding.answering is None and post is not None:
            return NobodyAnswers(holding.post, post.answered_for_by)
    return None
