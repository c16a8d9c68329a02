"""How the API says no: every refusal, and whatever else a stranger may send."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

import pytest
from psycopg.errors import OutOfMemory

from kingpost.api.limits import BODY_BYTES_MAX
from kingpost.api.problems import MEDIA_TYPE, refused
from kingpost.decisions import refusals
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.refusing.agents import OnlyPeopleVote
from kingpost.decisions.refusing.calls import AnswerNotFitting, NotYourCall, PathNotFitting
from kingpost.decisions.refusing.exceptions import RunsBeside
from kingpost.decisions.refusing.notices import NotYetLate
from kingpost.decisions.refusing.overrides import (
    NeedlessOverride,
    NotOverridable,
    NotYourConfirmation,
    NotYourOverride,
    NotYourReview,
    OverrideGone,
    OverrideLapsed,
    OwnReview,
    ReviewOverdue,
)
from kingpost.decisions.refusing.repairs import (
    BeyondBoth,
    CouldNotVote,
    DecisionRestsOn,
    DeclinesOwn,
    NeedsAnother,
    NothingToDecline,
    NothingToRepair,
    NotYourRepair,
    NotYoursToDecline,
    PastDecision,
    PastRule,
    ProposalGone,
    ProposerLeft,
    TwoRepairs,
)
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.perform import NoSuchCase, NoSuchWorkflow
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import Office, key

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NO_TASK = UUID(int=8)

USE = {
    "at-most": "10.00 EUR",
    "per": "month",
    "since": "2026-01-01",
    "before": "9.00 EUR",
    "counts": "2.00 EUR",
}

REFUSALS: list[tuple[Refusal | NoSuchCase | NoSuchWorkflow, int, str]] = [
    (refusals.CaseIsClosed("CLM-1", NOON), 409, "case-is-closed"),
    (refusals.NotOpen("x"), 409, "not-open"),
    (refusals.NotThatKind("x", "decided", "a decision"), 409, "not-that-kind"),
    (refusals.IsSuspended("x", "y"), 409, "is-suspended"),
    (refusals.IsNotSuspended("x"), 409, "is-not-suspended"),
    (RunsBeside("x", "Y"), 409, "runs-beside"),
    (refusals.NoSuchChoice("outcome", "x", ("y",)), 422, "no-such-choice"),
    (refusals.NotYourPost("x", "r", None, ()), 403, "not-your-post"),
    (refusals.NotYourInterface("x", ("y",)), 403, "not-your-interface"),
    (NotYourCall("x", ("p",)), 403, "not-your-call"),
    (refusals.AlreadyVoted("x", "y"), 409, "already-voted"),
    (refusals.OutsideAuthority("p", "x", "y", (), ()), 403, "outside-authority"),
    (refusals.OutsideDelegation("p", "g", "x", "y", None), 403, "outside-delegation"),
    (refusals.NotSeparate("x", "y"), 403, "not-separate"),
    (refusals.NobodyAnswers("p", "q"), 403, "nobody-answers"),
    (OnlyPeopleVote("x"), 403, "only-people-vote"),
    (refusals.OverAllowance("p", "x", "y", USE, ()), 403, "over-allowance"),
    (refusals.SomethingChanged("x"), 409, "something-changed"),
    (refusals.FieldNotAsked("f", "x", ()), 422, "field-not-asked"),
    (refusals.FieldNotFitting("f", "x", "y"), 422, "field-not-fitting"),
    (PathNotFitting("i", "f", is_empty=True), 422, "path-not-fitting"),
    (AnswerNotFitting("i", "m", "e", "g"), 422, "answer-not-fitting"),
    (refusals.FieldsMissing("x", ("f",)), 422, "fields-missing"),
    (refusals.ReasonMissing("x"), 422, "reason-missing"),
    (refusals.EvidenceMissing("x", "o", ("f",)), 422, "evidence-missing"),
    (refusals.NotYetDue("x", NOON), 409, "not-yet-due"),
    (NotYetLate("x", NOON), 409, "not-yet-late"),
    (refusals.Undecided("x", "e"), 422, "undecided"),
    (refusals.EndlessLoop("x"), 409, "endless-loop"),
    (refusals.NoRow("r", "i", ()), 422, "no-row"),
    (refusals.InputMissing("r", "i", "e", 1), 422, "input-missing"),
    (refusals.NoAnswer("r", "o", "c"), 422, "no-answer"),
    (refusals.MoveForbidden("a", "b"), 409, "move-forbidden"),
    (refusals.InvariantBroken("a", "b"), 422, "invariant-broken"),
    (refusals.HandoverNotMet("s", "in", "c"), 422, "handover-not-met"),
    (NotYourRepair("w", ("p",)), 403, "not-your-repair"),
    (NotYourOverride("s", ("p",)), 403, "not-your-override"),
    (NotYourConfirmation("s", ("p",)), 403, "not-your-confirmation"),
    (NotYourReview("s", "p"), 403, "not-your-review"),
    (NothingToDecline(3), 409, "nothing-to-decline"),
    (NotYoursToDecline(3, ("p",)), 403, "not-yours-to-decline"),
    (DeclinesOwn("x"), 403, "declines-own"),
    (OwnReview("anna", "s"), 403, "own-review"),
    (NotOverridable("s", "o"), 422, "not-overridable"),
    (NeedlessOverride("s", "o"), 409, "needless-override"),
    (OverrideGone(3), 409, "override-gone"),
    (OverrideLapsed("s", datetime(2026, 1, 5, tzinfo=UTC)), 409, "override-lapsed"),
    (ReviewOverdue("p", "q"), 409, "review-overdue"),
    (NothingToRepair(), 422, "nothing-to-repair"),
    (TwoRepairs(), 422, "two-repairs"),
    (ProposalGone(3), 409, "proposal-gone"),
    (NeedsAnother("x"), 403, "needs-another"),
    (ProposerLeft("x", "p"), 403, "proposer-left"),
    (PastDecision("x", "y", "d"), 403, "past-decision"),
    (PastRule("x", "y", "r"), 409, "past-rule"),
    (DecisionRestsOn("f", "d"), 409, "decision-rests-on"),
    (BeyondBoth("x", "o", ("p", "q"), ()), 403, "beyond-both"),
    (CouldNotVote("x", "o", "p", ()), 403, "could-not-vote"),
    (NoSuchCase(), 404, "no-such-case"),
    (NoSuchWorkflow("x", ("y",)), 404, "no-such-workflow"),
]


@pytest.mark.parametrize(("refusal", "status", "kind"), REFUSALS)
def test_a_refusal_is_a_problem_in_its_own_words(refusal: Refusal, status: int, kind: str) -> None:
    found = refused(refusal)

    assert (found.status, found.kind, found.detail) == (status, kind, str(refusal))


def test_no_refusal_is_forgotten() -> None:
    listed = {type(refusal) for refusal, _, _ in REFUSALS}

    assert listed == {*get_args(Refusal), NoSuchCase, NoSuchWorkflow}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": 1.5}, "body.fields.amount"),
        ({"amount": [["1"]]}, "body.fields.amount"),
        ({"amount": {"a": 1}}, "body.fields.amount"),
        ({"amount": 2**53}, "body.fields.amount"),
        ({"claimant": "a\x00b"}, "body.fields.claimant"),
        ({"claimant": "x" * 20_001}, "body.fields.claimant"),
        ({"n" * 201: "x"}, "body.fields.nnn"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_place(
    front: Front, fields: object, words: str
) -> None:
    answer = front.post("/cases", {"workflow": "claim", "fields": fields}, person="anna")

    status, kind, detail = problem(answer)
    assert (status, kind) == (422, "request")
    assert detail.startswith(words)
    assert answer.json()["faults"]


def test_a_field_that_is_not_documented_is_refused(front: Front) -> None:
    body: dict[str, object] = {"workflow": "claim", "priority": 1}

    answer = front.post("/cases", body, person="anna")

    words = "body.priority: Extra inputs are not permitted"
    assert problem(answer) == (422, "request", words)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/tasks/7", (422, "request", "path.task: Input should be a valid UUID, ")),
        ("GET", "/cases/CLM-0", (404, "not-found", "there is no case `CLM-0`")),
        ("GET", "/cases/%00", (422, "request", "path.number: ")),
        ("GET", "/cases?text=%00", (422, "request", "query.text: ")),
        ("GET", "/cases?page=0", (422, "request", "query.page: ")),
        ("GET", "/cases?pages=1", (422, "request", "query.pages: Extra inputs")),
        ("GET", "/cases?text=%ED%A0%80", (200, "", "")),
        (
            "GET",
            "/worklist?workflow=claim&where=amount=1e400000",
            (422, "request", "`amount` holds numbers, and `1e400000` is none: write `1250.50`"),
        ),
        (
            "GET",
            "/worklist?workflow=claim&where=amount%3E=%EF%BC%91",
            (422, "request", "`amount` holds numbers, and `\uff11` is none: write `1250.50`"),
        ),
        (
            "GET",
            "/worklist?after=WyJ0ZXJtIl0",
            (422, "request", "`after` is not a place in this order"),
        ),
        ("GET", "/worklist?view=hers", (422, "request", "query.view: ")),
        ("GET", "/processes?window=1", (422, "request", "query.window: ")),
        ("GET", "/organisation?at=2026-01-01", (422, "request", "query.at: ")),
        ("GET", "/model/versions/abc", (404, "not-found", "`abc` is no version: write its number")),
        (
            "GET", "/model/versions/" + "0" * 64,
            (404, "not-found", "no version begins with `000"),
        ),
        ("GET", "/model/versions/9/changes", (404, "not-found", "there is no version 9: ")),
        ("GET", "/case", (404, "no-such-address", "there is nothing at this address")),
        ("PATCH", "/cases", (405, "method-not-allowed", "this address does not take this method")),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_so_is_said(
    front: Front, method: str, path: str, expected: tuple[int, str, str]
) -> None:
    answer = front.call(method, path, token=front.token("anna"))

    if expected[0] == 200:
        assert answer.status_code == 200
        return
    status, kind, detail = problem(answer)
    assert (status, kind) == expected[:2]
    assert detail.startswith(expected[2])
    assert status != 405 or answer.headers["allow"]


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"workflow": "\xff"}',
    "not a number": b'{"workflow": "claim", "fields": {"amount": NaN}}',
    "endless": b'{"workflow": "claim", "fields": {"amount": Infinity}}',
    "half a character": rb'{"workflow": "claim", "fields": {"claimant": "\ud800"}}',
    "half a name": rb'{"workflow": "claim", "fields": {"\ud800": "x"}}',
    "half an extra": rb'{"workflow": "claim", "\ud800": "x"}',
    "half a workflow": rb'{"workflow": "\ud800"}',
    "a NUL": rb'{"workflow": "\u0000"}',
    "deep lists": b"[" * 100_000,
    "deep values": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "many digits": b'{"workflow": "claim", "fields": {"amount": ' + b"9" * 10_000 + b"}}",
    "many fields": json.dumps(
        {"workflow": "claim", "fields": {str(number): 1 for number in range(5000)}}
    ).encode(),
    "a list": b"[]",
    "a text": b'"claim"',
}


@pytest.mark.parametrize("path", ["/cases", "/session", f"/tasks/{NO_TASK}/complete"])
def test_a_body_that_makes_no_sense_is_refused(front: Front, path: str) -> None:
    headers = {"Idempotency-Key": str(key()), "Content-Type": "application/json"}
    token = front.token("anna")

    for name, body in BODIES.items():
        answer = front.call("POST", path, token=token, headers=headers, content=body)

        status, _, detail = problem(answer)
        assert status in {400, 422}, name
        assert detail, name


def test_a_body_that_does_not_say_what_it_is_is_refused(front: Front) -> None:
    headers = {"Idempotency-Key": str(key()), "Content-Type": "text/plain"}

    answer = front.call(
        "POST", "/cases", token=front.token("anna"), headers=headers, content=b'{"workflow": "x"}'
    )

    assert problem(answer)[:2] == (422, "request")


def test_a_large_body_is_refused_by_what_it_says_of_itself(front: Front) -> None:
    answer = front.call("POST", "/session", content=b"x" * (BODY_BYTES_MAX + 1))

    words = "the body is larger than 1 MB: send less"
    assert problem(answer) == (413, "too-large", words)


def test_a_large_body_is_refused_by_what_really_comes(front: Front) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    headers = {"Content-Type": "application/json"}
    answer = front.call("POST", "/session", content=parts(), headers=headers)

    assert problem(answer)[:2] == (413, "too-large")


def test_without_a_model_there_is_nothing_to_serve(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        front = Front.opened(Office(Company(pool)))
        register.keep_people(front.office.company, [("anna", "Anna")])

        answer = front.call("GET", "/worklist", token=front.token("anna"))

    words = "no model is active: load one with `kingpost load FOLDER`"
    assert problem(answer) == (503, "no-model", words)


def test_a_failure_of_ours_has_a_reference_that_stands_in_the_log(
    front: Front, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = front.token("anna")
    monkeypatch.setattr(front.office.company, "database", None)

    answer = front.call("GET", "/worklist", token=token)

    status, kind, detail = problem(answer)
    assert (status, kind) == (500, "failure")
    assert detail.startswith(
        "the fault is ours: what you sent was carried out whole, or not at all"
    )
    assert answer.json()["reference"] in caplog.text


def test_health_is_what_the_database_says(front: Front) -> None:
    well = front.call("GET", "/health")
    front.office.company.database.close()
    ill = front.call("GET", "/health")

    assert (well.status_code, well.json()) == (200, {"database": "answers"})
    assert problem(ill) == (503, "no-database", "the database does not answer")
    assert ill.headers["content-type"] == MEDIA_TYPE


def test_while_the_database_is_away_the_caller_is_told_to_ask_again(front: Front) -> None:
    token = front.token("anna")
    front.office.company.database.close()

    answer = front.call("GET", "/cases", token=token)

    assert answer.headers["retry-after"] == "5"
    words = (
        "the database cannot be reached, and what was recorded before is safe: ask again, with the "
        "same idempotency key if there was one"
    )
    assert problem(answer) == (503, "no-database", words)


def test_a_database_that_is_there_and_fails_is_a_failure_of_ours(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(_: Pool) -> None:
        raise OutOfMemory("out of memory")

    token = front.token("anna")
    monkeypatch.setattr(Pool, "connection", spent)

    status, kind, _ = problem(front.call("GET", "/worklist", token=token))

    assert (status, kind) == (500, "failure")
