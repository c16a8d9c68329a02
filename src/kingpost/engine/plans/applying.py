"""Applying a plan: just what was foreseen takes effect, or nothing does."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.planned.plan import Worse, worse
from kingpost.engine.carrying.applying import judge_live
from kingpost.engine.carrying.policies import read_policies
from kingpost.engine.change import Reach, change_on, said_of
from kingpost.engine.company import Company
from kingpost.engine.plans.saving import Saved, cases_of
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.planning.keeping import keepers
from kingpost.store import models
from kingpost.store.changing import plans as store
from kingpost.store.errors import RightEndedError
from kingpost.store.reading.people import moment
from kingpost.values.identity import derive

_SHOWN_MAX = 10
_ANEW = "Plan anew: `kingpost plan FOLDER --save`."


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan took effect. change: where it is told what comes of live cases."""

    change: UUID


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A plan does not take effect. kind: for programs. words: why, and what to do."""

    kind: str
    words: str

    def __str__(self) -> str:
        return self.words


def apply_plan(company: Company, plan: Saved, person: str | None) -> Applied | NotApplied:
    """Let the version of a plan take effect, and live cases go over as it was planned.

    The person keeps every part that changes, as for any change. The world is to be as it was
    planned: the same version runs, and no live case asks for more attention than was foreseen.

    Raises: NotCustodianError; PlanChangedError.
    """
    for attempt in range(2):
        try:
            return _apply(company, plan, person)
        except RightEndedError:
            if attempt:
                raise
    raise AssertionError("the second attempt returns or raises")


def _apply(company: Company, plan: Saved, person: str | None) -> Applied | NotApplied:
    with company.database.connection() as connection:
        refusal = _refusal(connection, plan)
        now = moment(connection)
    if refusal is not None:
        return refusal
    planned = {each.case: each.verdict for each in cases_of(company, plan)}
    new = company.program(plan.plan.version)
    policies = read_policies(plan.plan.policies, now)
    judged = judge_live(company, new, policies, now)
    every = [(case.id, case.number, found.verdict) for case, found in judged]
    found = sorted(worse(planned, every), key=lambda each: each.number)
    if found:
        return NotApplied("plan-stale", _told(found))
    with company.database.transaction() as connection:
        models.hold_active(connection)
        store.hold(connection, plan.digest)
        refusal = _refusal(connection, plan)
        if refusal is not None:
            return refusal
        reach = _reach(new.model, plan, planned)
        change_on(company, connection, plan.plan.running, new.model, reach, person)
        store.note_applied(connection, plan.digest, reach.change, person)
    return Applied(reach.change)


def _refusal(connection: Connection[DictRow], plan: Saved) -> NotApplied | None:
    """Return why a plan cannot be applied, whatever the cases are."""
    [row] = store.find(connection, plan.digest)
    if row["carry_over"] is not None:
        words = f"the plan {plan.name} was applied: `kingpost receipt {row['carry_over']}`"
        return NotApplied("plan-applied", f"{words} tells what came of it.")
    if plan.plan.failed:
        failed = ", ".join(plan.plan.failed)
        return NotApplied("plan-gates", f"scenarios of the plan fail: {failed}. Mend them. {_ANEW}")
    found = models.active(connection)
    running = found[0] if found else None
    if running != plan.plan.running:
        now = f"version {running[:12]} runs now" if running else "no version runs"
        was = plan.plan.running[:12]
        words = f"the plan {plan.name} was made while version {was} ran, and {now}."
        return NotApplied("plan-stale", f"{words} {_ANEW}")
    return None


def _told(found: list[Worse]) -> str:
    one = len(found) == 1
    head = f"{len(found):,} live case{'' if one else 's'} would come to worse than was planned:"
    listed = [f"  {each}" for each in found[:_SHOWN_MAX]]
    more = len(found) - len(listed)
    rest = [f"  and {more:,} more"] if more > 0 else []
    return "\n".join([head, *listed, *rest, _ANEW])


def must_agree(company: Company, item: Saved) -> dict[str, list[str]]:
    """Return what a saved plan changes by the post that keeps it in the version it was made for."""
    before, after = (
        company.program(version).model for version in (item.plan.running, item.plan.version)
    )
    return keepers(before, after, _reach(after, item, {}).said)


def _reach(model: Model, plan: Saved, planned: dict[UUID, Verdict]) -> Reach:
    written = plan.plan.policies
    policies = {
        name: CarryOver(written[name]["policy"]) if name in written else CarryOver.STAY
        for name in model.workflows
    }
    positions = {name: each["positions"] for name, each in written.items() if each["positions"]}
    said = frozenset(said_of(model, policies, positions))
    return Reach(derive(f"plan/{plan.digest}"), policies, positions, said, planned)
