"""People and appointments: what is made, what is refused and in which words."""

from datetime import UTC, datetime, timedelta

import pytest

from kingpost.engine import register
from kingpost.engine.register import Appointment, NotAppointedError
from tests.engine.office import LONG_AGO, Office

NEXT_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


def test_the_same_wish_again_changes_nothing(office: Office) -> None:
    wish = Appointment("ben", "check", NEXT_YEAR)

    first = register.appoint(office.company, [wish, wish], by="test")
    second = register.appoint(office.company, [wish], by="test")

    assert first == [*second, *second]
    assert office.scalar("SELECT count(*) FROM appointment WHERE person = 'ben'") == 2


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Appointment("ben", "chek", NEXT_YEAR), "there is no post `chek`"),
        (Appointment("zed", "check", NEXT_YEAR), "there is no person `zed` in the register"),
        (Appointment("anna", "desk", NEXT_YEAR), "`anna` holds `desk` already in that time"),
        (
            Appointment("ben", "lead", NEXT_YEAR),
            "`lead` has no free seat from 1 January 2030: its seat is",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    office: Office, wish: Appointment, words: str
) -> None:
    good = Appointment("hedy", "check", NEXT_YEAR)

    with pytest.raises(NotAppointedError) as caught:
        register.appoint(office.company, [good, wish], by="test")

    assert str(caught.value).startswith(words)
    assert office.scalar("SELECT count(*) FROM appointment") == 5


def test_a_seat_is_free_again_after_its_holder(office: Office) -> None:
    end = NEXT_YEAR + timedelta(days=1)
    (first,) = register.appoint(
        office.company, [Appointment("ben", "check", NEXT_YEAR, end)], by="test"
    )

    register.appoint(office.company, [Appointment("anna", "check", end)], by="test")

    seats = (
        "SELECT array_agg(DISTINCT seat) FROM appointment WHERE post = 'check' AND person <> 'carl'"
    )
    assert office.scalar(seats) == [2]
    assert not register.end_appointment(office.company, first, end + timedelta(days=9), by="test")


def test_an_appointment_does_not_end_in_the_past(office: Office) -> None:
    """What was decided under it was decided."""
    assert register.end_appointment(office.company, office.appointments["leo"], LONG_AGO, by="test")

    late = office.scalar(
        "SELECT clock_timestamp() - upper(during) FROM appointment WHERE post='lead'"
    )
    assert isinstance(late, timedelta)
    assert timedelta(0) <= late < timedelta(minutes=1)
    assert not register.end_appointment(
        office.company, office.appointments["leo"], LONG_AGO, by="test"
    )


def test_people_are_added_once_and_renamed(office: Office) -> None:
    register.keep_people(office.company, [("anna", "Anna Lund"), ("dora", "Dora")])
    register.keep_people(office.company, [("dora", "Dora")])

    assert office.scalar("SELECT name FROM person WHERE id = 'anna'") == "Anna Lund"
    assert office.scalar("SELECT count(*) FROM person") == 6
