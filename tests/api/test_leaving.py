"""Work follows the post: who comes finds all of it at once, who leaves finds nothing any more."""

from datetime import UTC, datetime, timedelta

from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Appointment
from tests.api.front import Front, problem


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def leave(front: Front, person: str) -> None:
    appointment = front.office.appointments[person]
    register.end_appointment(front.office.company, appointment, now(), by="test")


def come(front: Front, person: str, post: str) -> None:
    company = front.office.company
    register.keep_people(company, [(person, person.title())])
    register.appoint(company, [Appointment(person, post, now())], by="test")


def test_a_new_holder_finds_the_work_of_the_post_and_its_past_cases(front: Front) -> None:
    past, open_ = front.office.approved(), front.office.examined()
    task = front.office.task(open_, "approve")
    leave(front, "leo")

    come(front, "nina", "lead")

    work = front.get("/worklist", "nina")
    assert [item["id"] for item in work["page"]["rows"]] == [task]
    events = front.get(f"/cases/{front.office.case(past).number}", "nina")["events"]
    assert events[-1]["by"]["person"] == "leo"
    answer = front.post(f"/tasks/{task}/decide", {"outcome": "approve"}, person="nina")
    assert answer.status_code == 200, answer.text
    assert front.get("/worklist", "nina")["page"]["total"] == 0


def test_a_leaver_sees_and_does_nothing_with_a_token_from_before(front: Front) -> None:
    case = front.office.examined()
    task, number = front.office.task(case, "approve"), front.office.case(case).number
    token = front.token("leo")
    assert front.call("GET", "/worklist", token=token).status_code == 200

    leave(front, "leo")

    paths = (
        "/worklist",
        f"/tasks/{task}",
        f"/cases/{number}",
        "/cases",
        "/processes/claim",
        "/objectives",
        "/obligations",
        "/organisation",
        "/organisation/posts/lead",
    )
    for path in paths:
        assert problem(front.call("GET", path, token=token))[:2] == (403, "no-post"), path
    refused = front.post(f"/tasks/{task}/decide", {"outcome": "approve"}, person="leo")
    assert refused.status_code == 403, refused.text


def test_who_holds_another_post_keeps_only_the_work_of_that(front: Front) -> None:
    front.office.examined()
    come(front, "leo", "desk")
    assert front.get("/worklist", "leo")["page"]["total"] == 1

    leave(front, "leo")

    assert front.get("/worklist", "leo")["page"]["total"] == 0


def test_who_stands_for_a_leaver_by_a_delegation_leaves_with_him(front: Front) -> None:
    front.office.examined()
    register.keep_people(front.office.company, [("zoe", "Zoe")])
    lent = Delegation("leo", "lead", "zoe", now(), now() + timedelta(days=1), "a trip")
    delegations.delegate(front.office.company, lent, by="leo")
    token = front.token("zoe")
    assert front.call("GET", "/worklist", token=token).json()["page"]["total"] == 1

    leave(front, "leo")

    assert problem(front.call("GET", "/worklist", token=token))[:2] == (403, "no-post")
