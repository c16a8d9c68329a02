"""What is in a handbook: its pages, each by its path, and how they are grouped."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kingpost.handbook.book import Book
from kingpost.handbook.element import element_page
from kingpost.handbook.lists import list_page
from kingpost.handbook.pieces import Page
from kingpost.handbook.reference import findings_page, first_page, index_page, scenarios_page
from kingpost.model.parts.classes import KINDS
from kingpost.values.address import address

_KNOWN = frozenset(KINDS.values())
_SINGLE: Mapping[str, Callable[[Book], Page]] = MappingProxyType(
    {
        "index": first_page,
        "glossary": index_page,
        "findings": findings_page,
        "scenarios": scenarios_page,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the contents. page: its path. count: how many there are, or empty."""

    name: str
    title: str
    page: str
    icon: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the contents under a title."""

    title: str
    entries: tuple[Entry, ...]


def page_at(book: Book, path: str) -> Page | None:
    """Return the page at a path, such as `rules` or `rule/credit`; None when there is none."""
    single = _SINGLE.get(path)
    if single is not None:
        return single(book)
    kind, _, name = path.partition("/")
    if name:
        is_told = kind in _KNOWN and path in book.links.parts
        return element_page(book, path) if is_told else None
    return list_page(book, path)


def pages(book: Book) -> Iterator[Page]:
    """Yield every page."""
    names = [entry.page for group in contents(book) for entry in group.entries]
    elements = [
        address(kind, name)
        for section, kind in KINDS.items()
        for name in getattr(book.model, section)
    ]
    for path in (*names, *elements):
        page = page_at(book, path)
        assert page is not None, f"{path} stands in the contents"
        yield page


def contents(book: Book) -> tuple[Group, ...]:
    """Return the contents: what stands in no part of the model is left out when unknown."""
    model = book.model

    def entry(name: str, title: str, icon: str, number: int = 0, page: str = "") -> Entry:
        return Entry(name, title, page or name, icon, f"{number:,}" if number else "")

    exceptions = sum(len(one.exceptions) for one in model.workflows.values())
    checked = (
        (
            entry("scenarios", "Scenarios", "play", len(book.results)),
            entry("findings", "Findings", "check", len(book.findings)),
        )
        if book.findings is not None
        else ()
    )
    return (
        Group(
            "Company",
            (
                entry("overview", "Overview", "home", page="index"),
                entry("objectives", "Objectives", "target", len(model.objectives)),
                entry("streams", "Value streams", "stream", len(model.streams)),
            ),
        ),
        Group(
            "Work",
            (
                entry("workflows", "Workflows", "flow", len(model.workflows)),
                entry("objects", "Business objects", "file", len(model.objects)),
                entry("rules", "Rules", "rule", len(model.rules)),
                entry("exceptions", "Exceptions", "alert", exceptions),
                entry("interfaces", "Interfaces", "link", len(model.interfaces)),
            ),
        ),
        Group(
            "People",
            (
                entry("organisation", "Organisation", "organisation", len(model.posts)),
                entry("roles", "Roles", "people", len(model.roles)),
            ),
        ),
        Group(
            "Assurance",
            (
                entry("obligations", "Obligations", "shield", len(model.obligations)),
                entry("metrics", "Metrics", "chart", len(model.metrics)),
                entry("governance", "Governance", "scales", len(model.governance)),
                *checked,
            ),
        ),
        Group("Look up", (entry("index", "Index", "list", page="glossary"),)),
    )
