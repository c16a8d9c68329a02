"""Two commands at once, in every order of their statements: it comes out as if one had waited.

The two are brought before a gate at each statement, also at the beginning and the end of a
transaction, and let on in every order there is. What they answer and what the case then tells must
be what it is in one of the two orders in which one is done whole before the other begins.

`--size` says how often one may be held back in the middle for the other.
Source: iterative context bounding (Musuvathi and Qadeer, 2007).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import (
    Assign,
    Command,
    Complete,
    Confirm,
    Decide,
    Deliver,
    Propose,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.refusals import Refusal
from kingpost.engine import delegations, register
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.engine.delegations import Delegation
from kingpost.engine.due import DueNotice, due_notices
from kingpost.engine.perform import Asked, Done, expire, notify, perform
from kingpost.engine.register import Absence, Appointment
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.database import Databases
from tests.decisions.loan import LOAN
from tests.decisions.purchase import PURCHASE
from tests.engine.agency import agency
from tests.engine.office import REPAIRED, Office, key
from tests.faults.turns import Turns, following, gated

_NAMES = count()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two deeds about one case, ready to be done. case: None when a deed starts it."""

    first: Callable[[], object]
    second: Callable[[], object]
    case: UUID | None
    office: Office


@dataclass
class Offices:
    """The insurer, the lender whose board votes, a shop with an allowance, an insurer with agents.

    elsewhere: the first insurer in another process.
    """

    insurer: Office
    lender: Office
    shop: Office
    agency: Office
    elsewhere: Company


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def _ask(office: Office, command: Command, person: str) -> Callable[[], object]:
    again = key()
    return lambda: office.ask(command, person, again=again)


def _somebody(office: Office) -> str:
    name = f"n{next(_NAMES)}"
    register.keep_people(office.company, [(name, name)])
    return name


def _two_complete(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    done = Complete(office.task(case, "examine"), {"report": "fine"})
    return Pair(_ask(office, done, "anna"), _ask(office, done, "ben"), case, office)


def _one_twice(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    once = _ask(office, Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    return Pair(once, once, case, office)


def _two_branches(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    work = Complete(office.task(case, "examine"), {"report": "fine"})
    fraud = Decide(office.task(case, "suspect"), "clear")
    return Pair(_ask(office, work, "anna"), _ask(office, fraud, "carl"), case, office)


def _decided_and_diverted(at: Offices) -> Pair:
    office = at.insurer
    case = office.examined()
    task = office.task(case, "approve")
    first = _ask(office, Decide(task, "approve"), "leo")
    return Pair(first, _ask(office, Raise(task, "withdrawn"), "hedy"), case, office)


def _completed_and_taken_on(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    task = office.task(case, "examine")
    first = _ask(office, Complete(task, {"report": "fine"}), "anna")
    return Pair(first, _ask(office, Assign(task, "ben"), "ben"), case, office)


def _completed_and_suspended(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    task = office.task(case, "examine")
    first = _ask(office, Complete(task, {"report": "fine"}), "anna")
    return Pair(first, _ask(office, Raise(task, "info-missing"), "ben"), case, office)


def _resolved_twice(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    task = office.task(case, "examine")
    office.do(Raise(task, "info-missing"), "anna")
    first = _ask(office, Resolve(task, "answered"), "anna")
    return Pair(first, _ask(office, Resolve(task, "solved", {"report": "x"}), "ben"), case, office)


def _recorded_twice(at: Offices) -> Pair:
    office = at.insurer
    case = office.start()
    task = office.task(case, "examine")
    first = _ask(office, Record(task, {"amount": "300"}), "anna")
    return Pair(first, _ask(office, Record(task, {"amount": "400"}), "ben"), case, office)


def _decided_and_appointment_ended(at: Offices) -> Pair:
    office = at.insurer
    name = _somebody(office)
    (right,) = register.appoint(office.company, [Appointment(name, "check", _now())], by="test")
    case = office.start()
    first = _ask(office, Decide(office.task(case, "suspect"), "clear"), name)
    second = lambda: register.end_appointment(office.company, right, _now(), by="test")  # noqa: E731
    return Pair(first, second, case, office)


def _decided_and_delegation_ended(at: Offices) -> Pair:
    office = at.insurer
    name = _somebody(office)
    wish = Delegation("leo", "lead", name, _now(), _now() + timedelta(days=9), "Leave")
    lent = delegations.delegate(office.company, wish, by="leo")
    case = office.examined()
    first = _ask(office, Decide(office.task(case, "approve"), "approve"), name)
    second = lambda: delegations.end_delegation(office.company, lent, _now(), by="leo")  # noqa: E731
    return Pair(first, second, case, office)


def _stood_in_and_back_again(at: Offices) -> Pair:
    office = at.insurer
    wish = Absence("carl", _now(), None, "ill")
    away = register.note_absence(office.company, wish, by="test")
    case = office.start()
    first = _ask(office, Decide(office.task(case, "suspect"), "clear"), "leo")
    second = lambda: register.end_absence(office.company, away, _now(), by="test")  # noqa: E731
    return Pair(first, second, case, office)


def _changed(company: Company) -> Callable[[], object]:
    other = replace(company.active().model, company=f"Harbour Mutual {next(_NAMES)}")
    return lambda: change_model(company, other, person="hedy")


def _decided_and_model_changed(at: Offices) -> Pair:
    office = at.insurer
    case = office.examined()
    first = _ask(office, Decide(office.task(case, "approve"), "approve"), "leo")
    return Pair(first, _changed(at.elsewhere), case, office)


def _started_and_model_changed(at: Offices) -> Pair:
    office = at.insurer
    first = _ask(office, Start({"claimant": "Rita Prado", "amount": "200"}), "anna")
    return Pair(first, _changed(at.elsewhere), None, office)


def _late(office: Office, age: timedelta) -> tuple[UUID, DueNotice]:
    case = office.begun_ago(age)
    return case, next(item for item in due_notices(office.company, 50) if item.case == case)


def _completed_and_warned(at: Offices) -> Pair:
    office = at.insurer
    case, due = _late(office, timedelta(days=1, hours=1))
    first = _ask(office, Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    return Pair(first, lambda: notify(office.company, due), case, office)


def _escalated_twice(at: Offices) -> Pair:
    office = at.insurer
    case, due = _late(office, timedelta(days=2, hours=1))
    notify(office.company, due)
    due = next(item for item in due_notices(office.company, 50) if item.case == case)
    told = lambda: notify(office.company, due)  # noqa: E731
    return Pair(told, told, case, office)


def _paid_and_too_late(at: Offices) -> Pair:
    office = at.insurer
    case = office.paid_long_ago(days=30)
    task = office.task(case, "payment")
    asked = Asked(key(), Deliver(task, "paid-out"), interface="bank")
    first = lambda: perform(office.company, asked)  # noqa: E731
    return Pair(first, lambda: expire(office.company, UUID(task)), case, office)


def _two_votes(at: Offices) -> Pair:
    office = at.lender
    case = office.do(Start({"amount": "400"}), "dina").case
    vote = Decide(office.task(case, "agree"), "grant")
    return Pair(_ask(office, vote, "ada"), _ask(office, vote, "bo"), case, office)


def _one_vote_twice(at: Offices) -> Pair:
    office = at.lender
    case = office.do(Start({"amount": "400"}), "dina").case
    vote = Decide(office.task(case, "agree"), "grant")
    return Pair(_ask(office, vote, "ada"), _ask(office, vote, "ada"), case, office)


def _proposed(at: Offices, person: str = "hedy") -> tuple[UUID, int]:
    """Return a case in which a repair waits for the second person, and the event of it."""
    case = at.insurer.start()
    asked = Asked(key(), Propose({"amount": "90"}, reason="misread"), case, person)
    answer = perform(at.insurer.company, asked)
    assert isinstance(answer, Done), str(answer)
    return case, answer.seq


def _confirm(at: Offices, case: UUID, event: int) -> Callable[[], object]:
    asked = Asked(key(), Confirm(event), case, "leo")
    return lambda: perform(at.insurer.company, asked)


def _confirmed_twice(at: Offices) -> Pair:
    case, event = _proposed(at)
    return Pair(_confirm(at, case, event), _confirm(at, case, event), case, at.insurer)


def _confirmed_and_completed(at: Offices) -> Pair:
    case, event = _proposed(at)
    done = Complete(at.insurer.task(case, "examine"), {"report": "fine"})
    return Pair(_confirm(at, case, event), _ask(at.insurer, done, "anna"), case, at.insurer)


def _confirmed_and_appointment_ended(at: Offices) -> Pair:
    company, name = at.insurer.company, _somebody(at.insurer)
    (right,) = register.appoint(company, [Appointment(name, "head", _now())], by="test")
    case, event = _proposed(at, name)
    ended = lambda: register.end_appointment(company, right, _now(), by="test")  # noqa: E731
    return Pair(_confirm(at, case, event), ended, case, at.insurer)


def _two_by_one_allowance(at: Offices) -> Pair:
    """Both fit; which of them is the earlier entry, the audit holds against what each rests on."""
    shop = at.shop
    bought = [shop.do(Start({"price": "6 EUR", "what": "a drill"}), "anna").case for _ in "12"]
    first, second = (
        _ask(shop, Decide(shop.task(case, "approve"), "approve"), person)
        for case, person in zip(bought, ("leo", "lena"), strict=True)
    )
    return Pair(first, second, bought[0], shop)


def _agent_and_nobody_answers(at: Offices) -> Pair:
    office, name = at.agency, _somebody(at.agency)
    (right,) = register.appoint(office.company, [Appointment(name, "lead", _now())], by="test")
    case = office.start()
    first = _ask(office, Decide(office.task(case, "suspect"), "clear"), "bot")
    second = lambda: register.end_appointment(office.company, right, _now(), by="test")  # noqa: E731
    return Pair(first, second, case, office)


PAIRS: Mapping[str, Callable[[Offices], Pair]] = {
    "two complete the same task": _two_complete,
    "one completes it twice by one key": _one_twice,
    "two branches end": _two_branches,
    "decided, and withdrawn": _decided_and_diverted,
    "completed, and taken on by another": _completed_and_taken_on,
    "completed, and suspended": _completed_and_suspended,
    "a suspension ends in two ways": _resolved_twice,
    "a field is recorded twice": _recorded_twice,
    "decided, and the appointment ends": _decided_and_appointment_ended,
    "decided, and the delegation ends": _decided_and_delegation_ended,
    "a stand-in decides, and the absence ends": _stood_in_and_back_again,
    "decided, and the model changes": _decided_and_model_changed,
    "started, and the model changes": _started_and_model_changed,
    "completed, and warned of": _completed_and_warned,
    "escalated by two workers": _escalated_twice,
    "the message comes, and the time is over": _paid_and_too_late,
    "two votes": _two_votes,
    "one votes twice": _one_vote_twice,
    "a repair is confirmed twice": _confirmed_twice,
    "a repair is confirmed, and the work is done": _confirmed_and_completed,
    "a repair is confirmed, and who proposed it goes": _confirmed_and_appointment_ended,
    "two decide by one allowance": _two_by_one_allowance,
    "an agent decides, and nobody answers for it any more": _agent_and_nobody_answers,
}


def _said(answer: object) -> str:
    """Return what somebody is told, without what differs from case to case."""
    if isinstance(answer, Done):
        return "repeated" if answer.repeated else "done"
    if isinstance(answer, Refusal | Exception):
        return type(answer).__name__
    return type(answer).__name__ if answer is not None else "done"


def _story(pair: Pair, answers: tuple[object, ...]) -> object:
    """Return what the case tells, without what differs from case to case."""
    started = next((one.case for one in answers if isinstance(one, Done)), None)
    case_id = pair.case or started
    if case_id is None:
        return None
    case = pair.office.case(case_id)
    with pair.office.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT kind, convert_from(body, 'UTF8')::jsonb AS body FROM event"
            " WHERE case_id = %s ORDER BY seq",
            [case_id],
        ).fetchall()
    events = [
        (row["kind"], row["body"].get("step"), row["body"].get("choice"), _kind(row["body"]))
        for row in rows
    ]
    open_work = sorted(
        (token.step, token.person or "", token.told) for token in case.tokens.values()
    )
    amount = case.fields.get("amount")
    return events, case.state, open_work, case.settled, amount, case.closed_at is not None


def _kind(body: Mapping[str, Any]) -> object:
    actor = body.get("actor", {})
    return actor.get("post"), actor.get("via"), actor.get("interface"), "delegation" in actor


@pytest.fixture(scope="module")
def offices(databases: Databases) -> Iterator[tuple[Offices, psycopg.Connection[Any]]]:
    with (
        databases.kept() as one,
        databases.kept() as two,
        databases.kept() as three,
        databases.kept() as four,
        Pool(one.app_url, connections=4) as insurer,
        Pool(one.app_url, connections=1) as elsewhere,
        Pool(two.app_url, connections=4) as lender,
        Pool(three.app_url, connections=4) as shop,
        Pool(four.app_url, connections=4) as agents,
        psycopg.connect(one.owner_url, autocommit=True) as observer,
    ):
        board = {"dina": "desk", "ada": "board", "bo": "board", "cy": "board", "di": "board"}
        buyers = {"anna": "desk", "leo": "lead", "lena": "lead", "hedy": "head"}
        wide = PURCHASE.replace("1000 EUR", "1000000 EUR")
        made = Offices(
            Office.opened(insurer, text=REPAIRED),
            Office.opened(lender, board, text=LOAN, workflow="loan"),
            Office.opened(shop, buyers, text=wide, workflow="purchase"),
            agency(agents),
            Company(elsewhere),
        )
        # Who answers for the agent comes and goes with each pair.
        leads = made.agency.appointments["leo"]
        register.end_appointment(made.agency.company, leads, _now(), by="test")
        yield made, observer
        for office in (made.insurer, made.lender, made.shop, made.agency):
            assert verify(office.company).faults == ()
            assert list(audit(office.company.database)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
def test_every_order_of_statements_is_as_good_as_one_after_the_other(
    offices: tuple[Offices, psycopg.Connection[Any]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    size: Callable[[int], int],
) -> None:
    world, observer = offices
    serial = [_one_after_the_other(PAIRS[name](world), turned) for turned in (False, True)]
    orders = 0

    with gated(monkeypatch) as put:
        choices: list[int] | None = []
        while choices is not None:
            pair = PAIRS[name](world)
            turns = Turns((pair.first, pair.second), choices, breaks=size(2))
            put(turns)
            answers = turns.play(observer)
            put(None)
            found = (*map(_said, answers), _story(pair, answers))
            assert found in serial, turns.taken
            orders += 1
            choices = following(turns.taken)

    print(f"{name}: {orders} orders")  # noqa: T201 - seen with `-s`.
    assert orders >= 2


def _one_after_the_other(pair: Pair, turned: bool) -> object:
    deeds = (pair.second, pair.first) if turned else (pair.first, pair.second)
    done = tuple(deed() for deed in deeds)
    answers = tuple(reversed(done)) if turned else done
    return (*map(_said, answers), _story(pair, answers))


def test_what_reads_and_then_writes_is_caught(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate itself: an update that is lost in one order only is seen in that one."""
    with (
        databases.kept() as database,
        psycopg.connect(database.owner_url, autocommit=True) as observer,
        psycopg.connect(database.owner_url, autocommit=True) as one,
        psycopg.connect(database.owner_url, autocommit=True) as two,
        gated(monkeypatch) as put,
    ):
        observer.execute("CREATE TABLE counter AS SELECT 0 AS n")

        def add(connection: psycopg.Connection[Any]) -> None:
            row = connection.execute("SELECT n FROM counter").fetchone()
            assert row is not None
            connection.execute("UPDATE counter SET n = %s", [row[0] + 1])

        found: set[int] = set()
        choices: list[int] | None = []
        while choices is not None:
            observer.execute("UPDATE counter SET n = 0")
            turns = Turns((lambda: add(one), lambda: add(two)), choices, breaks=2)
            put(turns)
            turns.play(observer)
            put(None)
            row = observer.execute("SELECT n FROM counter").fetchone()
            found.add(row[0] if row else -1)
            choices = following(turns.taken)

    assert found == {1, 2}
