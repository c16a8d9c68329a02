"""The one road that writes: read the facts, decide, record."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from psycopg import OperationalError

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Actor, Command, Expire, Facts, Start
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import NotYourPost, OutsideAuthority, Refusal
from kingpost.decisions.transition import Transition
from kingpost.engine.company import Company
from kingpost.proof.canonical import canonical, digest
from kingpost.store import cases, register
from kingpost.store.errors import KeyReusedError as KeyReusedError
from kingpost.store.errors import RightEndedError, StaleCaseError
from kingpost.store.pool import Database
from kingpost.values.identity import identify

# So often another command may come in between before we give up and say so.
_ATTEMPTS_MAX = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it comes from a face.

    key:       the idempotency key: the same key has one effect and one answer.
    case:      None for a Start, and when the command names open work.
    person, interface: who asks; neither for the clock. acting_as: the post chosen to act in.
    workflow:  for a Start.
    """

    key: UUID
    command: Command
    case: UUID | None = None
    person: str | None = None
    interface: str | None = None
    acting_as: str | None = None
    workflow: str | None = None


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
            psycopg's own errors when the database cannot be reached, even on a second attempt.
    """
    try:
        return _perform(company, asked)
    except OperationalError:
        # The connection broke, perhaps after the commit: the key makes asking again harmless.
        return _perform(company, asked)


def expire(company: Company, task: UUID) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    """End a wait whose time is over. However often it is called, it has one effect."""
    key = UUID(bytes=bytes.fromhex(digest(b"expire/" + task.bytes))[:16], version=8)
    return perform(company, Asked(key, Expire(str(task))))


def _perform(company: Company, asked: Asked) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    fingerprint = _fingerprint(asked)
    for _ in range(_ATTEMPTS_MAX):
        try:
            return _attempt(company, asked, fingerprint)
        except (StaleCaseError, RightEndedError):
            continue
    raise ContentionError("others keep changing this case: try again in a moment")


def _attempt(
    company: Company, asked: Asked, fingerprint: str
) -> Done | Refusal | NoSuchCase | NoSuchWorkflow:
    task = None if isinstance(asked.command, Start) else _uuid(asked.command.task)
    with company.database.connection() as connection:
        case, held, now = cases.read_facts(connection, task, asked.case, asked.person)
    actor = Actor(asked.person, asked.interface, held, asked.acting_as)
    facts = Facts(now, now, actor, seed=secrets.token_bytes(32))
    if isinstance(asked.command, Start):
        program = company.active()
        if asked.workflow not in program.workflows:
            return NoSuchWorkflow(str(asked.workflow), tuple(program.workflows))
        case = _new_case(company, program, asked, now)
    elif case is None:
        return _known(company, asked, fingerprint) or NoSuchCase()
    else:
        program = company.program(case.model)
    outcome = _decide(company, program, case, asked.command, facts)
    if not isinstance(outcome, Transition):
        return _known(company, asked, fingerprint) or outcome
    with company.database.connection() as connection:
        recorded, case_id, seq = cases.record(
            connection, outcome, command=asked.key, fingerprint=fingerprint
        )
    if recorded:
        return Done(case_id, case.number, seq)
    return _known(company, asked, fingerprint) or Done(case_id, case.number, seq, repeated=True)


def _decide(
    company: Company, program: Program, case: Case, command: Command, facts: Facts
) -> Transition | Refusal:
    """Decide; look up which posts are vacant only when that could make a difference."""
    outcome = decide(program, case, command, facts)
    if isinstance(outcome, NotYourPost | OutsideAuthority) and facts.actor.holdings:
        vacant = vacant_posts(company.database)
        if vacant:
            return decide(program, case, command, replace(facts, vacant=vacant))
    return outcome


def vacant_posts(database: Database) -> frozenset[str]:
    """Return the posts that nobody holds now."""
    with database.connection() as connection:
        return register.vacant_posts(connection)


def _new_case(company: Company, program: Program, asked: Asked, now: datetime) -> Case:
    assert asked.workflow is not None, "the caller has found the workflow"
    with company.database.connection() as connection:
        count = cases.next_number(connection)
    number = f"{program.workflows[asked.workflow].workflow.prefix}-{count}"
    return begin(program, asked.workflow, identify(now, f"{asked.key}/{number}"), number, now)


def _known(company: Company, asked: Asked, fingerprint: str) -> Done | None:
    """Return the answer that the key had before, or None.

    Raises: KeyReusedError, when the key belongs to another command.
    """
    with company.database.connection() as connection:
        found = cases.find_command(connection, asked.key)
        if found is None:
            return None
        if found[0] != fingerprint:
            raise KeyReusedError("this idempotency key was used for another command")
        case = cases.read_case(connection, found[1])
    assert case is not None, "a command that was carried out has its case"
    return Done(case.id, case.number, found[2], repeated=True)


def _fingerprint(asked: Asked) -> str:
    said = asdict(asked.command)
    said["fields"] = dict(said.get("fields", {}))
    who = {"person": asked.person, "interface": asked.interface, "workflow": asked.workflow}
    return digest(canonical({"what": type(asked.command).__name__, "said": said, "who": who}))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
