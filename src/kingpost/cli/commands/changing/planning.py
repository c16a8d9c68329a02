"""`kingpost plan`: what a change would do to the company that runs. Nothing is changed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape

from kingpost.cli.clock import now
from kingpost.cli.columns import count, for_people
from kingpost.cli.commands.changing.asking import PastCases, past_document, tell_past
from kingpost.cli.commands.changing.markdown import (
    agree_in_markdown,
    becomes_in_markdown,
    differences_in_markdown,
    gates_in_markdown,
    past_in_markdown,
)
from kingpost.cli.commands.changing.organising import organisation_in_markdown, tell_organisation
from kingpost.cli.commands.changing.reaching import Places, Reach, reach_of
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
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.decisions.carrying.judged import Policy
from kingpost.decisions.consenting.tally import Wanted
from kingpost.decisions.program import compile_model
from kingpost.decisions.restructuring.restructure import Restructure
from kingpost.decisions.restructuring.sentences import as_document as organisation_document
from kingpost.engine.carrying.answers import Past, ask_past
from kingpost.engine.carrying.forecasting import Expected, forecast
from kingpost.engine.carrying.policies import Positions, policies_of, write_policies
from kingpost.engine.change import said_of
from kingpost.engine.company import Company
from kingpost.engine.governing.wanting import wanted_for
from kingpost.engine.plans.foreseeing import foresee
from kingpost.engine.plans.saving import NAME_LENGTH, Judged, save_plan
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from kingpost.planning.difference import Difference, as_document, differences
from kingpost.planning.touching import touched
from kingpost.queries.changes.radius import Counted, Radius, Standing, read_radius
from kingpost.scenarios import run_scenarios


class Format(StrEnum):
    """How a plan is told."""

    TEXT = "text"
    MARKDOWN = "markdown"


_WORDS: Mapping[str, str] = {
    "open_work": "open work",
    "posts": "post, held by",
    "obligations": "obligation, owed by live cases",
    "interfaces": "interface, calls under way",
    "timers": "notices to be given",
}
_Cases: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--cases", help="List every live case, and those in which a rule answers otherwise."
    ),
]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a change would do.

    asked: what changed rules answer in cases of the past.
    organisation: what becomes of posts, and of those who hold them.
    agree: by the post that keeps it, what changes, and the workflows whose cases it reaches
           otherwise than governance says; and the approvals that governance asks for besides.
    saved: the digest of the plan that was kept, or empty.
    """

    before: Model
    after: Model
    found: tuple[Difference, ...]
    radius: Radius
    becomes: list[Expected]
    asked: Past
    agree: Wanted
    failed: list[str]
    saved: str
    organisation: Restructure


def plan_command(  # noqa: PLR0913 - the parts of a plan
    folder: Annotated[
        Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
    ] = Path(),
    *,
    carry_over: Reach = None,
    places: Places = None,
    past: PastCases = 1000,
    cases: _Cases = False,
    save: Annotated[bool, typer.Option("--save", help="Keep it, to apply just that.")] = False,
    person: Annotated[str | None, typer.Option("--as", help="Who plans it.")] = None,
    as_json: AsJson = False,
    written: Annotated[
        Format, typer.Option("--format", help="How it is told; `markdown` for a comment.")
    ] = Format.TEXT,
    data: DataFolder = None,
) -> None:
    """Tell what a change would do to the company that runs, and who must agree to it.

    What is different, in sentences; what that touches, with the live cases, open work, posts,
    obligations and calls under way there; what becomes of every live case, and why; what changed
    rules would have answered in cases of the past; which posts keep what changes; and whether the
    scenarios pass. Nothing is changed. The exit status is 1 when the model is unsound, a scenario
    fails, or something of the organisation is to be settled first.
    """
    examined = examine(folder)
    after = examined.model
    if after is None:
        tell(examined)
        raise typer.Exit(1)
    reach = reach_of(after, carry_over, places or ())
    planned = _plan(after, reach, data, past, (save, person))
    if as_json:
        document = _document(planned, listed=cases)
        typer.echo(
            json.dumps({"version": examined.version, **document}, indent=2, ensure_ascii=False)
        )
    elif written is Format.MARKDOWN:
        typer.echo("\n".join(_in_markdown(planned)))
    else:
        _tell(planned, listed=cases)
        if save:
            _tell_saved(planned.saved)
    raise typer.Exit(1 if planned.failed or planned.organisation.blocking else 0)


def plan_to_propose(
    folder: Path,
    reach: tuple[CarryOver | None, Sequence[str]],
    data: Path | None,
    person: str,
) -> str:
    """Plan a change, tell what it does, and keep that; return its digest.

    reach:  how it reaches live cases, as it is written.
    Raises: Exit, when nothing is to be proposed.
    """
    examined = examine(folder)
    after = examined.model
    if after is None:
        tell(examined)
        raise typer.Exit(1)
    planned = _plan(after, reach_of(after, *reach), data, 0, (True, person))
    _tell(planned, listed=False)
    if planned.failed:
        typer.echo("\nNothing was proposed, since scenarios fail.")
        raise typer.Exit(1)
    if not planned.saved:
        typer.echo("\nNothing was proposed, since nothing would change.")
        raise typer.Exit(1)
    typer.echo("")
    return planned.saved


def _plan(
    after: Model,
    reach: tuple[CarryOver | None, Positions],
    data: Path | None,
    past: int,
    saving: tuple[bool, str | None],
) -> _Planned:
    """Judge a change. saving: whether to keep it as a plan, and who does."""
    new, positions = compile_model(after), reach[1]
    failed = sorted(result.scenario.id for result in run_scenarios(new) if not result.passed)
    policies, at = policies_of(after, *reach), now()
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        running = company.active()
        before = running.model
        found = differences(before, after)
        radius = read_radius(database, touched(found, (links_of(before), links_of(after))))
        organisation = foresee(company, after)
        becomes, saved = list[Expected](), ""
        asks_anew = reach[0] is not None or positions
        if not found and reach[0] is None:
            # Of the version that runs, a map asks the cases of its workflows and no others.
            policies |= dict.fromkeys(policies.keys() - positions.keys(), CarryOver.STAY)
        if found or asks_anew:
            wanted = {
                name: Policy(policy, {name: positions.get(name, {})})
                for name, policy in policies.items()
            }
            becomes = in_order(forecast(company, new, wanted, at))
        asked = ask_past(company, new, past) if found and past else Past()
        if (found or reach[0] is not None) and saving[0]:
            cases = [each.foreseen for each in becomes]
            told = (write_policies(policies, positions), at, len(after.scenarios), failed, cases)
            saved = save_plan(company, Judged(running.version, after, *told), saving[1]).digest
    if found:
        reached = said_of(after, policies, positions)
    else:
        reached = set(positions if reach[0] is None else policies)
    agree = wanted_for(before, after, reached)
    told = (becomes, asked, agree, failed, saved, organisation)
    return _Planned(before, after, found, radius, *told)


def _document(planned: _Planned, *, listed: bool) -> dict[str, Any]:
    return {
        **({"plan": planned.saved} if planned.saved else {}),
        "differences": [as_document(item) for item in planned.found],
        "touches": TypeAdapter(Radius).dump_python(planned.radius, mode="json"),
        "organisation": organisation_document(planned.organisation),
        "live-cases": TypeAdapter(list[Count]).dump_python(counts(planned.becomes), mode="json"),
        **({"cases": [as_case(each) for each in planned.becomes]} if listed else {}),
        **past_document(planned.asked),
        **as_agree(planned.agree),
        "scenarios": {"number": len(planned.after.scenarios), "failed": planned.failed},
    }


def _in_markdown(planned: _Planned) -> Iterator[str]:
    if planned.saved:
        yield f"## Plan {planned.saved[:NAME_LENGTH]}\n"
    yield from differences_in_markdown(planned.found)
    yield from organisation_in_markdown(planned.organisation)
    yield from becomes_in_markdown(counts(planned.becomes))
    yield from past_in_markdown(planned.asked)
    yield from agree_in_markdown(planned.agree)
    yield from gates_in_markdown(len(planned.after.scenarios), planned.failed)


def _tell(planned: _Planned, *, listed: bool) -> None:
    tell_differences(planned.found, planned.before, planned.after)
    console = for_people()
    if planned.found:
        _tell_radius(console, planned.radius)
        tell_organisation(console, planned.organisation)
    if planned.found or planned.agree.keepers:
        tell_becomes(console, planned.becomes, listed=listed)
        tell_past(console, planned.asked, listed=listed)
        tell_agree(console, planned.agree)
    tell_scenarios(console, len(planned.after.scenarios), planned.failed)


def _tell_saved(saved: str) -> None:
    name = saved[:NAME_LENGTH]
    if saved:
        typer.echo(f"\nSaved as plan {name}: `kingpost apply {name} --as PERSON` applies it.")
    else:
        typer.echo("\nNothing was saved, since nothing would change.")


def _tell_radius(console: Console, radius: Radius) -> None:
    console.print("\n[bold]What it touches[/]")
    total = sum(item.cases for item in radius.cases)
    console.print(f"  {count(total, 'live case')}")
    for item in radius.cases:
        console.print(f"    {_standing(item)}")
    for name, words in _WORDS.items():
        found: tuple[Counted, ...] = getattr(radius, name)
        _tell_lines(console, words, (f"{item.address}: {item.number:,}" for item in found))
    _tell_lines(console, "objectives, promises and measures", radius.goals)


def _standing(item: Standing) -> str:
    at = ", ".join(item.steps) or "no step"
    here = ", which it touches" if item.there else ""
    return escape(f"{item.workflow} on {item.version[:8]} at {at}: {item.cases:,}{here}")


def _tell_lines(console: Console, words: str, lines: Iterable[str]) -> None:
    told = list(lines)
    if told:
        console.print(f"  {words}")
        for line in told:
            console.print(f"    {escape(line)}")
