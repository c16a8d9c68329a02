"""The page of one element: what it says, what is special to its kind, and where it is used."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kingpost.handbook.addressing import in_words, page_of
from kingpost.handbook.book import Book
from kingpost.handbook.goals import objective_sections, stream_sections
from kingpost.handbook.people import post_sections, role_sections, unit_sections
from kingpost.handbook.pieces import Facts, Page, Section, Tree
from kingpost.handbook.things import (
    framework_sections,
    object_sections,
    rule_sections,
    rule_tables,
)
from kingpost.handbook.workflows import workflow_map, workflow_sections
from kingpost.model.describing.describe import describe
from kingpost.model.describing.phrases import Fact, Phrase, named
from kingpost.model.parts.links import Links, kind_of
from kingpost.model.parts.relations import NEXT, PART_OF, STANDS_IN

# Facts that have a section of their own on the page of an element.
_TOLD_BELOW: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "workflow": frozenset(("steps", "exceptions")),
        "object": frozenset(("fields", "states", "moves")),
        "rule": frozenset(("rows", "inputs", "annotations", "tests")),
        "objective": frozenset(("measures",)),
        "value-stream": frozenset(("stages",)),
    }
)
# How a part lies in the whole, which the page shows anyway.
_STRUCTURE = frozenset((PART_OF, STANDS_IN, NEXT))
_SPECIAL = MappingProxyType(
    {
        "workflow": workflow_sections,
        "object": object_sections,
        "rule": rule_sections,
        "framework": framework_sections,
        "objective": objective_sections,
        "value-stream": stream_sections,
        "post": post_sections,
        "role": role_sections,
        "unit": unit_sections,
    }
)
_KICKERS: Mapping[str, str] = MappingProxyType({"object": "Business object"})
# Parts that one sees as the element around them.
_SEEN_AS_A_WHOLE = frozenset(("input", "output", "branch", "ending"))
# Under which entry of the navigation the pages of a kind lie.
ENTRIES: Mapping[str, str] = MappingProxyType(
    {
        "objective": "objectives",
        "value-stream": "streams",
        "workflow": "workflows",
        "object": "objects",
        "rule": "rules",
        "interface": "interfaces",
        "post": "organisation",
        "unit": "organisation",
        "calendar": "organisation",
        "role": "roles",
        "obligation": "obligations",
        "framework": "obligations",
        "metric": "metrics",
    }
)


def element_page(book: Book, part: str) -> Page:
    """Return the page of an element."""
    model, links, kind = book.model, book.links, kind_of(part)
    sight = book.sight(page_of(part))
    told = describe(links, part)
    below = _TOLD_BELOW.get(kind, frozenset())
    facts = tuple(fact for fact in told.facts if fact.label not in below and not fact.is_default)
    special = _SPECIAL.get(kind)
    sections: list[Section] = [Facts("about", "In short", facts)] if facts else []
    if special is not None:
        sections += special(model, sight, part)
    top: tuple[Section, ...] = ()
    if kind == "workflow":
        top = (workflow_map(model, sight, part),)
    elif kind == "rule":
        top = tuple(rule_tables(model, part))
    return Page(
        path=sight.page,
        title=told.title,
        entry=ENTRIES.get(kind, "index"),
        kicker=_KICKERS.get(kind, in_words(kind)),
        address=part,
        top=top,
        sections=tuple(sections),
        beside=tuple(_beside(links, part)),
    )


def _beside(links: Links, part: str) -> Iterator[Section]:
    up, down = links.up(part), links.down(part)
    if up:
        yield Tree("up", "What it is for", up)
    if down:
        yield Tree("down", "What carries it", down)
    used = tuple(_used(links, part))
    if used:
        yield Facts("used", "Where it is used", used)


def _used(links: Links, part: str) -> Iterator[Fact]:
    """Yield what names an element from outside, or one of its parts, by how it does."""
    inside = {part, *links.inside(part)}
    groups: dict[str, dict[str, Phrase]] = {}
    for inner in inside if kind_of(part) in {"object", "rule"} else (part,):
        for link in links.to(inner):
            if link.relation in _STRUCTURE or link.source in inside:
                continue
            source = "/".join(link.source.split("/")[:2])
            if kind_of(link.source) not in _SEEN_AS_A_WHOLE:
                source = link.source
            groups.setdefault(link.relation.heard, {})[source] = named(source, source)
    for label in sorted(groups):
        yield Fact(label, tuple(groups[label][source] for source in sorted(groups[label])))
