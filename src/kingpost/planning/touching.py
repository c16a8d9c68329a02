"""What a change touches: the parts that differ, and all that rests on one of them."""

from collections.abc import Iterable, Iterator

from kingpost.model.parts.links import Links
from kingpost.planning.difference import Difference


def touched(found: Iterable[Difference], sides: tuple[Links, Links]) -> frozenset[str]:
    """Return the addresses of the parts that a change touches.

    Of a step that is different its workflow is touched, and not its other steps; of a rule, every
    step that asks it. sides: the parts before and after, of which either may lack some.
    """
    changed = [item.address for item in found]
    before, after = (_resting(changed, links) for links in sides)
    return before | after


def _resting(changed: Iterable[str], links: Links) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [part for part in changed if part in links.parts]
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            waiting += _on(part, links)
    return frozenset(seen)


def _on(part: str, links: Links) -> Iterator[str]:
    """Yield what a part is for, and what rests on it."""
    yield from (link.target for link in links.of(part) if link.relation.way == "up")
    yield from (link.source for link in links.to(part) if link.relation.way == "down")
