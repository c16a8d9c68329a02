"""`kingpost plan`: what a change would do to the company that runs. Nothing is changed."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape

from kingpost.cli.clock import now
from kingpost.cli.columns import count, for_people
from kingpost.cli.commands.changing.asking import Past, asked_document, tell_asked
from kingpost.cli.commands.changing.reaching import Places, Reach, reach_of
from kingpost.cli.commands.looking.differing import tell_differences
from kingpost.cli.findings import examine, tell
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.decisions.carrying.judged import Policy
from kingpost.decisions.program import Program, compile_model
from kingpost.engine.carrying.answers import ask_past
from kingpost.engine.carrying.forecasting import OUTCOMES, Expected, forecast
from kingpost.engine.carrying.policies import policies_of
from kingpost.engine.company import Company
from kingpost.model.assurance import CarryOver
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from kingpost.planning.difference import as_document, changed_elements, differences
from kingpost.planning.touching import touched
from kingpost.queries.changes.radius import Counted, Radius, Standing, read_radius
from kingpost.scenarios import run_scenarios

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
# Of each outcome, on the screen.
_REASONS_MAX = 8
_LISTED = TypeAdapter(list[Expected])


@dataclass(slots=True)
class _Count:
    """How many live cases of a workflow come to an outcome, and how many for each reason."""

    workflow: str
    outcome: str
    number: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])


def plan_command(  # noqa: PLR0913 - each an option
    folder: Annotated[
        Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
    ] = Path(),
    *,
    carry_over: Reach = None,
    places: Places = None,
    past: Past = 1000,
    cases: _Cases = False,
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Tell what a change would do to the company that runs, and who must agree to it.

    What is different, in sentences; what that touches, with the live cases, open work, posts,
    obligations and calls under way there; what becomes of every live case, and why; what changed
    rules would have answered in cases of the past; which posts keep what changes; and whether the
    scenarios pass. Nothing is changed. The exit status is 1 when the model is unsound or a scenario
    fails.
    """
    examined = examine(folder)
    after = examined.model
    if after is None:
        tell(examined)
        raise typer.Exit(1)
    new = compile_model(after)
    failed = sorted(result.scenario.id for result in run_scenarios(new) if not result.passed)
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        before = company.active().model
        found = differences(before, after)
        parts = touched(found, (links_of(before), links_of(after)))
        radius = read_radius(database, parts)
        becomes = _becomes(company, new, carry_over, places or ()) if found else []
        asked = ask_past(company, new, past) if found and past else ()
    keepers = _keepers(before, after)
    if as_json:
        document = {
            "version": examined.version,
            "differences": [as_document(item) for item in found],
            "touches": TypeAdapter(Radius).dump_python(radius, mode="json"),
            "live-cases": TypeAdapter(list[_Count]).dump_python(_counts(becomes), mode="json"),
            **({"cases": _LISTED.dump_python(becomes, mode="json")} if cases else {}),
            "rules": [asked_document(each) for each in asked],
            "agree": keepers,
            "scenarios": {"number": len(after.scenarios), "failed": failed},
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        tell_differences(found, before, after)
        console = for_people()
        if found:
            _tell_radius(console, radius)
            _tell_becomes(console, becomes, listed=cases)
            tell_asked(console, asked, listed=cases)
            _tell_keepers(console, keepers)
        _tell_scenarios(console, len(after.scenarios), failed)
    raise typer.Exit(1 if failed else 0)


def _becomes(
    company: Company, new: Program, carry_over: CarryOver | None, places: Iterable[str]
) -> list[Expected]:
    """Return what would become of each live case; those that ask for attention come first."""
    asked, positions = reach_of(new.model, carry_over, places)
    policies = {
        name: Policy(policy, {name: positions.get(name, {})})
        for name, policy in policies_of(new.model, asked, positions).items()
    }
    found = forecast(company, new, policies, now())
    return sorted(found, key=lambda each: (OUTCOMES.index(each.outcome), each.workflow, each.case))


def _counts(becomes: Iterable[Expected]) -> list[_Count]:
    found: dict[tuple[str, str], _Count] = {}
    for each in becomes:
        count_ = found.setdefault(
            (each.workflow, each.outcome), _Count(each.workflow, each.outcome)
        )
        count_.number += 1
        count_.reasons.update(each.reasons)
    return list(found.values())


def _tell_becomes(console: Console, becomes: list[Expected], *, listed: bool) -> None:
    console.print("\n[bold]What becomes of live cases[/]")
    if not becomes:
        console.print("  there are none on another version")
    for each in _counts(becomes):
        console.print(escape(f"  {each.workflow}: {each.number:,} {each.outcome}"))
        for reason, number in each.reasons.most_common(_REASONS_MAX):
            console.print(escape(f"    {number:,}: {reason}"))
        more = len(each.reasons) - _REASONS_MAX
        if more > 0:
            console.print(f"    and {count(more, 'more reason')}: see `--json`")
    if listed:
        for item in becomes:
            console.print(escape(f"  {item.case}: {'; '.join((item.outcome, *item.alone))}"))


def _keepers(before: Model, after: Model) -> dict[str, list[str]]:
    """Return what changes by the post that keeps it now; under nothing, what no post keeps."""
    found: dict[str, list[str]] = {}
    for address in changed_elements(before, after):
        found.setdefault(custodian_of(before, address) or "", []).append(address)
    return dict(sorted(found.items()))


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


def _tell_keepers(console: Console, keepers: Mapping[str, list[str]]) -> None:
    console.print("\n[bold]Who must agree[/]")
    for post, parts in keepers.items():
        whom = f"`{post}`, which keeps" if post else "nobody can: no post keeps"
        console.print(f"  {whom} {escape(', '.join(parts))}")


def _tell_scenarios(console: Console, number: int, failed: list[str]) -> None:
    console.print("\n[bold]Gates[/]\n  the check finds no error")
    told = f"{count(number, 'scenario')}, {len(failed)} failed: {', '.join(failed)}"
    passed = f"{count(number, 'scenario')} passed" if number else "there are no scenarios"
    console.print(f"  {escape(told if failed else passed)}")
