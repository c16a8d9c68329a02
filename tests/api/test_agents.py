"""A machine agent calls: it sees the work of its post, does it, and is under one person."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kingpost.engine import access, register
from kingpost.engine.register import Appointment
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, clock
from tests.database import Database
from tests.engine.agency import agency
from tests.engine.office import key


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    with Pool(database.app_url, connections=4) as pool:
        yield Front.opened(agency(pool))


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def token_of(front: Front, agent: str) -> str:
    company = front.office.company
    return access.open_session(company, person=agent, name="screening", now=clock()).token


def test_an_agent_works_by_its_token_and_the_case_says_who_answered(front: Front) -> None:
    case = front.office.start()
    task, token = front.office.task(case, "suspect"), token_of(front, "bot")

    listed = front.call("GET", "/worklist", token=token).json()
    decided = front.call(
        "POST",
        f"/tasks/{task}/decide",
        token=token,
        json={"outcome": "clear"},
        headers={"Idempotency-Key": str(key())},
    )

    assert task in [item["id"] for item in listed["page"]["rows"]]
    assert decided.status_code == 200, decided.text
    by = front.get(f"/cases/{front.office.case(case).number}")["events"][-1]["by"]
    assert (by["person"], by["kind"]) == ("bot", "agent")
    assert (by["answering"], by["answering_name"], by["answering_post"]) == ("leo", "Leo", "lead")


def test_while_nobody_answers_it_is_told_so_and_the_work_is_an_alarm(front: Front) -> None:
    case = front.office.start()
    task, token = front.office.task(case, "suspect"), token_of(front, "bot")
    company, appointments = front.office.company, front.office.appointments
    for person in ("leo", "hedy", "carl"):
        register.end_appointment(company, appointments[person], now(), by="test")
    register.appoint(company, [Appointment("ben", "check", now())], by="test")

    refused = front.call(
        "POST",
        f"/tasks/{task}/decide",
        token=token,
        json={"outcome": "clear"},
        headers={"Idempotency-Key": str(key())},
    )
    listed = front.call("GET", "/worklist", token=token).json()
    alarms = front.get("/alarms", "ben")["alarms"]

    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "urn:kingpost:problem:nobody-answers",
    )
    assert listed["page"]["total"] == 0
    assert {alarm["post"] for alarm in alarms} >= {"screen", "lead"}


def test_an_agent_appoints_lends_and_repairs_nothing(front: Front) -> None:
    token = token_of(front, "bot")

    appointable = front.call("GET", "/organisation/appointable", token=token)
    appointed = front.call(
        "POST", "/organisation/posts/desk/appointments", token=token, json={"person": "anna"}
    )

    assert appointable.json() == []
    assert appointed.status_code == 403
    people = front.get("/organisation/people?text=bot")["rows"]
    assert [(row["id"], row["is_agent"]) for row in people] == [("robot", True), ("bot", True)]
