"""A page of rows, and where it stands among all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE_SIZE = 50

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of all rows. number: from 1; a page after the last one is empty."""

    rows: tuple[Row, ...]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """Return the number of the last page; 1 when there are no rows."""
        return max(1, -(-self.total // self.size))


def offset(number: int, size: int = PAGE_SIZE) -> int:
    """Return how many rows come before a page."""
    return (max(1, number) - 1) * size


def cut(rows: Sequence[Row], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page of rows that are all at hand."""
    number = max(1, number)
    start = offset(number, size)
    return Page(tuple(rows[start : start + size]), len(rows), number, size)
