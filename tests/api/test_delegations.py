"""Delegations through the API: made, listed and taken back by who may."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.api.front import Front, clock, problem

LEAD = "/organisation/posts/lead/delegations"


def wish(**other: object) -> dict[str, object]:
    until = (clock() + timedelta(days=9)).isoformat()
    return {"person": "ben", "until": until, "reason": "Leave", **other}


def test_a_holder_lends_and_takes_back_and_the_work_follows(front: Front) -> None:
    case = front.office.examined()
    task = front.office.task(case, "approve")

    made = front.post(LEAD, wish(outcomes=["claim/approve/approve"]), person="leo")
    mine = front.get("/worklist", "ben")["page"]["rows"]
    decided = front.post(f"/tasks/{task}/decide", {"outcome": "approve"}, person="ben")
    event = front.get("/cases/CLM-1", "hedy")["events"][-1]
    ended = front.post(f"{LEAD}/{made.json()['id']}/end", {}, person="leo")
    again = front.post(f"{LEAD}/{made.json()['id']}/end", {}, person="leo")

    assert made.status_code == 201
    assert (made.json()["giver"], made.json()["recorded_by"]) == ("leo", "leo")
    assert made.json()["outcomes"] == ["claim/approve/approve"]
    assert task in {row["id"] for row in mine}
    assert decided.status_code == 200
    assert (event["by"]["person"], event["by"]["giver_name"]) == ("ben", "Leo")
    assert ended.json()["ended_by"] == "leo"
    assert front.get(LEAD) == [ended.json()]
    assert problem(again) == (
        409,
        "not-ended",
        "this delegation has ended already, or ends before",
    )


def test_a_person_s_page_tells_what_was_lent_and_by_whom(front: Front) -> None:
    made = front.post(LEAD, wish(), person="leo").json()

    assert front.get("/organisation/people/leo")["given"] == [made]
    assert front.get("/organisation/people/ben")["received"] == [made]
    assert front.get("/organisation/people/ben")["given"] == []


def test_it_ends_with_the_appointment_of_its_giver(front: Front) -> None:
    front.post(LEAD, wish(), person="leo")
    appointment = front.office.appointments["leo"]

    ended = front.post(
        f"/organisation/posts/lead/appointments/{appointment}/end", {}, person="hedy"
    )

    (lent,) = front.get(LEAD, "hedy")
    assert lent["until"] == ended.json()["until"]
    assert lent["ended_by"] == "hedy"


NOT_ABOVE = "only who holds `Team lead`, or a post above it, lends its authority. Ask one of them."
REFUSED: list[tuple[str, dict[str, object], int, str]] = [
    ("ben", {"giver": "leo", "person": "anna"}, 403, NOT_ABOVE),
    ("leo", {"reason": ""}, 422, "the reason is missing. Say why the authority is lent."),
    (
        "hedy",
        {"giver": "leo", "person": "hedy"},
        403,
        "nobody lends themselves the authority of another. Ask who holds the post.",
    ),
]


@pytest.mark.parametrize(("by", "other", "status", "words"), REFUSED)
def test_what_may_not_be_lent_says_why(
    front: Front, by: str, other: dict[str, object], status: int, words: str
) -> None:
    answer = front.post(LEAD, wish(**other), person=by)

    assert problem(answer) in {(status, "not-delegated", words), (422, "not-delegated", words)}


def test_only_the_giver_or_a_superior_takes_it_back(front: Front) -> None:
    made = front.post(LEAD, wish(), person="leo").json()

    other = front.post(f"{LEAD}/{made['id']}/end", {}, person="carl")
    unknown = front.post(f"{LEAD}/{front.office.appointments['leo']}/end", {}, person="leo")
    superior = front.post(f"{LEAD}/{made['id']}/end", {}, person="hedy")

    words = "only who holds `Team lead`, or a post above it, takes it back"
    assert problem(other) == (403, "not-ended", words)
    assert unknown.status_code == 404
    assert superior.json()["ended_by"] == "hedy"


def test_who_was_accountable_is_answered_for_a_day(front: Front) -> None:
    front.post(LEAD, wish(), person="leo")
    day = clock().date().isoformat()

    found = front.get(f"/organisation/accountable?address=workflow/claim/step/approve&on={day}")
    unknown = front.call(
        "GET", f"/organisation/accountable?address=leed&on={day}", token=front.token("leo")
    )

    lead = next(post for post in found["posts"] if post["post"] == "lead")
    assert [holder["person"] for holder in lead["holders"]] == ["leo"]
    assert [item["person"] for item in lead["delegates"]] == ["ben"]
    words = "the model that ran then has no `leed`. Write `lead`."
    assert problem(unknown) == (404, "no-such-thing", words)


def test_who_answers_for_a_case_is_told_by_its_steps(front: Front) -> None:
    number = front.office.case(front.office.examined()).number
    day = clock().astimezone(ZoneInfo("Europe/Lisbon")).date().isoformat()

    found = front.get(f"/organisation/accountable?address=case/{number}&on={day}")
    missing = front.call(
        "GET", f"/organisation/accountable?address=case/CLM-9&on={day}", token=front.token("leo")
    )

    told = [(post["post"], post["what"]) for post in found["posts"]]
    assert told[0] == ("head", "")
    assert ("lead", "Is the claim approved?") in told
    assert found["zone"] == "Europe/Lisbon"
    words = "there is no case `CLM-9`. Look for it under Cases."
    assert problem(missing) == (404, "no-such-thing", words)


def test_an_absence_is_noted_and_ended(front: Front) -> None:
    path = "/organisation/people/carl/absences"

    noted = front.post(path, {"reason": "Ill"}, person="leo")
    holders = front.get("/organisation/posts/check")["now"]["answering"]
    twice = front.post(path, {}, person="carl")
    other = front.post(path, {}, person="anna")
    ended = front.post(f"{path}/{noted.json()['id']}/end", {}, person="carl")
    again = front.post(f"{path}/{noted.json()['id']}/end", {}, person="carl")

    assert (noted.status_code, noted.json()["reason"], noted.json()["until"]) == (201, "Ill", None)
    assert ([item["absent"] for item in holders["holders"]], holders["falls_to"]) == (
        [True],
        "lead",
    )
    words = "`carl` is away already in that time. End that absence first."
    assert problem(twice) == (422, "not-noted", words)
    assert problem(other)[:2] == (403, "not-noted")
    assert ended.json()["ended_by"] == "carl"
    assert problem(again)[:2] == (409, "not-ended")
