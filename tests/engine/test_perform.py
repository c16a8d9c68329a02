"""The one road: each command through the engine on a real database."""

from datetime import UTC, datetime
from uuid import UUID

from kingpost.decisions.commands import (
    Assign,
    Complete,
    Decide,
    Deliver,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.refusals import (
    NotSeparate,
    NotYetDue,
    NotYourInterface,
    NotYourPost,
    OutsideAuthority,
    ReasonMissing,
)
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.due import due_waits
from kingpost.engine.perform import Asked, Done, NoSuchCase, NoSuchWorkflow, expire, perform
from kingpost.engine.register import Appointment
from tests.engine.office import Office, key


def test_a_claim_goes_from_its_start_to_its_payment(office: Office) -> None:
    answer = office.do(Start({"claimant": "Rita Prado", "amount": "200"}), "anna")
    case = answer.case

    assert (answer.number, answer.seq, answer.repeated) == ("CLM-1", 1, False)
    assert office.case(case).fields["level"] == "low"
    assert office.steps(case) == {"handling", "examine", "suspect"}

    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    office.do(Decide(office.task(case, "suspect"), "again"), "carl")
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")
    assert office.steps(case) == {"approve"}

    office.do(Decide(office.task(case, "approve"), "approve"), "leo")
    last = office.do(Deliver(office.task(case, "payment"), "paid-out"), interface="bank")

    assert last.seq == 6
    assert office.case(case).is_closed
    assert office.scalar("SELECT count(*) FROM task") == 0
    assert office.scalar("SELECT count(*) FROM event") == 6


def test_fields_are_saved_and_work_is_taken_on_and_laid_back(office: Office) -> None:
    case = office.start()
    task = office.task(case, "examine")

    office.do(Record(task, {"amount": "300"}), "ben")
    office.do(Assign(task, "ben"), "ben")
    assert office.scalar("SELECT person FROM task WHERE id = %s", task) == "ben"
    office.do(Assign(task, None), "anna")

    assert office.scalar("SELECT person FROM task WHERE id = %s", task) is None
    assert office.case(case).fields["amount"] == "300"


def test_an_exception_suspends_and_its_ending_resumes_or_completes(office: Office) -> None:
    case = office.start()
    task = office.task(case, "examine")

    office.do(Raise(task, "info-missing", {}, "no date"), "anna")
    assert office.case(case).state == "waiting"
    assert office.scalar("SELECT suspended FROM task WHERE id = %s", task) == "info-missing"
    office.do(Resolve(task, "answered"), "anna")
    assert office.case(case).state == "new"

    office.do(Raise(task, "info-missing"), "anna")
    office.do(Resolve(task, "solved", {"report": "clear now"}), "anna")
    assert "examine" not in office.steps(case)


def test_an_exception_diverts(office: Office) -> None:
    case = office.examined()

    office.do(Raise(office.task(case, "approve"), "withdrawn"), "leo")

    assert office.case(case).state == "rejected"
    assert office.case(case).is_closed


def test_the_business_says_no(office: Office) -> None:
    case = office.examined(amount="900")
    approve = office.task(case, "approve")

    assert isinstance(office.ask(Decide(approve, "approve"), "anna"), NotYourPost)
    assert isinstance(office.ask(Decide(approve, "approve"), "leo"), OutsideAuthority)
    assert isinstance(office.ask(Decide(approve, "reject"), "hedy"), ReasonMissing)
    assert isinstance(office.ask(Decide(approve, "approve"), "stranger"), NotYourPost)
    refused = office.ask(Start({"claimant": "x"}), interface="bank")
    assert isinstance(refused, NotYourInterface)
    assert office.scalar("SELECT count(*) FROM event") == 3


def test_whoever_examined_does_not_approve(office: Office) -> None:
    register.appoint(
        office.company, [Appointment("hedy", "desk", datetime(2020, 1, 1, tzinfo=UTC))], by="test"
    )
    case = office.start()
    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "hedy")
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")

    answer = office.ask(Decide(office.task(case, "approve"), "approve"), "hedy")

    assert isinstance(answer, NotSeparate)


def test_what_is_not_there_is_said_so(office: Office) -> None:
    unknown = perform(office.company, Asked(key(), Complete(str(key())), person="anna"))
    garbled = perform(office.company, Asked(key(), Complete("not an id"), person="anna"))
    nowhere = Asked(key(), Start({}), person="anna", workflow="clam")

    assert unknown == garbled == NoSuchCase()
    assert perform(office.company, nowhere) == NoSuchWorkflow("clam", ("claim",))


def test_a_start_of_what_is_not_there_uses_up_no_number(office: Office) -> None:
    wish = Start({"claimant": "Rita", "amount": "1"})
    # A process that knows the model by now, and one that has yet to read it.
    known, fresh = office.company, Company(office.company.database)

    numbers = list[str]()
    for company in (known, known, fresh, fresh):
        nowhere = Asked(key(), wish, person="anna", workflow="clam")
        assert isinstance(perform(company, nowhere), NoSuchWorkflow)
        there = perform(company, Asked(key(), wish, person="anna", workflow="claim"))
        assert isinstance(there, Done)
        numbers.append(there.number)

    assert numbers == ["CLM-1", "CLM-2", "CLM-3", "CLM-4"]


def test_a_vacant_posts_work_falls_to_its_superior_until_somebody_holds_it(office: Office) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the appointment ends now.
    case = office.start()
    suspect = office.task(case, "suspect")
    assert isinstance(office.ask(Decide(suspect, "clear"), "leo"), NotYourPost)

    assert register.end_appointment(office.company, office.appointments["carl"], now, by="test")
    office.do(Decide(suspect, "clear"), "leo")

    body = office.scalar(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'actor' FROM event WHERE seq=2"
    )
    assert isinstance(body, dict)
    assert (body["post"], body["via"], body["for"]) == ("lead", "vacancy", "check")


def test_a_wait_ends_by_itself_once_its_time_is_over(office: Office) -> None:
    fresh, old = office.approved(), office.paid_long_ago(days=11)
    task = office.task(old, "payment")
    assert [str(item) for item, _ in due_waits(office.company, 10)] == [task]

    first, second = (
        expire(office.company, due) for due, _ in (*due_waits(office.company, 10),) * 2
    )

    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (first.repeated, second.repeated, first.seq) == (False, True, second.seq)
    assert office.case(old).is_closed
    assert due_waits(office.company, 10) == []
    assert isinstance(expire(office.company, UUID(office.task(fresh, "payment"))), NotYetDue)


def test_a_suspended_wait_does_not_end_by_itself(office: Office) -> None:
    old = office.paid_long_ago(days=9)
    task = office.task(old, "payment")
    office.do(Raise(task, "delayed"), "anna")

    assert office.scalar("SELECT limit_at IS NULL OR suspended IS NOT NULL FROM task") is True
    assert due_waits(office.company, 10) == []
