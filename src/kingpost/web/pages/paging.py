"""Where a page of rows stands, and the ways to its neighbours."""

from collections.abc import Callable
from typing import TypeVar

from kingpost.queries.page import Page
from kingpost.web.pages import words
from kingpost.web.pieces import Pager

_Row = TypeVar("_Row")


def pager(page: Page[_Row], url: Callable[[int], str]) -> Pager:
    """Return the pager of a page. url: gives the address of a page by number."""
    if not page.total:
        return Pager("0 rows")
    first = (page.number - 1) * page.size + 1
    last = first + len(page.rows) - 1
    shown = f"{words.number(first)}–{words.number(last)}" if page.rows else "none"
    return Pager(
        f"{shown} of {words.number(page.total)}",
        url(page.number - 1) if page.number > 1 else "",
        url(page.number + 1) if page.number < page.last else "",
    )
