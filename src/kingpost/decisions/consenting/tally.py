"""What a proposal lacks: which posts have not approved, and which will not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kingpost.decisions.consenting.proposal import Answer
from kingpost.model.custody import Asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who must agree to a change.

    keepers: what changes by the post that keeps it. asked: the approvals besides.
    """

    keepers: Mapping[str, Sequence[str]]
    asked: tuple[Asked, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the addresses of all that changes."""
        return tuple(part for each in self.keepers.values() for part in each)

    @property
    def posts(self) -> tuple[str, ...]:
        """Return every post that may say something to it."""
        every = (*self.keepers, *(post for each in self.asked for post in each.posts))
        return tuple(dict.fromkeys(post for post in every if post))


@dataclass(frozen=True, slots=True)
class Lacking:
    """Approvals that are missing.

    number: how many. left: the posts that could give them, and have not.
    """

    asked: Asked
    number: int
    left: tuple[str, ...]


def standing(answers: Iterable[Answer], post: str) -> tuple[Answer, ...]:
    """Return the approvals of a post that stand: those since it was last against it."""
    found: list[Answer] = []
    for answer in answers:
        if answer.post == post:
            found = [*found, answer] if answer.approves else []
    return tuple(found)


def is_against(answers: Sequence[Answer], post: str) -> bool:
    """Tell whether the last that a post said is no."""
    said = [answer.approves for answer in answers if answer.post == post]
    return bool(said) and not said[-1]


def barred(planner: str | None, proposal: str, applier: str | None = None) -> Mapping[str, str]:
    """Return who approves nothing that is asked besides the keepers, each with why, a clause.

    planner: who saved the plan. proposal: who proposed it; may be empty. applier: who applies it.
    """
    parts = {planner: "who planned it", proposal: "who proposed it", applier: "who applies it"}
    return {person: why for person, why in parts.items() if person}


def lacking(
    wanted: Wanted, answers: Sequence[Answer], barred: Collection[str]
) -> tuple[Lacking, ...]:
    """Return which approvals are missing besides those of who keeps the parts.

    Each counts for another person: who answers for two posts approves for one of them, and who
    lent a right counts as well as who used it.

    barred: the people who approve nothing here; see `barred`.
    """
    found: list[Lacking] = []
    for asked in wanted.asked:
        given = {
            post: [
                answer.people
                for answer in standing(answers, post)
                if answer.people.isdisjoint(barred)
            ]
            for post in asked.posts
        }
        number = next(
            missing
            for missing in range(asked.needed + 1)
            if _reaches(list(given.values()), frozenset(), asked.needed - missing)
        )
        if number > 0:
            left = tuple(post for post in asked.posts if not given[post])
            found.append(Lacking(asked, number, left or asked.posts))
    return tuple(found)


def _reaches(given: Sequence[Sequence[frozenset[str]]], taken: frozenset[str], number: int) -> bool:
    """Tell whether so many posts have an approval, each by people of its own."""
    if number <= 0:
        return True
    if len(given) < number:
        return False
    first, rest = given[0], given[1:]
    others = {each for each in first if each.isdisjoint(taken)}
    return any(_reaches(rest, taken | each, number - 1) for each in others) or _reaches(
        rest, taken, number
    )


def is_hopeless(wanted: Wanted, answers: Sequence[Answer]) -> bool:
    """Tell whether so many are against it that what is needed cannot be reached.

    To keep a part is neither lent nor stood in for, and neither is to be against it as its keeper.
    """
    own = [answer for answer in answers if answer.own]
    if any(is_against(own, post) for post in wanted.keepers):
        return True
    return any(
        sum(not is_against(answers, post) for post in asked.posts) < asked.needed
        for asked in wanted.asked
    )
