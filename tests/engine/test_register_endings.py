"""Appointments that are ended, withdrawn, or asked for again in another way."""

from datetime import UTC, datetime, timedelta

import pytest

from kingpost.decisions.commands import Decide
from kingpost.decisions.refusals import NotYourPost
from kingpost.engine import register
from kingpost.engine.register import Appointment, NotAppointedError
from kingpost.engine.verify import verify
from kingpost.exchange.imports import read_rights
from kingpost.store import whole
from tests.engine.office import LONG_AGO, Office

START = datetime(2040, 12, 1, tzinfo=UTC)
WISH = Appointment("ben", "check", START)


def make(office: Office, wish: Appointment = WISH) -> None:
    register.appoint(office.company, [wish], by="test")


@pytest.mark.parametrize(
    "other",
    [
        Appointment("ben", "check", START, START + timedelta(days=9)),
        Appointment("ben", "check", START, kind="acting"),
        Appointment("ben", "check", START, START + timedelta(days=9), "acting"),
        Appointment("ben", "check", START + timedelta(days=9)),
        Appointment("ben", "check", START - timedelta(days=9), START + timedelta(days=1)),
    ],
)
def test_another_wish_in_the_same_time_is_refused(office: Office, other: Appointment) -> None:
    make(office)

    with pytest.raises(NotAppointedError, match=r"^`ben` holds `check` already in that time$"):
        make(office, other)

    assert office.scalar("SELECT count(*) FROM appointment WHERE person = 'ben'") == 2


def test_who_holds_the_only_seat_is_told_that(office: Office) -> None:
    other = Appointment("leo", "lead", LONG_AGO, kind="acting")

    with pytest.raises(NotAppointedError, match=r"^`leo` holds `lead` already in that time$"):
        make(office, other)


def test_a_file_loaded_again_does_not_undo_an_ending(office: Office) -> None:
    leo = office.appointments["leo"]
    wish = Appointment("leo", "lead", LONG_AGO)
    assert register.end_appointment(office.company, leo, LONG_AGO, by="hedy") == "ended"

    again = register.appoint(office.company, [wish], by="test")

    assert again == [leo]
    assert office.scalar("SELECT upper(during) <= now() FROM appointment WHERE id = %s", leo)
    assert office.scalar("SELECT ended_by FROM appointment WHERE id = %s", leo) == "hedy"


def test_who_asks_for_an_ended_one_again_is_told(office: Office) -> None:
    ben = register.appoint_as(office.company, "leo", WISH)
    register.end_appointment(office.company, ben, LONG_AGO, by="hedy")

    words = "^the same appointment was made before, and `hedy` has ended it. Choose another time"
    with pytest.raises(NotAppointedError, match=words):
        register.appoint_as(office.company, "leo", WISH)

    later = Appointment("ben", "check", START + timedelta(minutes=1))
    assert register.appoint_as(office.company, "leo", later) != ben


@pytest.mark.parametrize("end", [LONG_AGO, START - timedelta(days=1), START])
def test_one_that_has_not_begun_is_withdrawn(office: Office, end: datetime) -> None:
    ben = register.appoint_as(office.company, "leo", WISH)

    first = register.end_appointment(office.company, ben, end, by="leo")
    second = register.end_appointment(office.company, ben, end, by="hedy")

    assert (first, second) == ("withdrawn", None)
    assert office.scalar("SELECT isempty(during) FROM appointment WHERE id = %s", ben) is True
    assert office.scalar("SELECT lower(wished) FROM appointment WHERE id = %s", ben) == START
    assert office.scalar("SELECT ended_by FROM appointment WHERE id = %s", ben) == "leo"


def test_a_withdrawn_one_gives_no_right_and_takes_no_seat(office: Office) -> None:
    company = office.company
    case = office.examined()
    (hedy,) = register.appoint(company, [Appointment("hedy", "check", START)], by="test")
    register.end_appointment(company, hedy, START, by="leo")

    # Two seats, one of them Carl's.
    make(office)

    answer = office.ask(Decide(office.task(case, "approve"), "approve"), "ben")
    assert isinstance(answer, NotYourPost)
    held = read_rights(company.database, company.active()).held("hedy", START)
    assert [item.post for item in held] == ["head"]
    with company.database.connection() as connection:
        right = whole.all_rights(connection)[str(hedy)]
    assert right["start"] == right["stop"] == START
    assert verify(company).faults == ()
