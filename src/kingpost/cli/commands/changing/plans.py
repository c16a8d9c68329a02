"""`kingpost plans` and `kingpost apply`: plans as they were saved, and applying just that."""

import json
from typing import Annotated

import typer
from pydantic import TypeAdapter

from kingpost.cli.columns import for_people, print_columns
from kingpost.cli.commands.changing.carried import carry_and_tell
from kingpost.cli.commands.changing.discussed import tell_proposal
from kingpost.cli.commands.changing.telling import (
    Count,
    as_agree,
    as_case,
    counts,
    in_order,
    tell_agree,
    tell_becomes,
    tell_scenarios,
)
from kingpost.cli.commands.looking.differing import tell_differences
from kingpost.cli.failures import CommandError
from kingpost.cli.moments import in_words
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.carrying.forecasting import Expected
from kingpost.engine.change import NotCustodianError
from kingpost.engine.company import Company, NoModelError
from kingpost.engine.plans.applying import NotApplied, apply_plan, wanted_by
from kingpost.engine.plans.saving import (
    NAME_LENGTH,
    NoPlanError,
    Saved,
    cases_of,
    find_plan,
    find_plan_to_act_on,
    list_plans,
)
from kingpost.engine.proposals.reading import stands
from kingpost.engine.proposals.waiting import Waits
from kingpost.planning.difference import as_document, differences

_Plan = Annotated[str, typer.Argument(help="The beginning of its name, as `kingpost plans` lists.")]


def plans_command(
    plan: Annotated[str | None, typer.Argument(help="The beginning of one's name.")] = None,
    *,
    cases: Annotated[bool, typer.Option("--cases", help="List every live case.")] = False,
    waiting: Annotated[
        str | None, typer.Option("--waiting-for", help="Only those that a person is to approve.")
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """List the plans that were saved, the latest first; or show one as it was saved.

    Of one: what is different, what was to become of every live case and why, which posts keep what
    changes, whether the scenarios passed, and what came of it.
    """
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        if plan is None:
            _list(company, waiting, as_json=as_json)
        else:
            _show(company, find_or_fail(company, plan), listed=cases, as_json=as_json)


def apply_command(
    plan: _Plan,
    *,
    person: Annotated[
        str | None, typer.Option("--as", help="Who applies it: a person who keeps what changes.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Apply a plan just as it was saved; live cases go over as it says.

    It is stale when another version runs by now, or a live case would come to worse than was
    planned: then nothing is changed.
    """
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        try:
            found = find_plan_to_act_on(company, plan)
        except NoPlanError as error:
            raise CommandError(str(error)) from None
        try:
            answer = apply_plan(company, found, person)
        except NotCustodianError as error:
            typer.echo(f"{error}\nNothing was applied.")
            raise typer.Exit(1) from None
        if isinstance(answer, NotApplied):
            typer.echo(f"{answer}\nNothing was applied.")
            raise typer.Exit(1)
        version = found.plan.version[:12]
        typer.echo(f"Plan {found.name} is applied: model version {version} is in effect.")
        carry_and_tell(company, answer.change)


def find_or_fail(company: Company, written: str, *, to_act: bool = False) -> Saved:
    """Return the plan whose name begins so, or (to act on it) is written out.

    Raises: CommandError.
    """
    try:
        return find_plan_to_act_on(company, written) if to_act else find_plan(company, written)
    except NoPlanError as error:
        raise CommandError(str(error)) from None


def _list(company: Company, waiting: str | None, *, as_json: bool) -> None:
    running = _running(company)
    found = list_plans(company)
    if waiting is not None:
        found = tuple(each.plan for each in Waits().of(company, waiting))
    if as_json:
        typer.echo(json.dumps([_document(item, running) for item in found], indent=2))
        return
    if not found and waiting is not None:
        typer.echo(f"Nothing waits for the approval of `{waiting}`.")
        return
    if not found:
        typer.echo("No plan was saved yet: `kingpost plan FOLDER --save` saves one.")
        return
    head = ("plan", "of", "by", "from", "to", "live cases", "state")
    print_columns(head, [_row(item, running) for item in found])


def _row(item: Saved, running: str) -> tuple[str, ...]:
    plan = item.plan
    return (
        item.name,
        in_words(plan.at),
        item.by or "nobody",
        plan.running[:NAME_LENGTH],
        plan.version[:NAME_LENGTH],
        f"{plan.cases_number:,}",
        item.state(running),
    )


def _document(item: Saved, running: str) -> dict[str, object]:
    told = TypeAdapter(Saved).dump_python(item, mode="json")
    return {**told, "state": item.state(running)}


def _show(company: Company, item: Saved, *, listed: bool, as_json: bool) -> None:
    plan, running = item.plan, _running(company)
    before, after = company.program(plan.running).model, company.program(plan.version).model
    becomes = in_order(Expected(each) for each in cases_of(company, item))
    found, agree = differences(before, after), wanted_by(company, item)
    if as_json:
        document = {
            **_document(item, running),
            "differences": [as_document(each) for each in found],
            "live-cases": TypeAdapter(list[Count]).dump_python(counts(becomes), mode="json"),
            **({"cases": [as_case(each) for each in becomes]} if listed else {}),
            **as_agree(agree),
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    by = f" by {item.by}" if item.by else ""
    typer.echo(f"Plan {item.name}, as all stood at {in_words(plan.at)}{by}")
    typer.echo(f"From version {plan.running[:12]} to {plan.version[:12]}: {item.state(running)}\n")
    tell_differences(found, before, after)
    console = for_people()
    tell_becomes(console, becomes, listed=listed)
    tell_agree(console, agree)
    tell_scenarios(console, plan.scenarios, plan.failed)
    for line in tell_proposal(stands(company, item)):
        typer.echo(line)
    if item.change is not None:
        by = f" by {item.applied_by}" if item.applied_by else ""
        typer.echo(f"\nApplied{by}: `kingpost receipt {item.change}` tells what came of it.")


def _running(company: Company) -> str:
    try:
        return company.active().version
    except NoModelError:
        return ""
