"""Proposing a change, and what others say of it: approved, rejected, discussed, withdrawn."""

from pathlib import Path
from typing import Annotated
from uuid import uuid4  # noqa: TID251 - the key of what is asked here comes from here

import typer

from kingpost.cli.commands.changing.discussed import tell_event
from kingpost.cli.commands.changing.planning import plan_to_propose
from kingpost.cli.commands.changing.plans import find_or_fail
from kingpost.cli.commands.changing.reaching import Places, Reach
from kingpost.cli.failures import CommandError
from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.decisions.consenting.judging import NotAgreed, Wish
from kingpost.decisions.consenting.proposal import Kind, State
from kingpost.engine.company import Company
from kingpost.engine.plans.saving import Saved
from kingpost.engine.proposals.acting import Act, Acted, act
from kingpost.engine.proposals.reading import Standing, stands

_Name = Annotated[str, typer.Argument(help="The beginning of its name, as `kingpost plans` lists.")]
_By = Annotated[str, typer.Option("--as", help="Who does: a person of the company.")]
_Reason = Annotated[str, typer.Option(help="Why, for its history.")]


def propose_command(  # noqa: PLR0913 - the parts of a proposal
    folder: Annotated[
        Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
    ] = Path(),
    *,
    person: Annotated[str, typer.Option("--as", help="Who proposes it: holds a post.")],
    reason: _Reason,
    plan: Annotated[
        str | None, typer.Option("--plan", help="A plan that was saved, instead of a folder.")
    ] = None,
    carry_over: Reach = None,
    places: Places = None,
    data: DataFolder = None,
) -> None:
    """Propose a change: plan it, keep that, and ask those who must approve it.

    What is proposed is the plan, word for word. Whoever changes it proposes another one, and the
    approvals of this one do not count for that.
    """
    if plan is None:
        plan = plan_to_propose(folder, (carry_over, places or ()), data, person)
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = _said(company, plan, Kind.PROPOSED, person, reason)
        typer.echo(f"Proposed as {found.name}: in the browser at `/plans/{found.name}`.")
        _tell_lacks(stands(company, found), found)


def approve_command(plan: _Name, *, person: _By, reason: _Reason, data: DataFolder = None) -> None:
    """Approve a change that was proposed, for every post that is asked and that you answer for."""
    _answer(plan, Kind.APPROVED, person, reason, data)


def reject_command(plan: _Name, *, person: _By, reason: _Reason, data: DataFolder = None) -> None:
    """Reject a change that was proposed; it ends when what it needs cannot be reached any more."""
    _answer(plan, Kind.REJECTED, person, reason, data)


def withdraw_command(plan: _Name, *, person: _By, reason: _Reason, data: DataFolder = None) -> None:
    """Withdraw a change that you proposed; it is not applied."""
    _answer(plan, Kind.WITHDRAWN, person, reason, data)


def comment_command(
    plan: _Name,
    words: Annotated[str, typer.Argument(help="What you say.")],
    *,
    person: _By,
    data: DataFolder = None,
) -> None:
    """Say something to a change that was proposed; it stands in its history."""
    _answer(plan, Kind.COMMENTED, person, words, data)


def _answer(plan: str, kind: Kind, person: str, reason: str, data: Path | None) -> None:
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = _said(company, plan, kind, person, reason)
        standing = stands(company, found)
        told = [event for event in standing.proposal.events if event.kind is kind]
        typer.echo(tell_event(standing, told[-1]))
        if standing.proposal.state is State.REJECTED:
            typer.echo(f"The proposal {found.name} is rejected: it cannot be applied any more.")
        elif standing.is_open and kind is not Kind.COMMENTED:
            _tell_lacks(standing, found)


def _said(company: Company, plan: str, kind: Kind, person: str, reason: str) -> Saved:
    found = find_or_fail(company, plan, to_act=True)
    answer = act(company, Act(uuid4(), found, person, Wish(kind, reason)))
    if isinstance(answer, NotAgreed):
        raise CommandError(str(answer))
    assert isinstance(answer, Acted), "it was done or refused"
    return found


def _tell_lacks(standing: Standing, plan: Saved) -> None:
    if standing.words:
        typer.echo("It lacks approvals:")
        for line in standing.words:
            typer.echo(f"  {line}")
    else:
        typer.echo(f"No approval is missing: `kingpost apply {plan.name} --as PERSON` applies it.")
