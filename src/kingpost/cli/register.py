"""Load the register from files."""

from pathlib import Path

from kingpost.cli.failures import CommandError
from kingpost.engine.company import Company
from kingpost.engine.register import (
    Appointment,
    KindOfPersonError,
    NotAppointedError,
    appoint,
    keep_people,
)
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.register_csv import read_appointments, read_people


def load_register(
    company: Company, people_file: Path, appointments_file: Path | None
) -> tuple[int, int]:
    """Load people and appointments; return how many of each the files hold."""
    try:
        found = read_people(people_file)
        wished = read_appointments(appointments_file) if appointments_file else []
    except UnreadableError as error:
        raise CommandError(f"{error}\nNothing was loaded.") from None
    wishes = [
        Appointment(item.person, item.post, item.start, item.end, item.kind) for item in wished
    ]
    people, agents = (
        [(item.id, item.name) for item in found if item.is_agent is agent]
        for agent in (False, True)
    )
    try:
        keep_people(company, people, agents)
    except KindOfPersonError as error:
        raise CommandError(f"{error}\nNothing was loaded.") from None
    if not wishes:
        return len(found), 0
    try:
        appoint(company, wishes, by="kingpost people")
    except NotAppointedError as error:
        raise CommandError(f"{error}\nNobody was appointed.") from None
    return len(found), len(wishes)
