"""The one road that writes: read the facts, decide, record."""

import json
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from psycopg import Connection, OperationalError
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout

from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Actor,
    Command,
    Confirm,
    ConfirmOverride,
    Decline,
    Expire,
    Facts,
    Holding,
    Notify,
    Override,
    Propose,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.judging.allowing.room import ledgers_asked
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import (
    NotSeparate,
    NotYourCall,
    NotYourPost,
    OutsideAuthority,
    OutsideDelegation,
    OverAllowance,
    Refusal,
)
from kingpost.decisions.refusing.overrides import NotYourReview
from kingpost.decisions.transition import Transition
from kingpost.engine.away import is_full
from kingpost.engine.company import Company
from kingpost.engine.due import DueNotice
from kingpost.proof.canonical import digest
from kingpost.store import allowances, cases, models, register
from kingpost.store.errors import AllowanceUsedError, RightEndedError, StaleCaseError
from kingpost.store.errors import KeyReusedError as KeyReusedError  # noqa: PLC0414 - for the faces
from kingpost.store.pool import Database, within
from kingpost.store.reading.lists.reviews import unreviewed_posts
from kingpost.values.identity import identify

# So often another command may come in between before we lock the case first, and then give up.
_ATTEMPTS_FREE = 3
_ATTEMPTS_LOCKED = 5
# Before asking again over a new connection; a database that restarts has answered by then.
_PAUSES_SECONDS = (0.0, 0.1, 0.5, 2.0)
# A network that carries nothing tells nothing either: so long one attempt may take, and all.
_ATTEMPT_SECONDS_MAX = 15.0
_SECONDS_MAX = 28.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it comes from a face.

    key:       the idempotency key: the same key has one effect and one answer.
    case:      None for a Start, and when the command names open work; the id that a case shall
               have which a step of another one begins.
    person, interface: who asks; neither for the clock. acting_as: the post chosen to act in.
    workflow:  for a Start. number: of the case to start, when another system has given it one.
    model:     the version on which a case begins, when not the one that runs.
    """

    key: UUID
    command: Command
    case: UUID | None = None
    person: str | None = None
    interface: str | None = None
    acting_as: str | None = None
    workflow: str | None = None
    number: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The command was carried out. repeated: it was, by an earlier request with the same key."""

    case: UUID
    number: str
    seq: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class NoSuchCase:
    """There is no such case, or no such open work."""

    def __str__(self) -> str:
        return "this work is no longer open: somebody finished it, or it never was"


@dataclass(frozen=True, slots=True)
class NoSuchWorkflow:
    """The model that runs has no such workflow."""

    workflow: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(f"`{name}`" for name in self.known)
        return f"there is no workflow `{self.workflow}`: there are {known}"


class ContentionError(Exception):
    """Others changed the case again and again while we decided. Nothing was written."""


def perform(company: Company, asked: Asked) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    """Carry out one command, or say why not.

    Raises: KeyReusedError, when the key belongs to another command; ContentionError;
            psycopg's own errors when the database cannot be reached, even after several attempts.
    """
    with within(_SECONDS_MAX):
        for pause in _PAUSES_SECONDS:
            try:
                with within(_ATTEMPT_SECONDS_MAX):
                    return _perform(company, asked)
            except PoolTimeout:
                raise
            except OperationalError as error:
                if is_full(error):
                    raise
                # The connection broke, perhaps after the commit: the key makes it harmless to ask
                # again.
                time.sleep(pause)
                company.database.drop_broken()
        return _perform(company, asked)


def expire(company: Company, task: UUID) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    """End a wait whose time is over. However often it is called, it has one effect."""
    return perform(company, expiry(task))


def notify(company: Company, due: DueNotice) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    """Give a notice that is due. However often it is called, it has one effect."""
    return perform(company, notice(due))


def expiry(task: UUID, case: UUID | None = None) -> Asked:
    """Return what the clock asks of a wait whose time is over: always under the same key."""
    return Asked(_clock_key(b"expire/" + task.bytes), Expire(str(task)), case)


def notice(due: DueNotice) -> Asked:
    """Return what the clock asks about a notice that is due: always under the same key."""
    key = _clock_key(b"notify/" + due.task.bytes + due.notice.to_bytes(4))
    return Asked(key, Notify(str(due.task), due.notice), due.case)


def vacant_posts(database: Database) -> frozenset[str]:
    """Return the posts that nobody holds now."""
    with database.connection() as connection:
        return register.vacant_posts(connection)


def _perform(company: Company, asked: Asked) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    fingerprint = fingerprint_of(asked)
    post: str | None = None
    for attempt in range(_ATTEMPTS_FREE + _ATTEMPTS_LOCKED):
        lock = attempt >= _ATTEMPTS_FREE or post is not None
        try:
            with _lent(company, asked, lock=lock, post=post) as connection:
                return _attempt(company, connection, asked, fingerprint)
        except AllowanceUsedError as used:
            # Others decide in the name of this post at the same time: from now on they wait.
            post = used.post
        except (StaleCaseError, RightEndedError):
            continue
    raise ContentionError("others keep changing this case: try again in a moment")


@contextmanager
def _lent(
    company: Company, asked: Asked, *, lock: bool, post: str | None
) -> Generator[Connection[DictRow]]:
    """Lend the connection of one attempt.

    lock: in a transaction that locks the case first, and then the post if there is one.
    """
    if not lock:
        with company.database.connection() as connection:
            yield connection
        return
    with company.database.transaction() as connection:
        cases.lock(connection, _task(asked.command), asked.case)
        if post is not None:
            allowances.lock(connection, post)
        yield connection


def _attempt(
    company: Company, connection: Connection[DictRow], asked: Asked, fingerprint: str
) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    if isinstance(asked.command, Start):
        found = _begin(company, connection, asked)
        if isinstance(found, NoSuchWorkflow):
            return found
        program, case, held, now = found
    else:
        task = _task(asked.command)
        case, held, now = cases.read_facts(connection, task, asked.case, asked.person)
        if case is None:
            return _known(connection, asked, fingerprint) or NoSuchCase()
        program = company.program_on(connection, case.model)
    actor = Actor(asked.person, asked.interface, held, asked.acting_as)
    # A clock that was set back does not turn a case round: it goes on at the latest time it knows.
    happens = max(now, case.latest)
    counts = ledgers_asked(program.workflows[case.workflow], case, asked.command, happens)
    used = allowances.read_used(connection, counts)
    facts = Facts(happens, now, actor, used=used, seed=secrets.token_bytes(32))
    case = _going_on(connection, case, asked.command)
    facts = _of_two(connection, case, asked.command, facts)
    outcome = _decide(connection, program, case, asked.command, facts)
    if not isinstance(outcome, Transition):
        return _known(connection, asked, fingerprint) or outcome
    recorded, case_id, seq = cases.record(
        connection, outcome, command=asked.key, fingerprint=fingerprint
    )
    if recorded:
        return Done(case_id, case.number, seq)
    return _known(connection, asked, fingerprint) or Done(case_id, case.number, seq, repeated=True)


def _going_on(connection: Connection[DictRow], case: Case, command: Command) -> Case:
    """Return a case whose proposal rests on the appointment by which its proposer goes on."""
    proposal = case.proposal
    if proposal is None or not isinstance(command, Confirm | ConfirmOverride):
        return case
    right = register.goes_on(connection, proposal.right)
    return replace(case, proposal=replace(proposal, right=right))


def _of_two(connection: Connection[DictRow], case: Case, command: Command, facts: Facts) -> Facts:
    """Return the facts with what judging an act of two people needs besides."""
    if isinstance(command, Confirm | ConfirmOverride) and case.proposal is not None:
        # It rests on both; `record` locks the two appointments and looks again.
        facts = replace(facts, left=register.has_ended(connection, case.proposal.right))
    if isinstance(command, Override | ConfirmOverride):
        facts = replace(facts, unreviewed=unreviewed_posts(connection))
    if isinstance(command, Override):
        # Who stands in for a vacant post may have the authority, and then goes beyond nothing.
        facts = replace(facts, vacant=register.vacant_posts(connection))
    return facts


def _decide(
    connection: Connection[DictRow], program: Program, case: Case, command: Command, facts: Facts
) -> Transition | Refusal:
    """Decide; look up which posts are vacant, or gone, only when that could make a difference."""
    outcome = decide(program, case, command, facts)
    if (
        isinstance(
            outcome,
            NotSeparate
            | NotYourCall
            | NotYourPost
            | NotYourReview
            | OutsideAuthority
            | OutsideDelegation
            | OverAllowance,
        )
        and facts.actor.holdings
    ):
        vacant, gone = register.vacant_posts(connection), models.heirs(connection)
        if vacant or gone:
            return decide(program, case, command, replace(facts, vacant=vacant, heirs=gone))
    return outcome


def _begin(
    company: Company, connection: Connection[DictRow], asked: Asked
) -> tuple[Program, Case, tuple[Holding, ...], datetime] | NoSuchWorkflow:
    """Return the case before its first event, its program, and who asks when."""
    flow, needs = asked.workflow or "", asked.number is None
    # No number is used up for a workflow that may not be there.
    read = cases.read_beginning(connection, asked.person, numbered=needs and company.ran(flow))
    program = company.running_on(connection, asked.model or read.running)
    if flow not in program.workflows:
        return NoSuchWorkflow(str(asked.workflow), tuple(program.workflows))
    if needs and read.number is None:
        read = cases.read_beginning(connection, asked.person, numbered=True)
    prefix = program.workflows[flow].workflow.prefix
    number = asked.number or f"{prefix}-{read.number}"
    case_id = asked.case or identify(read.now, f"{asked.key}/{number}")
    case = begin(program, flow, case_id, number, read.now)
    return program, case, read.held, read.now


def _known(connection: Connection[DictRow], asked: Asked, fingerprint: str) -> Done | None:
    """Return the answer that the key had before, or None.

    Raises: KeyReusedError, when the key belongs to another command.
    """
    found = cases.find_command(connection, asked.key)
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise KeyReusedError("this idempotency key was used for another command")
    return Done(found.case, found.number, found.seq, repeated=True)


def _clock_key(what: bytes) -> UUID:
    """Return the one key for what the clock does. Source: RFC 9562, section 5.8, UUID version 8."""
    noise = int(digest(what)[:32], 16)
    return UUID(int=noise & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62)


def fingerprint_of(asked: Asked) -> str:
    """Return a digest of what is asked and by whom; any value has one, even one to be refused."""
    command = asked.command
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    asker = (asked.person, asked.interface, asked.workflow)
    whole = [type(command).__name__, said, asker]
    return digest(json.dumps(whole, sort_keys=True, default=_plain).encode())


def _plain(value: object) -> object:
    return dict(value) if hasattr(value, "keys") else str(value)  # type: ignore[call-overload]


def _task(command: Command) -> UUID | None:
    if isinstance(command, Start | Propose | Confirm | Decline | ConfirmOverride):
        return None
    try:
        return UUID(command.task)
    except ValueError:
        return None
