"""Appointments through the API: made, listed and ended by who may."""

from datetime import timedelta

import pytest

from tests.api.front import Front, clock, problem

LEAD = "/organisation/posts/lead/appointments"
NO_SEAT = (
    "`lead` has no free seat from 1 January 2030: its seat is taken. "
    "End an appointment first, or give the post more seats."
)
DESK = "/organisation/posts/desk/appointments"


def test_a_superior_appoints_and_ends_and_the_work_follows(front: Front) -> None:
    front.office.examined()

    made = front.post("/organisation/posts/check/appointments", {"person": "ben"}, person="leo")
    listed = front.get("/organisation/posts/check/appointments")
    seen = front.get("/organisation/posts/check")["now"]["answering"]["holders"]
    ended = front.post(
        f"/organisation/posts/check/appointments/{made.json()['id']}/end", {}, person="leo"
    )

    assert made.status_code == 201
    assert (made.json()["person"], made.json()["recorded_by"]) == ("ben", "leo")
    assert made.json() in listed
    assert {holder["person"] for holder in seen} == {"ben", "carl"}
    assert ended.json()["until"] <= clock().isoformat()


def test_an_appointment_has_its_time_and_its_kind(front: Front) -> None:
    since = clock().replace(microsecond=0) + timedelta(days=1)
    until = since + timedelta(days=5)
    body = {
        "person": "ben",
        "since": since.isoformat(),
        "until": until.isoformat(),
        "kind": "acting",
    }

    first = front.post("/organisation/posts/check/appointments", body, person="leo")
    again = front.post("/organisation/posts/check/appointments", body, person="leo")

    assert first.json()["kind"] == "acting"
    assert first.json()["until"] == until.isoformat().replace("+00:00", "Z")
    assert again.json() == first.json()


def test_one_that_is_to_come_is_withdrawn(front: Front) -> None:
    since = (clock() + timedelta(days=1)).isoformat()
    path = "/organisation/posts/check/appointments"
    body = {"person": "ben", "since": since}
    made = front.post(path, body, person="leo").json()

    ended = front.post(f"{path}/{made['id']}/end", {}, person="leo").json()
    again = front.post(path, body, person="leo")

    assert (ended["withdrawn"], ended["ended_by"]) == (True, "leo")
    words = "the same appointment was made before, and `leo` has ended it. "
    words += "Choose another time for it to begin."
    assert problem(again) == (422, "not-appointed", words)


def test_the_posts_that_one_may_fill_are_listed(front: Front) -> None:
    assert front.get("/organisation/appointable", "leo") == ["check", "desk"]
    assert front.get("/organisation/appointable", "anna") == []


@pytest.mark.parametrize(
    ("person", "path", "body", "expected"),
    [
        (
            "anna", LEAD, {"person": "ben"},
            (403, "you hold no post above `Team lead`. Ask a superior of the post."),
        ),
        (
            "leo", DESK, {"person": "leo"},
            (403, "nobody appoints themselves. Ask a superior of the post."),
        ),
        (
            "leo", DESK, {"person": "zed"},
            (422, "there is no person `zed` in the register. Add the person first."),
        ),
        ("leo", DESK, {"person": "anna"}, (422, "`anna` holds `desk` already in that time")),
        (
            "hedy", LEAD, {"person": "ben", "since": "2030-01-01T00:00:00Z"},
            (422, NO_SEAT),
        ),
        (
            "leo", DESK,
            {"person": "carl", "since": "2030-01-02T00:00:00Z", "until": "2030-01-01T00:00:00Z"},
            (422, "`until` is not later than `since`: correct one of them"),
        ),
    ],
)  # fmt: skip
def test_who_may_not_appoint_is_told_why(
    front: Front, person: str, path: str, body: object, expected: tuple[int, str]
) -> None:
    answer = front.post(path, body, person=person)

    assert problem(answer) == (expected[0], "not-appointed", expected[1])


def test_who_may_not_end_an_appointment_is_told_why(front: Front) -> None:
    lead = front.office.appointments["leo"]
    path = f"{LEAD}/{lead}/end"

    foreign = front.post(path, {}, person="anna")
    elsewhere = front.post(f"{DESK}/{lead}/end", {}, person="hedy")
    nowhere = front.post(f"/organisation/posts/leed/appointments/{lead}/end", {}, person="hedy")
    first, second = front.post(path, {}, person="hedy"), front.post(path, {}, person="hedy")

    words = "you hold no post above `Team lead`. Ask a superior of the post."
    assert problem(foreign) == (403, "not-ended", words)
    assert problem(elsewhere) == (404, "not-found", f"there is no appointment `{lead}`")
    assert problem(nowhere) == (404, "not-found", "there is no post `leed`")
    assert first.status_code == 200
    words = "this appointment has ended already, or ends before"
    assert problem(second) == (409, "not-ended", words)


def test_a_moment_without_a_zone_is_refused(front: Front) -> None:
    answer = front.post(DESK, {"person": "carl", "since": "2030-01-01T00:00:00"}, person="leo")

    words = "body.since: Input should have timezone info"
    assert problem(answer) == (422, "request", words)
