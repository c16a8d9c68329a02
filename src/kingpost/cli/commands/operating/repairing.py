"""`kingpost repair`: put a case right, by two people one after the other."""

from typing import Annotated, NoReturn
from uuid import uuid4  # noqa: TID251 - the key of what is asked here comes from here

import typer

from kingpost.cli.options import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.decisions.case import Case, Plain
from kingpost.decisions.commands import Command, Confirm, Decline, Propose
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, NoSuchCase, perform
from kingpost.engine.repairs.previewing import Effect, find, preview_repair
from kingpost.model.records.written import plain_record

repairs = typer.Typer(
    help="Put a case right: one person proposes, another one confirms.", no_args_is_help=True
)

Number = Annotated[str, typer.Argument(help="Of the case, such as CLM-12.")]
By = Annotated[str, typer.Option("--by", help="Who acts; their posts say whether they may.")]
_Reason = Annotated[str, typer.Option(help="Why, for the history of the case.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="A field, as `amount=300`.")]
_At = Annotated[str, typer.Option("--at", help="The step that is moved or decided.")]
_To = Annotated[str, typer.Option("--to", help="The step to move to, or `done`.")]
_Outcome = Annotated[str, typer.Option(help="The outcome to force upon the decision.")]


@repairs.command("show")
def show(  # noqa: PLR0913 - the parts of a repair
    number: Number,
    *,
    by: By,
    fields: Set = None,
    at: _At = "",
    to: _To = "",
    outcome: _Outcome = "",
    data: DataFolder = None,
) -> None:
    """Show what a repair would do now. Nothing is recorded."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        case = find_case(company, number)
        wanted = _wanted(company, case, fields or [], (at, to, outcome, ""))
        found = preview_repair(company, number, wanted, by)
    if not isinstance(found, Effect):
        refuse(str(found))
    for line in told(found):
        typer.echo(line)


@repairs.command("propose")
def propose(  # noqa: PLR0913 - the parts of a repair
    number: Number,
    *,
    by: By,
    reason: _Reason,
    fields: Set = None,
    at: _At = "",
    to: _To = "",
    outcome: _Outcome = "",
    data: DataFolder = None,
) -> None:
    """Propose a repair. Another person confirms it, as long as the case stands still."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        case = find_case(company, number)
        wanted = _wanted(company, case, fields or [], (at, to, outcome, reason))
        seq = carry_out(company, case, wanted, by)
    typer.echo(f"proposed: another person confirms it by `kingpost repair confirm {number} {seq}`")


@repairs.command("confirm")
def confirm(
    number: Number,
    event: Annotated[int, typer.Argument(help="The event that proposes the repair.")],
    *,
    by: By,
    reason: _Reason = "",
    data: DataFolder = None,
) -> None:
    """Carry out, as the second person, the repair that was proposed."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        carry_out(company, find_case(company, number), Confirm(event, reason), by)
    typer.echo(f"{number} is repaired")


@repairs.command("decline")
def decline(
    number: Number,
    event: Annotated[int, typer.Argument(help="The event that proposes the repair.")],
    *,
    by: By,
    reason: _Reason,
    data: DataFolder = None,
) -> None:
    """Say no to it, as the second person. The case stays as it is."""
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        carry_out(company, find_case(company, number), Decline(event, reason), by)
    typer.echo(f"{number}: what event {event} proposes is declined")


def carry_out(company: Company, case: Case, command: Command, by: str) -> int:
    """Carry a command out and return its event, or stop with the refusal."""
    outcome = perform(company, Asked(uuid4(), command, case.id, by))
    if not isinstance(outcome, Done):
        refuse(str(outcome))
    return outcome.seq


def find_case(company: Company, number: str) -> Case:
    """Return the case of a number, or stop."""
    found = find(company, number)
    if found is None:
        refuse(str(NoSuchCase()))
    return found


def _wanted(
    company: Company, case: Case, fields: list[str], parts: tuple[str, str, str, str]
) -> Propose:
    """Return what is asked for. parts: the step, where it moves, the outcome, and why."""
    at, to, outcome, reason = parts
    values = typed(company, case, fields)
    token = case.at(at) if at else None
    if at and token is None:
        refuse(f"{case.number} does not stand at `{at}`")
    task = token.id if token else ""
    return Propose(values, task, to, outcome, reason)


def typed(company: Company, case: Case, fields: list[str]) -> dict[str, Plain]:
    """Return the fields that somebody wrote as `name=value`, or stop."""
    program = company.program(case.model)
    pairs = (text.partition("=") for text in fields)
    written = {name.strip(): value for name, _, value in pairs}
    about = program.workflows[case.workflow].object
    strange = next((name for name in written if about.field(name) is None), None)
    if strange is not None:
        refuse(f"there is no field `{strange}` on object `{about.id}`")
    return plain_record(program.model, about, written)


def told(effect: Effect) -> list[str]:
    """Return in words what a repair or an override does."""
    lines = [f"{name}: {was} -> {now}" for name, was, now in effect.fields]
    lines += [f"leaves {name}" for name in effect.left]
    lines += [f"comes to {name}" for name in effect.entered]
    if effect.state[0] != effect.state[1]:
        lines.append(f"state: {effect.state[0]} -> {effect.state[1]}")
    return [*lines, "the case ends"] if effect.is_closed else lines


def refuse(words: str) -> NoReturn:
    """Stop, and say why."""
    typer.echo(words, err=True)
    raise typer.Exit(1)
