"""What the clock asks of many cases, decided and recorded in one transaction.

Each is judged as by itself and has its own event under its own key; what they share is the way to
the database and back, and the wait until it is on the disk, which is most of what one costs.
"""

import logging
import secrets
from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import CLOCK, Facts
from kingpost.decisions.decide import decide
from kingpost.decisions.transition import Transition
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, fingerprint_of
from kingpost.store.due.together import Keyed, record_all, take

_log = logging.getLogger(__name__)


def perform_together(company: Company, asked: Sequence[Asked]) -> dict[UUID, Done]:
    """Carry out commands of the clock, of which each names its case, if nothing stands against it.

    Returns: what was done, by key. What is left out stands as before, and is to be asked for by
             itself: it was refused, is known, its case is in other hands or has another command
             here, or the database took none of them because of one.
    """
    first = {one.case: one for one in reversed(asked) if one.case is not None}
    try:
        with company.database.transaction() as connection:
            return _done(company, connection, first)
    except Exception as error:  # noqa: BLE001 - each by itself then, and it is told which it was
        _log.info("%d commands were not done together: %r", len(first), error)
        return {}


def _done(
    company: Company, connection: Connection[DictRow], asked: dict[UUID, Asked]
) -> dict[UUID, Done]:
    found = list[tuple[Asked, Keyed]]()
    for case_id, (case, now) in take(connection, asked).items():
        one = asked[case_id]
        program = company.program_on(connection, case.model)
        # A clock that was set back does not turn a case round.
        facts = Facts(max(now, case.latest), now, CLOCK, seed=secrets.token_bytes(32))
        outcome = decide(program, case, one.command, facts)
        if isinstance(outcome, Transition):
            found.append((one, Keyed(one.key, fingerprint_of(one), outcome)))
    if not found:
        return {}
    recorded = record_all(connection, [keyed for _, keyed in found])
    return {
        one.key: Done(
            keyed.transition.case.id, keyed.transition.case.number, keyed.transition.case.version
        )
        for (one, keyed), is_new in zip(found, recorded, strict=True)
        if is_new
    }
