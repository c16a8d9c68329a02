"""Where each part of a model stands on the site."""

from dataclasses import dataclass

from kingpost.model.parts.classes import name_of, title_of
from kingpost.model.parts.links import Links, kind_of
from kingpost.model.parts.relations import PART_OF

# Kinds whose titles are sentences: a link names them by their id instead.
_BY_ID = frozenset(("role",))
# Parts that have a place of their own on the page of their element.
_ANCHORED = frozenset(("step", "exception", "field", "state", "stage", "measure"))


def page_of(part: str) -> str:
    """Return the page on which a part stands, from the root of the site."""
    kind, _, rest = part.partition("/")
    if kind == "governance":
        return "governance.html"
    return f"{kind}/{rest.split('/')[0]}.html"


def anchor_of(part: str) -> str:
    """Return the place of a part on its page; empty for the page as a whole."""
    kind, *rest = part.split("/")
    if kind == "governance":
        return f"line-{rest[0]}"
    noun = rest[1] if len(rest) > 1 else ""
    return f"{noun}-{rest[2]}" if noun in _ANCHORED else ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page sees of the other pages. page: its own path, from the root of the site."""

    links: Links
    page: str

    @property
    def root(self) -> str:
        """Return the way from this page to the root of the site."""
        return "../" * self.page.count("/")

    def url(self, part: str) -> str:
        """Return where a part is told, as seen from this page; empty when nothing tells it."""
        if part not in self.links.parts:
            return ""
        page, anchor = page_of(part), anchor_of(part)
        here = "" if page == self.page else f"{self.root}{page}"
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
