"""Look over everything that runs, as it stands at one moment, by code that decides nothing.

What it shares with the road that writes is the language: models, expressions and calendars. How
events are chained, folded and justified it works out for itself, so that a mistake of the engine is
not made here a second time. It holds one case at a time, the register, and the models in use.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.allowances import allowance_faults, ledger_faults, ledgers_faults
from kingpost.audit.carrying import (
    CARRIED,
    by_new_names,
    renames,
    skipped_faults,
    term_faults,
    token_faults,
    version_faults,
)
from kingpost.audit.chains import chain_of_cases_faults
from kingpost.audit.company import Models, NoSuchModelError
from kingpost.audit.duties import clock_faults, duty_faults
from kingpost.audit.flow.ends import end_faults
from kingpost.audit.flow.passed import taken_faults
from kingpost.audit.flow.ways import way_faults
from kingpost.audit.folding import CHANGES_NOTHING, CannotFollowError, Standing
from kingpost.audit.hands.agents import agent_faults
from kingpost.audit.hands.approvals import approval_faults
from kingpost.audit.hands.declining import declining_faults
from kingpost.audit.hands.keepers import keeper_faults
from kingpost.audit.hands.overrides import override_faults
from kingpost.audit.notices import notice_faults, timers_faults
from kingpost.audit.organising.changes import change_faults
from kingpost.audit.pending.reviews import Unreviewed
from kingpost.audit.register import Register
from kingpost.audit.repairs import repair_faults
from kingpost.audit.rights import (
    Act,
    as_judged,
    note_people,
    right_faults,
    separation_faults,
    vote_faults,
)
from kingpost.audit.rows import (
    call_faults,
    case_faults,
    counted_faults,
    expiry_faults,
    key_faults,
    timer_faults,
    work_faults,
)
from kingpost.audit.telling import Found, Told, chain_faults, read_events, vault_faults
from kingpost.store import whole
from kingpost.store.pool import Database
from kingpost.store.whole import CaseRows

# After so many cases somebody who waits is told how far it is.
_STEP = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must never be.

    invariant: which one, such as `I2`. place: where, such as `case 0199…`.
    """

    invariant: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.invariant} in {self.place}: {self.message}"


@dataclass(slots=True)
class Looked:
    """How much was looked at so far."""

    cases: int = 0
    events: int = 0
    total: int = 0


def audit(database: Database, tell: Callable[[Looked], None] = lambda _: None) -> Iterator[Finding]:
    """Yield everything that is wrong, as it is found.

    tell: is told now and then how far it is, and at the end.
    """
    with database.snapshot() as connection:
        yield from audit_on(connection, tell)


def audit_on(
    connection: Connection[DictRow], tell: Callable[[Looked], None] = lambda _: None
) -> Iterator[Finding]:
    """Look over a connection that sees one moment; see `audit`."""
    row = connection.execute(
        "SELECT clock_timestamp() AS now, (SELECT count(*) FROM case_file) AS total"
    ).fetchone()
    assert row is not None, "a clock has a time"
    looked = Looked(total=row["total"])
    models = Models(connection)
    register = Register(connection, models)
    unreviewed = Unreviewed()
    yield from (Finding(*found) for found in models.faults())
    yield from (Finding(*found) for found in register.faults())
    yield from (Finding(*found) for found in change_faults(connection, models))
    yield from (Finding(*found) for found in ledgers_faults(connection))
    yield from (Finding(*found) for found in approval_faults(connection, models, register))
    for rows in whole.all_cases(connection):
        place = f"case {rows.case}"
        found = dict.fromkeys(_case(models, register, unreviewed, rows, row["now"]))
        yield from (Finding(name, place, words) for name, words in found)
        looked.cases += 1
        looked.events += len(rows.of("event"))
        if looked.cases % _STEP == 0:
            tell(looked)
    yield from (Finding(*found) for found in unreviewed.faults())
    tell(looked)


def _case(
    models: Models, register: Register, unreviewed: Unreviewed, rows: CaseRows, moment: datetime
) -> Found:
    """Yield what is wrong with one case; what cannot even be read is one of these."""
    if not rows.of("case_file"):
        yield "I1", f"there is no case for what is in {', '.join(sorted(rows.rows))}"
        return
    if not rows.of("event"):
        yield "I2", "the case has no events"
        return
    try:
        declared = models.declared(rows.of("case_file")[0]["model"])
        told = read_events(rows)
        broken = list(chain_faults(rows, told))
        unreviewed.note(declared, f"case {rows.case}", told)
        yield from broken or _followed(models, register, rows, told, moment)
        yield from vault_faults(rows, told)
    except NoSuchModelError as error:
        yield "I15", str(error)
    except CannotFollowError as error:
        yield "I4", str(error)
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
        yield "I2", f"its bytes or rows do not read: {type(error).__name__}: {error}"


def _followed(
    models: Models, register: Register, rows: CaseRows, told: list[Told], moment: datetime
) -> Found:
    follow = _Follow(models, register, told)
    for event in told:
        yield from follow.carried(event) if event.kind == CARRIED else follow.event(event)
    declared, now, flow = follow.declared, follow.now, follow.flow
    if {step: sorted(people) for step, people in follow.performed.items() if people} != {
        step: sorted(people) for step, people in now.performers.items()
    }:
        yield "I8", "who performed its steps is not who acted at them"
    flows = {
        event.header["model"]: models.declared(event.header["model"]).workflow(flow)
        for event in told
    }
    workflow = declared.workflow(flow)
    yield from (*end_faults(workflow, told), *way_faults(flows, told))
    yield from case_faults(rows, told, now)
    yield from work_faults(declared, workflow, rows, told, now)
    yield from timer_faults(rows, moment)
    yield from timers_faults(declared, workflow, rows, now, moment)
    yield from call_faults(rows, told, now)
    yield from chain_of_cases_faults(rows, told, now)
    yield from ledger_faults(rows, told)
    yield from key_faults(rows, told)
    yield from counted_faults(rows, told, now)


class _Follow:
    """Follows the events of one case, each by the version that it was decided by."""

    def __init__(self, models: Models, register: Register, told: list[Told]) -> None:
        """Begin before the first of some events."""
        first = told[0].header
        self.models, self.register, self.told = models, register, told
        self.flow: str = first["workflow"]
        self.declared = models.declared(first["model"])
        self.now = Standing(model=first["model"])
        self.performed: dict[str, set[str]] = {}

    def event(self, event: Told) -> Found:
        """Follow an event; yield what is wrong with it."""
        declared, register, now = self.declared, self.register, self.now
        workflow, before, performed = declared.workflow(self.flow), now.as_of_now(), self.performed
        yield from _prefixed("I15", event, version_faults(before, event))
        act = Act(declared, workflow, event, before, as_judged(before, event))
        yield from _prefixed("I7", event, right_faults(act, register))
        yield from _prefixed("I7", event, override_faults(act, register, performed))
        yield from _prefixed("I7", event, declining_faults(act))
        yield from _prefixed("I7", event, agent_faults(act, register))
        yield from _prefixed("I7", event, vote_faults(act))
        yield from _prefixed("I7", event, taken_faults(before, event))
        yield from _prefixed("I7", event, allowance_faults(act, register.changes))
        yield from _prefixed("I8", event, separation_faults(act, performed))
        yield from _prefixed("I10", event, expiry_faults(declared, before, event))
        yield from _prefixed("I10", event, notice_faults(declared, workflow, before, event))
        yield from _prefixed("I10", event, clock_faults(declared, workflow, before, event))
        yield from _prefixed("I7", event, repair_faults(act, register, performed))
        if any(change["do"] not in CHANGES_NOTHING for change in event.changes):
            now.proposal = None
        self._apply(event)
        note_people(act, performed)
        yield from _prefixed("I16", event, self._duties(event))

    def carried(self, event: Told) -> Found:
        """Follow an event by which the case goes over to another version."""
        old, before, now = self.declared, self.now.as_of_now(), self.now
        yield from _prefixed("I15", event, version_faults(before, event))
        self.declared = new = self.models.declared(event.header["model"])
        yield from _prefixed("I7", event, keeper_faults(event, self.flow, new, self.register))
        now.proposal = None
        self._apply(event)
        self.performed = by_new_names(self.performed, renames(event))
        told = self.told[: event.seq]
        flows = {
            each.header["model"]: self.models.declared(each.header["model"]).workflow(self.flow)
            for each in told
        }
        yield from _prefixed("I4", event, token_faults(before, now, event))
        yield from _prefixed("I10", event, term_faults(old, new, before, now, event))
        yield from _prefixed("I7", event, skipped_faults(flows, before, now, told))
        yield from _prefixed("I16", event, self._duties(event))

    def _apply(self, event: Told) -> None:
        for change in event.changes:
            self.now.apply(event, change)

    def _duties(self, event: Told) -> Iterator[str]:
        workflow, started = self.declared.workflow(self.flow), self.told[0].at
        return duty_faults(self.declared, workflow, started, self.now, event)


def _prefixed(invariant: str, event: Told, found: Iterator[str]) -> Found:
    return ((invariant, f"event {event.seq}: {words}") for words in found)
