"""Presenters of the pages about changes: versions, and plans.

The rules are those of `presenters`.
"""

from dataclasses import dataclass

from kingpost.web.pieces import Notice, Pager, Table
from kingpost.web.presenters import Head


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that is told of a change, by a table; id: of its card. note: below it."""

    id: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`change.html`: what changed or would change, section by section.

    notice: what has to be known first. pager: of the last section; None where all is told.
    """

    head: Head
    sections: tuple[Section, ...]
    notice: Notice | None = None
    pager: Pager | None = None
