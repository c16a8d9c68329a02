"""What the sections of the page are made of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.people import Answering, Holder
from kingpost.web.overviews import Section
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import joined
from kingpost.web.pages.frame import View
from kingpost.web.pieces import Cell, Column, Table

_NAMED_MAX = 3


def section(
    name: str, title: str, head: Iterable[str], rows: Iterable[tuple[Cell, ...]], note: str = ""
) -> Section:
    """Return a table as a part of the page. head: of its columns."""
    columns = tuple(Column(each) for each in head)
    return Section(name, title, Table(title, columns, tuple(rows)), note)


def moment_words(view: View, at: datetime) -> str:
    """Return a moment as it stands on paper: whole, where the company is."""
    return f"{at.astimezone(view.zone):%-d %b %Y, %H:%M}"


def titles_of(parts: Iterable[Duty]) -> str:
    """Return the titles of parts, joined for a sentence."""
    return joined([part.title for part in parts], "and")


def some(names: Sequence[str]) -> str:
    """Return a few of some names, and how many more there are."""
    rest = len(names) - _NAMED_MAX
    if rest < 2:  # noqa: PLR2004 - one more is told as fast as named
        return joined(list(names), "and")
    return joined([*names[:_NAMED_MAX], f"{words.number(rest)} more"], "and")


def who(item: Answering) -> str:
    """Return a post with who holds it."""
    return f"{item.title} ({people_words(item.holders)})"


def people_words(holders: tuple[Holder, ...]) -> str:
    """Return who holds a post, a few by name; not who is away, which stays with the person."""
    named = [
        holder.name + (", acting" if holder.kind == "acting" else "")
        for holder in holders[:_NAMED_MAX]
    ]
    rest = len(holders) - len(named)
    return "; ".join((*named, f"{words.number(rest)} more") if rest else named) or "nobody"
