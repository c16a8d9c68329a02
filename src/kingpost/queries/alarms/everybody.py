"""Everybody who is there now, seen as one who may act by all that any of them may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import (
    AGENT,
    Actor,
    Answering,
    Delegation,
    Facts,
    Holding,
)
from kingpost.store.models import heirs
from kingpost.store.reading.lists import alarms as reading
from kingpost.store.register import vacant_posts

# Who acts by a right: a person; with the giver of what is lent, or who answers for an agent.
_Hands: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Everybody:
    """The rights of all who are there, each once, with those who have it.

    vacant: the posts that nobody fills: nobody holds them, or all who do are away.
    heirs:  to which post goes what is laid on one that the model that runs has no longer.
    """

    now: datetime
    rights: dict[Holding, set[_Hands]]
    vacant: frozenset[str]
    heirs: Mapping[str, str]
    _met: dict[tuple[frozenset[str], bool], Facts] = field(
        default_factory=dict[tuple[frozenset[str], bool], Facts]
    )

    def facts(self, without: Iterable[str] = (), *, lent: bool = True) -> Facts:
        """Return the facts of one who asks for all of them.

        without: people who may not act. lent: whether what is lent counts, and what agents hold.
        """
        out = frozenset(without)
        found = self._met.get((out, lent))
        if found is None:
            held = tuple(
                right
                for right, hands in self.rights.items()
                if (lent or _is_own(right))
                and (not out or any(out.isdisjoint(each) for each in hands))
            )
            actor = Actor(person="", holdings=held)
            found = self._met[out, lent] = Facts(
                self.now, self.now, actor, self.vacant, heirs=self.heirs
            )
        return found

    def people(self, rights: Iterable[Holding]) -> frozenset[str]:
        """Return who acts by some rights that people hold themselves."""
        own = (right for right in rights if _is_own(right))
        return frozenset(
            person for right in own for hands in self.rights[right] for person in hands
        )

    def fills(self, post: str) -> bool:
        """Tell whether somebody acts in a post in everything: it is held, or lent as a whole."""
        return any(
            right.post == post
            and (
                (lent := right.delegation) is None
                or not (lent.workflows or lent.outcomes or lent.when)
            )
            for right in self.rights
        )


def everybody(connection: Connection[DictRow], now: datetime) -> Everybody:
    """Read who is there at a moment."""
    rights: dict[Holding, set[_Hands]] = {}
    for row in reading.there(connection, now):
        hands = frozenset(name for name in (row["person"], row["giver"], row["answering"]) if name)
        rights.setdefault(_right(row), set()).add(hands)
    return Everybody(now, rights, vacant_posts(connection, now), heirs(connection))


def _is_own(right: Holding) -> bool:
    return right.delegation is None and right.kind != AGENT


def _right(row: DictRow) -> Holding:
    roles = tuple(row["roles"]) if row["roles"] is not None else None
    if row["answering"] is not None:
        by = Answering("", row["answering"], "")
        return Holding(row["post"], "", AGENT, answering=by, roles=roles)
    if row["giver"] is None:
        return Holding(row["post"], "", roles=roles)
    scope = tuple(row["workflows"]), tuple(row["outcomes"]), row["condition"]
    return Holding(row["post"], "", delegation=Delegation("", "", *scope), roles=roles)
