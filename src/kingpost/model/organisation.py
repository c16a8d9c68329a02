"""Who does the work: units, roles, posts and what a post may decide.

`description` of any element tells people what it is for; `was` is the id that it had before. A post
or a unit that was several says the others in `and_was`; `takes_over` names those that are abolished
and leave it their work, and `split_from` the post of which it takes a part.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kingpost.values.period import Period


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the structure of the company.

    calendar: id of the calendar in whose hours working time of its posts is counted.
    """

    id: str
    title: str
    calendar: str
    parent: str | None = None
    description: str = ""
    was: str = ""
    and_was: tuple[str, ...] = ()
    takes_over: tuple[str, ...] = ()

    @property
    def were(self) -> tuple[str, ...]:
        """Return what it was called before, or all of which it was made."""
        return (self.was, *self.and_was) if self.was else ()


@dataclass(frozen=True, slots=True)
class Role:
    """What one does inside workflows.

    incompatible_with: roles that no post may carry together with this one (static separation
                       of duty). Source: ANSI INCITS 359, role based access control.
    """

    id: str
    title: str
    incompatible_with: tuple[str, ...] = ()
    description: str = ""
    was: str = ""


class Vacancy(StrEnum):
    """What becomes of work addressed to a post that nobody holds."""

    SUPERIOR = "superior"
    POST = "post"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a post may decide in one period, all cases together.

    at_most: in `currency`, a code of ISO 4217.
    of:      the field that holds what one case counts for.
    per:     a period of the calendar, in the zone of the unit in which the post stands.
    """

    at_most: Decimal
    currency: str
    of: str
    per: Period


@dataclass(frozen=True, slots=True)
class Grant:
    """The authority of a post to take outcomes of one decision.

    workflow, step: the decision.
    outcomes:       at least one.
    when:           expression over the record that must be true, or None for any record.
    allowance:      how much of it in a period, or None for no bound.
    """

    workflow: str
    step: str
    outcomes: tuple[str, ...]
    when: str | None = None
    allowance: Allowance | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A seat, or several alike, in a unit.

    seats:      how many people may hold it at one time; at least 1.
    reports_to: the superior post; None at the top.
    vacancy:    None when the model does not say (a warning, and the work holds).
    falls_to:   the post that acts when `vacancy` is POST.
    answered_for_by: the human post that answers for the machine agent which holds this one; None
                for a post of people.
    """

    id: str
    title: str
    unit: str
    reports_to: str | None = None
    roles: tuple[str, ...] = ()
    authority: tuple[Grant, ...] = ()
    seats: int = 1
    vacancy: Vacancy | None = None
    falls_to: str | None = None
    answered_for_by: str | None = None
    description: str = ""
    was: str = ""
    and_was: tuple[str, ...] = ()
    takes_over: tuple[str, ...] = ()
    split_from: str = ""

    @property
    def were(self) -> tuple[str, ...]:
        """Return what it was called before, or all of which it was made."""
        return (self.was, *self.and_was) if self.was else ()
