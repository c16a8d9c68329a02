"""What must be proven and who may change what: frameworks, obligations, governance."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kingpost.values.span import Span


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard or law. edition: which one is meant."""

    id: str
    title: str
    edition: str
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an obligation met in a case.

    made_by: the steps, as (workflow, step), whose completion makes it.
    holds:   fields that must be filled by then.
    test:    expression over the case that must be true by then, or None.
    covers:  the period that it speaks for; None for the case in which it is made.
    fresh:   how old it may be when it is relied on; None for any age.
    """

    made_by: tuple[tuple[str, str], ...]
    holds: tuple[str, ...]
    test: str | None = None
    covers: Span | None = None
    fresh: Span | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty from one clause of a framework.

    applies: expression over the record, judged when the evidence is made or is overdue; None
             for every case.
    within:  the time from the start of the case in which the evidence must be made, or None.
    every:   how often it is met; None for in each case to which it applies.
    starts:  the workflow that meets a periodic one; None otherwise.
    corrective: the workflow that is begun when it fails, or None.
    Source:  OASIS LegalRuleML, for obligation.
    """

    id: str
    title: str
    framework: str
    clause: str
    owner: str
    evidence: Evidence
    applies: str | None = None
    within: Span | None = None
    every: Span | None = None
    starts: str | None = None
    corrective: str | None = None
    description: str = ""
    was: str = ""


class CarryOver(StrEnum):
    """How a change reaches work in flight."""

    STAY = "stay"
    AT_NEXT_STEP = "at-next-step"
    NOW = "now"
    MAPPED = "mapped"


@dataclass(frozen=True, slots=True)
class Governance:
    """Who keeps a part of the model.

    part:       a pattern over addresses, such as `rule/*`, or several joined by commas; the first
                entry that matches counts.
    approvals:  posts that must approve a change, besides the custodian.
    at_least:   how many of them; None for all.
    freeze:     days from and until which nothing changes.
    carry_over: how a change reaches work in flight, when the change does not say; None for the
                company's default.
    """

    part: str
    custodian: str
    approvals: tuple[str, ...] = ()
    at_least: int | None = None
    freeze: tuple[tuple[date, date], ...] = ()
    carry_over: CarryOver | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the patterns, each alone."""
        return tuple(part.strip() for part in self.part.split(","))
