"""Assigning people to work that several people must do: an exact search over what is short.

Work for which more people are able than there is other work to keep it apart from can always be
assigned last; only the rest is searched, the tightest first. A search may still take too long in
theory; then it says so.

Source: the reduction is that of list colouring (Erdős, Rubin and Taylor, 1979); forward checking
is R. Haralick and G. Elliott, 1980.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TRIED_MAX = 20_000


class TooManyTriesError(Exception):
    """It cannot be told within the bound whether an assignment exists."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Work to be assigned.

    able:  for each piece of work the persons who may do it, in the order of preference.
    apart: for each piece the others that another person must do; the same both ways round.
    """

    able: Mapping[str, tuple[str, ...]]
    apart: Mapping[str, frozenset[str]]

    def only(self, work: Iterable[str]) -> "Problem":
        """Return the problem of some of the work."""
        kept = frozenset(work)
        return Problem(
            {name: self.able[name] for name in self.able if name in kept},
            {name: self.apart.get(name, frozenset()) & kept for name in kept},
        )


def assign(problem: Problem) -> Mapping[str, str] | None:
    """Return a person for each piece of work, or None when there is no such assignment.

    Raises: TooManyTriesError.
    """
    able = {name: list(persons) for name, persons in problem.able.items()}
    apart = {name: set(problem.apart.get(name, ())) & able.keys() for name in able}
    easy = _easy(able, apart)
    left = {name: persons for name, persons in able.items() if name not in easy}
    chosen = _search(left, apart, [TRIED_MAX])
    if chosen is None:
        return None
    for name in reversed(easy):
        taken = {chosen[other] for other in apart[name] if other in chosen}
        chosen[name] = next(person for person in able[name] if person not in taken)
    return {name: chosen[name] for name in problem.able}


def _easy(able: Mapping[str, list[str]], apart: Mapping[str, set[str]]) -> list[str]:
    """Return the work that can be assigned whatever the rest is, in the order of taking it out."""
    degree = {name: len(others) for name, others in apart.items()}
    waiting = [name for name in able if len(able[name]) > degree[name]]
    found = dict.fromkeys(waiting)
    while waiting:
        for other in apart[waiting.pop()]:
            degree[other] -= 1
            if other not in found and len(able[other]) > degree[other]:
                found[other] = None
                waiting.append(other)
    return list(found)


def _search(
    able: Mapping[str, list[str]], apart: Mapping[str, set[str]], tries: list[int]
) -> dict[str, str] | None:
    if not able:
        return {}
    name = min(able, key=lambda one: (len(able[one]), -len(apart[one])))
    for person in able[name]:
        tries[0] -= 1
        if tries[0] < 0:
            raise TooManyTriesError
        rest = {
            other: [one for one in persons if one != person] if other in apart[name] else persons
            for other, persons in able.items()
            if other != name
        }
        found = _search(rest, apart, tries) if all(rest.values()) else None
        if found is not None:
            return {**found, name: person}
    return None


def shortage(problem: Problem) -> tuple[str, ...]:
    """Return work that cannot be assigned, such that any part of it could be.

    problem: one without an assignment. Raises: TooManyTriesError.
    """
    kept = list(problem.able)
    for name in reversed(list(problem.able)):
        fewer = [other for other in kept if other != name]
        if assign(problem.only(fewer)) is None:
            kept = fewer
    return tuple(kept)
