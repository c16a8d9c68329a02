"""Who keeps which part, who must approve a change to it, and what a post that is gone leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase

from kingpost.model.assurance import CarryOver, Governance
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import first_heir


@dataclass(frozen=True, slots=True)
class Asked:
    """The approvals that a line of governance asks for.

    posts:  that are asked. needed: how many of them must approve, each by another person.
    parts:  the addresses of what changes and stands under that line.
    """

    posts: tuple[str, ...]
    needed: int
    parts: tuple[str, ...]


def _demand(line: Governance) -> Governance:
    """Return what a line asks for, apart from how cases go over."""
    return replace(line, carry_over=None)


def line_of(model: Model, address: str) -> Governance | None:
    """Return the line of governance that counts for an element: the first that matches."""
    return next(
        (
            entry
            for entry in model.governance
            if any(fnmatchcase(address, part) for part in entry.parts)
        ),
        None,
    )


def custodian_of(model: Model, address: str) -> str | None:
    """Return the post that keeps an element.

    A business object names its own custodian; for everything else the first pattern of
    governance that matches counts.

    address: such as `post/shift-lead`, or `post/shift-lead/authority` for what it may decide.
    Returns: None when no pattern matches.
    """
    kind, _, name = address.partition("/")
    if kind == "object" and name in model.objects:
        return model.objects[name].custodian
    line = line_of(model, address)
    return line.custodian if line else None


def frozen_until(model: Model, address: str, day: date) -> date | None:
    """Return the last day on which an element does not change, if it does not on a day.

    What begins on the day after goes on.
    """
    line, last = line_of(model, address), None
    while line is not None:
        ends = [end for start, end in line.freeze if start <= day <= end]
        if not ends:
            break
        last = max(ends)
        day = last + timedelta(days=1)
    return last


def default_policies(model: Model) -> dict[str, CarryOver]:
    """Return by workflow how a change reaches its cases when the change does not say.

    The first entry of governance that names the workflow and a policy counts; without one, cases
    in flight end on their version.
    """
    found: dict[str, CarryOver] = {}
    for name in model.workflows:
        address = f"workflow/{name}"
        matching = (
            entry.carry_over
            for entry in model.governance
            if entry.carry_over and any(fnmatchcase(address, part) for part in entry.parts)
        )
        found[name] = next(matching, CarryOver.STAY)
    return found


def reached_otherwise(before: Model, after: Model) -> set[str]:
    """Return the workflows of which another governance says otherwise how their cases go over."""
    now = default_policies(after)
    return {
        name for name, policy in default_policies(before).items() if now.get(name, policy) != policy
    }


def approvals_asked(model: Model, addresses: Iterable[str], after: Model) -> tuple[Asked, ...]:
    """Return the approvals that a change of some elements needs, by the lines of governance.

    Whoever is asked for by a line is asked, too, before that line goes, asks for less, or stands
    behind another: nobody takes an approval away alone, and then does without it.
    """
    found: dict[int, list[str]] = {
        number: ["governance"]
        for number, line in enumerate(model.governance)
        if line.approvals
        and [_demand(each) for each in after.governance[: number + 1]]
        != [_demand(each) for each in model.governance[: number + 1]]
    }
    for address in sorted(set(addresses)):
        line = line_of(model, address)
        if line is not None and line.approvals:
            parts = found.setdefault(model.governance.index(line), [])
            parts += [] if address in parts else [address]
    lines = ((model.governance[number], tuple(told)) for number, told in sorted(found.items()))
    return tuple(
        Asked(line.approvals, line.at_least or len(line.approvals), told) for line, told in lines
    )


def heir_of(before: Model, model: Model, post: str) -> str:
    """Return the post to which what was laid on a post of a version goes, when the next has none.

    That is what the post became, or who took it over, or who keeps it in this version, or the
    first that reports to nobody: never nobody.
    """
    became = first_heir(before, model, post)
    keeper = custodian_of(model, f"post/{post}")
    tops = (each.id for each in model.posts.values() if each.reports_to is None)
    found = (became, keeper if keeper in model.posts else None, next(tops, None))
    return next((each for each in found if each is not None), next(iter(model.posts), post))
