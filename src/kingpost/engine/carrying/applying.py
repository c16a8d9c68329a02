"""Carrying live cases over, in stages: what broke off goes on where it was, and nothing twice.

Each stage is one transaction: it takes cases that nobody has in hand, judges each as it stands
then, records those that go over and writes down what came of all. Ordinary work goes on; a command
that comes meanwhile waits for its case, and is judged by the version on which it is then.
"""

import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from psycopg import Connection, DatabaseError, OperationalError
from psycopg.rows import DictRow

from kingpost.decisions.carrying.carrying import Carrying
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case
from kingpost.decisions.commands import CLOCK, Actor, Facts
from kingpost.decisions.program import Program
from kingpost.decisions.transition import Transition
from kingpost.engine.carrying.policies import (
    Positions,
    Since,
    read_policies,
    write_policies,
)
from kingpost.engine.company import Company
from kingpost.model.assurance import CarryOver
from kingpost.store import models
from kingpost.store.changing.receipts import live_cases
from kingpost.store.due import carrying as store
from kingpost.store.due.carrying import Came, Left
from kingpost.values.identity import derive

_log = logging.getLogger(__name__)

STAGE = 200
# So long after a change took effect a case may still begin that was asked for before.
_LATE = timedelta(minutes=1)
_OUTCOMES: Mapping[Verdict, str] = {
    Verdict.UNAFFECTED: "unaffected",
    Verdict.CARRIES: "carried",
    Verdict.STAYS: "stays",
    Verdict.ASKS: "asks",
    Verdict.REFUSED: "refused",
}


@dataclass(slots=True)
class Judge:
    """Judges cases of any version against one, by the policy of their workflow.

    actor: who decides of one case; the clock where a change does of all.
    """

    company: Company
    new: Program
    policies: Mapping[str, Policy]
    actor: Actor = CLOCK
    _known: dict[tuple[str, str], Carrying] = field(default_factory=dict[tuple[str, str], Carrying])

    def judge(
        self, connection: Connection[DictRow], case: Case, now: datetime, *, dry: bool = False
    ) -> Judged:
        """Return what becomes of a case; see `Carrying`. connection: to read its version."""
        key = (case.model, case.workflow)
        if key not in self._known:
            old = self.company.program_on(connection, case.model)
            found = models.versions_before(connection, case.model, self.new.version)
            between = tuple(self.company.program_on(connection, each) for each in found)
            policy = self.policies.get(case.workflow, Policy(CarryOver.STAY))
            self._known[key] = Carrying(old, self.new, policy, between)
        # A clock that was set back does not turn a case round.
        happens = max(now, case.latest)
        facts = Facts(happens, now, self.actor, seed=secrets.token_bytes(32))
        return self._known[key].judge(case, facts, dry=dry)


def judge_live(
    company: Company, new: Program, policies: Mapping[str, Policy], now: datetime, plan: str = ""
) -> Iterator[tuple[Case, Judged]]:
    """Judge every live case of another version, as they stand at one moment. Nothing is written.

    plan: the digest of one; only cases that are not as it found them are judged again.
    """
    judge = Judge(company, new, policies)
    with company.database.snapshot() as connection, company.database.connection() as other:
        for case in live_cases(connection, new.version, plan=plan):
            yield case, judge.judge(other, case, now, dry=True)


def begin(  # noqa: PLR0913 - what a change says of live cases
    connection: Connection[DictRow],
    change: UUID,
    digest: str,
    policies: Mapping[str, CarryOver],
    *,
    positions: Positions | None = None,
    person: str | None = None,
    planned: Mapping[UUID, Verdict] | None = None,
    since: Since | None = None,
    workflows: Collection[str] = (),
) -> None:
    """Ask that live cases go over to a version that takes effect in the same transaction.

    Whatever went over to the version of before is over: to come back is a change like any other.

    change:    begun again, it is known. planned: the verdicts that were approved, by case.
    since:     by workflow, when an earlier change asked its cases that this one goes on with.
    workflows: of the version; cases of others end on theirs.
    """
    written = write_policies(policies, positions or {}, since or {})
    verdicts = {case: verdict.value for case, verdict in (planned or {}).items()}
    asked = {"id": change, "digest": digest, "policies": written, "person": person}
    store.begin(connection, {**asked, "planned": verdicts, "workflows": list(workflows)})


def carry_on(company: Company, limit: int = STAGE) -> int:
    """Do one stage of each change that is not over; return with how many cases something was done.

    Any number of workers may do so at once.
    """
    with company.database.connection() as connection:
        changes = store.going(connection)
    return sum(_stage(company, row, limit) for row in changes)


def _stage(company: Company, row: DictRow, limit: int) -> int:
    judge = _judge(company, row)
    done = advance(company, row["id"], judge, limit)
    done += advance(company, row["id"], judge, limit, again=True)
    if not done:
        with company.database.connection() as connection:
            late = store.find_late(connection, row["id"], _LATE)
            if not late and row["now"] > row["begun_at"] + _LATE:
                store.end(connection, row["id"])
    return done


def _judge(company: Company, row: DictRow) -> Judge:
    policies = read_policies(row["policies"], row["begun_at"])
    return Judge(company, company.program(row["digest"]), policies)


def carry_all(company: Company) -> tuple[UUID, ...]:
    """Do all stages that can be done now; return the changes that were not over."""
    with company.database.connection() as connection:
        changes = store.going(connection)
    for row in changes:
        judge = _judge(company, row)
        while advance(company, row["id"], judge, STAGE):
            pass
    return tuple(row["id"] for row in changes)


def advance(
    company: Company, change: UUID, judge: Judge, limit: int, *, again: bool = False
) -> int:
    """Do one stage; return how many cases were looked at.

    again: of those that wait for their next step, or ask, and have moved.
    """
    with company.database.transaction() as connection:
        if not store.hold(connection, change):
            return 0
        left = store.take(connection, change, limit, again=again)
        if left:
            store.note(connection, change, _carried(connection, change, judge, left))
    return len(left)


def _carried(
    connection: Connection[DictRow], change: UUID, judge: Judge, left: Iterable[Left]
) -> list[Came]:
    came = list[Came]()
    goes = list[tuple[Left, Judged]]()
    for each in left:
        case = each.case
        if case.is_closed or case.model == judge.new.version:
            words = "it has ended meanwhile" if case.is_closed else "it is there already"
            came.append(Came(case.id, "ended" if case.is_closed else "unaffected", words, 0))
            continue
        try:
            found = judge.judge(connection, case, each.now)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
            came.append(_failed(each, error))
            continue
        if found.transition is None:
            came.append(_came(each, found))
        else:
            goes.append((each, found))
    return came + _recorded(connection, change, goes)


def _recorded(
    connection: Connection[DictRow], change: UUID, goes: Sequence[tuple[Left, Judged]]
) -> list[Came]:
    ready = [keyed(change, found.transition) for _, found in goes if found.transition]
    try:
        with connection.transaction():
            store.carry(connection, ready)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
        if len(goes) == 1:
            return [_failed(goes[0][0], error)]
        # One of them stands against it: each by itself.
        return [came for each in goes for came in _recorded(connection, change, [each])]
    return [_came(each, found) for each, found in goes]


def _failed(left: Left, error: Exception) -> Came:
    _log.error("%s could not be carried over", left.case.number, exc_info=error)
    words = "it could not be done: why stands in the log of what carried it over"
    return Came(left.case.id, "failed", words, left.case.version)


def keyed(change: UUID, transition: Transition) -> tuple[UUID, str, Transition]:
    """Return a transition with its idempotency key and fingerprint, as `store.carry` wants it."""
    name = f"carry/{change}/{transition.case.id}/{transition.case.version}"
    return derive(name), sha256(name.encode()).hexdigest(), transition


def questions(found: Judged) -> list[str]:
    """Return in words what somebody has to say before a case can go over."""
    return [f"`{each.part}`, by `{each.post}`: {each.why}" for each in found.questions]


def _came(left: Left, found: Judged) -> Came:
    outcome = "waits" if found.later else _OUTCOMES[found.verdict]
    told = [found.why] if found.why else questions(found)
    if left.planned is not None and left.planned != found.verdict.value:
        told.append(f"planned was `{left.planned}`: the case has moved on since")
    version = left.case.version + (1 if found.transition is not None else 0)
    return Came(left.case.id, outcome, "; ".join(told), version)
