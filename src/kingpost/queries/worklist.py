"""The worklist: the open work that a person may act on now, in the order of its terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kingpost.decisions.program import Program
from kingpost.queries.open_work import OpenWork
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.queries.people import Reader
from kingpost.store.pool import Database


class View(StrEnum):
    """What part of the work is looked at.

    ALL:        addressed to a post of the person, to a role it carries, or to a vacant post that
                falls to it. The next four are parts of it.
    OVERDUE:    its term is over.
    DUE_TODAY:  its term ends later today, in the company's time zone.
    MINE:       the person has taken it on. UNASSIGNED: nobody has.
    BELOW:      addressed to a post below one that carries the role itself.
    """

    ALL = "all"
    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at. text: a part of the case number or of a title. Empty means any."""

    view: View = View.ALL
    workflow: str = ""
    step: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of open work, soonest term first, and how many each view has under the same filter.

    steps: how many of all views but BELOW stand at each (workflow, step), whatever the filter.
    """

    as_at: datetime
    reader: Reader
    page: Page[OpenWork]
    counts: Mapping[View, int]
    steps: Mapping[tuple[str, str], int]


def read_worklist(  # noqa: PLR0913 - who looks, and at what
    database: Database,
    program: Program,
    person: str,
    wanted: Wanted,
    *,
    acting_as: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Worklist:
    """Read the worklist of a person: exactly the tasks and decisions that they may work on."""
    raise NotImplementedError
