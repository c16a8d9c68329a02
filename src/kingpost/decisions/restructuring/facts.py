"""What is known of the register, and of open work, when posts are renamed, merged or abolished."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from kingpost.decisions.commands import AGENT


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that runs, or is to come. end: exclusive; None for no end."""

    id: UUID
    person: str
    post: str
    seat: int
    kind: str
    start: datetime
    end: datetime | None

    @property
    def is_agent(self) -> bool:
        """Tell whether a machine agent holds it."""
        return self.kind == AGENT


@dataclass(frozen=True, slots=True)
class Lent:
    """A delegation that runs, or is to come. outcomes: as `workflow/step/outcome`."""

    id: UUID
    appointment: UUID
    person: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: str | None
    end: datetime


@dataclass(frozen=True, slots=True)
class Used:
    """What a ledger of a post comes to. entries: how many are in it.

    came: how much of it came from which other post, by an earlier change.
    """

    post: str
    decision: str
    field: str
    per: str
    since: date
    entries: int
    amount: Decimal
    came: Mapping[str, Decimal]

    @property
    def key(self) -> tuple[str, str, str, date]:
        """Return what a ledger of another post is called that counts the same."""
        return (self.decision, self.field, self.per, self.since)


@dataclass(frozen=True, slots=True)
class Known:
    """The register and the open work at one moment.

    held:  every appointment. lent: every delegation. work: by post, the open work that is addressed
           to it, and what is addressed to nobody but a role that it carries.
    cases: by workflow, those that are live. used: the latest ledgers of allowances.
    """

    now: datetime
    held: tuple[Held, ...] = ()
    lent: tuple[Lent, ...] = ()
    work: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    cases: Mapping[str, int] = field(default_factory=dict[str, int])
    used: tuple[Used, ...] = ()
