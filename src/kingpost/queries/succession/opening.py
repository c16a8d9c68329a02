"""Who may open the succession pack of a post.

Nobody may but these: who holds the post or is appointed to it, who holds a post above it or answers
for its agents, and who keeps it in the model. What is lent opens nothing: a delegate acts at work,
and takes nothing over; neither does a machine agent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from kingpost.decisions.agents.answering import counts
from kingpost.decisions.commands import AGENT, Holding
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.queries.organisation import Appointed
from kingpost.queries.people import Answering
from kingpost.queries.succession.pack import Closed
from kingpost.values.address import address

_NAMED_MAX = 3


def openers(model: Model, post: str) -> tuple[str, ...]:
    """Return the posts of people that open the pack of a post.

    That are itself, those above it, and its keeper; of a post for machine agents, the one that
    answers for them in place of itself.
    """
    keeper = custodian_of(model, address("post", post))
    answers = model.posts[post].answered_for_by
    every = dict.fromkeys((post, answers, *model.superiors(post), keeper))
    return tuple(name for name in every if name is not None and is_for_people(model, name))


def is_for_people(model: Model, post: str) -> bool:
    """Tell whether the model has a post, and people hold it."""
    return post in model.posts and model.posts[post].answered_for_by is None


def may_open(
    model: Model, post: str, held: Iterable[Holding], appointed: Iterable[Appointed], now: datetime
) -> bool:
    """Tell whether somebody may open the pack of a post.

    held:      what they hold or are lent now, narrowed to the post that they act in.
    appointed: their appointments. One to come counts as well, while they act in no other post.
    """
    own = {
        item.post
        for item in held
        if item.delegation is None and item.kind != AGENT and counts(model, item)
    }
    takes_over = is_for_people(model, post) and any(
        item.post == post and item.since > now and not item.withdrawn for item in appointed
    )
    return takes_over or not own.isdisjoint(openers(model, post))


def closed(model: Model, post: str, answering: Mapping[str, Answering]) -> Closed:
    """Return the refusal of a pack, with who could open it."""
    could = tuple(answering[name] for name in openers(model, post))
    named = [words for item in could if (words := _named(item))]
    ask = f"Ask {_listed(named)}." if named else "Nobody holds one of these posts now."
    first = (
        "who holds it or is appointed to it"
        if is_for_people(model, post)
        else "the post that answers for its agents"
    )
    words = (
        f"What goes with “{model.posts[post].title}” is open to {first}, to the posts above it, "
        f"and to who keeps it in the model. {ask}"
    )
    return Closed(post, could, words)


def _named(item: Answering) -> str:
    """Return who holds a post, a few of them, with its title; empty when nobody does."""
    people = [holder.name for holder in item.holders[:_NAMED_MAX]]
    if not people:
        return ""
    rest = len(item.holders) - len(people)
    names = ", ".join((*people, f"{rest:,} more") if rest else people)
    return f"{names} (“{item.title}”)"


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}"
