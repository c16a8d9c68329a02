"""Signing in to the API, and what a token may do."""

import pytest

from kingpost.engine import access
from tests.api.front import Front, problem

SIGN_IN_FIRST = (
    401,
    "not-signed-in",
    "sign in first: send `Authorization: Bearer` with a token that has not expired",
)


def test_a_password_is_exchanged_for_a_token_that_can_be_given_back(front: Front) -> None:
    access.set_password(front.office.company, "anna", "a long secret")

    signed = front.call("POST", "/session", json={"person": "anna", "password": "a long secret"})

    assert signed.status_code == 201
    token = signed.json()["token"]
    who = front.call("GET", "/session", token=token).json()
    assert who == {"person": "anna", "interface": None, "acting_as": None}
    assert front.call("DELETE", "/session", token=token).status_code == 204
    assert problem(front.call("GET", "/session", token=token)) == SIGN_IN_FIRST


@pytest.mark.parametrize("person", ["anna", "nobody"])
def test_a_wrong_password_says_nothing_about_the_person(front: Front, person: str) -> None:
    access.set_password(front.office.company, "anna", "a long secret")

    answer = front.call("POST", "/session", json={"person": person, "password": "guess"})

    words = "the name or the password is not right"
    assert problem(answer) == (401, "not-signed-in", words)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "sent", [b"", b"Bearer", b"Bearer nobody", b"Basic YTpi", b"Bearer \xff\xfe"]
)
def test_without_a_token_that_is_somebodys_nothing_is_told(front: Front, sent: bytes) -> None:
    headers = {"Authorization": sent} if sent else {}

    assert problem(front.call("GET", "/worklist", headers=headers)) == SIGN_IN_FIRST


def test_a_person_acts_in_one_post_or_in_whichever_suffices(front: Front) -> None:
    token = front.token("anna")

    chosen = front.call("PUT", "/session/acting-as", token=token, json={"post": "desk"})
    foreign = front.call("PUT", "/session/acting-as", token=token, json={"post": "head"})
    freed = front.call("PUT", "/session/acting-as", token=token, json={"post": None})

    assert chosen.json()["acting_as"] == "desk"
    words = "you do not hold `head` now: choose one that you hold"
    assert problem(foreign) == (403, "not-held", words)
    assert freed.json()["acting_as"] is None


def test_an_interface_begins_cases_and_delivers_messages_and_reads_nothing(front: Front) -> None:
    case = front.office.approved()
    task = front.office.task(case, "payment")
    body = {"workflow": "claim", "fields": {"claimant": "Rita Prado", "amount": "20"}}

    begun = front.post("/cases", body, interface="portal")
    paid = front.post(f"/tasks/{task}/deliver", {"message": "paid-out"}, interface="bank")
    worklist = front.call("GET", "/worklist", token=front.token(interface="portal"))
    recorded = front.post(f"/tasks/{task}/record", {"fields": {}}, interface="portal")

    assert begun.status_code == 201
    assert paid.status_code == 200
    assert front.office.case(case).is_closed
    words = "this is for people: an interface may only begin cases and deliver messages"
    assert problem(worklist) == (403, "people-only", words)
    assert problem(recorded) == (403, "people-only", words)


def test_a_message_comes_from_its_sender_alone(front: Front) -> None:
    task = front.office.task(front.office.approved(), "payment")

    answer = front.post(f"/tasks/{task}/deliver", {"message": "paid-out"}, interface="portal")

    words = "`paid-out` is accepted only from `interface/bank`"
    assert problem(answer) == (403, "not-your-interface", words)
