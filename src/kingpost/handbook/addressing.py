"""Where each part of a model stands in the handbook."""

from dataclasses import dataclass

from kingpost.model.parts.classes import name_of, title_of
from kingpost.model.parts.links import Links, kind_of
from kingpost.model.parts.relations import PART_OF

# Kinds whose titles are sentences: a link names them by their id instead.
_BY_ID = frozenset(("role",))
# Parts that have a place of their own on the page of their element.
_ANCHORED = frozenset(("step", "exception", "field", "state", "stage", "measure"))


def page_of(part: str) -> str:
    """Return the page on which a part stands, from the first one."""
    kind, _, rest = part.partition("/")
    if kind == "governance":
        return "governance"
    return f"{kind}/{rest.split('/')[0]}"


def anchor_of(part: str) -> str:
    """Return the place of a part on its page; empty for the page as a whole."""
    kind, *rest = part.split("/")
    if kind == "governance":
        return f"line-{rest[0]}"
    noun = rest[1] if len(rest) > 1 else ""
    return f"{noun}-{rest[2]}" if noun in _ANCHORED else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a handbook stands: what comes before and after each page in an address.

    home:   of the handbook, such as `/model/`; empty when pages lead to each other as files do.
    ending: such as `.html`, or a query.
    """

    home: str = ""
    ending: str = ".html"


AS_FILES = Place()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page sees of the other pages. page: its own path, from the first one."""

    links: Links
    page: str
    place: Place

    @property
    def root(self) -> str:
        """Return the way from this page to where the handbook begins."""
        return self.place.home or "../" * self.page.count("/")

    def to(self, page: str) -> str:
        """Return where another page stands, as seen from this one."""
        return f"{self.root}{page}{self.place.ending}"

    def url(self, part: str) -> str:
        """Return where a part is told, as seen from this page; empty when nothing tells it."""
        if part not in self.links.parts:
            return ""
        page, anchor = page_of(part), anchor_of(part)
        here = "" if page == self.page else self.to(page)
        return f"{here}#{anchor}" if anchor else here or "#main"

    def label(self, part: str) -> str:
        """Return what a link to a part is called."""
        known = self.links.parts.get(part)
        if known is None:
            return part
        if kind_of(part) in _BY_ID:
            return in_words(name_of(known.value) or part)
        if part.startswith("governance/"):
            return f"Line {part.partition('/')[2]} of governance"
        return title_of(known.value) or part

    def whole(self, part: str) -> str:
        """Return what a part is called away from its element: with the title of the element."""
        inside = any(link.relation is PART_OF for link in self.links.of(part))
        element = "/".join(part.split("/")[:2])
        return f"{self.label(part)} ({self.label(element)})" if inside else self.label(part)


def in_words(name: str) -> str:
    """Return an id as words, such as `Senior underwriter`."""
    return name.replace("-", " ").capitalize()
