"""`kingpost who`: who was accountable for something on a day."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter

from kingpost.cli.clock import now
from kingpost.cli.columns import print_columns
from kingpost.cli.failures import CommandError
from kingpost.cli.moments import day, in_utc, moment
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.queries.accountability.answer import (
    Accountable,
    AnsweredThen,
    Delegate,
    NothingThereError,
)
from kingpost.queries.accountability.reading import who_was_accountable


def who_command(
    address: Annotated[
        str,
        typer.Argument(
            help="A post, case/NUMBER, workflow/W, workflow/W/step/S, obligation/O or objective/O; "
            "of another part, who keeps it."
        ),
    ],
    *,
    on: Annotated[
        datetime | None,
        typer.Option("--on", help="A day where the post that answers is; today.", parser=day),
    ] = None,
    known: Annotated[
        datetime | None,
        typer.Option("--known", help="Leave out what was recorded later; in UTC.", parser=moment),
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Tell who was accountable for something on a day, by what is, or was then, on record."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        today = now().astimezone(ZoneInfo(company.active().model.zone))
        day = (on or today).date()
        recorded = in_utc(known) if known else None
        try:
            found = who_was_accountable(database, company.program, address, day, recorded)
        except NothingThereError as error:
            raise CommandError(str(error)) from None
    if as_json:
        typer.echo(TypeAdapter(Accountable).dump_json(found, indent=2).decode())
        return
    typer.echo(
        f"{found.title}, on {day:%-d %B %Y} in {found.zone}, "
        f"as on record at {found.known:%Y-%m-%d %H:%M} UTC:"
    )
    zone = ZoneInfo(found.zone)
    head, rows = (
        ["post", "who", "how", "from", "until"],
        [row for post in found.posts for row in _rows(post, zone)],
    )
    if any(post.what for post in found.posts):
        head, rows = (
            ["for", *head],
            [(post.what or "all of it", *row) for post in found.posts for row in _rows(post, zone)],
        )
    print_columns(head, rows)
    if found.is_later:
        typer.echo(f"No model ran then: this is by the first, {found.model[:8]}.")
    if found.address not in {address, f"post/{address}"}:
        typer.echo(f"It was called {found.address} then.")


def _rows(post: AnsweredThen, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    for holder in post.holders:
        how_held = f"{holder.kind}, away" if holder.absent else holder.kind
        times = _time(holder.since, zone), _time(holder.until, zone)
        yield post.post, holder.person, how_held, *times
    for item in post.delegates:
        yield post.post, item.person, how(item), _time(item.since, zone), _time(item.until, zone)
    if post.answered_for is not None:
        for who, person, words, *rest in _rows(post.answered_for, zone):
            yield who, person, f"{words}, answers for the agent in {post.post}", *rest
    for part in post.stood_in:
        times = _time(part.since, zone), _time(part.until, zone)
        empty = "nobody there" if post.holders else "vacant"
        if part.post is None:
            yield post.post, "nobody", f"{empty}, nobody acts", *times
        for holder in part.holders:
            yield part.post or "", holder.person, f"{holder.kind}, for {post.post}: {empty}", *times


def how(item: Delegate) -> str:
    """Return by what a delegate acted, in words."""
    named = ", ".join(item.outcomes or item.workflows)
    return f"delegated by {item.giver}{f': {named}' if named else ''}"


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment in the zone of the day; one of midnight is a day."""
    if at is None:
        return "–"
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d}" if local.time() == time(0) else f"{local:%Y-%m-%d %H:%M}"
