"""The model that runs, or ran: the pages of its handbook, with what lives beside them."""

from dataclasses import dataclass

from kingpost.handbook.addressing import Sight
from kingpost.handbook.book import Book
from kingpost.handbook.contents import contents
from kingpost.handbook.pieces import Page
from kingpost.planning.difference import Difference
from kingpost.queries.changes.versions import ModelVersion
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.looking.trial import Trial
from kingpost.web.pages.places import MODEL
from kingpost.web.pieces import Act, Link, Pill, Tab
from kingpost.web.presenters import Head

_SHOWN_MAX = 12
# Where the life of an element is shown: how the way there is called, and where it leads.
_LIVE = {
    "workflow": ("Its cases now", "/processes/"),
    "post": ("Holders and work", "/org/posts/"),
    "metric": ("Its numbers", "/measures/"),
    "obligation": ("Its cases", "/obligations/"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """What one version changed in a part, in sentences."""

    version: Link
    since: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`model.html`: a page of the handbook, as `told`, and what versions changed in its element.

    trial: of a rule, which may be tried on values.
    """

    head: Head
    tabs: tuple[Tab, ...]
    told: Page
    sight: Sight
    changed: tuple[Changed, ...] = ()
    trial: Trial | None = None


def model_page(
    view: View,
    book: Book,
    told: Page,
    version: ModelVersion,
    changed: tuple[tuple[ModelVersion, tuple[Difference, ...]], ...],
    tried: Trial | None,
) -> ModelPage:
    """Return a page of a version's handbook.

    changed: the element's past, the newest first. tried: of a rule that can be asked.
    """
    sight, runs = book.sight(told.path), version.digest == view.program.version
    facts = (
        *((Link(told.kicker),) if told.kicker else ()),
        Link(f"version {version.number}", f"/versions/{version.number}"),
        Link(f"in effect since {words.moment(version.activated_at, view.now, view.zone).text}"),
    )
    acts = _acts(view, told.address) if runs else (Act("As it is now", f"{MODEL}{told.path}"),)
    state = None if runs else Pill("Does not run any more", "risk", "clock")
    head = Head(told.title, facts, acts, code=told.address, state=state)
    tabs = tuple(
        Tab(entry.title, sight.to(entry.page), entry.name == told.entry, entry.count)
        for group in contents(book)
        for entry in group.entries
    )
    past = tuple(_changed(view, item, found) for item, found in changed)
    return ModelPage(head, tabs, told, sight, past, tried)


def _acts(view: View, part: str) -> tuple[Act, ...]:
    """Return the way to the life of an element that the company has now."""
    kind, _, name = part.partition("/")
    title, place = _LIVE.get(kind, ("", ""))
    known = {
        "workflow": view.program.model.workflows,
        "post": view.program.model.posts,
        "metric": view.program.model.metrics,
        "obligation": view.program.model.obligations,
    }
    return (Act(title, f"{place}{name}"),) if name in known.get(kind, ()) else ()


def _changed(view: View, item: ModelVersion, found: tuple[Difference, ...]) -> Changed:
    told = tuple(f"{each.sentence}." for each in found[:_SHOWN_MAX])
    more = len(found) - len(told)
    rest = (f"And {more:,} more.",) if more > 0 else ()
    since = words.moment(item.activated_at, view.now, view.zone).text
    return Changed(
        Link(f"Version {item.number}", f"/versions/{item.number}"), since, (*told, *rest)
    )
