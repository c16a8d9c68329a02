"""Absences: what falls to others while everybody who holds a post is away, and who counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Decide
from kingpost.decisions.refusals import NotSeparate, NotYourPost
from kingpost.engine import delegations, register
from kingpost.engine import perform as road
from kingpost.engine.change import NotCustodianError, change_model
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Done
from kingpost.engine.register import Absence, Appointment, NotAwayError
from kingpost.engine.verify import verify
from kingpost.queries.accountability.reading import who_was_accountable
from kingpost.queries.people import read_reader
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import HOLDERS, TEXT, Office, model

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody is away is told from outside.


def away(office: Office, person: str = "carl", **other: object) -> UUID:
    wish = Absence(person, other.pop("start", now()), other.pop("end", None))  # type: ignore[arg-type]
    return register.note_absence(office.company, wish, by=person)


def judge(office: Office, case: UUID, person: str = "leo") -> object:
    return office.ask(Decide(office.task(case, "suspect"), "clear"), person)


def test_work_falls_by_the_policy_while_the_only_holder_is_away(office: Office) -> None:
    case = office.start()
    assert isinstance(judge(office, case), NotYourPost)

    absence = away(office)

    assert read_reader(office.company.database, "leo").vacant == {"check"}
    assert isinstance(judge(office, case), Done)
    assert register.end_absence(office.company, absence, now(), by="carl") == "ended"
    assert isinstance(judge(office, office.start()), NotYourPost)
    assert verify(office.company).faults == ()


def test_a_post_that_somebody_else_holds_does_not_fall(office: Office) -> None:
    register.appoint(office.company, [Appointment("ben", "check", now())], by="test")
    away(office)

    assert isinstance(judge(office, office.start()), NotYourPost)
    away(office, "ben")
    assert isinstance(judge(office, office.start()), Done)


def test_an_absence_takes_no_right_away(office: Office) -> None:
    away(office)

    assert isinstance(judge(office, office.start(), "carl"), Done)


def test_one_that_is_to_come_counts_from_its_beginning_and_can_be_withdrawn(
    office: Office,
) -> None:
    absence = away(office, start=now() + DAY, end=now() + 2 * DAY)

    assert isinstance(judge(office, office.start()), NotYourPost)
    assert register.end_absence(office.company, absence, now(), by="carl") == "withdrawn"
    assert register.end_absence(office.company, absence, now(), by="carl") is None
    assert verify(office.company).faults == ()


def test_standing_in_ends_when_the_holder_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, case, decide = away(office), office.start(), road.decide

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        register.end_absence(office.company, absence, now(), by="carl")
        return outcome

    monkeypatch.setattr(road, "decide", slow)

    assert isinstance(judge(office, case), NotYourPost)
    assert "suspect" in office.steps(case)


def test_what_may_not_be_done_by_a_delegation_may_be_by_the_vacancy(database: Database) -> None:
    """Carl examined, so nobody judges for him; while he is away his post's work falls to Leo."""
    separate = "role: checker\n                  separate-from: [examine]\n"
    text = TEXT.replace("role: checker\n", separate)
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, {**HOLDERS, "carl": "desk"}, text=text)
        register.appoint(office.company, [Appointment("carl", "check", now() - DAY)], by="test")
        wish = Delegation("carl", "check", "leo", now(), now() + DAY, "Leave")
        delegations.delegate(office.company, wish, by="carl")
        case = office.start()
        office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "carl")

        assert isinstance(judge(office, case), NotSeparate)
        away(office)
        assert isinstance(judge(office, case), Done)


def test_who_stood_in_is_told_for_the_day(office: Office) -> None:
    start = datetime(2024, 5, 1, tzinfo=UTC)
    away(office, start=start, end=start + 9 * DAY)

    def answered(day: date) -> list[object]:
        company = office.company
        (post,) = who_was_accountable(company.database, company.program, "check", day).posts
        stood_in = [each.post for each in post.stood_in]
        return [post.holders[0].person, post.holders[0].absent, stood_in]

    assert answered(date(2024, 5, 4)) == ["carl", True, ["lead"]]
    assert answered(date(2024, 6, 4)) == ["carl", False, []]


WORDS: list[tuple[Absence, str]] = [
    (Absence("carl", now(), now() - DAY), "it would end before it begins. Choose a later end."),
    (
        Absence("zed", now()),
        "there is no person `zed` in the register. Add the person first.",
    ),
    (
        Absence("carl", now(), reason="x" * 1001),
        "the reason is not text of at most 1,000 characters. Shorten it.",
    ),
    (
        Absence("ben", now() + DAY),
        "`ben` is away already in that time. End that absence first.",
    ),
]


@pytest.mark.parametrize(("wish", "words"), WORDS)
def test_what_cannot_be_noted_is_refused_in_words(
    office: Office, wish: Absence, words: str
) -> None:
    away(office, "ben")

    with pytest.raises(NotAwayError) as caught:
        register.note_absence(office.company, wish, by="test")

    assert str(caught.value) == words


def test_one_notes_one_s_own_and_that_of_those_below(office: Office) -> None:
    company = office.company
    assert register.note_absence_as(company, "carl", Absence("carl", now(), now() + DAY))
    assert register.note_absence_as(company, "leo", Absence("anna", now()))

    with pytest.raises(NotAwayError) as caught:
        register.note_absence_as(company, "anna", Absence("leo", now()))

    assert str(caught.value) == "you hold no post above one of `leo`. Ask a superior."


def test_to_appoint_and_to_keep_a_part_is_not_lent(office: Office) -> None:
    """A delegate acts at the work of a post; the register and the model are changed by holders."""
    start = now() - timedelta(hours=1)
    for giver, post in (("leo", "lead"), ("hedy", "head")):
        wish = Delegation(giver, post, "anna", start, start + DAY, "Leave")
        delegations.delegate(office.company, wish, by=giver)

    assert register.appointable(office.company, "anna") == frozenset()
    assert register.may_note_absence(office.company, "anna", "carl") is False
    changed = replace(model(), company="Harbour and Sons")
    with pytest.raises(NotCustodianError):
        change_model(office.company, changed, person="anna")
    change_model(office.company, changed, person="hedy")
