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


def test_somebody_lists_and_ends_their_sessions(front: Front) -> None:
    company = front.office.company
    access.set_password(company, "anna", "a long secret")
    access.set_password(company, "ben", "another long secret")
    tokens = {
        name: front.call("POST", "/session", json={"person": name, "password": secret}).json()[
            "token"
        ]
        for name, secret in (("anna", "a long secret"), ("ben", "another long secret"))
    }
    second = front.call(
        "POST", "/session", json={"person": "anna", "password": "a long secret"}
    ).json()["token"]

    mine, other = (
        [each["id"] for each in front.call("GET", "/sessions", token=tokens["anna"]).json()
         if each["mine"] is is_mine]
        for is_mine in (True, False)
    )  # fmt: skip
    foreign = front.call("DELETE", f"/sessions/{mine[0]}", token=tokens["ben"])

    assert problem(foreign) == (
        404, "not-found", "you have no such session: it has ended, or is not yours",
    )  # fmt: skip
    assert front.call("DELETE", f"/sessions/{other[0]}", token=tokens["anna"]).status_code == 204
    assert front.call("GET", "/session", token=second).status_code == 401


def test_a_password_is_changed_over_the_api(front: Front) -> None:
    access.set_password(front.office.company, "anna", "a long secret")
    sign_in = {"person": "anna", "password": "a long secret"}
    token, other = (front.call("POST", "/session", json=sign_in).json()["token"] for _ in "ab")

    def change(old: str, new: str) -> tuple[int, str, str]:
        body = {"old": old, "new": new}
        return problem(front.call("PUT", "/session/password", token=token, json=body))

    weak = (
        "this password would soon be guessed. Take several words that have nothing to do with "
        "each other"
    )
    assert change("a long secret", "password1") == (422, "weak-password", weak)
    wrong = "the name or the password is not right"
    assert change("no", "other horses eat staples") == (422, "wrong-password", wrong)
    body = {"old": "a long secret", "new": "other horses eat staples"}
    assert front.call("PUT", "/session/password", token=token, json=body).status_code == 204
    assert front.call("GET", "/session", token=token).status_code == 200
    assert front.call("GET", "/session", token=other).status_code == 401
