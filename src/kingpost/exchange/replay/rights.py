"""Who held which post when: the register, read once and kept in memory."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.decisions.commands import AGENT, Answering, Holding
from kingpost.model.organisation import Post


@dataclass(frozen=True, slots=True)
class Appointed:
    """One appointment. end: exclusive, or None for no end."""

    person: str
    post: str
    id: UUID
    kind: str
    start: datetime
    end: datetime | None


class Rights:
    """Answers what a person held at a time, and which posts nobody held."""

    def __init__(self, appointments: Iterable[Appointed], posts: Mapping[str, Post]) -> None:
        """Keep the appointments. posts: of the model."""
        self._posts = posts
        self._of: dict[str, list[Appointed]] = defaultdict(list)
        self._on: dict[str, list[Appointed]] = defaultdict(list)
        edges: set[datetime] = set()
        for item in sorted(appointments, key=lambda item: (item.post, item.start)):
            self._of[item.person].append(item)
            self._on[item.post].append(item)
            edges |= {item.start, item.end} if item.end else {item.start}
        self._edges = sorted(edges)
        self._held: dict[tuple[str, int], tuple[Holding, ...]] = {}
        self._vacant: dict[int, frozenset[str]] = {}

    def held(self, person: str, at: datetime) -> tuple[Holding, ...]:
        """Return the posts that a person held at a time, in order of posts."""
        # Between two edges nothing changes.
        key = (person, bisect_right(self._edges, at))
        found = self._held.get(key)
        if found is None:
            held = [item for item in self._of.get(person, ()) if _covers(item, at)]
            found = tuple(
                Holding(item.post, str(item.id), item.kind, answering=self._answering(item, at))
                for item in held
            )
            self._held[key] = found
        return found

    def vacant(self, at: datetime) -> frozenset[str]:
        """Return the posts of the model that nobody held at a time."""
        key = bisect_right(self._edges, at)
        found = self._vacant.get(key)
        if found is None:
            held = {post for post, items in self._on.items() if self._is_held(items, at)}
            found = self._vacant[key] = frozenset(self._posts.keys() - held)
        return found

    def _is_held(self, items: Iterable[Appointed], at: datetime) -> bool:
        return any(
            _covers(item, at) and (item.kind != AGENT or self._answering(item, at) is not None)
            for item in items
        )

    def _answering(self, item: Appointed, at: datetime) -> Answering | None:
        """Return the one person who answered for an agent at a time, or None."""
        post = self._posts.get(item.post)
        by = post.answered_for_by if post is not None and item.kind == AGENT else None
        people = [one for one in self._on.get(by or "", ()) if _covers(one, at)]
        if by is None or len(people) != 1 or people[0].kind == AGENT:
            return None
        return Answering(by, people[0].person, str(people[0].id))


def _covers(item: Appointed, at: datetime) -> bool:
    return item.start <= at and (item.end is None or at < item.end)
