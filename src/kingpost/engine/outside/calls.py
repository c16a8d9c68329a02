"""Calls to other systems: claim one, and carry what came of it over the one road that writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import Answer, Fail
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import NotOpen, Refusal
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, NoSuchCase, NoSuchWorkflow, perform
from kingpost.model.interfaces import Contract
from kingpost.store.due import outbox
from kingpost.store.due.outbox import Claimed
from kingpost.store.errors import LateAttemptError
from kingpost.values.identity import derive

# An attempt that told nothing so long after its time limit is taken for lost.
_LEASE_MARGIN_SECONDS = 30
# A failure that the case refuses is told again so much later.
_REFUSED_SECONDS = 300
_HELD = f"nothing is asked of it for now: it failed {outbox.FAILURES_MAX} times in a row"


@dataclass(frozen=True, slots=True)
class Job:
    """A call to be made now, by the contract of the model on which its case runs."""

    claimed: Claimed
    contract: Contract

    @property
    def is_used_up(self) -> bool:
        """Tell whether its attempts are used up, those that a lost worker has begun included."""
        return self.claimed.attempts > self.contract.attempts

    @property
    def is_last(self) -> bool:
        """Tell whether this is its last attempt."""
        return self.claimed.attempts >= self.contract.attempts


def due_interfaces(company: Company) -> list[str]:
    """Return the interfaces with calls that are due."""
    with company.database.connection() as connection:
        return outbox.due_interfaces(connection)


def claim(company: Company, interface: str, limit: int) -> list[Job]:
    """Claim up to `limit` due calls of an interface. Each counts as an attempt from now on."""
    with company.database.connection() as connection:
        found = outbox.claim(connection, interface, limit, _LEASE_MARGIN_SECONDS)
        return _jobs(company, connection, found)


def _jobs(company: Company, connection: Connection[DictRow], found: Iterable[Claimed]) -> list[Job]:
    programs = {each.model: company.program_on(connection, each.model) for each in found}
    return [Job(each, _contract(programs[each.model], each)) for each in found]


def _contract(program: Program, claimed: Claimed) -> Contract:
    return program.workflows[claimed.workflow].askings[claimed.step].contract


def answered(company: Company, job: Job, members: Mapping[str, Any]) -> Refusal | None:
    """Take an answer. What the case refuses of it is a failure, and returned as the refusal."""
    claimed = job.claimed
    command = Answer(str(claimed.id), members, claimed.fence)
    outcome = _perform(company, job, command, claimed.interface)
    with company.database.connection() as connection:
        outbox.note_health(connection, claimed.interface, answers=True)
    return outcome


def failed(company: Company, job: Job, cause: str, *, unwell: bool) -> None:
    """Let a call fail for good. unwell: whether the system is to blame, and not what was asked."""
    with company.database.connection() as connection:
        outbox.note_health(connection, job.claimed.interface, answers=not unwell)
    _fail(company, job, cause)


def fail_held(company: Company, limit: int) -> int:
    """Let up to `limit` calls fail that an open circuit holds back for too long; return how many.

    So whoever answers for them hears of it, however long their system is down.
    """
    with company.database.connection() as connection:
        found = outbox.claim_held(connection, limit, _LEASE_MARGIN_SECONDS)
        jobs = _jobs(company, connection, found)
    for job in jobs:
        _fail(company, job, _HELD)
    return len(jobs)


def _fail(company: Company, job: Job, cause: str) -> None:
    claimed = job.claimed
    refusal = _perform(company, job, Fail(str(claimed.id), cause, claimed.fence), None)
    if refusal is not None:
        # The exception cannot take effect here: the call stays in sight, with the reason why.
        with company.database.connection() as connection:
            outbox.put_off(
                connection, claimed.id, claimed.fence, f"{cause}; {refusal}", _REFUSED_SECONDS
            )


def put_off(company: Company, job: Job, cause: str, seconds: float) -> None:
    """Let a call be tried again after a pause."""
    claimed = job.claimed
    with company.database.connection() as connection:
        outbox.note_health(connection, claimed.interface, answers=False)
        outbox.put_off(connection, claimed.id, claimed.fence, cause, seconds)


def _perform(
    company: Company, job: Job, command: Answer | Fail, interface: str | None
) -> Refusal | None:
    """Return why the case refuses it; None when it was done, or when the call is no longer ours."""
    claimed = job.claimed
    key = derive(f"{type(command).__name__}/{claimed.id}/{claimed.fence}")
    try:
        outcome = perform(company, Asked(key, command, claimed.case, interface=interface))
    except LateAttemptError:
        return None
    if isinstance(outcome, Done | NoSuchCase | NoSuchWorkflow | NotOpen):
        return None
    return outcome
