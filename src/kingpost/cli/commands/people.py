"""`kingpost people`: the register of people, appointments, accounts and tokens."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from psycopg.errors import ForeignKeyViolation

from kingpost.cli.clock import now
from kingpost.cli.columns import count, print_columns
from kingpost.cli.commands.lending import absent_command, delegate_command, delegations_command
from kingpost.cli.failures import CommandError
from kingpost.cli.moments import At, From, Until, in_utc, in_words
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.register import load_register
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine import access, register
from kingpost.engine.company import Company
from kingpost.engine.delegations import end_delegation
from kingpost.queries.organisation import Appointed, list_people, read_post
from kingpost.store.reading.people import names
from kingpost.values.nearest import suggestion

people = typer.Typer(help="People, the posts they hold, and their accounts.", no_args_is_help=True)

_ALL = 1_000_000

people.command("delegate")(delegate_command)
people.command("delegations")(delegations_command)
people.command("absent")(absent_command)


@people.command("load")
def load(
    people_file: Annotated[
        Path, typer.Argument(help="CSV: id,name,kind", exists=True, dir_okay=False)
    ],
    appointments_file: Annotated[
        Path | None,
        typer.Argument(help="CSV: person,post,from,until,kind", exists=True, dir_okay=False),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Load people, and their appointments, from CSV files. Loading twice changes nothing."""
    with open_database(read_settings(data), connections=2) as database:
        count, made = load_register(Company(database), people_file, appointments_file)
    typer.echo(f"{count:,} people and {made:,} appointments are in the register.")


@people.command("list")
def list_command(
    text: Annotated[str, typer.Argument(help="A part of the id or the name.")] = "",
    *,
    post: Annotated[str | None, typer.Option(help="Who holds this post, ever.")] = None,
    data: DataFolder = None,
) -> None:
    """List people with the posts that they hold, or everybody who ever held a post."""
    with open_database(read_settings(data), connections=2) as database:
        if post is not None:
            _list_post(Company(database), post, text)
            return
        found = list_people(database, text=text, size=_ALL).rows
    if not found:
        typer.echo("There is nobody.")
        return
    rows = [
        (row.id, row.name, "agent" if row.is_agent else "person", ", ".join(row.posts) or "–")
        for row in found
    ]
    print_columns(("person", "name", "kind", "posts"), rows)


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
    since, until = in_utc(start) if start else now(), in_utc(end) if end else None
    if until is not None and until <= since:
        raise CommandError("the end is not later than the beginning. Correct one of them.")
    kind = "acting" if acting else "substantive"
    wish = register.Appointment(person, post, since, until, kind)
    with open_database(read_settings(data), connections=2) as database:
        (appointment,) = register.appoint(
            Company(database), [wish], by="kingpost people", ended_stays=False
        )
    typer.echo(f"{person} holds {post} from {since:%-d %B %Y at %H:%M} UTC: {appointment}")


@people.command("end")
def end(
    right: Annotated[
        UUID,
        typer.Argument(
            help="See `kingpost people list --post`, or `people delegations`.",
            metavar="APPOINTMENT|DELEGATION|ABSENCE",
        ),
    ],
    at: At = None,
    data: DataFolder = None,
) -> None:
    """End an appointment, a delegation or an absence, now or at a moment.

    One that has not begun by then is withdrawn.
    """
    moment = in_utc(at) if at else now()
    with open_database(read_settings(data), connections=2) as database:
        company, by = Company(database), "kingpost people"
        ways = (register.end_appointment, end_delegation, register.end_absence)
        endings = (end_one(company, right, moment, by=by) for end_one in ways)
        ending = next(filter(None, endings), None)
    if ending is None:
        help_ = "Look it up with `kingpost people list --post POST`, or `people delegations POST`."
        words = f"there is no appointment, delegation or absence `{right}` that runs then"
        raise CommandError(f"{words}. {help_}")
    typer.echo("Withdrawn: it never begins." if ending == "withdrawn" else "Ended.")


@people.command("password")
def password(
    person: str,
    secret: Annotated[
        str, typer.Option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
    ],
    data: DataFolder = None,
) -> None:
    """Give a person an account with a password, or another password."""
    with open_database(read_settings(data), connections=2) as database:
        try:
            access.set_password(Company(database), person, secret)
        except access.AgentSignInError:
            words = f"`{person}` is a machine agent and does not sign in"
            raise CommandError(f"{words}. Make a token: `kingpost people token`.") from None
        except access.WeakPasswordError as error:
            raise CommandError(f"{error}.") from None
        except ForeignKeyViolation:
            raise _nobody(person) from None
    typer.echo(f"{person} can sign in.")


@people.command("sessions")
def sessions(
    person: str,
    *,
    end: Annotated[
        bool, typer.Option("--end", help="End all of them, tokens of the API too.")
    ] = False,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """List where a person is signed in, and their tokens; or end all of them."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        with database.connection() as connection:
            known = names(connection, [person])
        found = access.open_sessions(company, person)
        if end:
            access.end_sessions(company, person)
    if as_json:
        typer.echo(json.dumps([_session(each) for each in found], indent=2))
        return
    if not known:
        raise _nobody(person)
    if not found:
        typer.echo(f"{person} is signed in nowhere, and has no token.")
        return
    head = ("What", "Since", "Until")
    print_columns(head, [tuple(str(text) for text in _session(each).values()) for each in found])
    if end:
        typer.echo(f"{count(len(found), 'session')} ended.")


def _session(each: access.OpenSession) -> dict[str, str]:
    what = f"token {each.name}" if each.name else each.device or "browser"
    return {
        "what": what,
        "since": in_words(each.created_at),
        "until": in_words(each.expires_at),
    }


@people.command("token")
def token(
    person: Annotated[str | None, typer.Argument(help="Whom it speaks for.")] = None,
    *,
    interface: Annotated[
        str | None, typer.Option(help="Of the model, instead of a person.")
    ] = None,
    name: Annotated[str, typer.Option(help="What it is for.")],
    days: Annotated[int, typer.Option(min=1, max=access.TOKEN_DAYS_MAX)] = 30,
    data: DataFolder = None,
) -> None:
    """Make a token of the API for a person or an interface. It is shown once."""
    if (person is None) == (interface is None):
        raise CommandError("a token is of a person or of an interface. Name one of them.")
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        if interface is not None:
            _refuse_unknown(interface, company)
        lasts = timedelta(days=days)
        try:
            made = access.open_session(
                company, person=person, interface=interface, name=name, lasts=lasts, now=now()
            )
        except ForeignKeyViolation:
            raise _nobody(str(person)) from None
    typer.echo(made.token)


def _list_post(company: Company, post: str, text: str) -> None:
    program = company.active()
    found = read_post(company.database, program, post)
    if found is None:
        posts = program.model.posts
        help_ = suggestion(post, posts, "Look it up in the model.")
        raise CommandError(f"there is no post `{post}`. {help_}")
    rows = [
        (item.person, item.name, item.kind, in_words(item.since), _end(item), str(item.id))
        for item in found.appointments
        if text.casefold() in f"{item.person} {item.name}".casefold()
    ]
    if rows:
        print_columns(("person", "name", "kind", "from", "until", "appointment"), rows)
    else:
        typer.echo("There is nobody.")


def _refuse_unknown(interface: str, company: Company) -> None:
    known = company.active().model.interfaces
    if interface not in known:
        help_ = suggestion(interface, known, "Add it to the model first.")
        raise CommandError(f"there is no interface `{interface}`. {help_}")


def _nobody(person: str) -> CommandError:
    words = f"there is no person `{person}` in the register. Add the person first."
    return CommandError(words)


def _end(item: Appointed) -> str:
    return "withdrawn" if item.withdrawn else in_words(item.until)
