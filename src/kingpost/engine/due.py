"""What is due now, and room for what comes."""

from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from kingpost.decisions.judging.clocks import ends_at
from kingpost.engine.company import Company
from kingpost.store import cases
from kingpost.store.due import claims, timers

CLAIM_SECONDS = 60.0
_BATCH = 500


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is due. task: whose time it is about. notice: how many were given before."""

    task: UUID
    case: UUID
    notice: int


def due_notices(company: Company, limit: int, *, without: Collection[UUID] = ()) -> list[DueNotice]:
    """Return up to `limit` notices that are due, oldest first, except those about `without`."""
    with company.database.connection() as connection:
        rows = timers.due_notices(connection, limit, without)
    return [DueNotice(row["id"], row["case_id"], row["notice"]) for row in rows]


def due_waits(
    company: Company, limit: int, *, without: Collection[UUID] = ()
) -> list[tuple[UUID, UUID]]:
    """Return up to `limit` waits whose time is over and the case of each, oldest first.

    without: waits to leave out.
    """
    with company.database.connection() as connection:
        return timers.due_waits(connection, limit, without)


@contextmanager
def claimed(company: Company, work: Iterable[UUID]) -> Generator[set[UUID]]:
    """Have, for a while, what no other worker is about to do; yield which of it that is."""
    with company.database.connection() as connection:
        mine = claims.claim(connection, work, CLAIM_SECONDS)
    try:
        yield mine
    finally:
        with company.database.connection() as connection:
            claims.release(connection, mine)


def find_terms(company: Company) -> int:
    """Work out the first term of work from before there was one in its row; return of how many.

    It is done when a release that has it comes to a database that has none, and never again.
    """
    count = 0
    while True:
        with company.database.connection() as connection:
            left = timers.terms_to_find(connection, _BATCH)
        if not left:
            return count
        for task, case in left:
            _find_term(company, task, case)
        count += len(left)


def _find_term(company: Company, task: UUID, case: UUID | None) -> None:
    with company.database.transaction() as connection:
        # So that nobody moves the case on meanwhile, and with it the term.
        cases.lock(connection, None, case)
        found = cases.read_case(connection, case) if case else None
        ends = None
        if found is not None and (token := found.tokens.get(str(task))) is not None:
            program = company.program_on(connection, found.model).workflows[found.workflow]
            ends = ends_at(program, found.tokens, token)
        timers.found_term(connection, task, ends)


def provide_months(company: Company) -> None:
    """Provide room for the events of this month and the next two."""
    with company.database.connection() as connection:
        timers.provide_months(connection, ahead=2)
