"""Deciding of one live case, as who keeps its workflow, whether and where it goes over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.authority import Standing
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case
from kingpost.decisions.commands import Actor
from kingpost.engine.carrying.applying import Judge, keyed, questions
from kingpost.engine.carrying.keeping import holdings, not_kept
from kingpost.engine.carrying.policies import write_policies
from kingpost.engine.company import Company, NoModelError
from kingpost.engine.perform import ContentionError, KeyReusedError, NoSuchCase
from kingpost.model.assurance import CarryOver
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.store import cases, models
from kingpost.store.changing import receipts
from kingpost.store.due import carrying as store
from kingpost.store.due.carrying import Came, Left
from kingpost.store.errors import RightEndedError
from kingpost.values.nearest import nearest

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to become of a case that another version than the running one holds.

    key:    asked again with the same one, it has its one effect.
    places: steps of the version that runs, by those of its own, where the case goes on.
    stays:  it ends on its version, and goes over nowhere.
    """

    key: UUID
    number: str
    person: str
    reason: str
    places: Mapping[str, str]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it. outcome: `carried`, `unaffected` or `stays`. different: in sentences."""

    change: UUID
    number: str
    outcome: str
    different: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotYourWorkflow:
    """The person does not keep the workflow of the case."""

    workflow: str
    post: str | None

    def __str__(self) -> str:
        post = f"`{self.post}`" if self.post else "no post"
        return f"how cases of `{self.workflow}` go over is decided by {post}, which keeps it"


@dataclass(frozen=True, slots=True)
class NotCarried:
    """The case cannot go over as it is wanted. why: words of its own."""

    why: str

    def __str__(self) -> str:
        return self.why


Answer = Decided | NotYourWorkflow | NotCarried | NoSuchCase


def decide_case(company: Company, wish: Wish) -> Answer:
    """Carry one case over now, or let it stay, as who keeps its workflow decides.

    Raises: KeyReusedError, when the key belongs to another wish; ContentionError.
    """
    for _ in range(_ATTEMPTS):
        try:
            with company.database.transaction() as connection:
                return _decide(company, connection, wish)
        except RightEndedError:
            continue
    raise ContentionError("others keep changing who may do this: try again in a moment")


def _decide(company: Company, connection: Connection[DictRow], wish: Wish) -> Answer:
    version = models.hold_active(connection)
    if version is None:
        raise NoModelError("no model is active: load one with `kingpost load FOLDER`")
    found = cases.find_case(connection, wish.number)
    left = None if found is None else store.take_one(connection, found.id)
    if left is None:
        return NoSuchCase()
    known = _known(connection, wish, left.case)
    if known is not None:
        return known
    running, case = company.program_on(connection, version), left.case
    part = f"workflow/{case.workflow}"
    missing = not_kept(connection, running.model, [part], wish.person)
    if missing:
        return NotYourWorkflow(case.workflow, missing[0][1])
    wrong = _wrong(running.model, case, version, wish)
    if wrong:
        return NotCarried(wrong)
    if wish.stays:
        return _noted(connection, version, wish, left, Judged(Verdict.STAYS))
    holding = holdings(connection, wish.person)[custodian_of(running.model, part) or ""]
    places = {case.workflow: wish.places}
    policy = Policy(
        CarryOver.MAPPED, places, standing=Standing(holding), reason=wish.reason.strip()
    )
    actor = Actor(wish.person, None, (holding,))
    judge = Judge(company, running, {case.workflow: policy}, actor)
    return _noted(connection, version, wish, left, judge.judge(connection, case, left.now))


def _known(connection: Connection[DictRow], wish: Wish, case: Case) -> Decided | None:
    """Return what came of the wish before; None when it is new."""
    row = receipts.find(connection, wish.key)
    if row is None:
        return None
    came = receipts.came_of(connection, wish.key, case.id)
    wished = (wish.person, wish.reason, _policies(wish, case))
    if came is None or (row["person"], row["reason"], row["policies"]) != wished:
        raise KeyReusedError("this idempotency key was used for another command")
    return Decided(wish.key, case.number, came)


def _wrong(model: Model, case: Case, version: str, wish: Wish) -> str:
    """Return why nothing can be decided as it is wanted; empty when it can."""
    if case.is_closed:
        return f"`{case.number}` has ended: it stays on the version on which it ended"
    if case.model == version:
        return f"`{case.number}` runs on the version that runs already"
    if not wish.reason.strip():
        return "deciding how a case goes over needs a reason: it stands in the receipt"
    if wish.stays and wish.places:
        return "a case that stays goes on nowhere: leave the places away, or let it go over"
    here = sorted({token.step for token in case.tokens.values()})
    for step, target in wish.places.items():
        if step not in here:
            return f"`{case.number}` does not stand at `{step}`{_near(step, here)}"
        flow = model.workflows.get(case.workflow)
        known = [each.id for each in flow.all_steps()] if flow else []
        if target not in known:
            return f"`{case.workflow}` has no step `{target}`{_near(target, known)}"
    return ""


def _near(name: str, known: list[str]) -> str:
    found = nearest(name, known)
    return f": did you mean `{found}`?" if found else ""


def _policies(wish: Wish, case: Case) -> dict[str, Any]:
    """Return what a wish asks of the workflow of its case, as it is written down."""
    policy = CarryOver.STAY if wish.stays else CarryOver.MAPPED
    return write_policies({case.workflow: policy}, {case.workflow: wish.places})


def _noted(
    connection: Connection[DictRow], version: str, wish: Wish, left: Left, judged: Judged
) -> Answer:
    """Record what was judged, and write down who decided it."""
    case = left.case
    if not wish.stays and judged.verdict in {Verdict.ASKS, Verdict.REFUSED, Verdict.STAYS}:
        return NotCarried(judged.why or "; ".join(questions(judged)))
    outcome, seq = _OUTCOMES[judged.verdict], case.version
    asked = {"id": wish.key, "digest": version, "person": wish.person, "reason": wish.reason}
    store.note_one(connection, {**asked, "policies": _policies(wish, case), "case": case.id})
    if judged.transition is not None:
        store.carry(connection, [keyed(wish.key, judged.transition)])
        seq += 1
    words = "" if outcome != "stays" else f"`{wish.person}` let it end on its version"
    store.note(connection, wish.key, [Came(case.id, outcome, words, seq)])
    different = tuple(each.sentence for each in judged.different)
    return Decided(wish.key, case.number, outcome, () if wish.stays else different)


_OUTCOMES = {
    Verdict.CARRIES: "carried",
    Verdict.UNAFFECTED: "unaffected",
    Verdict.STAYS: "stays",
}
