"""The succession pack through the API: for whom it concerns, also before they hold any post."""

from datetime import UTC, datetime, timedelta

from kingpost.engine import register
from kingpost.engine.register import Appointment
from tests.api.front import Front, problem

CLOSED = (
    "What goes with “Team lead” is open to who holds it or is appointed to it, to the posts above "
    "it, and to who keeps it in the model. Ask Leo (“Team lead”) or Hedy (“Head of claims”)."
)
PATH = "/organisation/posts/lead/succession"


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes is told from outside.


def test_who_will_hold_the_post_reads_it_before_and_nothing_else(front: Front) -> None:
    front.office.examined()
    register.keep_people(front.office.company, [("nina", "Nina")])
    leo, soon = front.office.appointments["leo"], now() + timedelta(hours=1)
    register.end_appointment(front.office.company, leo, soon, by="test")
    wish = Appointment("nina", "lead", now() + timedelta(days=9))
    register.appoint(front.office.company, [wish], by="test")

    found = front.get(PATH, "nina")

    assert found["post"]["id"] == "lead"
    assert found["work"]["page"]["total"] == 1
    assert found["work"]["page"]["rows"][0]["titles"] == []
    assert found["decisions"][0]["grant"]["when"] == "claim.amount <= 500"
    for path in ("/worklist", "/organisation/posts/lead", "/organisation/posts/head/succession"):
        assert problem(front.call("GET", path, token=front.token("nina")))[:2] == (403, "no-post")
    # A holder of the post, and of one above, read the same.
    assert front.get(PATH, "leo")["work"]["counts"] == front.get(PATH, "hedy")["work"]["counts"]


def test_a_token_for_one_post_opens_by_that_alone(front: Front) -> None:
    wish = Appointment("hedy", "desk", now() - timedelta(days=1))
    register.appoint(front.office.company, [wish], by="test")
    token = front.token("hedy")
    free = front.call("GET", PATH, token=token)
    front.call("PUT", "/session/acting-as", token=token, json={"post": "desk"})

    narrowed = front.call("GET", PATH, token=token)

    assert free.status_code == 200
    assert problem(narrowed) == (403, "not-your-succession", CLOSED)


def test_others_are_told_who_could_open_it(front: Front) -> None:
    refused = front.call("GET", PATH, token=front.token("anna"))
    assert problem(refused) == (403, "not-your-succession", CLOSED)
    missing = front.call("GET", "/organisation/posts/leed/succession", token=front.token("anna"))
    assert problem(missing) == (404, "not-found", "there is no post `leed`")
