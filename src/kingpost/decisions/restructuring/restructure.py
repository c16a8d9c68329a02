"""A change of the organisation: what becomes of posts, seats, delegations and allowances.

It is worked out from two versions of the model and the register, and nothing is written. What the
versions do not say, and the register cannot bear, is a finding; one that blocks is to be settled
before the change takes effect.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kingpost.decisions.restructuring.facts import Held, Known, Used
from kingpost.decisions.restructuring.gone import (
    Became,
    Gone,
    Part,
    Said,
    said,
)
from kingpost.decisions.restructuring.lending import Relent, relent
from kingpost.decisions.restructuring.people import Affected, affected
from kingpost.decisions.restructuring.seats import Moved, seated
from kingpost.decisions.restructuring.wording import Finding, findings
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import NOBODY, Heirs, heirs_after


@dataclass(frozen=True, slots=True)
class Opening:
    """What a ledger of a post begins with, or is raised by: what another post had used up."""

    post: str
    source: str
    used: Used
    counts: Decimal


@dataclass(frozen=True, slots=True)
class Restructure:
    """What a change does to the organisation. heirs: of every earlier post."""

    said: Said
    heirs: Heirs
    moved: tuple[Moved, ...]
    relent: tuple[Relent, ...]
    openings: tuple[Opening, ...]
    people: tuple[Affected, ...]
    findings: tuple[Finding, ...]

    @property
    def changes(self) -> bool:
        """Tell whether it is any change of the organisation."""
        return bool(self.said.gone or self.said.units or self.said.parts)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Return what is to be settled before it can take effect."""
        return tuple(each for each in self.findings if each.blocks)


def restructure(before: Model, after: Model, known: Known, earlier: Heirs = NOBODY) -> Restructure:
    """Work out what a version does to the organisation when it takes effect after another.

    earlier: the heirs of posts that were gone before.
    """
    told = said(before, after, known)
    gone, parts = told.gone, told.parts
    heirs = heirs_after(before, after, earlier)
    # Of a post that is abolished the work goes over, and nobody with it.
    coming = {
        each.post: each.heir
        for each in gone
        if each.heir is not None and each.became is not Became.ABOLISHED
    }
    over = {each.post for each in gone} - coming.keys()
    seats = {post.id: post.seats for post in after.posts.values()}
    staying = [item for item in known.held if item.post not in over]
    moved = [*seated(staying, coming, seats, known.now)]
    moved += [Moved(item, None) for item in known.held if item.post in over]
    held = _afterwards(known.held, moved)
    again = tuple(relent(before, after, moved, known.lent, held))
    people = tuple(affected(before, after, (known.held, held), heirs))
    openings = tuple(_openings(known, gone, parts))
    found = findings(after, told, moved, again, people)
    return Restructure(told, heirs, tuple(moved), again, openings, people, found)


def _afterwards(held: tuple[Held, ...], moved: list[Moved]) -> tuple[Held, ...]:
    over = {each.held.id for each in moved}
    made = (each.made for each in moved if each.made is not None)
    return (*(item for item in held if item.id not in over), *made)


def _openings(known: Known, gone: tuple[Gone, ...], parts: tuple[Part, ...]) -> Iterator[Opening]:
    """Yield what the ledgers of posts take over, so that no allowance is used twice.

    What a ledger has had from the other one already, because the posts went the other way before,
    is not counted again.
    """
    ways = [(each.post, each.heir) for each in gone if each.heir is not None]
    ways += [(each.post, each.part) for each in parts]
    # Several may go into one ledger, each on top of the other.
    now: dict[tuple[str, object], Used] = {(each.post, each.key): each for each in known.used}
    for source, heir in ways:
        for used in known.used:
            counts = used.amount - used.came.get(heir, Decimal(0))
            if used.post != source or counts <= 0:
                continue
            there = now.get((heir, used.key)) or replace(
                used, post=heir, entries=0, amount=Decimal(0), came={}
            )
            yield Opening(heir, source, there, counts)
            now[heir, used.key] = replace(
                there, entries=there.entries + 1, amount=there.amount + counts
            )
