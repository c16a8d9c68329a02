"""What an act would do to each of many, told before it is done. Nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.changes import Entered
from kingpost.decisions.commands import Actor, Facts
from kingpost.decisions.decide import decide
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.sealing import SEED_BYTES_MIN
from kingpost.decisions.transition import Transition
from kingpost.engine.batches.acting import Order, command_of
from kingpost.engine.company import Company
from kingpost.engine.perform import NoSuchCase
from kingpost.store import cases, register


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an act would do to one. refusal: why nothing, or None.

    number: of the case, empty when there is none any more. model, workflow: that it runs on.
    comes_to: the steps that it would come to; none when its work goes on where it is.
    """

    task: UUID
    number: str = ""
    model: str = ""
    workflow: str = ""
    step: str = ""
    comes_to: tuple[str, ...] = ()
    refusal: Refusal | NoSuchCase | None = None


def look(company: Company, order: Order) -> tuple[Prospect, ...]:
    """Return what an order would do now to each of its tasks, by the rules that decide."""
    with company.database.connection() as connection:
        vacant = register.vacant_posts(connection)
        return tuple(_each(company, connection, order, vacant))


def _each(
    company: Company, connection: Connection[DictRow], order: Order, vacant: frozenset[str]
) -> Iterable[Prospect]:
    for task in order.tasks:
        case, held, now = cases.read_facts(connection, task, None, order.person)
        command = command_of(order.act, task, order.reason)
        token = case.tokens.get(str(task)) if case else None
        if case is None or token is None or command is None:
            yield Prospect(task, refusal=NoSuchCase())
            continue
        actor = Actor(order.person, None, held, order.acting_as)
        # Nothing is kept of it, so that nothing has to be hidden.
        seed = bytes(SEED_BYTES_MIN)
        facts = Facts(max(now, case.latest), now, actor, vacant, seed)
        outcome = decide(company.program_on(connection, case.model), case, command, facts)
        where = (task, case.number, case.model, case.workflow, token.step)
        if not isinstance(outcome, Transition):
            yield Prospect(*where, refusal=outcome)
            continue
        entered = (change.step for change in outcome.changes if isinstance(change, Entered))
        yield Prospect(*where, tuple(dict.fromkeys(entered)))
