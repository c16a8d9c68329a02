"""Changes of the model through the API: plans, and deciding of a live case that asks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kingpost.api.caller import HolderCaller, PersonCaller
from kingpost.api.commands import Key
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, kebab, nothing, nothing_such, refused
from kingpost.api.texts import Body, Name, PageNumber, Text
from kingpost.decisions.restructuring.sentences import as_document as organisation_document
from kingpost.engine.carrying.deciding import (
    Decided,
    NotCarried,
    NotYourWorkflow,
    Wish,
    decide_case,
)
from kingpost.engine.carrying.receipts import WORDS, Entry, Receipt, entries, receipt
from kingpost.engine.change import NotCustodianError
from kingpost.engine.company import Company
from kingpost.engine.plans.applying import NotApplied, apply_plan, wanted_by
from kingpost.engine.plans.foreseeing import foresee_plan
from kingpost.engine.plans.saving import (
    NoPlanError,
    PlanChangedError,
    Saved,
    cases_of,
    find_plan,
    find_plan_to_act_on,
    list_plans,
)
from kingpost.planning.difference import as_document, differences

router = APIRouter(tags=["changes"])

_NO = says_no(401, 403, 404, 409, 413, 422, 503)
_PAGE = 100


@dataclass(frozen=True, slots=True)
class PlanListed:
    """A plan that was saved. state: `open`, `applied`, or why it cannot be applied.

    plan: the beginning of its digest names it. by: who saved it. change: its receipt.
    """

    plan: str
    state: str
    running: str
    version: str
    at: datetime
    by: str | None
    scenarios: int
    failed: tuple[str, ...]
    live_cases: int
    change: UUID | None
    applied_at: datetime | None
    applied_by: str | None


@dataclass(frozen=True, slots=True)
class PlanCase:
    """What a plan says of a live case. later: it goes over at its next step."""

    number: str
    workflow: str
    verdict: str
    later: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanCount:
    """How many live cases of a workflow come to a verdict."""

    workflow: str
    verdict: str
    later: bool
    number: int


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan as it was saved: what is different, and what was to become of live cases.

    keepers: what changes by the post that keeps it; under nothing, what no post keeps.
    organisation: what it would do now to posts and to those who hold them; nothing when it does
             none of it, was applied, or is stale.
    cases:   a page of those that come to `verdict`, or of all, by their numbers.
    """

    plan: PlanListed
    differences: tuple[dict[str, Any], ...]
    keepers: Mapping[str, Sequence[str]]
    organisation: dict[str, Any] | None
    counts: tuple[PlanCount, ...]
    cases: tuple[PlanCase, ...]


@dataclass(frozen=True, slots=True)
class PlanApplied:
    """A plan took effect. change: the receipt tells what comes of live cases, as they go over."""

    plan: str
    version: str
    change: UUID


@router.get("/plans", responses=says_no(401, 403))
def plans(caller: HolderCaller) -> tuple[PlanListed, ...]:
    """Read the plans of changes that were saved, the latest first."""
    running = caller.program.version
    return tuple(_listed(item, running) for item in list_plans(caller.company))


@router.get("/plans/{plan}", responses=says_no(401, 403, 404, 422))
def plan_as_saved(
    plan: Name, caller: HolderCaller, verdict: Name = "", page: PageNumber = 1
) -> PlanShown:
    """Read a plan as it was saved, with the live cases that come to a verdict, a page at a time."""
    item = _plan(caller.company, plan)
    before, after = (
        caller.company.program(version).model for version in (item.plan.running, item.plan.version)
    )
    try:
        every = cases_of(caller.company, item)
    except PlanChangedError as error:
        raise _changed(error) from None
    becomes = foresee_plan(caller.company, item)
    wanted = sorted(
        (each for each in every if verdict in {"", each.verdict.value}),
        key=lambda each: (len(each.number), each.number),
    )
    counted = Counter((each.workflow, each.verdict.value, each.later) for each in every)
    start = (page - 1) * _PAGE
    return PlanShown(
        _listed(item, caller.program.version),
        tuple(as_document(each) for each in differences(before, after)),
        wanted_by(caller.company, item).keepers,
        organisation_document(becomes) if becomes is not None else None,
        tuple(PlanCount(*key, number) for key, number in sorted(counted.items())),
        tuple(
            PlanCase(each.number, each.workflow, each.verdict.value, each.later, each.reasons)
            for each in wanted[start : start + _PAGE]
        ),
    )


@router.post("/plans/{plan}/apply", responses=_NO)
def apply_saved_plan(plan: Name, caller: PersonCaller) -> PlanApplied:
    """Apply a plan just as it was saved, as who keeps what changes; workers carry cases over.

    It is stale, and nothing changes, when another version runs by now, or a live case would come to
    worse than was planned. A plan is applied once; asked again, the answer names its receipt.
    """
    try:
        item = find_plan_to_act_on(caller.company, plan)
    except NoPlanError as error:
        raise nothing_such(str(error)) from None
    try:
        answer = apply_plan(caller.company, item, caller.person)
    except NotCustodianError as error:
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-custodian", str(error)) from None
    except PlanChangedError as error:
        raise _changed(error) from None
    if isinstance(answer, NotApplied):
        raise ProblemError(HTTPStatus.CONFLICT, answer.kind, str(answer))
    return PlanApplied(item.digest, item.plan.version, answer.change)


def _changed(error: PlanChangedError) -> ProblemError:
    return ProblemError(HTTPStatus.CONFLICT, "plan-changed", str(error))


def _plan(company: Company, written: str) -> Saved:
    try:
        return find_plan(company, written)
    except NoPlanError as error:
        raise nothing_such(str(error)) from None


def _listed(item: Saved, running: str) -> PlanListed:
    plan = item.plan
    return PlanListed(
        plan=item.digest,
        state=item.state(running),
        running=plan.running,
        version=plan.version,
        at=plan.at,
        by=item.by,
        scenarios=plan.scenarios,
        failed=plan.failed,
        live_cases=plan.cases_number,
        change=item.change,
        applied_at=item.applied_at,
        applied_by=item.applied_by,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """The receipt of a change, in words and counts, and the cases that came to `outcome`.

    left:  with how many cases it goes on.
    cases: a page of them, by their numbers. total: how many there are on all pages.
    """

    receipt: Receipt
    sentence: str
    left: int
    total: int
    cases: tuple[Entry, ...]


@router.get("/changes/{change}", responses=says_no(401, 403, 404, 422))
def receipt_of_change(
    change: UUID, caller: HolderCaller, outcome: Name = "", page: PageNumber = 1
) -> Told:
    """Read what was applied, by whom, and what came of each live case, as planned or otherwise.

    outcome: such as `asks`: the cases that came to it are listed, a hundred on a page.
    """
    known = [name for name in WORDS if name is not None]
    if outcome and outcome not in known:
        listed = ", ".join(f"`{name}`" for name in known)
        raise nothing_such(f"`{outcome}` is no outcome: there are {listed}.")
    found = receipt(caller.company, change)
    if found is None:
        raise nothing("change", str(change))
    total = found.of(outcome) if outcome else 0
    listed_ = (change, outcome, _PAGE, (page - 1) * _PAGE)
    cases = entries(caller.company, *listed_) if outcome else ()
    return Told(found, found.sentence(), found.left, total, cases)


class CarryBody(Body):
    """What is to become of a case that another version holds than the one that runs, and why.

    places: steps of the version that runs, by those of its own, where the case goes on.
    stays:  it ends on its version.
    """

    reason: Text
    places: Annotated[dict[Name, Name], Field(default_factory=dict, max_length=100)]
    stays: bool = False


class CarryAnswer(BaseModel):
    """What came of it: `carried`, `unaffected` or `stays`; and what becomes different, in words.

    change: with the receipt.
    """

    change: UUID
    number: str
    outcome: str
    different: tuple[str, ...]


@router.post("/cases/{number}/carry-over", responses=_NO)
def carry_case_over(number: Name, body: CarryBody, caller: PersonCaller, key: Key) -> CarryAnswer:
    """Decide of a live case whether and where it goes over, as who keeps its workflow."""
    wish = Wish(key, number, caller.person, body.reason, body.places, stays=body.stays)
    answer = decide_case(caller.company, wish)
    match answer:
        case Decided():
            return CarryAnswer(
                change=answer.change,
                number=answer.number,
                outcome=answer.outcome,
                different=answer.different,
            )
        case NotYourWorkflow():
            raise ProblemError(HTTPStatus.FORBIDDEN, kebab("NotYourWorkflow"), str(answer))
        case NotCarried():
            raise ProblemError(HTTPStatus.CONFLICT, kebab("NotCarried"), str(answer))
        case _:
            raise refused(answer)
