"""Acting on a proposal: proposed, discussed, approved, rejected or withdrawn, each once."""

import json
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.consenting.judging import NotAgreed, Person, Said, Wish, judge
from kingpost.decisions.consenting.proposal import Kind, Proposal, State
from kingpost.decisions.consenting.tally import Wanted
from kingpost.engine.company import Company
from kingpost.engine.perform import ContentionError, KeyReusedError
from kingpost.engine.plans.applying import wanted_by
from kingpost.engine.plans.saving import Saved
from kingpost.proof.canonical import digest
from kingpost.store import cases, models, register
from kingpost.store.changing import proposals as store
from kingpost.store.errors import RightEndedError
from kingpost.store.reading import people

_ATTEMPTS = 3
REASON_LENGTH_MAX = 20_000
_ANEW = "Plan anew: `kingpost plan FOLDER --save`."


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does about a proposal.

    key:       the idempotency key. plan: that is or was proposed.
    acting_as: the post chosen to act in, or None.
    """

    key: UUID
    plan: Saved
    person: str
    wish: Wish
    acting_as: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return a digest of what is asked and by whom."""
        said = [self.plan.digest, self.person, self.wish.kind.value, self.wish.reason]
        return digest(json.dumps(said).encode())


@dataclass(frozen=True, slots=True)
class Acted:
    """An act that was recorded. repeated: now or before, under the same key."""

    proposal: Proposal
    seq: int
    repeated: bool = False


def act(company: Company, what: Act) -> Acted | NotAgreed:
    """Do something about a proposal, by the rights that hold when it is recorded.

    Raises: KeyReusedError, when the key belongs to another act; ContentionError.
    """
    wanted = wanted_by(company, what.plan)
    for _ in range(_ATTEMPTS):
        try:
            with company.database.transaction() as connection:
                return _act(company, connection, what, wanted)
        except RightEndedError:
            continue
    raise ContentionError("others keep changing who may do this: try again in a moment")


def _act(
    company: Company, connection: Connection[DictRow], what: Act, wanted: Wanted
) -> Acted | NotAgreed:
    proposal = store.hold(connection, what.plan.digest)
    known = store.find_command(connection, what.key)
    if known is not None:
        if known["fingerprint"] != what.fingerprint:
            raise KeyReusedError("this idempotency key was used for another command")
        return Acted(proposal, known["seq"], repeated=True)
    refusal = why_not(connection, what, proposal)
    if refusal is not None:
        return refusal
    model = company.program_on(connection, what.plan.plan.running).model
    person = look(connection, what.person, what.acting_as)
    now, planner = people.clock(connection), what.plan.planner
    answer = judge(model, proposal, wanted, what.wish, person, planner=planner, now=now)
    if isinstance(answer, Said):
        store.hold_hands(connection, answer.hands)
        store.record(connection, answer.sealed, command=what.key, fingerprint=what.fingerprint)
        return Acted(answer.sealed.proposal, answer.sealed.proposal.version)
    return answer


def why_not(connection: Connection[DictRow], what: Act, proposal: Proposal) -> NotAgreed | None:
    """Return why nothing is done about a plan, whoever asks."""
    plan, kind = what.plan, what.wish.kind
    if kind is Kind.PROPOSED and proposal.version:
        words = f"the plan {plan.name} was proposed already: it is {proposal.state.value}"
        return NotAgreed("proposed-already", words)
    if kind is not Kind.PROPOSED and not proposal.version:
        ask = f"`kingpost propose --plan {plan.name} --as PERSON --reason WHY` does"
        return NotAgreed("not-proposed", f"nobody has proposed the plan {plan.name}: {ask}")
    if len(what.wish.reason) > REASON_LENGTH_MAX:
        return NotAgreed("too-long", f"say it in {REASON_LENGTH_MAX:,} letters at most")
    if kind in {Kind.COMMENTED, Kind.WITHDRAWN} or proposal.state is not State.OPEN:
        return None
    if kind is Kind.PROPOSED and plan.change is not None:
        return NotAgreed("plan-applied", f"the plan {plan.name} was applied already")
    if plan.plan.failed:
        failed = ", ".join(plan.plan.failed)
        words = f"scenarios of the plan fail: {failed}. Mend them. {_ANEW}"
        return NotAgreed("plan-gates", words)
    found = models.active(connection)
    if found is None or found[0] != plan.plan.running:
        was = plan.plan.running[:12]
        words = f"the plan {plan.name} was made while version {was} ran, and another runs now."
        return NotAgreed("plan-stale", f"{words} {_ANEW}")
    return None


def look(connection: Connection[DictRow], person: str, acting_as: str | None = None) -> Person:
    """Read what somebody holds now, and which posts stand empty."""
    _, held, _ = cases.read_facts(connection, None, None, person)
    return Person(person, held, register.vacant_posts(connection), acting_as)
