"""What becomes of delegations whose giver comes to another post: they never lend more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from kingpost.decisions.restructuring.facts import Held, Lent
from kingpost.decisions.restructuring.seats import Moved
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.restructuring.heirs import role_after


@dataclass(frozen=True, slots=True)
class Relent:
    """What becomes of a delegation. to: the appointment on which it goes on; None when it ends.

    more: what it would lend beyond what it lends now, for which it ends.
    """

    lent: Lent
    giver: Held
    to: UUID | None
    more: tuple[str, ...] = ()


def relent(
    before: Model, after: Model, moved: Iterable[Moved], lent: Iterable[Lent], held: Iterable[Held]
) -> Iterator[Relent]:
    """Yield what becomes of each delegation that rests on an appointment which ends.

    held: every appointment afterwards.
    """
    every, sources = tuple(held), {each.held.id: each for each in moved}
    for item in lent:
        source = sources.get(item.appointment)
        if source is None:
            continue
        found = next((each for each in every if each.id == source.to), None)
        if found is None or item.person == found.person or found.is_agent:
            yield Relent(item, source.held, None)
            continue
        was, is_ = before.posts.get(source.held.post), after.posts[found.post]
        more = tuple(_more(before, after, was, is_, item)) if was is not None else ()
        yield Relent(item, source.held, None if more else found.id, more)


def _more(before: Model, after: Model, was: Post, is_: Post, lent: Lent) -> Iterator[str]:
    """Yield what a delegation would lend of a post that it does not lend of the one before."""
    if not lent.outcomes:
        known = {role_after(before, after, role) for role in was.roles}
        yield from (f"the role `{role}`" for role in is_.roles if role not in known)
    had = set(_grants(was))
    for name, when, bound in _grants(is_):
        within = (not lent.workflows or name.split("/")[0] in lent.workflows) and (
            not lent.outcomes or name in lent.outcomes
        )
        if within and not had & {(name, when, bound), (name, when, None), (name, None, None)}:
            yield f"`{name}`"


def _grants(post: Post) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield what a post may take, each with its condition and its allowance."""
    for grant in post.authority:
        bound = repr(grant.allowance) if grant.allowance else None
        for outcome in grant.outcomes:
            yield f"{grant.workflow}/{grant.step}/{outcome}", grant.when, bound
