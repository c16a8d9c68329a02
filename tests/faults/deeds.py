"""Everything that writes, each ready to be done once: for tests that let it fail in the middle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias
from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import (
    Answer,
    Assign,
    Command,
    Complete,
    Confirm,
    Decide,
    Decline,
    Deliver,
    Fail,
    GiveUp,
    Override,
    Propose,
    Raise,
    Record,
    Resolve,
    Retry,
    Review,
    Start,
)
from kingpost.engine import delegations, register
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.engine.delegations import Delegation
from kingpost.engine.due import due_notices
from kingpost.engine.outside import calls
from kingpost.engine.outside.cases import attempt, due_cases
from kingpost.engine.perform import Asked, Done, expire, notify, perform
from kingpost.engine.register import Absence, Appointment
from kingpost.engine.verify import verify
from kingpost.store.pool import Database
from tests.decisions.purchase import PURCHASE
from tests.engine import test_overrides as overrides
from tests.engine.agency import agency
from tests.engine.chains import lender as chains
from tests.engine.office import REPAIRED, Office, key
from tests.worker.lender import Lender

# Done again, it has its one effect and says so.
Deed: TypeAlias = Callable[[], object]
_FORM = {"claimant": "Rita Prado", "amount": "200"}
_NUMBERS = count()


@dataclass
class World:
    """Companies, each with its own database.

    An insurer, a lender, one whose cases begin others, a shop with an allowance, and two more
    insurers: with a machine agent, and with a decision that may be overridden.
    """

    office: Office
    lender: Lender
    chain: Office
    shop: Office
    agency: Office
    daring: Office

    @property
    def companies(self) -> tuple[Company, ...]:
        offices = (self.office, self.chain, self.shop, self.agency, self.daring)
        return (self.lender.company, *(office.company for office in offices))

    def sound(self) -> bool:
        return all(
            verify(each).faults == () and not list(audit(each.database)) for each in self.companies
        )

    def command(
        self,
        command: Command,
        person: str | None = None,
        *,
        interface: str | None = None,
        case: UUID | None = None,
    ) -> Deed:
        again = key()
        asked = Asked(again, command, case, person, interface, workflow="claim")
        return lambda: _done(perform(self.office.company, asked))

    def suspended(self) -> UUID:
        case = self.office.start()
        self.office.do(Raise(self.office.task(case, "examine"), "info-missing"), "anna")
        return case

    def called(self) -> None:
        """Let one call be due, and none of those before it."""
        self.lender.sql("UPDATE outbox SET next_at = next_at + interval '1 day'")
        self.lender.begin()

    def claimed(self) -> tuple[str, int]:
        """Return a call that a worker has claimed, and its fence."""
        self.called()
        (job,) = calls.claim(self.lender.company, "bureau", 1)
        return str(job.claimed.id), job.claimed.fence

    def lenders(self, command: Command, **other: str) -> Deed:
        asked = replace(Asked(key(), command), **other)
        return lambda: _done(perform(self.lender.company, asked))


def _done(answer: object) -> object:
    assert isinstance(answer, Done), str(answer)
    return answer


def _somebody(world: World) -> str:
    name = f"n{next(_NUMBERS)}"
    register.keep_people(world.office.company, [(name, name)])
    return name


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def _start(world: World) -> Deed:
    return world.command(Start(_FORM), "anna")


def _complete(world: World) -> Deed:
    task = world.office.task(world.office.start(), "examine")
    return world.command(Complete(task, {"report": "fine"}), "anna")


def _record(world: World) -> Deed:
    task = world.office.task(world.office.start(), "examine")
    return world.command(Record(task, {"report": "fine"}), "anna")


def _assign(world: World) -> Deed:
    task = world.office.task(world.office.start(), "examine")
    return world.command(Assign(task, "anna"), "anna")


def _decide(world: World) -> Deed:
    task = world.office.task(world.office.examined(), "approve")
    return world.command(Decide(task, "approve"), "leo")


def _reject(world: World) -> Deed:
    task = world.office.task(world.office.examined(), "approve")
    return world.command(Decide(task, "reject", reason="no"), "leo")


def _decide_by_an_allowance(world: World) -> Deed:
    shop = world.shop
    case = shop.do(Start({"price": "6 EUR", "what": "a drill"}), "anna").case
    command, again = Decide(shop.task(case, "approve"), "approve"), key()
    return lambda: _done(shop.ask(command, "leo", again=again))


def _decide_as_an_agent(world: World) -> Deed:
    agency = world.agency
    command, again = Decide(agency.task(agency.start(), "suspect"), "clear"), key()
    return lambda: _done(agency.ask(command, "bot", again=again))


def _override(world: World) -> Deed:
    case, again = world.daring.examined("900"), key()
    command = Override(world.daring.task(case, "approve"), "approve", reason="no roof")
    return lambda: _done(overrides.ask(world.daring, case, command, "leo", again=again))


def _confirm_an_override(world: World) -> Deed:
    case, again = world.daring.examined("900"), key()
    command = overrides.asked(world.daring, case)
    return lambda: _done(overrides.ask(world.daring, case, command, "cora", again=again))


def _decline(world: World) -> Deed:
    case, again = world.daring.examined("900"), key()
    command = Decline(overrides.asked(world.daring, case).asked, "the roof is on")
    return lambda: _done(overrides.ask(world.daring, case, command, "cora", again=again))


def _review(world: World) -> Deed:
    case, again = overrides.overridden(world.daring), key()
    command = Review(overrides.review_of(world.daring, case), "kept", "the roof was off")
    return lambda: _done(overrides.ask(world.daring, case, command, "alma", again=again))


def _raise(world: World) -> Deed:
    task = world.office.task(world.office.start(), "examine")
    return world.command(Raise(task, "info-missing", {}, "why"), "anna")


def _divert(world: World) -> Deed:
    return world.command(
        Raise(world.office.task(world.office.examined(), "approve"), "withdrawn"), "leo"
    )


def _resolve(world: World) -> Deed:
    task = world.office.task(world.suspended(), "examine")
    return world.command(Resolve(task, "solved", {"report": "fine"}), "anna")


def _deliver(world: World) -> Deed:
    task = world.office.task(world.office.approved(), "payment")
    return world.command(Deliver(task, "paid-out"), interface="bank")


def _expire(world: World) -> Deed:
    task = UUID(world.office.task(world.office.paid_long_ago(days=30), "payment"))
    return lambda: _done(expire(world.office.company, task))


def _notify(world: World) -> Deed:
    world.office.begun_ago(timedelta(days=1, hours=1))
    late = due_notices(world.office.company, 1)[-1]
    return lambda: _done(notify(world.office.company, late))


def _answer(world: World) -> Deed:
    call, fence = world.claimed()
    return world.lenders(Answer(call, {"score": 640}, fence), interface="bureau")


def _fail(world: World) -> Deed:
    call, fence = world.claimed()
    return world.lenders(Fail(call, "it answers 500", fence))


def _retry(world: World) -> Deed:
    call, fence = world.claimed()
    world.lenders(Fail(call, "it answers 500", fence))()
    return world.lenders(Retry(call), person="lina")


def _give_up(world: World) -> Deed:
    call, _ = world.claimed()
    return world.lenders(GiveUp(call), person="lina")


_REPAIR = Propose({"amount": "90"}, reason="it was misread")


def _propose(world: World) -> Deed:
    return world.command(_REPAIR, "hedy", case=world.office.start())


def _confirm(world: World) -> Deed:
    case = world.office.start()
    world.command(_REPAIR, "hedy", case=case)()
    return world.command(Confirm(2), "leo", case=case)


def _begin_a_case(world: World) -> Deed:
    chains.work(world.chain)
    chains.loan(world.chain, "Rui")
    return _due(world)


def _report(world: World) -> Deed:
    case = chains.loan(world.chain, "Rui")
    chains.work(world.chain)
    (check,) = chains.checks(world.chain, case)
    chains.look(world.chain, check, 700)
    return _due(world)


def _due(world: World) -> Deed:
    """Do what is due with the one case with which something is."""
    (due,) = due_cases(world.chain.company, 2)
    return lambda: attempt(world.chain.company, due)


def _claim(world: World) -> Deed:
    """A worker that was not told of what it claimed leaves it until the lease is over."""
    world.called()
    return lambda: calls.claim(world.lender.company, "bureau", 1)


def _appoint(world: World) -> Deed:
    wish = Appointment(_somebody(world), "desk", _now())
    return lambda: register.appoint(world.office.company, [wish], by="test")


def _appoint_two(world: World) -> Deed:
    wishes = [Appointment(_somebody(world), "desk", _now()) for _ in range(2)]
    return lambda: register.appoint(world.office.company, wishes, by="test")


def _end_appointment(world: World) -> Deed:
    wish = Appointment(_somebody(world), "desk", _now())
    (made,) = register.appoint(world.office.company, [wish], by="test")
    return lambda: register.end_appointment(world.office.company, made, _now(), by="test")


def _wish(world: World) -> Delegation:
    return Delegation("leo", "lead", _somebody(world), _now(), _now() + timedelta(days=9), "Leave")


def _delegate(world: World) -> Deed:
    wish = _wish(world)
    return lambda: delegations.delegate(world.office.company, wish, by="leo")


def _end_delegation(world: World) -> Deed:
    made = delegations.delegate(world.office.company, _wish(world), by="leo")
    return lambda: delegations.end_delegation(world.office.company, made, _now(), by="leo")


def _absence(world: World) -> Deed:
    wish = Absence(_somebody(world), _now(), None, "ill")
    return lambda: register.note_absence(world.office.company, wish, by="test")


def _end_absence(world: World) -> Deed:
    wish = Absence(_somebody(world), _now(), None, "ill")
    made = register.note_absence(world.office.company, wish, by="test")
    return lambda: register.end_absence(world.office.company, made, _now(), by="test")


def _change(world: World) -> Deed:
    running = world.office.company.active().model
    other = replace(running, company=f"{running.company} and {next(_NUMBERS)}")
    return lambda: change_model(world.office.company, other, person="hedy")


DEEDS: Mapping[str, Callable[[World], Deed]] = {
    "start": _start,
    "complete": _complete,
    "record": _record,
    "assign": _assign,
    "decide": _decide,
    "decide, and close the case": _reject,
    "decide by an allowance": _decide_by_an_allowance,
    "decide as an agent": _decide_as_an_agent,
    "override": _override,
    "confirm override": _confirm_an_override,
    "decline": _decline,
    "review": _review,
    "raise": _raise,
    "divert": _divert,
    "resolve": _resolve,
    "deliver": _deliver,
    "expire": _expire,
    "notify": _notify,
    "answer": _answer,
    "fail": _fail,
    "retry": _retry,
    "give up": _give_up,
    "propose": _propose,
    "confirm": _confirm,
    "claim a call": _claim,
    "begin a case": _begin_a_case,
    "report": _report,
    "appoint": _appoint,
    "appoint two": _appoint_two,
    "end an appointment": _end_appointment,
    "delegate": _delegate,
    "end a delegation": _end_delegation,
    "note an absence": _absence,
    "end an absence": _end_absence,
    "change the model": _change,
}


def opened(*databases: Database) -> World:
    """Open the companies in databases that are empty, one for each."""
    office, lender, chain, shop, agents, daring = databases
    buyers = {"anna": "desk", "leo": "lead"}
    wide = PURCHASE.replace("1000 EUR", "1000000 EUR")
    return World(
        Office.opened(office, text=REPAIRED),
        Lender(lender),
        chains.opened(chain),
        Office.opened(shop, buyers, text=wide, workflow="purchase"),
        agency(agents),
        Office.opened(daring, overrides.PEOPLE, text=overrides.TEXT),
    )
