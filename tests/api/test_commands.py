"""A case from its form to its end through the API, and every way of saying no."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Decide, Deliver, Raise
from kingpost.engine.due import due_waits
from kingpost.engine.perform import Done, expire
from kingpost.proof.canonical import digest
from kingpost.values.identity import derive
from tests.api.front import Front, problem
from tests.engine.office import key

FORM = {"workflow": "claim", "fields": {"claimant": "Rita Prado", "amount": "200"}}


def acts(found: list[dict[str, Any]]) -> dict[str, str | None]:
    return {item["id"]: item["why_not"] for item in found}


def test_a_case_goes_from_its_form_to_its_end(front: Front) -> None:
    begun = front.post("/cases", FORM, person="anna").json()
    (mine,) = front.get("/worklist", "anna")["page"]["rows"]
    task = f"/tasks/{mine['id']}"
    seen = front.get(task, "anna")
    assert (seen["why_not"], seen["requires"]) == (None, ["report"])
    assert acts(seen["exceptions"]) == {"info-missing": None}

    done = front.post(f"{task}/complete", {"fields": {"report": "fine"}}, person="anna").json()
    assert (done["case"], done["number"], done["repeated"]) == (
        begun["case"],
        begun["number"],
        False,
    )

    (check,) = front.get("/worklist", "carl")["page"]["rows"]
    front.post(f"/tasks/{check['id']}/decide", {"outcome": "clear"}, person="carl")
    (judge,) = front.get("/worklist", "leo")["page"]["rows"]
    shown = front.get(f"/tasks/{judge['id']}", "leo")
    assert acts(shown["outcomes"]) == {"approve": None, "reject": None}
    assert [item["requires"] for item in shown["outcomes"]] == [[], []]
    decided = front.post(
        f"/tasks/{judge['id']}/decide",
        {"outcome": "approve", "shown": shown["digest"]},
        person="leo",
    )
    assert decided.status_code == 200, decided.text

    case = front.get(f"/cases/{begun['number']}", "leo")
    assert case["number"] == begun["number"]
    assert len(case["events"]) == decided.json()["seq"]


def test_work_says_why_somebody_may_not_do_it(front: Front) -> None:
    case = front.office.examined("900")
    task = front.office.task(case, "approve")

    leo, anna = front.get(f"/tasks/{task}", "leo"), front.get(f"/tasks/{task}", "anna")

    limit = "`lead` may take `{}` in `approve` only when `claim.amount <= 500`; `head` may"
    assert acts(leo["outcomes"]) == {
        "approve": limit.format("approve"),
        "reject": limit.format("reject"),
    }
    assert anna["why_not"].startswith("`approve` needs the role `approver`")


def test_work_is_taken_on_saved_and_laid_back(front: Front) -> None:
    case = front.office.start()
    task = f"/tasks/{front.office.task(case, 'examine')}"

    front.post(f"{task}/assign", {"mine": True}, person="anna")
    taken = front.get(task, "anna")["work"]["person"]
    front.post(f"{task}/record", {"fields": {"report": "half of it"}}, person="anna")
    front.post(f"{task}/assign", {"mine": False}, person="anna")

    assert taken == "anna"
    assert front.get(task, "anna")["work"]["person"] is None
    assert front.office.case(case).fields["report"] == "half of it"


def test_an_exception_is_raised_and_resolved(front: Front) -> None:
    case = front.office.start()
    task = f"/tasks/{front.office.task(case, 'examine')}"

    front.post(f"{task}/raise", {"exception": "info-missing"}, person="anna")
    endings = acts(front.get(task, "anna")["endings"])
    resolved = front.post(f"{task}/resolve", {"ending": "answered"}, person="anna")

    assert endings == {"answered": None, "solved": None}
    assert resolved.status_code == 200
    assert front.office.case(case).state == "new"


def test_a_key_has_one_effect_and_one_answer(front: Front) -> None:
    again = key()

    first = front.post("/cases", FORM, person="anna", again=again)
    second = front.post("/cases", FORM, person="anna", again=again)
    other = {**FORM, "fields": {"claimant": "Rita Prado", "amount": "300"}}
    third = front.post("/cases", other, person="anna", again=again)

    assert (first.json()["repeated"], second.json()["repeated"]) == (False, True)
    assert second.json() | {"repeated": False} == first.json()
    words = "this idempotency key was used for another command: take a new one"
    assert problem(third) == (422, "key-reused", words)
    assert front.office.scalar("SELECT count(*) FROM case_file") == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (None, "header.Idempotency-Key: Field required"),
        ("1", "header.Idempotency-Key: Input should be a valid UUID, invalid length: found 1"),
        (
            str(derive("anything that one can know")),
            (
                "header.Idempotency-Key: UUIDs of version 8 are the keys of Kingpost itself:"
                " take a random one"
            ),
        ),
    ],
)
def test_a_command_needs_a_key(front: Front, sent: str | None, words: str) -> None:
    headers = {"Idempotency-Key": sent} if sent else {}

    answer = front.call("POST", "/cases", token=front.token("anna"), json=FORM, headers=headers)

    assert problem(answer) == (422, "request", words)


def test_nobody_takes_the_key_of_what_falls_due(front: Front) -> None:
    office = front.office
    case = office.paid_long_ago(60)
    ((wait, _),) = due_waits(office.company, 10)
    other = {"mine": True}
    for kind in (b"expire/" + wait.bytes, b"notify/" + wait.bytes + bytes(4)):
        noise = int(digest(kind)[:32], 16)
        guessed = UUID(int=noise & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62)
        path = f"/tasks/{office.task(office.start(), 'examine')}/assign"
        assert front.post(path, other, person="anna", again=guessed).status_code == 422

    assert isinstance(expire(office.company, wait), Done)
    assert office.case(case).at("payment") is None


def examine(front: Front) -> str:
    return front.office.task(front.office.start(), "examine")


def approve(front: Front) -> str:
    return front.office.task(front.office.examined(), "approve")


def payment(front: Front) -> str:
    return front.office.task(front.office.approved(), "payment")


def suspended(front: Front) -> str:
    task = examine(front)
    front.office.do(Raise(task, "info-missing"), "anna")
    return task


def finished(front: Front) -> str:
    task = payment(front)
    front.office.do(Deliver(task, "paid-out"), interface="bank")
    return task


@pytest.mark.parametrize(
    ("place", "act", "body", "person", "expected"),
    [
        (
            finished, "complete", {}, "anna",
            (404, "no-such-case",
             "this work is no longer open: somebody finished it, or it never was"),
        ),
        (
            examine, "decide", {"outcome": "clear"}, "anna",
            (409, "not-that-kind", "`examine` cannot be decided: expected a decision"),
        ),
        (
            suspended, "complete", {"fields": {"report": "x"}}, "anna",
            (409, "is-suspended", "`examine` stands still until `info-missing` is resolved"),
        ),
        (
            examine, "resolve", {"ending": "answered"}, "anna",
            (409, "is-not-suspended", "`examine` is not suspended"),
        ),
        (
            approve, "decide", {"outcome": "aprove"}, "leo",
            (422, "no-such-choice",
             "there is no outcome `aprove` here: possible are `approve`, `reject`"),
        ),
        (
            examine, "complete", {}, "carl",
            (403, "not-your-post",
             "`examine` needs the role `clerk` and is addressed to `desk`: `desk` may"),
        ),
        (
            approve, "decide", {"outcome": "approve", "shown": "0" * 64}, "leo",
            (409, "something-changed",
             "what `approve` shows has changed since you opened it: look again and decide"),
        ),
        (
            examine, "complete", {"fields": {"rapport": "x"}}, "anna",
            (422, "field-not-asked",
             "`examine` does not record `rapport`: it records `amount`, `report`"),
        ),
        (
            examine, "complete", {"fields": {"amount": "many", "report": "x"}}, "anna",
            (422, "field-not-fitting", "`amount` expects a number such as `12.50`, got `many`"),
        ),
        (
            examine, "complete", {"fields": {}}, "anna",
            (422, "fields-missing", "`examine` needs `report`"),
        ),
        (
            approve, "decide", {"outcome": "reject"}, "leo",
            (422, "reason-missing", "`reject` needs a reason"),
        ),
    ],
)  # fmt: skip
def test_the_business_says_no_in_its_own_words(
    front: Front,
    place: Callable[[Front], str],
    act: str,
    body: object,
    person: str,
    expected: tuple[int, str, str],
) -> None:
    task = place(front)

    answer = front.post(f"/tasks/{task}/{act}", body, person=person)

    assert problem(answer) == expected


def test_authority_has_its_limits(front: Front) -> None:
    task = front.office.task(front.office.examined("900"), "approve")

    answer = front.post(f"/tasks/{task}/decide", {"outcome": "approve"}, person="leo")

    words = "`lead` may take `approve` in `approve` only when `claim.amount <= 500`; `head` may"
    assert problem(answer) == (403, "outside-authority", words)


def test_there_is_no_other_workflow(front: Front) -> None:
    answer = front.post("/cases", {"workflow": "claims"}, person="anna")

    words = "there is no workflow `claims`: there are `claim`"
    assert problem(answer) == (404, "no-such-workflow", words)


def test_an_act_of_somebody_else_closes_the_work_to_those_who_come_later(front: Front) -> None:
    case = front.office.start()
    task = front.office.task(case, "examine")
    front.office.do(Complete(task, {"report": "fine"}), "ben")
    front.office.do(Decide(front.office.task(case, "suspect"), "clear"), "carl")

    answer = front.post(f"/tasks/{task}/complete", {"fields": {"report": "mine"}}, person="anna")

    assert problem(answer)[:2] == (404, "no-such-case")
