"""A plan in words: what becomes of live cases, who must agree, and the gates."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from kingpost.cli.columns import count
from kingpost.decisions.consenting.tally import Wanted
from kingpost.engine.carrying.forecasting import OUTCOMES, Expected

# Of each outcome, on the screen.
_REASONS_MAX = 8


@dataclass(slots=True)
class Count:
    """How many live cases of a workflow come to an outcome, and how many for each reason."""

    workflow: str
    outcome: str
    number: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])


def in_order(becomes: Iterable[Expected]) -> list[Expected]:
    """Return what becomes of live cases; those that ask for attention come first."""
    return sorted(
        becomes,
        key=lambda each: (
            OUTCOMES.index(each.outcome),
            each.foreseen.workflow,
            each.foreseen.number,
        ),
    )


def counts(becomes: Iterable[Expected]) -> list[Count]:
    """Return how many live cases of each workflow come to what, in the order in which they do."""
    found: dict[tuple[str, str], Count] = {}
    for each in becomes:
        key = (each.foreseen.workflow, each.outcome)
        counted = found.setdefault(key, Count(*key))
        counted.number += 1
        counted.reasons.update(each.foreseen.reasons)
    return list(found.values())


def as_case(item: Expected) -> dict[str, object]:
    """Return what becomes of a case as it is printed with `--json`, and by the API."""
    return {
        "case": item.foreseen.number,
        "workflow": item.foreseen.workflow,
        "outcome": item.outcome,
        "reasons": list(item.foreseen.reasons),
        "alone": list(item.alone),
    }


def tell_becomes(console: Console, becomes: list[Expected], *, listed: bool) -> None:
    """Tell what becomes of live cases. listed: of each of them."""
    console.print("\n[bold]What becomes of live cases[/]")
    if not becomes:
        console.print("  there are none on another version")
    for each in counts(becomes):
        console.print(escape(f"  {each.workflow}: {each.number:,} {each.outcome}"))
        for reason, number in each.reasons.most_common(_REASONS_MAX):
            console.print(escape(f"    {number:,}: {reason}"))
        more = len(each.reasons) - _REASONS_MAX
        if more > 0:
            console.print(f"    and {count(more, 'more reason')}: see `--json`")
    if listed:
        for item in becomes:
            console.print(
                escape(f"  {item.foreseen.number}: {'; '.join((item.outcome, *item.alone))}")
            )


def tell_agree(console: Console, wanted: Wanted) -> None:
    """Tell which posts keep what changes, and which must approve it besides."""
    console.print("\n[bold]Who must agree[/]")
    for post, parts in wanted.keepers.items():
        whom = f"`{post}`, which keeps" if post else "nobody can: no post keeps"
        console.print(f"  {whom} {escape(', '.join(parts))}")
    for each in wanted.asked:
        posts = ", ".join(f"`{post}`" for post in each.posts)
        some = f"{each.needed} of {posts}" if each.needed < len(each.posts) else posts
        whom = f"{some}, which {'approves' if each.needed == 1 else 'approve'} a change of"
        console.print(f"  {whom} {escape(', '.join(each.parts))}")


def as_agree(wanted: Wanted) -> dict[str, object]:
    """Return who must agree as it is printed with `--json`."""
    asked = [
        {"posts": list(each.posts), "at-least": each.needed, "parts": list(each.parts)}
        for each in wanted.asked
    ]
    return {"agree": wanted.keepers, "approvals": asked}


def tell_scenarios(console: Console, number: int, failed: Sequence[str]) -> None:
    """Tell whether the gates are passed."""
    console.print("\n[bold]Gates[/]\n  the check finds no error")
    told = f"{count(number, 'scenario')}, {len(failed)} failed: {', '.join(failed)}"
    passed = f"{count(number, 'scenario')} passed" if number else "there are no scenarios"
    console.print(f"  {escape(told if failed else passed)}")
