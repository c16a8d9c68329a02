"""Applying a plan: just what was foreseen takes effect, or nothing does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.consenting.proposal import Kind, Proposal, State, seal
from kingpost.decisions.consenting.tally import Wanted, barred, standing
from kingpost.decisions.planned.plan import Worse, worse
from kingpost.engine.carrying.applying import judge_live
from kingpost.engine.carrying.policies import read_policies
from kingpost.engine.change import (
    Agreed,
    NotCustodianError,
    Reach,
    change_on,
    check_custody,
    said_of,
)
from kingpost.engine.company import Company
from kingpost.engine.governing.freezing import frozen_words
from kingpost.engine.governing.wanting import lacking_words, wanted_for
from kingpost.engine.plans.saving import NAME_LENGTH, Saved, cases_of
from kingpost.engine.restructuring.applying import UnsettledError
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.store import models
from kingpost.store.changing import plans as store
from kingpost.store.changing import proposals
from kingpost.store.errors import RightEndedError
from kingpost.store.reading.people import clock, moment
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
    Where it was proposed, who keeps a part may have approved it there; and what governance asks for
    besides must have been approved.

    Raises: NotCustodianError; PlanChangedError.
    """
    for attempt in range(2):
        try:
            return _apply(company, plan, person)
        except UnsettledError as error:
            return NotApplied("plan-unsettled", str(error))
        except RightEndedError:
            if attempt:
                raise
    raise AssertionError("the second attempt returns or raises")


def why_not_applied(company: Company, plan: Saved, person: str) -> str:
    """Return why somebody cannot apply a plan now, whatever live cases come to; empty if they may.

    Nothing is changed.
    """
    try:
        refusal, _ = _look(company, plan, person)
    except NotCustodianError as error:
        return str(error)
    except RightEndedError:
        return "who holds which post changed just now: look again"
    return str(refusal) if refusal is not None else ""


def _look(company: Company, plan: Saved, person: str | None) -> tuple[NotApplied | None, datetime]:
    """Return why a plan cannot be applied, whatever the cases are, and what time it is.

    It costs little, so that nobody makes all cases be judged who could not apply it.
    """
    with company.database.transaction() as connection:
        refusal = _refusal(company, connection, plan, person)
        if refusal is None:
            before = company.program_on(connection, plan.plan.running).model
            after = company.program_on(connection, plan.plan.version).model
            agreed = _agreed(wanted_by(company, plan), proposals.read(connection, plan.digest))
            reached = _reach(after, plan, {}).said
            check_custody(connection, before, after, reached, person, agreed)
        return refusal, moment(connection)


def _apply(company: Company, plan: Saved, person: str | None) -> Applied | NotApplied:
    refusal, now = _look(company, plan, person)
    if refusal is not None:
        return refusal
    planned = {each.case: each.verdict for each in cases_of(company, plan)}
    new = company.program(plan.plan.version)
    policies = read_policies(plan.plan.policies, now)
    # What becomes of a case follows from the case and both versions: of one that has not moved
    # since, the plan has said it.
    judged = judge_live(company, new, policies, now, plan.digest)
    every = [(case.id, case.number, found.verdict) for case, found in judged]
    found = sorted(worse(planned, every), key=lambda each: each.number)
    if found:
        return NotApplied("plan-stale", _told(found))
    with company.database.transaction() as connection:
        models.hold_active(connection)
        proposal = proposals.hold(connection, plan.digest)
        refusal = _refusal(company, connection, plan, person)
        if refusal is not None:
            return refusal
        reach = _reach(new.model, plan, planned)
        agreed = _agreed(wanted_by(company, plan), proposal)
        change_on(company, connection, plan.plan.running, new.model, reach, person, agreed)
        store.note_applied(connection, plan.digest, reach.change, person)
        if proposal.version and person is not None:
            _note(connection, proposal, person, reach.change)
    return Applied(reach.change)


def _note(connection: Connection[DictRow], proposal: Proposal, person: str, change: UUID) -> None:
    """Write into the history of a proposal that it was applied."""
    body = {"reason": "", "change": str(change)}
    sealed = seal(proposal, Kind.APPLIED, person, body, clock(connection))
    proposals.record(connection, sealed, command=change, fingerprint="applied")


def _agreed(wanted: Wanted, proposal: Proposal) -> Agreed:
    """Return which posts that keep parts approved, by who holds them."""
    name = proposal.plan[:NAME_LENGTH]
    posts = (
        post
        for post in wanted.keepers
        if any(answer.own for answer in standing(proposal.answers, post))
    )
    ask = f"Let a person apply it who holds these posts: `kingpost apply {name} --as PERSON`."
    if proposal.version:
        ask = f"Let who holds them approve it: `kingpost approve {name} --as PERSON --reason WHY`."
    return Agreed(frozenset(posts), proposal.by or None, ask)


def _refusal(
    company: Company, connection: Connection[DictRow], plan: Saved, person: str | None
) -> NotApplied | None:
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
    return _not_agreed(company, connection, plan, person)


def _not_agreed(
    company: Company, connection: Connection[DictRow], plan: Saved, person: str | None
) -> NotApplied | None:
    """Return why governance does not let a plan take effect now."""
    proposal = proposals.read(connection, plan.digest)
    if proposal.state is not State.OPEN:
        words = f"the proposal {plan.name} is {proposal.state.value}: it cannot be applied. {_ANEW}"
        return NotApplied("proposal-closed", words)
    wanted = wanted_by(company, plan)
    running = company.program_on(connection, plan.plan.running).model
    frozen = frozen_words(running, wanted.parts, clock(connection))
    if frozen:
        return NotApplied("frozen", frozen)
    out = barred(plan.planner, proposal.by, person)
    lines = lacking_words(connection, wanted, proposal.answers, out)
    if not lines:
        return None
    ask = f"Let them approve it: `kingpost approve {plan.name} --as PERSON --reason WHY`."
    if not proposal.version:
        ask = f"Propose it first: `kingpost propose --plan {plan.name} --as PERSON --reason WHY`."
    head = f"the plan {plan.name} lacks approvals:"
    return NotApplied("approvals-missing", "\n".join([head, *lines, ask]))


def _told(found: list[Worse]) -> str:
    one = len(found) == 1
    head = f"{len(found):,} live case{'' if one else 's'} would come to worse than was planned:"
    listed = [f"  {each}" for each in found[:_SHOWN_MAX]]
    more = len(found) - len(listed)
    rest = [f"  and {more:,} more"] if more > 0 else []
    return "\n".join([head, *listed, *rest, _ANEW])


def wanted_by(company: Company, item: Saved) -> Wanted:
    """Return who must agree to a saved plan, as the version says that it was made for."""
    before, after = (
        company.program(version).model for version in (item.plan.running, item.plan.version)
    )
    return wanted_for(before, after, _reach(after, item, {}).said)


def _reach(model: Model, plan: Saved, planned: dict[UUID, Verdict]) -> Reach:
    written = plan.plan.policies
    policies = {
        name: CarryOver(written[name]["policy"]) if name in written else CarryOver.STAY
        for name in model.workflows
    }
    positions = {name: each["positions"] for name, each in written.items() if each["positions"]}
    said = said_of(model, policies, positions)
    if plan.plan.running == plan.plan.version:
        # It changes nothing but how live cases go over, which is for the keepers of all of them.
        said |= written.keys()
    return Reach(derive(f"plan/{plan.digest}"), policies, positions, frozenset(said), planned)
