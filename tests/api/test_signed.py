"""What a system signs is taken once; what nobody signed, or long ago, is refused and logged."""

import logging
from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Start
from kingpost.engine.outside.signed import unready
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.api.signing import ENVIRONMENT, NEW, OLD, SIGNED_ORDERS, Delivery, now
from tests.database import Database
from tests.engine.office import Office, key, read
from tests.engine.orders import ORDERS

ARRIVED = {"message": "arrived", "value": "P-1", "fields": {"note": "at the door"}}
NOT_SIGNED = (
    401,
    "not-signed",
    (
        "no signature fits: send `webhook-id`, `webhook-timestamp` and `webhook-signature`,"
        " made over `id.timestamp.body` with the secret of this interface"
    ),
)
# The carrier begins orders as well, and may tell that one is lost.
SIGNED = SIGNED_ORDERS.replace(
    "begins: {roles: [clerk]}", "begins: {form: [parcel], roles: [clerk], interfaces: [carrier]}"
).replace(
    "    steps:\n      pack",
    "    exceptions:\n"
    "      strike: {cause: supplier, raised-by: [interface/carrier], suspend: {clocks: run,"
    " ends: {over: {then: resume}}}}\n"
    "    steps:\n      pack",
)


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool, {"anna": "desk"}, text=SIGNED, workflow="order")
        yield Front.opened(office, ENVIRONMENT)


def packed(front: Front, parcel: str = "P-1") -> UUID:
    office = front.office
    case = office.do(Start({}), "anna").case
    office.do(Complete(office.task(case, "pack"), {"parcel": parcel}), "anna")
    return case


def test_what_is_signed_has_its_one_effect_however_often_it_comes(front: Front) -> None:
    case = packed(front)

    first = Delivery.of("evt-1", ARRIVED).sent(front)
    # Another attempt is made at another time, and so signed anew; here by the secret that goes.
    again = Delivery.of("evt-1", ARRIVED, secret=OLD, at=now() - 20).sent(front)

    assert first.status_code == again.status_code == 200
    told = {"case": str(case), "number": "ORD-1", "seq": 3}
    assert first.json() == {"delivered": {**told, "repeated": False}}
    assert again.json() == {"delivered": {**told, "repeated": True}}
    assert front.office.case(case).fields["note"] == "at the door"
    assert verify(front.office.company).faults == ()


def test_what_comes_early_is_kept(front: Front) -> None:
    early = Delivery.of("evt-1", ARRIVED).sent(front)

    assert (early.status_code, early.json()) == (202, {"delivered": None})
    assert Delivery.of("evt-1", ARRIVED).sent(front).status_code == 202
    assert front.office.scalar("SELECT count(*) FROM message") == 1


def test_one_address_takes_all_that_a_system_may_tell(front: Front) -> None:
    office = front.office
    begun = Delivery.of("b", {"workflow": "order", "fields": {"parcel": "P-9"}}).sent(front)
    case = UUID(begun.json()["delivered"]["case"])
    office.do(Complete(office.task(case, "pack"), {"parcel": "P-9"}), "anna")
    task = office.task(case, "way")

    for name, told in (
        ("r", {"exception": "strike", "task": task, "reason": "nobody drives"}),
        ("e", {"ending": "over", "task": task, "reason": "they drive"}),
        ("m", {"message": "arrived", "task": task}),
    ):
        answer = Delivery.of(name, told).sent(front)
        assert answer.status_code == 200, answer.text
        assert answer.json()["delivered"]["case"] == str(case)

    assert office.case(case).is_closed
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'raised'") == 1
    assert verify(office.company).faults == ()


def test_an_id_belongs_to_what_it_told_first(front: Front) -> None:
    Delivery.of("evt-1", ARRIVED).sent(front)

    other = Delivery.of("evt-1", {**ARRIVED, "value": "P-2"}).sent(front)

    assert problem(other) == (
        422,
        "id-reused",
        "`evt-1` came before and said something else: give each its own `webhook-id`",
    )
    assert front.office.scalar("SELECT count(*) FROM message") == 1


def _ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return what we logged: the client that sends our requests may log them as well."""
    return [record for record in caplog.records if record.name.startswith("kingpost.")]


def test_what_nobody_signed_is_refused_and_logged(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    packed(front)
    genuine = Delivery.of("evt-1", ARRIVED)
    forged = (
        genuine.sent(front, webhook_signature=""),
        genuine.sent(front, webhook_signature="v1,AAAA"),
        genuine.sent(front, webhook_id="evt-2"),
        genuine.sent(front, webhook_timestamp=str(now() + 1)),
        Delivery("evt-1", genuine.body.replace(b"P-1", b"P-2"), genuine.headers).sent(front),
        Delivery("evt-1", genuine.body + b" ", genuine.headers).sent(front),
        genuine.sent(front, to="bank"),
        genuine.sent(front, to="nothing"),
        front.post("/inbound/carrier", ARRIVED, person="anna"),
    )

    assert {problem(each) for each in forged} == {NOT_SIGNED}
    assert {each.headers["www-authenticate"] for each in forged} == {"Webhook-Signature"}
    logged = [record.getMessage() for record in _ours(caplog)]
    assert len(logged) == len(forged)
    assert logged[1] == "'evt-1' of interface 'carrier' refused: no signature fits"
    assert logged[6] == (
        "'evt-1' of interface 'bank' refused: `KINGPOST_INTERFACE_BANK_SECRET` is not set"
    )
    assert _ours(caplog)[0].levelno == logging.WARNING
    assert front.office.scalar("SELECT count(*) FROM message") == 0


def test_what_was_signed_long_ago_is_refused_and_logged(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    packed(front)
    for seconds in (-320, 320, -30 * 86_400):
        assert problem(Delivery.of("evt-1", ARRIVED, at=now() + seconds).sent(front)) == (
            401,
            "stale",
            (
                "this was not signed within five minutes of now: sign it again at its time, with"
                " the same `webhook-id`"
            ),
        )

    assert [record.getMessage().partition(" at ")[0] for record in _ours(caplog)] == [
        "'evt-1' of interface 'carrier' refused: signed"
    ] * 3
    assert front.office.scalar("SELECT count(*) FROM message") == 0


def test_what_is_signed_still_has_to_say_something(front: Front) -> None:
    assert problem(Delivery.of("a", b"{").sent(front)) == (
        400,
        "unreadable",
        "the body cannot be read as JSON",
    )
    assert problem(Delivery.of("b", b"[" * 100_000).sent(front))[0] == 400
    assert problem(Delivery.of("c", ARRIVED).sent(front, content_type="text/plain")) == (
        415,
        "not-json",
        "send `content-type: application/json`",
    )
    nothing = (
        422,
        "request",
        (
            "the body tells nothing: expected an object with one of `workflow`, `exception`,"
            " `ending`, `message`"
        ),
    )
    assert problem(Delivery.of("d", {}).sent(front)) == nothing
    assert problem(Delivery.of("e", [ARRIVED]).sent(front)) == nothing
    assert problem(Delivery.of("f", {**ARRIVED, "person": "anna"}).sent(front)) == (
        422,
        "request",
        "body.person: Extra inputs are not permitted",
    )
    assert problem(Delivery.of("g", {**ARRIVED, "message": "gone"}).sent(front))[:2] == (
        404,
        "no-such-message",
    )


def test_who_is_said_to_sign_is_taken_at_no_other_word(front: Front) -> None:
    assert problem(front.post("/messages", ARRIVED, interface="carrier")) == (
        403,
        "signature-needed",
        "`carrier` signs what it sends: send it to `/inbound/carrier`",
    )
    assert front.post("/messages", ARRIVED, interface="bank").status_code == 403


def test_nobody_signs_of_whom_the_model_does_not_say_so(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool, {"anna": "desk"}, text=ORDERS, workflow="order")
        unsaid = Delivery.of("evt-1", ARRIVED).sent(Front.opened(office, ENVIRONMENT))
        assert problem(unsaid) == NOT_SIGNED
        # Without a secret nothing is signed either, whatever the model says.
        office.company.load(read(SIGNED))
        for secret in ("", "whsec_", "whsec_c2hvcnQ="):
            environment = {"KINGPOST_INTERFACE_CARRIER_SECRET": secret}
            unset = Delivery.of("evt-1", ARRIVED).sent(Front.opened(office, environment))
            assert problem(unset) == NOT_SIGNED

    assert [record.getMessage().partition("refused: ")[2] for record in _ours(caplog)] == [
        "the model does not say `signed: true` of it",
        "`KINGPOST_INTERFACE_CARRIER_SECRET` is not set",
        "`KINGPOST_INTERFACE_CARRIER_SECRET`: a secret has 0 bytes, expected 24 to 64",
        "`KINGPOST_INTERFACE_CARRIER_SECRET`: a secret has 5 bytes, expected 24 to 64",
    ]


def test_the_same_bytes_do_not_raise_at_other_work(front: Front) -> None:
    """The address names no task, so what was signed for one cannot be sent to another."""
    one, other = packed(front, "P-1"), packed(front, "P-2")
    office = front.office
    told = {"exception": "strike", "task": office.task(one, "way"), "reason": "nobody drives"}
    delivery = Delivery.of("evt-1", told)

    for _ in range(3):
        assert delivery.sent(front).status_code == 200
    moved = delivery.body.replace(
        office.task(one, "way").encode(), office.task(other, "way").encode()
    )

    assert problem(Delivery("evt-1", moved, delivery.headers).sent(front)) == NOT_SIGNED
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'raised'") == 1


def test_an_operator_is_told_which_system_cannot_sign_yet() -> None:
    model = read(SIGNED)

    assert list(unready(model, ENVIRONMENT)) == []
    assert list(unready(read(ORDERS), {})) == []
    assert list(unready(model, {})) == [
        "nothing is taken from interface `carrier`: `KINGPOST_INTERFACE_CARRIER_SECRET` is not set"
    ]
    short = {"KINGPOST_INTERFACE_CARRIER_SECRET": f"{NEW} whsec_c2hvcnQ="}
    assert list(unready(model, short)) == [
        (
            "nothing is taken from interface `carrier`: `KINGPOST_INTERFACE_CARRIER_SECRET` does"
            " not do: a secret has 5 bytes, expected 24 to 64"
        )
    ]


def test_a_key_of_a_token_is_none_of_these(front: Front) -> None:
    """A `webhook-id` that is the key of another command finds nothing of it."""
    again = key()
    front.office.ask(Start({}), "anna", again=again)
    assert Delivery.of(str(again), ARRIVED).sent(front).status_code == 202
