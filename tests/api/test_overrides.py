"""Overrides as programs ask for them: what they would do, asked for, confirmed and reviewed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from kingpost.store.pool import Database as Pool
from tests.api.front import Front
from tests.database import Databases
from tests.engine.office import Office, key
from tests.engine.test_overrides import PEOPLE, TEXT, review_of

WANTED = {"outcome": "approve", "reason": "no roof"}
KEPT = {"finding": "kept", "reason": "it was right"}


@pytest.fixture(scope="module")
def front(databases: Databases) -> Iterator[Front]:
    with databases.kept() as database, Pool(database.app_url, connections=4) as pool:
        yield Front.opened(Office.opened(pool, PEOPLE, text=TEXT))


def ask(
    front: Front, path: str, person: str, body: object, again: UUID | None = None
) -> tuple[int, Any]:
    headers = {"Idempotency-Key": str(again or key())}
    answer = front.call("POST", path, token=front.token(person), json=body, headers=headers)
    return answer.status_code, answer.json()


def refused(front: Front, path: str, person: str, body: object) -> tuple[int, str, str]:
    """Return the status, the kind and the words of a refusal."""
    status, told = ask(front, path, person, body)
    return status, told["type"].removeprefix("urn:kingpost:problem:"), told["detail"]


def waiting(front: Front, amount: str = "900") -> tuple[UUID, str, str]:
    """Return a case that waits for its approval, its number and the address of that decision."""
    case = front.office.examined(amount)
    number = front.office.case(case).number
    return case, f"/cases/{number}/overrides", f"/tasks/{front.office.task(case, 'approve')}"


def overridden(front: Front) -> tuple[UUID, str]:
    """Return a case in which somebody went beyond their authority, and the path of its review."""
    case, overrides, task = waiting(front)
    _, asked = ask(front, f"{task}/override", "leo", WANTED)
    status, _ = ask(front, f"{overrides}/{asked['seq']}/confirm", "cora", {})
    assert status == 200
    return case, f"/tasks/{review_of(front.office, case)}/review"


def test_an_override_is_previewed_asked_for_confirmed_and_reviewed(front: Front) -> None:
    case, overrides, task = waiting(front)

    assert ask(front, f"{task}/override/preview", "leo", {"outcome": "approve"}) == (
        200,
        {
            "fields": [],
            "left": ["approve"],
            "entered": ["payment"],
            "state": ["settled", "settled"],
            "is_closed": False,
        },
    )
    assert front.office.case(case).version == 3
    again = key()
    status, asked = ask(front, f"{task}/override", "leo", WANTED, again)
    number = front.office.case(case).number
    assert (status, asked) == (
        200,
        {"case": str(case), "number": number, "seq": 4, "repeated": False},
    )
    assert ask(front, f"{task}/override", "leo", WANTED, again)[1] == {**asked, "repeated": True}
    assert front.office.steps(case) == {"approve"}

    status, done = ask(front, f"{overrides}/4/confirm", "cora", {"reason": "seen"})
    assert (status, done["seq"]) == (200, 5)
    assert front.office.steps(case) == {"payment"}
    status, made = ask(front, f"/tasks/{review_of(front.office, case)}/review", "alma", KEPT)
    assert (status, made["seq"]) == (200, 6)
    assert front.office.case(case).reviews == {}


def test_what_waits_is_listed_read_and_declined(front: Front) -> None:
    case, overrides, task = waiting(front)
    ask(front, f"{task}/override", "leo", WANTED)
    cora = front.token("cora")
    listed = front.call("GET", "/worklist", token=cora).json()["page"]["rows"]
    (found,) = [row for row in listed if row["number"] == front.office.case(case).number]
    assert (found["kind"], found["waiting"]["event"], found["waiting"]["person"]) == (
        "confirmation",
        4,
        "leo",
    )
    view = front.call("GET", f"/tasks/{found['id']}", token=cora).json()
    assert [(item["id"], item["why_not"]) for item in view["outcomes"]] == [
        ("confirm", None),
        ("decline", None),
    ]

    no = {"reason": "the roof is on"}
    assert refused(front, f"{overrides}/4/decline", "leo", no)[:2] == (403, "not-yours-to-decline")
    assert refused(front, f"{overrides}/4/decline", "cora", {"reason": ""})[:2] == (
        422,
        "reason-missing",
    )
    status, done = ask(front, f"{overrides}/4/decline", "cora", no)
    assert (status, done["seq"]) == (200, 5)
    assert refused(front, f"{overrides}/4/decline", "cora", no)[:2] == (409, "nothing-to-decline")
    assert front.office.case(case).proposal is None


def test_who_may_not_ask_is_told_why(front: Front) -> None:
    _, _, task = waiting(front)
    undeclared = (
        "nobody may go beyond their authority for `reject` in `approve`: the model declares no"
        " `override` for it"
    )
    for path in (f"{task}/override", f"{task}/override/preview"):
        assert refused(front, path, "anna", WANTED) == (
            403,
            "not-your-override",
            "you may not override `approve`: `lead` may",
        )
        assert refused(front, path, "leo", {**WANTED, "outcome": "reject"}) == (
            422,
            "not-overridable",
            undeclared,
        )
        assert refused(front, path, "leo", {**WANTED, "outcome": "wave"}) == (
            422,
            "no-such-choice",
            "there is no outcome `wave` here: possible are `approve`, `reject`",
        )
        assert refused(front, path, "leo", {**WANTED, "shown": "0"}) == (
            409,
            "something-changed",
            "what `approve` shows has changed since you opened it: look again and decide",
        )
    assert refused(front, f"{task}/override", "leo", {"outcome": "approve"}) == (
        422,
        "reason-missing",
        "`override` needs a reason",
    )
    _, _, within = waiting(front, "200")
    suffices = (
        "your authority suffices for `approve` in `approve`: decide it, which needs nobody else"
        " and no review"
    )
    assert refused(front, f"{within}/override", "leo", WANTED) == (
        409,
        "needless-override",
        suffices,
    )
    gone = f"/tasks/{key()}/override"
    words = "this work is no longer open: somebody finished it, or it never was"
    assert refused(front, gone, "leo", WANTED) == (404, "no-such-case", words)
    assert refused(front, f"{gone}/preview", "leo", WANTED) == (404, "no-such-case", words)


def test_who_may_not_confirm_is_told_why(front: Front) -> None:
    case, overrides, task = waiting(front)
    ask(front, f"{task}/override", "leo", WANTED)

    assert refused(front, f"{overrides}/4/confirm", "leo", {}) == (
        403,
        "not-your-confirmation",
        "you may not confirm an override of `approve`: `check` may",
    )
    gone = (
        "asks for no override any more, or never did: look at the case again, and ask for it anew"
    )
    assert refused(front, f"{overrides}/3/confirm", "cora", {}) == (
        409,
        "override-gone",
        f"event 3 {gone}",
    )
    number = front.office.case(case).number
    assert refused(front, f"/cases/{number}/repairs/4/confirm", "cora", {})[:2] == (
        409,
        "proposal-gone",
    )
    assert refused(front, "/cases/CLM-0/overrides/4/confirm", "cora", {})[0] == 404
    assert refused(front, f"{task}/decide", "hedy", {"outcome": "reject"})[1] == "reason-missing"
    ask(front, f"{task}/assign", "leo", {"mine": True})
    assert refused(front, f"{overrides}/4/confirm", "cora", {})[2] == f"event 4 {gone}"


def test_who_may_not_review_is_told_why(front: Front) -> None:
    case, review = overridden(front)

    assert refused(front, review, "leo", KEPT) == (
        403,
        "not-your-review",
        "the override of `approve` is for `audit` to review",
    )
    assert refused(front, review, "alma", {**KEPT, "reason": " "}) == (
        422,
        "reason-missing",
        "`review` needs a reason",
    )
    status, kind, words = refused(front, review, "alma", {**KEPT, "finding": "fine"})
    assert (status, kind) == (422, "request")
    assert words == "body.finding: Input should be 'kept' or 'to-correct'"
    assert ask(front, review, "alma", {**KEPT, "finding": "to-correct"})[0] == 200
    assert refused(front, review, "alma", KEPT)[:2] == (404, "no-such-case")
    assert front.office.steps(case) == {"payment"}


def test_whose_review_is_overdue_overrides_nothing_more(front: Front) -> None:
    late, review = overridden(front)
    _, overrides, task = waiting(front)
    _, asked = ask(front, f"{task}/override", "leo", WANTED)
    with front.office.company.database.connection() as connection:
        overdue = "UPDATE task SET due_at = opened_at WHERE kind = 'review' AND case_id = %s"
        connection.execute(overdue, [late])
    words = (
        "`lead` overrides nothing more while the review of an earlier override of it is overdue: it"
        " can again as soon as that is made, here by `audit`"
    )

    confirm = f"{overrides}/{asked['seq']}/confirm"
    assert refused(front, confirm, "cora", {}) == (409, "review-overdue", words)
    assert refused(front, f"{task}/override", "leo", WANTED) == (409, "review-overdue", words)
    assert refused(front, f"{task}/override/preview", "leo", WANTED)[2] == words
    assert ask(front, review, "alma", KEPT)[0] == 200
    assert ask(front, confirm, "cora", {})[0] == 200


def test_overdue_reviews_are_read_and_count_as_alarms(front: Front) -> None:
    case, _ = overridden(front)
    number, alma = front.office.case(case).number, front.token("alma")

    def late() -> list[str]:
        rows = front.call("GET", "/exceptions/reviews", token=alma).json()
        return [row["number"] for row in rows]

    assert number not in late()
    with front.office.company.database.connection() as connection:
        overdue = "UPDATE task SET due_at = opened_at WHERE kind = 'review' AND case_id = %s"
        connection.execute(overdue, [case])

    assert number in late()
    alarms = front.call("GET", "/alarms", token=alma).json()["alarms"]
    (found,) = [each for each in alarms if each["kind"] == "unreviewed"]
    assert (found["post"], number in found["numbers"]) == ("audit", True)
    ask(front, f"/tasks/{review_of(front.office, case)}/review", "alma", KEPT)
    assert number not in late()
