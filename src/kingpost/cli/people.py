"""`kingpost people`: the register of people, appointments, accounts and tokens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from kingpost.cli.checking import DataFolder
from kingpost.cli.clock import now
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine import access, register
from kingpost.engine.company import Company
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.register_csv import read_appointments, read_people

people = typer.Typer(help="People, the posts they hold, and their accounts.", no_args_is_help=True)

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
From = Annotated[datetime | None, typer.Option("--from", help="In UTC.", formats=_FORMATS)]
Until = Annotated[datetime | None, typer.Option("--until", help="In UTC.", formats=_FORMATS)]
At = Annotated[datetime | None, typer.Option("--at", help="In UTC.", formats=_FORMATS)]


@people.command("load")
def load(
    people_file: Annotated[Path, typer.Argument(help="CSV: id,name", exists=True)],
    appointments_file: Annotated[
        Path | None, typer.Argument(help="CSV: person,post,from,until,kind", exists=True)
    ] = None,
    data: DataFolder = None,
) -> None:
    """Load people, and their appointments, from CSV files. Loading twice changes nothing."""
    with open_database(read_settings(data)) as database:
        count = load_register(Company(database), people_file, appointments_file)
    Console().print(f"{count} people and their appointments are in the register.")


def load_register(company: Company, people_file: Path, appointments_file: Path | None) -> int:
    """Load people and appointments; return how many people. Prints what is wrong, and ends."""
    console = Console()
    try:
        found = read_people(people_file)
        wished = read_appointments(appointments_file) if appointments_file else ()
    except UnreadableError as error:
        console.print(f"{error}\nNothing was loaded.", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    register.keep_people(company, [(item.id, item.name) for item in found])
    wishes = [
        register.Appointment(item.person, item.post, item.start, item.end, item.kind)
        for item in wished
    ]
    _appoint(company, console, wishes)
    return len(found)


@people.command("appoint")
def appoint(
    person: str,
    post: str,
    *,
    start: From = None,
    end: Until = None,
    acting: Annotated[bool, typer.Option("--acting", help="For the time being.")] = False,
    data: DataFolder = None,
) -> None:
    """Appoint a person to a post."""
    with open_database(read_settings(data)) as database:
        wish = register.Appointment(
            person,
            post,
            _utc(start) or now(),
            _utc(end),
            "acting" if acting else "substantive",
        )
        _appoint(Company(database), Console(), [wish])
    Console().print(f"{person} holds {post}.")


@people.command("end")
def end(appointment: UUID, at: At = None, data: DataFolder = None) -> None:
    """End an appointment, now or at a moment."""
    moment = _utc(at) or now()
    with open_database(read_settings(data)) as database:
        ended = register.end_appointment(Company(database), appointment, moment)
    if not ended:
        Console().print(f"There is no appointment {appointment} that runs then.")
        raise typer.Exit(1)
    Console().print("Ended.")


@people.command("password")
def password(
    person: str,
    secret: Annotated[str, typer.Option("--password", prompt=True, hide_input=True)],
    data: DataFolder = None,
) -> None:
    """Give a person an account with a password, or another password."""
    with open_database(read_settings(data)) as database:
        access.set_password(Company(database), person, secret)
    Console().print(f"{person} can sign in.")


@people.command("token")
def token(
    person: str,
    name: Annotated[str, typer.Option(help="What it is for.")],
    days: Annotated[int, typer.Option(min=1, max=access.TOKEN_DAYS_MAX)] = 30,
    data: DataFolder = None,
) -> None:
    """Make a token of the API for a person. It is shown once."""
    with open_database(read_settings(data)) as database:
        made = access.open_session(
            Company(database),
            person=person,
            name=name,
            lasts=timedelta(days=days),
            now=now(),
        )
    print(made.token)  # noqa: T201 - the one line that is asked for


def _appoint(company: Company, console: Console, wished: list[register.Appointment]) -> int:
    try:
        return len(register.appoint(company, wished, by="kingpost people"))
    except register.NotAppointedError as error:
        console.print(f"{error}\nNobody was appointed.", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
