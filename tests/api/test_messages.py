"""Systems send messages by a value that both sides know; people see what is kept."""

from collections.abc import Iterator

import pytest

from kingpost.decisions.commands import Complete, Start
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import deliver_once
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import Office, key
from tests.engine.orders import ORDERS

ARRIVED = {"message": "arrived", "value": "P-1", "fields": {"note": "at the door"}}


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    with Pool(database.app_url, connections=4) as pool:
        yield Front.opened(Office.opened(pool, {"anna": "desk"}, text=ORDERS, workflow="order"))


def test_a_message_is_kept_until_its_case_waits(front: Front) -> None:
    office, again = front.office, key()
    sent = front.post("/messages", ARRIVED, interface="carrier", again=again)

    assert (sent.status_code, sent.json()) == (202, {"delivered": None})
    (kept,) = front.get("/messages", "anna")["page"]["rows"]
    assert (kept["message"], kept["value"], kept["interface"]) == ("arrived", "P-1", "carrier")
    assert "at the door" not in str(kept)

    case = office.do(Start({}), "anna").case
    office.do(Complete(office.task(case, "pack"), {"parcel": "P-1"}), "anna")
    deliver_once(office.company)
    sent = front.post("/messages", ARRIVED, interface="carrier", again=again)

    assert sent.status_code == 200
    assert sent.json()["delivered"] == {
        "case": str(case),
        "number": "ORD-1",
        "seq": 3,
        "repeated": True,
    }
    assert front.get("/messages", "anna")["page"]["rows"] == []


def test_what_cannot_be_taken_is_refused_with_its_reason(front: Front) -> None:
    assert problem(
        front.post("/messages", {**ARRIVED, "message": "gone"}, interface="carrier")
    ) == (
        404,
        "no-such-message",
        "nothing waits for `gone` by a value: possible are `arrived`",
    )
    assert problem(front.post("/messages", ARRIVED, interface="bank")) == (
        403,
        "not-your-interface",
        "`arrived` is accepted only from `interface/carrier`",
    )
    assert problem(front.post("/messages", ARRIVED, person="anna")) == (
        403,
        "systems-only",
        "this is for systems: people deliver a message at the wait of its case",
    )
    empty = front.post("/messages", {**ARRIVED, "value": "  "}, interface="carrier")
    assert empty.status_code == 422

    again = key()
    front.post("/messages", ARRIVED, interface="carrier", again=again)
    other = front.post("/messages", {**ARRIVED, "value": "P-2"}, interface="carrier", again=again)
    assert other.status_code == 422


def test_who_answers_for_what_waits_drops_a_message(front: Front) -> None:
    again = key()
    front.post("/messages", ARRIVED, interface="carrier", again=again)
    address = f"/messages/{again}/drop"

    assert problem(front.post(address, {"reason": " "}, person="anna")) == (
        422,
        "reason-missing",
        "`drop` needs a reason",
    )
    assert problem(front.post(address, {"reason": "sent twice"}, person="ben")) == (
        403,
        "not-your-message",
        "you do not answer for what waits for `arrived`: `desk` may",
    )
    assert front.post(address, {"reason": "sent twice"}, person="anna").status_code == 204
    assert problem(front.post(address, {"reason": "sent twice"}, person="anna")) == (
        404,
        "not-kept",
        "this message is no longer kept: it was delivered or dropped, or never came",
    )
    assert problem(front.post("/messages", ARRIVED, interface="carrier", again=again)) == (
        410,
        "message-dropped",
        "this message was dropped: sent twice",
    )
