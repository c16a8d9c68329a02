"""Delegations on the real database: made, relied on, ended, and raced against decisions."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID

import psycopg
import pytest

from kingpost.decisions.commands import Decide, Record
from kingpost.decisions.refusals import NotYourPost, OutsideDelegation
from kingpost.engine import delegations, register
from kingpost.engine import perform as road
from kingpost.engine.delegations import Delegation, NotDelegatedError
from kingpost.engine.perform import Done
from kingpost.engine.register import Appointment
from kingpost.engine.verify import verify
from tests.database import Database
from tests.engine.office import LONG_AGO, Office

RACES = 200


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when a delegation ends is told from outside.


def wish(**other: object) -> Delegation:
    start = now() - timedelta(hours=1)
    made = Delegation("leo", "lead", "ben", start, start + timedelta(days=30), "Leave")
    return replace(made, **other)


def lend(office: Office, **other: object) -> UUID:
    return delegations.delegate(office.company, wish(**other), by="leo")


def approve(office: Office, case: UUID, person: str = "ben") -> object:
    return office.ask(Decide(office.task(case, "approve"), "approve"), person)


def test_a_delegate_decides_by_the_right_of_the_giver(office: Office) -> None:
    case = office.examined()
    assert isinstance(approve(office, case), NotYourPost)

    lent = lend(office)

    assert isinstance(approve(office, case), Done)
    actor = office.scalar(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'actor' FROM event ORDER BY position DESC"
    )
    assert actor == {
        "person": "ben",
        "post": "lead",
        "right": str(office.appointments["leo"]),
        "kind": "substantive",
        "via": "post",
        "delegation": str(lent),
        "delegated-by": "leo",
        "grant": "claim.amount <= 500",
    }
    assert verify(office.company).faults == ()


def test_it_reaches_no_further_than_it_says(office: Office) -> None:
    lend(office, outcomes=("claim/approve/approve",), when="claim.amount < 150")

    refused = approve(office, office.examined("200"))
    done = approve(office, office.examined("149"))

    assert isinstance(refused, OutsideDelegation)
    assert isinstance(done, Done)
    assert verify(office.company).faults == ()


def test_it_ends_when_it_is_ended_and_when_its_appointment_ends(office: Office) -> None:
    case, company = office.examined(), office.company
    first, second = lend(office), lend(office, person="anna")
    assert delegations.end_delegation(company, first, now(), by="leo") == "ended"
    assert isinstance(approve(office, case), NotYourPost)
    assert delegations.end_delegation(company, first, now(), by="leo") is None

    register.end_appointment(company, office.appointments["leo"], now(), by="hedy")

    assert isinstance(approve(office, case, "anna"), NotYourPost)
    assert delegations.end_delegation(company, second, now(), by="hedy") == "ended"
    assert verify(company).faults == ()


@pytest.mark.parametrize("of", ["delegation", "appointment"])
def test_a_right_that_ends_between_deciding_and_recording_refuses(
    office: Office, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    case, lent, decide = office.examined(), lend(office), road.decide

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if of == "delegation":
            delegations.end_delegation(office.company, lent, now(), by="leo")
        else:
            register.end_appointment(office.company, office.appointments["leo"], now(), by="hedy")
        return outcome

    monkeypatch.setattr(road, "decide", slow)

    assert isinstance(approve(office, case), NotYourPost)
    assert office.steps(case) == {"approve"}


@pytest.mark.slow
@pytest.mark.parametrize("of", ["delegation", "appointment"])
def test_no_decision_is_recorded_after_what_was_lent_ended(office: Office, of: str) -> None:
    company, wins = office.company, Counter[str]()
    task = office.task(office.start(), "examine")
    register.keep_people(company, ((f"p{n}", f"P {n}") for n in range(RACES)))

    for number in range(RACES):
        giver, start = f"p{number}", now()
        (right,) = register.appoint(company, [Appointment(giver, "desk", start)], by="test")
        until = start + timedelta(days=1)
        lent = delegations.delegate(
            company, Delegation(giver, "desk", "carl", start, until, "Leave"), by=giver
        )
        end = (
            (lambda made=lent: delegations.end_delegation(company, made, now(), by="test"))
            if of == "delegation"
            else (lambda made=right: register.end_appointment(company, made, now(), by="test"))
        )
        ender = Thread(target=end)
        ender.start()
        wins[type(office.ask(Record(task, {"report": giver}), "carl")).__name__] += 1
        ender.join()
        register.end_appointment(company, right, now(), by="test")

    late = office.scalar(
        """
        SELECT count(*)
          FROM event
          JOIN delegation
            ON delegation.id = (convert_from(body, 'UTF8')::jsonb -> 'actor' ->> 'delegation')::uuid
          JOIN appointment ON appointment.id = delegation.appointment
         WHERE event.recorded_at >= least(upper(delegation.during), upper(appointment.during))
        """
    )
    assert late == 0
    assert wins["Done"] + wins["NotYourPost"] == RACES
    assert verify(company).faults == ()


def test_one_that_is_to_come_is_withdrawn_and_never_counts(office: Office) -> None:
    start = now() + timedelta(days=1)
    lent = lend(office, start=start, end=start + timedelta(days=3))
    case = office.examined()

    assert isinstance(approve(office, case), NotYourPost)
    assert delegations.end_delegation(office.company, lent, now(), by="leo") == "withdrawn"
    words = "^the same delegation was made before, and `leo` has ended it. Choose another time"
    with pytest.raises(NotDelegatedError, match=words):
        lend(office, start=start, end=start + timedelta(days=3))


def test_the_same_wish_again_changes_nothing(office: Office) -> None:
    same = wish()

    first = delegations.delegate(office.company, same, by="leo")
    second = delegations.delegate(office.company, same, by="leo")

    assert first == second
    assert office.scalar("SELECT count(*) FROM delegation") == 1
    assert office.scalar("SELECT count(*) FROM register_entry WHERE kind = 'delegated'") == 1


OUTCOME = "claim/approve/approve"
REFUSED: list[tuple[dict[str, object], str]] = [
    ({"reason": "  "}, "the reason is missing. Say why the authority is lent."),
    (
        {"reason": "x" * 1001},
        "the reason is not text of at most 1,000 characters. Shorten it.",
    ),
    ({"end": LONG_AGO}, "it would end before it begins. Choose a later end."),
    ({"post": "leed"}, "there is no post `leed`. Write `lead`."),
    ({"workflows": ("clam",)}, "there is no workflow `clam`. Write `claim`."),
    (
        {"outcomes": ("claim/approve/aprove",)},
        "there is no outcome `claim/approve/aprove`. Write `claim/approve/approve`.",
    ),
    (
        {"outcomes": ("claim/suspect/clear",)},
        (
            "`lead` may not take `claim/suspect/clear`, so nobody can lend it. "
            "It may take: `claim/approve/approve`, `claim/approve/reject`."
        ),
    ),
    ({"when": "true"}, "a condition limits outcomes. Name them with it."),
    (
        {"outcomes": (OUTCOME,), "when": "claim.amont < 1"},
        (
            "`claim.amont < 1` is no condition about `claim`: `amont` is not a field of `claim`. "
            "Write `claim.amount`."
        ),
    ),
    ({"person": "leo"}, "`leo` has this authority already. Name another person."),
    ({"person": "zed"}, "there is no person `zed` in the register. Add the person first."),
    (
        {"giver": "ben", "person": "anna"},
        "`ben` does not hold `lead` for all of that time. Choose a time within the appointment.",
    ),
    (
        {"start": LONG_AGO - timedelta(days=1)},
        "`leo` does not hold `lead` for all of that time. Choose a time within the appointment.",
    ),
]


@pytest.mark.parametrize(("other", "words"), REFUSED)
def test_what_cannot_be_lent_is_refused_in_words(
    office: Office, other: dict[str, object], words: str
) -> None:
    with pytest.raises(NotDelegatedError) as caught:
        lend(office, **other)

    assert str(caught.value) == words
    assert office.scalar("SELECT count(*) FROM delegation") == 0


def test_what_is_lent_is_not_passed_on(office: Office) -> None:
    lend(office)

    with pytest.raises(NotDelegatedError) as caught:
        lend(office, giver="ben", person="anna")

    words = "`lead` is only lent to `ben`, and what is lent is not passed on."
    assert str(caught.value) == words


AS: list[tuple[str, dict[str, object], str]] = [
    ("leo", {}, ""),
    ("hedy", {}, ""),
    (
        "anna",
        {},
        "only who holds `Team lead`, or a post above it, lends its authority. Ask one of them.",
    ),
    (
        "hedy",
        {"person": "hedy"},
        "nobody lends themselves the authority of another. Ask who holds the post.",
    ),
    ("leo", {"post": "leed"}, "there is no post `leed`. Write `lead`."),
]


@pytest.mark.parametrize(("by", "other", "words"), AS)
def test_who_holds_a_post_or_one_above_it_lends_its_authority(
    office: Office, by: str, other: dict[str, object], words: str
) -> None:
    if not words:
        assert delegations.delegate_as(office.company, by, wish(**other))
        return
    with pytest.raises(NotDelegatedError) as caught:
        delegations.delegate_as(office.company, by, wish(**other))
    assert str(caught.value) == words


DAMAGE = [
    "DELETE FROM delegation",
    "UPDATE delegation SET person = 'anna'",
    "UPDATE delegation SET outcomes = '{claim/approve/reject}'",
    "UPDATE delegation SET workflows = '{refund}'",
    "UPDATE delegation SET outcomes = '{claim/approve/approve}', condition = 'true'",
    "UPDATE delegation SET during = 'empty', ended_by = 'x', ended_at = now()",
    "UPDATE delegation SET appointment = (SELECT id FROM appointment WHERE person = 'carl')",
]


@pytest.mark.parametrize("statement", DAMAGE)
def test_the_checker_finds_what_was_changed_about_a_delegation(
    office: Office, database: Database, statement: str
) -> None:
    case = office.examined()
    lend(office)
    assert isinstance(approve(office, case), Done)

    with psycopg.connect(database.owner_url) as connection:
        connection.execute(statement.encode())

    faults = verify(office.company).faults
    assert {fault.invariant for fault in faults} == {"I7"}
    assert any(fault.place.startswith("case ") for fault in faults)
