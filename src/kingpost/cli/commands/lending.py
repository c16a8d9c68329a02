"""`kingpost people delegate`, `delegations` and `absent`: who acts for others, and why."""

from datetime import datetime
from typing import Annotated

import typer

from kingpost.cli.clock import now
from kingpost.cli.columns import print_columns
from kingpost.cli.failures import CommandError
from kingpost.cli.moments import From, Until, in_utc, in_words, moment
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.engine.delegations import Delegation, delegate
from kingpost.engine.register import Absence, note_absence
from kingpost.queries.organisation import Delegated, read_post
from kingpost.values.nearest import suggestion


def delegate_command(  # noqa: PLR0913 - one for each part of a delegation
    giver: Annotated[str, typer.Argument(help="Who holds the post.")],
    post: str,
    person: Annotated[str, typer.Argument(help="To whom it is lent.")],
    *,
    until: Annotated[datetime, typer.Option(help="In UTC.", parser=moment)],
    reason: Annotated[str, typer.Option(help="Why it is lent.")],
    start: From = None,
    workflow: Annotated[
        list[str] | None, typer.Option(help="Only in this workflow; may be repeated.")
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="Only this WORKFLOW/STEP/OUTCOME; may be repeated."),
    ] = None,
    when: Annotated[str | None, typer.Option(help="Only when this holds of the record.")] = None,
    data: DataFolder = None,
) -> None:
    """Lend the authority of a post to another person, for a time."""
    wish = Delegation(
        giver,
        post,
        person,
        in_utc(start) if start else now(),
        in_utc(until),
        reason,
        tuple(workflow or ()),
        tuple(outcome or ()),
        when,
    )
    with open_database(read_settings(data), connections=2) as database:
        made = delegate(Company(database), wish, by="kingpost people")
    ends = f"{wish.end:%-d %B %Y at %H:%M}"
    typer.echo(f"{person} may act as {post} for {giver} until {ends} UTC: {made}")


def absent_command(
    person: str,
    *,
    start: From = None,
    end: Until = None,
    reason: Annotated[str, typer.Option(help="Why, if others may know.")] = "",
    data: DataFolder = None,
) -> None:
    """Note that a person is away: what nobody else holds falls as if it were vacant."""
    wish = Absence(person, in_utc(start) if start else now(), in_utc(end) if end else None, reason)
    with open_database(read_settings(data), connections=2) as database:
        made = note_absence(Company(database), wish, by="kingpost people")
    ends = f"until {wish.end:%-d %B %Y at %H:%M} UTC" if wish.end else "until further notice"
    typer.echo(f"{person} is away from {wish.start:%-d %B %Y at %H:%M} UTC {ends}: {made}")


def delegations_command(post: str, data: DataFolder = None) -> None:
    """List what was ever lent of the authority of a post."""
    with open_database(read_settings(data), connections=2) as database:
        program = Company(database).active()
        found = read_post(database, program, post)
    if found is None:
        help_ = suggestion(post, program.model.posts, "Look it up in the model.")
        raise CommandError(f"there is no post `{post}`. {help_}")
    if not found.delegations:
        typer.echo("Nothing was ever lent.")
        return
    rows = [
        (
            item.giver,
            item.person,
            _scope(item),
            in_words(item.since),
            "withdrawn" if item.withdrawn else in_words(item.until),
            item.reason,
            str(item.id),
        )
        for item in found.delegations
    ]
    print_columns(("giver", "person", "what", "from", "until", "reason", "delegation"), rows)


def _scope(item: Delegated) -> str:
    named = ", ".join(item.outcomes or item.workflows) or "everything"
    return f"{named} when {item.when}" if item.when else named
