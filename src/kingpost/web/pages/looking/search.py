"""What a search finds, by kind: pages, cases, people, and parts of the model."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from kingpost.handbook.addressing import Sight, in_words
from kingpost.model.parts.links import kind_of
from kingpost.queries.cases import CaseList, CaseRow
from kingpost.queries.organisation import PersonRow
from kingpost.queries.page import Page
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import case_title
from kingpost.web.pages.frame import View
from kingpost.web.pieces import Empty, Link
from kingpost.web.presenters import Head
from kingpost.web.shell import EntryGroup

_PARTS_MAX = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. note: what it is, besides its name."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind. more: where all of it is listed; None when all is here."""

    id: str
    title: str
    hits: tuple[Hit, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`search.html`: groups of hits. empty: said when there are none. text: what was typed."""

    head: Head
    groups: tuple[Hits, ...]
    empty: Empty
    text: str


def search_page(text: str, groups: tuple[Hits, ...]) -> SearchPage:
    """Return the page of a search."""
    found = sum(len(group.hits) for group in groups)
    empty = (
        Empty(
            "Nothing is called so",
            "No case, person, post, page or part of the model has all of these words.",
            icon="search",
        )
        if text
        else Empty(
            "What do you look for?",
            "A case by its number or title, a person, a post, a page, or any part of the model.",
            icon="search",
        )
    )
    title = f"Found for “{text}”" if text else "Search"
    return SearchPage(Head(title, (Link(words.plural(found, "hit")),)), groups, empty, text)


def page_hits(text: str, groups: tuple[EntryGroup, ...]) -> Hits:
    """Return the pages that are called so."""
    entries = (
        Hit(entry.text, entry.url, group.title)
        for group in groups
        for entry in group.entries
        if all(word in entry.text.casefold() for word in text.casefold().split())
    )
    return Hits("pages", "Pages", tuple(entries))


def start_hits(text: str, startable: Iterator[tuple[str, str]]) -> Hits:
    """Return the cases that one may start. startable: workflows by id and title."""
    hits = (
        Hit(f"Start: {title}", f"/start/{name}", "New case")
        for name, title in startable
        if all(word in f"start new case {title}".casefold() for word in text.casefold().split())
    )
    return Hits("starts", "Start", tuple(hits))


def case_hits(view: View, text: str, found: CaseList) -> Hits:
    """Return the cases."""
    hits = tuple(_case(view, row) for row in found.page.rows)
    return Hits("cases", "Cases", hits, _more(found.page, f"/cases?{urlencode({'text': text})}"))


def _case(view: View, row: CaseRow) -> Hit:
    workflow = view.program.model.workflows.get(row.workflow)
    kind = workflow.title if workflow else row.workflow
    title = case_title(view.program.model, row.workflow, row.titles)
    return Hit(title, f"/cases/{row.number}", f"{row.number} · {kind} · {row.state_title}")


def people_hits(view: View, text: str, found: Page[PersonRow]) -> Hits:
    """Return the people, each with their posts."""
    hits = tuple(
        Hit(
            row.name,
            f"/people/{row.id}",
            ", ".join(map(view.post_title, row.posts[:3])) or "holds no post",
        )
        for row in found.rows
    )
    return Hits("people", "People", hits, _more(found, f"/org?{urlencode({'q': text})}#people"))


def part_hits(sight: Sight, found: tuple[str, ...], most: int = _PARTS_MAX) -> Hits:
    """Return parts of the model."""
    hits = tuple(
        Hit(sight.label(part), _told_at(sight, part), f"{in_words(kind_of(part))} · {part}")
        for part in found[:most]
    )
    more = len(found) - len(hits)
    rest = Link(f"and {more:,} more: write more of the name") if more > 0 else None
    return Hits("parts", "Model", hits, rest)


def _told_at(sight: Sight, part: str) -> str:
    """Return where a part is told: a post where its holders are."""
    kind, _, name = part.partition("/")
    return f"/org/posts/{name}" if kind == "post" else sight.url(part)


def _more(page: Page[CaseRow] | Page[PersonRow], url: str) -> Link | None:
    return Link(f"All {page.total:,}", url) if page.total > len(page.rows) else None
