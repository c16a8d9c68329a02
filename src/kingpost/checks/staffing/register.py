"""The register on one day: who holds which posts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kingpost.model.model import Model
from kingpost.model.vacancy import falls_to


@dataclass(frozen=True, slots=True)
class Register:
    """Who holds what at one time.

    people:  names by person. holders: the persons of each post that somebody holds.
    begins:  the day of the first appointment, when all of them are still to come.
    agents:  those of the people that are machines.
    """

    people: Mapping[str, str]
    holders: Mapping[str, tuple[str, ...]]
    begins: date | None = None
    agents: frozenset[str] = frozenset()

    def without(self, person: str) -> "Register":
        """Return the register while one person is absent."""
        left = {
            post: tuple(one for one in persons if one != person)
            for post, persons in self.holders.items()
        }
        held = {post: persons for post, persons in left.items() if persons}
        return Register(self.people, held, agents=self.agents)

    def name(self, person: str) -> str:
        """Return how a person is called."""
        return self.people.get(person, person)


@dataclass(frozen=True, slots=True)
class Reach:
    """Who acts for posts on one day. vacant: the posts that nobody holds."""

    model: Model
    register: Register
    vacant: frozenset[str]

    def persons(self, posts: Iterable[str]) -> Iterator[str]:
        """Yield the persons who may act for posts: their holders, or who stands in for none.

        An agent counts as the person who answers for it.
        """
        for post in posts:
            acting = falls_to(self.model, post, self.vacant) if post in self.vacant else post
            by = self.model.posts[acting].answered_for_by if acting else None
            yield from self.register.holders.get(by or acting or "", ())


def reach_of(model: Model, register: Register) -> Reach:
    """Return who acts for the posts of a model; one for an agent needs who answers for it."""
    held = register.holders.keys()
    vacant = {
        post.id
        for post in model.posts.values()
        if post.id not in held or (post.answered_for_by and post.answered_for_by not in held)
    }
    return Reach(model, register, frozenset(vacant))
