"""Saving a plan, and reading it again as it was saved."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.consenting.proposal import State
from kingpost.decisions.planned.plan import Foreseen, Plan, digest_of
from kingpost.engine.company import Company
from kingpost.model.content import content
from kingpost.model.model import Model
from kingpost.proof.canonical import canonical, digest
from kingpost.store import models
from kingpost.store.changing import plans as store
from kingpost.store.reading.people import names
from kingpost.values.nearest import nearest

# So much of a digest names a plan to people.
NAME_LENGTH = 12
_DIGITS = re.compile("[0-9a-f]+")


class PlanChangedError(Exception):
    """A plan is not what its name says: somebody changed it in the database."""


class UnknownPlannerError(Exception):
    """Nobody of that name is in the register; the message says so."""


class NoPlanError(Exception):
    """No plan is meant by what was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan that was saved. by: the name of who did; None for nobody in particular.

    planner:  who did, by id.
    change:   the receipt of what came of it, once it was applied.
    proposed: how its proposal stands; None when nobody has proposed it.
    """

    digest: str
    plan: Plan
    by: str | None
    change: UUID | None
    applied_at: datetime | None
    applied_by: str | None
    proposed: State | None = None
    planner: str | None = None

    @property
    def name(self) -> str:
        """Return what names it to people."""
        return self.digest[:NAME_LENGTH]

    def state(self, running: str) -> str:
        """Return how it stands: `open`, `proposed`, `applied`, or why it cannot be applied.

        running: the digest of the version that runs.
        """
        if self.change is not None:
            return "applied"
        if self.proposed is not None and self.proposed is not State.OPEN:
            return self.proposed.value
        if self.plan.failed:
            return "scenarios fail"
        if self.plan.running != running:
            return "stale: another version runs"
        return "proposed" if self.proposed else "open"


@dataclass(frozen=True, slots=True)
class Judged:
    """A change as it was judged, of which a plan is made; see `Plan`."""

    running: str
    model: Model
    policies: Mapping[str, Any]
    at: datetime
    scenarios: int
    failed: Sequence[str]
    cases: Iterable[Foreseen]


def save_plan(company: Company, judged: Judged, person: str | None = None) -> Plan:
    """Keep a change as it was judged, with the version that it wants; nothing takes effect.

    Raises: UnknownPlannerError, when the person is not in the register.
    """
    kept = canonical(content(judged.model))
    cases = sorted(judged.cases, key=lambda each: each.case)
    plan = Plan(
        judged.running,
        digest(kept),
        judged.policies,
        judged.at,
        judged.scenarios,
        tuple(judged.failed),
        len(cases),
        digest_of(cases),
    )
    with company.database.transaction() as connection:
        if person is not None and not names(connection, [person]):
            words = f"there is no person `{person}` in the register: name one who plans it"
            raise UnknownPlannerError(words)
        models.keep_version(connection, plan.version, judged.model.company, kept)
        store.keep(connection, plan, cases, person)
    return plan


def list_plans(company: Company) -> tuple[Saved, ...]:
    """Return every plan, the latest first."""
    with company.database.connection() as connection:
        return tuple(saved(row) for row in store.find(connection, ""))


def find_plan(company: Company, written: str) -> Saved:
    """Return the plan whose name begins so. Raises: NoPlanError."""
    with company.database.connection() as connection:
        rows = store.find(connection, written) if _DIGITS.fullmatch(written) else []
        if len(rows) == 1:
            return saved(rows[0])
        known = [row["digest"][:NAME_LENGTH] for row in rows or store.find(connection, "")]
    if rows:
        listed = ", ".join(f"`{name}`" for name in known)
        raise NoPlanError(f"several plans begin with `{written}`: {listed}. Write more.")
    near = nearest(written, known)
    help_ = f"did you mean `{near}`?" if near else "`kingpost plans` lists them all."
    raise NoPlanError(f"there is no plan `{written}`: {help_}")


def find_plan_to_act_on(company: Company, written: str) -> Saved:
    """Return the plan of a name that is written out: no other is meant by a slip.

    Raises: NoPlanError.
    """
    if len(written) < NAME_LENGTH:
        found = find_plan(company, written)
        raise NoPlanError(f"what is decided on is named in full: write `{found.name}`")
    return find_plan(company, written)


def cases_of(company: Company, plan: Saved) -> tuple[Foreseen, ...]:
    """Return what a plan says of each live case, by their ids.

    Raises: PlanChangedError, when it is not what was saved.
    """
    with company.database.snapshot() as connection:
        found = tuple(store.cases(connection, plan.digest))
    if plan.plan.digest != plan.digest or digest_of(found) != plan.plan.cases_digest:
        raise PlanChangedError(
            f"the plan {plan.name} is not what was saved under this name: it was changed in the"
            " database; plan anew"
        )
    return found


def saved(row: DictRow) -> Saved:
    """Return the plan of a row."""
    told = (row["by"], row["carry_over"], row["applied_at"], row["applied_by_name"])
    proposed = State(row["proposed"]) if row["proposed"] else None
    return Saved(row["digest"], store.read(row), *told, proposed, row["person"])
