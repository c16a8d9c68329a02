"""Triage: calls in trouble are shown with their cause, and only who answers for them acts."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from kingpost.api.app import create_api
from kingpost.engine import access
from kingpost.engine.outside.messages import Message, receive
from kingpost.queries.trouble.calls import CallState, TroubledCall, read_calls
from kingpost.queries.worklist import Wanted, read_worklist
from kingpost.store.pool import Database as Pool
from kingpost.web.app import create_web
from tests.database import Database
from tests.engine.office import Office, key
from tests.engine.orders import ORDERS
from tests.worker.lender import Lender
from tests.worker.receiver import receiving


@pytest.fixture
def lender(database: Database) -> Iterator[Lender]:
    with Pool(database.app_url, connections=12) as pool:
        yield Lender(pool)


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a test has no command line.


def troubled(lender: Lender) -> list[TroubledCall]:
    return list(read_calls(lender.pool, lender.company.program).page.rows)


def ask(
    app: Any,  # noqa: ANN401 - an ASGI application
    lender: Lender | Office,
    person: str,
    method: str,
    path: str,
    **more: Any,  # noqa: ANN401 - what httpx takes besides
) -> httpx.Response:
    token = access.open_session(lender.company, person=person, now=clock()).token
    headers = {
        "Authorization": f"Bearer {token}",
        "Cookie": f"kingpost={token}",
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": str(key()),
    }

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers, **more)

    return asyncio.run(send())


def test_what_runs_as_it_should_is_not_listed(lender: Lender) -> None:
    lender.begin()

    assert troubled(lender) == []


def test_a_call_in_trouble_says_why_and_what_comes_next(lender: Lender) -> None:
    lender.begin()
    with receiving((500, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()

    (call,) = troubled(lender)
    assert (call.state, call.attempts, call.most) == (CallState.PAUSED, 1, 5)
    assert (call.cause, call.post, call.exception) == ("it answers 500", "links", None)
    assert call.next_at is not None


def test_those_that_failed_come_first_and_those_held_back_are_there(lender: Lender) -> None:
    for _ in range(8):
        lender.begin()
    with receiving((503, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work(2)

    assert {call.state for call in troubled(lender)} == {CallState.HELD}
    lender.sql("UPDATE outbox SET attempts = 9, next_at = clock_timestamp()")
    lender.sql("DELETE FROM breaker")
    lender.work()
    assert troubled(lender)[0].state is CallState.FAILED
    assert troubled(lender)[0].exception == "call-failed"


def test_several_are_tried_again_at_once_each_with_a_result(lender: Lender) -> None:
    cases = [lender.begin() for _ in range(3)]
    lender.work()
    calls = [str(lender.call(case)["id"]) for case in cases]
    api = create_api(lender.company, clock)
    stranger = str(key())

    refused = ask(api, lender, "carl", "POST", "/calls/retry", json={"calls": calls})
    assert [row["number"] for row in refused.json()] == [None, None, None]
    assert refused.json()[0]["refusal"] == (
        "`ask` asks another system, and you do not answer for that: `links` may"
    )
    body = {"calls": [*calls[:2], stranger], "reason": "the line is mended"}
    done = ask(api, lender, "lina", "POST", "/calls/retry", json=body).json()

    assert [row["refusal"] for row in done] == [
        None,
        None,
        "this work is no longer open: somebody finished it, or it never was",
    ]
    assert [call.state for call in troubled(lender)].count(CallState.FAILED) == 1
    assert lender.sound()


def test_the_api_lists_and_gives_up(lender: Lender) -> None:
    case = lender.begin()
    with receiving((500, {})) as bureau:
        lender.knows("bureau", bureau)
        lender.work()
    api = create_api(lender.company, clock)

    (row,) = ask(api, lender, "lina", "GET", "/calls").json()["page"]["rows"]
    assert (row["state"], row["cause"]) == ("paused", "it answers 500")
    body = {"calls": [row["id"]], "reason": "closed for good"}
    (done,) = ask(api, lender, "lina", "POST", "/calls/give-up", json=body).json()

    assert done["refusal"] is None
    assert lender.open_steps(case) == [("ask", "call-failed")]


def test_a_call_that_failed_lies_in_the_worklist_of_who_answers_for_it(lender: Lender) -> None:
    program = lender.company.active()

    def open_to(person: str) -> list[tuple[str, str | None]]:
        found = read_worklist(lender.pool, program, person, Wanted())
        return [(item.step, item.suspended) for item in found.page.rows]

    lender.begin()
    assert open_to("lina") == []
    lender.work()

    assert open_to("lina") == [("ask", "call-failed")]
    assert open_to("carl") == []
    page = ask(create_web(lender.company, clock), lender, "lina", "GET", "/work").text
    assert "Held: " in page


def test_the_page_shows_who_may_act_and_what_came_of_it(lender: Lender) -> None:
    cases = [lender.begin() for _ in range(2)]
    lender.work()
    web = create_web(lender.company, clock)

    others = ask(web, lender, "carl", "GET", "/calls").text
    assert "is not set" in others
    assert "Try again" not in others
    own = ask(web, lender, "lina", "GET", "/calls").text
    assert own.count("Try again") >= 2
    form = {"key": str(key()), "call": [str(lender.call(case)["id"]) for case in cases]}
    answer = ask(web, lender, "lina", "POST", "/calls/retry", data=form)

    assert "What came of it" in answer.text
    assert answer.text.count("Done") == 2
    assert "Every call runs as it should" not in answer.text or troubled(lender) == []
    page = ask(web, lender, "lina", "GET", f"/tasks/{lender.call(cases[0])['id']}")
    assert page.status_code == 200
    assert "Another system is asked" in page.text


def test_the_history_of_a_case_tells_of_its_calls(lender: Lender) -> None:
    case = lender.begin()
    lender.work()
    (row,) = lender.sql("SELECT number FROM case_file WHERE id = %s", case)
    web = create_web(lender.company, clock)

    page = ask(web, lender, "lina", "GET", f"/cases/{row['number']}")

    assert page.status_code == 200
    assert "The other system does not answer as it should" in page.text


def test_the_page_shows_messages_that_wait_and_who_may_drop_them(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        people = {"anna": "desk", "ben": "depot"}
        text = ORDERS.replace("posts: {", "posts: {depot: {unit: u, vacancy: holds}, ")
        office = Office.opened(pool, people, text=text, workflow="order")
        message = key()
        receive(office.company, Message(message, "carrier", "arrived", "P-1", {}))
        web = create_web(office.company, clock)

        others = ask(web, office, "ben", "GET", "/calls").text
        own = ask(web, office, "anna", "GET", "/calls").text
        form = {"key": str(key()), "message": str(message), "reason": "sent twice"}
        refused = ask(web, office, "ben", "POST", "/messages/drop", data=form).text
        dropped = ask(web, office, "anna", "POST", "/messages/drop", data=form).text

    assert "no case waits for it yet" in others
    assert "/messages/drop" not in others
    assert "Why it is dropped P-1" in own
    assert "you do not answer for what waits for" in refused
    assert "Dropped" in dropped
    assert "No message waits" in dropped
