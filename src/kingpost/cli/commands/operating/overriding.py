"""`kingpost override`: go beyond an authority by two people, and review it afterwards."""

from typing import Annotated

import typer

from kingpost.cli.commands.operating.repairing import (
    By,
    Number,
    Set,
    carry_out,
    find_case,
    refuse,
    told,
    typed,
)
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.decisions.case import Case
from kingpost.decisions.commands import ConfirmOverride, Decline, Override, Review
from kingpost.engine.company import Company
from kingpost.engine.repairs.previewing import Effect, preview_override
from kingpost.model.steps.deciding import ReviewFinding

overrides = typer.Typer(
    help="Go beyond an authority: one person asks, another confirms, a third reviews.",
    no_args_is_help=True,
)

_Step = Annotated[str, typer.Argument(help="The decision.")]
_Outcome = Annotated[str, typer.Argument(help="The outcome that is wanted.")]
_Reason = Annotated[str, typer.Option(help="Why, for the history of the case.")]


@overrides.command("show")
def show(
    number: Number,
    step: _Step,
    outcome: _Outcome,
    *,
    by: By,
    fields: Set = None,
    data: DataFolder = None,
) -> None:
    """Show what an override would do now. Nothing is recorded."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        case = find_case(company, number)
        wanted = _wanted(company, case, (step, outcome, ""), fields or [])
        found = preview_override(company, wanted, by)
    if not isinstance(found, Effect):
        refuse(str(found))
    for line in told(found):
        typer.echo(line)


@overrides.command("ask")
def ask(  # noqa: PLR0913 - the parts of an override
    number: Number,
    step: _Step,
    outcome: _Outcome,
    *,
    by: By,
    reason: _Reason,
    fields: Set = None,
    data: DataFolder = None,
) -> None:
    """Ask for an outcome beyond your authority. Another person confirms it, or it lapses."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        case = find_case(company, number)
        wanted = _wanted(company, case, (step, outcome, reason), fields or [])
        seq = carry_out(company, case, wanted, by)
        waiting = find_case(company, number).proposal
    until = waiting.until if waiting else None
    assert until is not None, "it was asked for just now"
    typer.echo(
        f"asked: until {until:%-d %B %Y at %H:%M} UTC another person confirms it by"
        f" `kingpost override confirm {number} {seq}`"
    )


@overrides.command("confirm")
def confirm(
    number: Number,
    event: Annotated[int, typer.Argument(help="The event that asks for the override.")],
    *,
    by: By,
    reason: _Reason = "",
    data: DataFolder = None,
) -> None:
    """Let the outcome take effect, as the second person."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        seq = carry_out(company, find_case(company, number), ConfirmOverride(event, reason), by)
        reviews = find_case(company, number).reviews.values()
    # Whoever reviews it may have been as quick as that.
    found = (f", for `{each.post}` to review" for each in reviews if each.event == seq)
    typer.echo(f"{number}: event {event} has taken effect{next(found, '')}")


@overrides.command("decline")
def decline(
    number: Number,
    event: Annotated[int, typer.Argument(help="The event that asks for the override.")],
    *,
    by: By,
    reason: _Reason,
    data: DataFolder = None,
) -> None:
    """Say no to it, as the second person. Nothing changes, and whoever asked is told why."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        carry_out(company, find_case(company, number), Decline(event, reason), by)
    typer.echo(f"{number}: what event {event} asks for is declined")


@overrides.command("review")
def review(
    number: Number,
    step: _Step,
    finding: Annotated[ReviewFinding, typer.Argument(help="What comes of it.")],
    *,
    by: By,
    reason: _Reason,
    data: DataFolder = None,
) -> None:
    """Say what comes of the review of an override, also when the case has ended."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        case = find_case(company, number)
        found = next((each for each in case.reviews.values() if each.step == step), None)
        if found is None:
            refuse(f"no override of `{step}` is to be reviewed in {number}")
        carry_out(company, case, Review(found.id, finding.value, reason), by)
    typer.echo(f"{number}: the override of {step} is reviewed: {finding.value}")


def _wanted(
    company: Company, case: Case, parts: tuple[str, str, str], fields: list[str]
) -> Override:
    """Return what is asked for. parts: the step, the outcome, and why."""
    step, outcome, reason = parts
    token = case.at(step)
    if token is None:
        refuse(f"{case.number} does not stand at `{step}`")
    return Override(token.id, outcome, typed(company, case, fields), reason)
