"""Ledgers: what the decisions of a post came to in one period, one entry after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from kingpost.model.organisation import Allowance
from kingpost.values.money import read_money, write_money
from kingpost.values.period import Period, first_day


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the decisions of one post and one period are added up.

    decision: as `workflow/step`. field: whose money counts. since: the first day of the period.
    """

    post: str
    decision: str
    field: str
    per: Period
    since: date


@dataclass(frozen=True, slots=True)
class Used:
    """What a ledger comes to. entries: how many are in it.

    post: the one that has taken over the work of the post that decides, and whose ledger it is.
    """

    entries: int
    amount: Decimal
    post: str = ""


NOTHING = Used(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class Use:
    """One entry of a ledger.

    before: what the ledger came to. counts: what this decision adds. entry: from 1.
    """

    ledger: Ledger
    allowance: Allowance
    entry: int
    before: Decimal
    counts: Decimal

    @property
    def after(self) -> Decimal:
        """Return what the ledger comes to by it."""
        return self.before + self.counts

    def written(self) -> dict[str, Any]:
        """Return it as a decision record keeps it."""
        currency = self.allowance.currency
        return {
            "post": self.ledger.post,
            "of": self.ledger.field,
            "per": self.ledger.per.value,
            "since": self.ledger.since.isoformat(),
            "at-most": write_money(self.allowance.at_most, currency),
            "entry": self.entry,
            "before": write_money(self.before, currency),
            "counts": write_money(self.counts, currency),
            "after": write_money(self.after, currency),
        }


def ledger_of(post: str, decision: str, allowance: Allowance, zone: str, at: datetime) -> Ledger:
    """Return the ledger in which a decision at a moment counts. zone: of the post's unit."""
    day = at.astimezone(ZoneInfo(zone)).date()
    since = first_day(allowance.per, day)
    return Ledger(post, decision, allowance.of, allowance.per, since)


def counted(allowance: Allowance, fields: Mapping[str, Any]) -> Decimal | None:
    """Return what a case counts for; None while its field is empty, or holds other money.

    What is given back makes no room: less than nothing counts as nothing.
    """
    value = fields.get(allowance.of)
    amount = read_money(value, allowance.currency) if isinstance(value, str) else None
    return None if amount is None else max(amount, Decimal(0))
