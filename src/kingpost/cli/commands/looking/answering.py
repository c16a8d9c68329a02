"""`kingpost who`: who was accountable for something on a day."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from kingpost.cli.clock import now
from kingpost.cli.columns import print_columns
from kingpost.cli.failures import CommandError
from kingpost.cli.moments import day, in_utc, moment
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.queries.accountable import (
    AnsweredThen,
    Delegate,
    NothingThereError,
    who_was_accountable,
    whole_day,
)


def who_command(
    address: Annotated[
        str,
        typer.Argument(help="A post, workflow/W, workflow/W/step/S, obligation/O or objective/O."),
    ],
    *,
    on: Annotated[
        datetime | None,
        typer.Option("--on", help="A day where the company is; today.", parser=day),
    ] = None,
    known: Annotated[
        datetime | None,
        typer.Option("--known", help="Leave out what was recorded later; in UTC.", parser=moment),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Tell who was accountable for something on a day, by what is, or was then, on record."""
    day = (on or now()).date()
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        when = whole_day(day, company.active().model.zone)
        try:
            found = who_was_accountable(
                database, company.program, address, when, in_utc(known) if known else None
            )
        except NothingThereError as error:
            raise CommandError(str(error)) from None
    typer.echo(
        f"{found.title}, on {day:%-d %B %Y}, as on record at {found.known:%Y-%m-%d %H:%M} UTC:"
    )
    print_columns(
        ("post", "who", "how", "from", "until"),
        [row for post in found.posts for row in _rows(post)],
    )
    if found.is_later:
        typer.echo(f"No model ran then: this is by the first, {found.model[:8]}.")


def _rows(post: AnsweredThen) -> Iterator[tuple[str, ...]]:
    for holder in post.holders:
        how_held = f"{holder.kind}, away" if holder.absent else holder.kind
        yield post.post, holder.person, how_held, _day(holder.since), _day(holder.until)
    for item in post.delegates:
        yield post.post, item.person, how(item), _day(item.since), _day(item.until)
    if not post.holders:
        yield post.post, "nobody", "vacant" if post.stand_in else "vacant, nobody acts", "–", "–"
    if post.answered_for is not None:
        for person, words, since, until in (row[1:] for row in _rows(post.answered_for)):
            told = f"{words}, answers for the agent in {post.post}"
            yield post.answered_for.post, person, told, since, until
    if post.stand_in is not None:
        for person, words, since, until in (row[1:] for row in _rows(post.stand_in)):
            yield post.stand_in.post, person, f"{words}, for {post.post}", since, until


def how(item: Delegate) -> str:
    """Return by what a delegate acted, in words."""
    named = ", ".join(item.outcomes or item.workflows)
    return f"delegated by {item.giver}{f': {named}' if named else ''}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "–"
