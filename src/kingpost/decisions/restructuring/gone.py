"""The posts and units that a version has no longer, and what it says became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kingpost.decisions.restructuring.facts import Known
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import first_heir, parts_of, role_after


class Became(StrEnum):
    """What a version says became of a post or a unit that it has no longer."""

    RENAMED = "renamed"
    MERGED = "merged"
    ABOLISHED = "abolished"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that is gone, with what hangs on it.

    heir:    who takes over its work; None when nothing is said.
    holders: people and agents who hold it or are to. lent: delegations of its authority.
    work:    addressed to it. shared: addressed to nobody but a role that it carries.
    cases:   live ones of the workflows for which it answers in the version that runs. duties: the
             obligations for which it does.
    """

    post: str
    became: Became
    heir: str | None
    holders: tuple[str, ...]
    lent: int
    work: int
    shared: int
    cases: int
    duties: int

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing hangs on it."""
        counted = (self.lent, self.work, self.shared, self.cases, self.duties)
        return not self.holders and not any(counted)


@dataclass(frozen=True, slots=True)
class Part:
    """A post that takes a part of another one. roles: of that one, by their new names."""

    post: str
    part: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says of the posts and units of the one before it.

    units: those that are gone, what they became, and in which unit.
    """

    gone: tuple[Gone, ...]
    units: tuple[tuple[str, Became, str | None], ...]
    parts: tuple[Part, ...]


def said(before: Model, after: Model, known: Known) -> Said:
    """Return what a version says of the posts and units of the one before it."""
    return Said(
        tuple(gone_posts(before, after, known)),
        tuple(gone_units(before, after)),
        tuple(parts_taken(before, after)),
    )


def gone_posts(before: Model, after: Model, known: Known) -> Iterator[Gone]:
    """Yield the posts that the new version has no longer."""
    for post in before.posts.values():
        if post.id in after.posts:
            continue
        heir = first_heir(before, after, post.id)
        held = [item for item in known.held if item.post == post.id]
        own = {item.id for item in held}
        yield Gone(
            post.id,
            _became(before, after, post.id, heir),
            heir,
            tuple(sorted({item.person for item in held})),
            sum(lent.appointment in own for lent in known.lent),
            *known.work.get(post.id, (0, 0)),
            sum(
                known.cases.get(flow.id, 0)
                for flow in before.workflows.values()
                if flow.owner == post.id
            ),
            sum(duty.owner == post.id for duty in before.obligations.values()),
        )


def _became(before: Model, after: Model, post: str, heir: str | None) -> Became:
    if heir is None:
        return Became.UNSAID
    new = after.posts[heir]
    if post in new.takes_over:
        return Became.ABOLISHED
    return Became.MERGED if new.and_was or heir in before.posts else Became.RENAMED


def gone_units(before: Model, after: Model) -> Iterator[tuple[str, Became, str | None]]:
    """Yield the units that the new version has no longer, what they became, and in which unit."""
    for name, old in before.units.items():
        if name in after.units:
            continue
        for new in after.units.values():
            if name in new.takes_over:
                yield name, Became.ABOLISHED, new.id
                break
            if name in new.were:
                is_one = new.and_was or new.id in before.units
                yield name, Became.MERGED if is_one else Became.RENAMED, new.id
                break
        else:
            back = old.was in after.units and old.was not in before.units and not old.and_was
            became = Became.RENAMED if back else Became.UNSAID
            yield name, became, old.was if back else None


def parts_taken(before: Model, after: Model) -> Iterator[Part]:
    """Yield the posts that take a part of a post, each with the roles that go over to it."""
    for post in before.posts.values():
        first = first_heir(before, after, post.id)
        kept = after.posts[first].roles if first is not None else ()
        roles = [role_after(before, after, role) for role in post.roles]
        for part in parts_of(before, after, post.id):
            taken = tuple(role for role in roles if role in part.roles and role not in kept)
            yield Part(post.id, part.id, taken)
