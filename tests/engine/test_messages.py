"""Messages that a value leads to their case: early or late, one or many times, one effect."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kingpost.decisions.commands import Complete, Deliver, Record, Start
from kingpost.decisions.decide import begin
from kingpost.decisions.judging.calling.messages import NoSuchMessage, NotYourMessage
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.outside import dropping
from kingpost.engine.outside import messages as road
from kingpost.engine.outside.dropping import Drop, drop
from kingpost.engine.outside.messages import Dropped, Message, Received, expire_kept, receive
from kingpost.engine.perform import Asked, KeyReusedError, expire
from kingpost.engine.verify import verify
from kingpost.queries.trouble.messages import KeptMessage, read_messages
from kingpost.store.pool import Database as Pool
from kingpost.values.identity import identify
from kingpost.worker.pump import Pumped, deliver_once
from tests.database import Database
from tests.engine.office import Office, key
from tests.engine.orders import ORDERS
from tests.engine.test_races import at_once, kinds


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=16) as pool:
        yield Office.opened(pool, {"anna": "desk"}, text=ORDERS, workflow="order")


@pytest.fixture
def changing(database: Database) -> Iterator[Office]:
    """A shop that may learn of another parcel while an order waits."""
    text = ORDERS.replace("[note, weight]", "[note, weight, parcel]")
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool, {"anna": "desk"}, text=text, workflow="order")


def packed(office: Office, parcel: str) -> UUID:
    case = office.do(Start({}), "anna").case
    office.do(Complete(office.task(case, "pack"), {"parcel": parcel}), "anna")
    return case


def packed_long_ago(office: Office, parcel: str) -> UUID:
    """Return a case whose wait is over by now."""
    at = datetime.now(UTC) - timedelta(days=31)  # noqa: TID251 - beside the database's clock.
    case = begin(office.company.active(), "order", identify(at, parcel), parcel, at)
    case = office.record_at(case, Start({}), "anna", at)
    token = case.at("pack")
    assert token is not None
    return office.record_at(case, Complete(token.id, {"parcel": parcel}), "anna", at).id


def arrived(value: str, again: UUID | None = None, /, **fields: str | int) -> Message:
    return Message(again or key(), "carrier", "arrived", value, fields)


def kept(office: Office) -> tuple[KeptMessage, ...]:
    company = office.company
    return read_messages(company.database, company.active()).page.rows


def test_a_message_finds_its_case_by_a_value(office: Office) -> None:
    other, case = packed(office, "P-1"), packed(office, "P-2")

    found = receive(office.company, arrived("P-2", note="at the door"))

    assert isinstance(found, Received)
    assert found.delivered is not None
    assert found.delivered.case == case
    assert office.case(case).fields["note"] == "at the door"
    assert office.case(case).is_closed
    assert not office.case(other).is_closed
    assert verify(office.company).faults == ()


def test_a_message_that_comes_early_waits_until_its_case_does(office: Office) -> None:
    message = arrived("P-1", note="at the door")

    assert receive(office.company, message) == Received(None)
    assert deliver_once(office.company) == Pumped(0, 0)
    assert [item.value for item in kept(office)] == ["P-1"]

    case = packed(office, "P-1")

    assert deliver_once(office.company) == Pumped(1, 0)
    assert office.case(case).fields["note"] == "at the door"
    assert kept(office) == ()
    assert deliver_once(office.company) == Pumped(0, 0)
    assert office.scalar("SELECT fields FROM message") == {}
    assert verify(office.company).faults == ()


def test_the_same_message_has_one_effect_and_one_answer(office: Office) -> None:
    case, message = packed(office, "P-1"), arrived("P-1")

    answers = at_once(12, lambda _: receive(office.company, message))

    assert kinds(answers) == {"Received": 12}
    done = [item.delivered for item in answers if isinstance(item, Received)]
    assert {(item.case, item.seq) for item in done if item is not None} == {(case, 3)}
    last = receive(office.company, message)
    assert isinstance(last, Received)
    assert last.delivered is not None
    assert last.delivered.repeated
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'delivered'") == 1


def test_a_key_belongs_to_one_message(office: Office) -> None:
    message = arrived("P-1")
    receive(office.company, message)

    with pytest.raises(KeyReusedError):
        receive(office.company, arrived("P-2", message.key))

    started = key()
    office.ask(Start({}), "anna", again=started)
    with pytest.raises(KeyReusedError):
        receive(office.company, arrived("P-1", started))


def test_two_workers_deliver_a_message_once(office: Office) -> None:
    for number in range(10):
        receive(office.company, arrived(f"P-{number}"))
    for number in range(10):
        packed(office, f"P-{number}")

    at_once(4, lambda _: deliver_once(office.company))

    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'delivered'") == 10
    assert kept(office) == ()
    assert verify(office.company).faults == ()


def test_a_case_that_comes_to_its_wait_while_the_message_comes_misses_nothing(
    office: Office,
) -> None:
    """Whoever is first: the message is written down before anybody looks for its wait."""
    for number in range(10):
        parcel = f"P-{number}"
        case = office.do(Start({}), "anna").case
        task = office.task(case, "pack")
        packing = Thread(
            target=office.do, args=(Complete(task, {"parcel": parcel}), "anna"), daemon=True
        )
        packing.start()
        receive(office.company, arrived(parcel))
        packing.join()

    deliver_once(office.company)

    assert office.scalar("SELECT count(*) FROM case_file WHERE state = 'there'") == 10


def test_a_worker_that_dies_after_the_delivery_leaves_it_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, message = packed(office, "P-1"), arrived("P-1")
    perform = road.perform

    def dies(company: Company, asked: Asked) -> object:
        perform(company, asked)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(road, "perform", dies)
        with pytest.raises(SystemExit):
            receive(office.company, message)

    again = receive(office.company, message)

    assert isinstance(again, Received)
    assert again.delivered is not None
    assert again.delivered.case == case
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'delivered'") == 1


def test_of_two_cases_that_wait_for_one_value_nobody_guesses(office: Office) -> None:
    first, second = packed(office, "P-1"), packed(office, "P-1")

    assert receive(office.company, arrived("P-1")) == Received(None)
    assert deliver_once(office.company) == Pumped(0, 1)

    assert [item.refusal for item in kept(office)] == [
        "`ORD-1`, `ORD-2` wait for the same value: only one may"
    ]
    office.do(Deliver(office.task(first, "way"), "arrived"), interface="carrier")
    assert deliver_once(office.company) == Pumped(1, 0)
    assert office.case(second).is_closed
    assert verify(office.company).faults == ()


def test_messages_of_one_value_come_to_one_wait_after_the_other(office: Office) -> None:
    early, late = arrived("P-1", note="first"), arrived("P-1", note="second")
    receive(office.company, early)
    receive(office.company, late)

    first = packed(office, "P-1")
    assert deliver_once(office.company) == Pumped(1, 0)
    second = packed(office, "P-1")
    assert deliver_once(office.company) == Pumped(1, 0)

    assert office.case(first).fields["note"] == "first"
    assert office.case(second).fields["note"] == "second"


def test_a_wait_knows_its_messages_by_what_its_record_holds_now(changing: Office) -> None:
    case = packed(changing, "P-1")
    task = changing.task(case, "way")
    changing.do(Record(task, {"parcel": "P-2"}), "anna")

    assert receive(changing.company, arrived("P-1")) == Received(None)
    assert verify(changing.company).faults == ()
    found = receive(changing.company, arrived("  P-2 "))

    assert isinstance(found, Received)
    assert found.delivered is not None
    assert found.delivered.case == case


def test_a_value_that_changes_while_a_message_is_on_its_way_stops_it(
    changing: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = packed(changing, "P-1")
    task = changing.task(case, "way")
    perform = road.perform

    def later(company: Company, asked: Asked) -> object:
        changing.do(Record(task, {"parcel": "P-2"}), "anna")
        return perform(company, asked)

    with monkeypatch.context() as patched:
        patched.setattr(road, "perform", later)
        assert receive(changing.company, arrived("P-1")) == Received(None)

    assert not changing.case(case).is_closed
    assert [item.value for item in kept(changing)] == ["P-1"]


def test_a_message_and_the_limit_at_once_leave_by_one_way(office: Office) -> None:
    """Whichever is first wins; a message that is too late is kept."""
    cases = [packed_long_ago(office, f"P-{number}") for number in range(8)]

    def race(number: int) -> object:
        if number % 2:
            return receive(office.company, arrived(f"P-{number // 2}"))
        return expire(office.company, UUID(office.task(cases[number // 2], "way")))

    at_once(16, race)

    states = [office.case(case).state for case in cases]
    assert set(states) <= {"there", "lost"}
    assert len(kept(office)) == states.count("lost")
    assert office.scalar("SELECT count(*) FROM awaited") == 0


def test_a_message_that_nobody_waits_for_is_dropped_in_the_end(
    office: Office, database: Database
) -> None:
    old, young = arrived("P-1", note="secret"), arrived("P-2")
    receive(office.company, old)
    receive(office.company, young)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "UPDATE message SET received_at = received_at - interval '30 days' WHERE id = %s",
            [old.key],
        )

    assert expire_kept(office.company) == 1

    assert [item.value for item in kept(office)] == ["P-2"]
    again = receive(office.company, old)
    assert isinstance(again, Dropped)
    assert str(again) == "this message was dropped: nobody waited for it within 30 days"
    assert office.scalar("SELECT fields FROM message WHERE value = 'P-1'") == {}
    packed(office, "P-1")
    assert deliver_once(office.company) == Pumped(0, 0)


def test_a_message_that_is_dropped_on_its_way_is_not_delivered(
    office: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = packed(office, "P-1")
    perform = road.perform

    def later(company: Company, asked: Asked) -> object:
        with psycopg.connect(database.owner_url) as connection:
            connection.execute("UPDATE message SET dropped_at = now(), dropped_why = 'not ours'")
        return perform(company, asked)

    with monkeypatch.context() as patched:
        patched.setattr(road, "perform", later)
        found = receive(office.company, arrived("P-1"))

    assert found == Dropped("not ours")
    assert not office.case(case).is_closed
    assert verify(office.company).faults == ()


def test_what_no_wait_could_take_is_refused_at_once(office: Office) -> None:
    company = office.company
    unknown = receive(company, Message(key(), "carrier", "gone", "P-1", {}))
    stranger = receive(company, Message(key(), "bank", "arrived", "P-1", {}))

    assert isinstance(unknown, NoSuchMessage)
    assert str(unknown) == "nothing waits for `gone` by a value: possible are `arrived`"
    assert str(stranger) == "`arrived` is accepted only from `interface/carrier`"
    assert str(receive(company, arrived("P-1", weight="heavy"))) == (
        "`weight` expects a whole number, got `heavy`"
    )
    assert str(receive(company, arrived("P-1", parcel="P-2"))) == (
        "`way` does not record `parcel`: it records `note`, `weight`"
    )
    assert office.scalar("SELECT count(*) FROM message") == 0


def test_a_message_at_a_wait_of_its_own_is_none_of_these(office: Office) -> None:
    case = packed(office, "P-1")

    office.do(Deliver(office.task(case, "way"), "arrived"), interface="carrier")

    assert office.case(case).is_closed


def test_a_delivery_that_never_was_is_found(office: Office, database: Database) -> None:
    packed(office, "P-1")
    message = arrived("P-1")
    receive(office.company, message)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE message SET delivered_at = NULL")

    assert [str(fault) for fault in verify(office.company).faults] == [
        f"I5 in message {message.key}: no event delivered it as it says"
    ]


def test_who_answers_for_what_waits_drops_a_message_with_a_reason(
    office: Office, database: Database
) -> None:
    message = arrived("P-1", note="secret")
    receive(office.company, message)

    def dropped(person: str, reason: str = "sent twice") -> str:
        return str(drop(office.company, Drop(message.key, person, reason)))

    assert dropped("ben") == "you do not answer for what waits for `arrived`: `desk` may"
    assert dropped("anna", "  ") == "`drop` needs a reason"
    assert [item.owners for item in kept(office)] == [("desk",)]
    assert dropped("anna") == "None"
    assert dropped("anna") == (
        "this message is no longer kept: it was delivered or dropped, or never came"
    )

    assert kept(office) == ()
    with psycopg.connect(database.owner_url) as connection:
        rows = connection.execute(
            "SELECT dropped_by, dropped_as, dropped_why, fields FROM message"
        ).fetchall()
    assert rows == [("anna", "desk", "sent twice", {})]
    assert receive(office.company, message) == Dropped("sent twice")


def test_a_right_that_ends_while_a_message_is_dropped_drops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = arrived("P-1")
    receive(office.company, message)
    judge = dropping.may_drop

    def later(*given: Any) -> object:  # noqa: ANN401 - passed on as it comes.
        found = judge(*given)
        end = datetime.now(UTC)  # noqa: TID251 - when somebody goes is told from outside.
        register.end_appointment(office.company, office.appointments["anna"], end, by="test")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(dropping, "may_drop", later)
        refusal = drop(office.company, Drop(message.key, "anna", "sent twice"))

    assert isinstance(refusal, NotYourMessage)
    assert [item.value for item in kept(office)] == ["P-1"]
