"""How a case left its decisions and waits last, through all that happens to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kingpost.decisions.case import Taken, Token
from kingpost.decisions.versions.renaming import Part


def note_left(taken: dict[str, Taken], token: Token, by: str | None) -> None:
    """Note that a decision or a wait is left by what was taken there; None for other steps."""
    if by is not None:
        taken[token.step] = Taken(by, token.parent)


def note_entered(taken: dict[str, Taken], step: str) -> None:
    """Note that a case has come to a step: what was taken there before says nothing any more."""
    if step in taken:
        taken[step] = Taken(None)


def renamed(taken: Mapping[str, Taken], part: Part, names: Mapping[str, str]) -> dict[str, Taken]:
    """Return what was taken by new names; of two steps that become one, what they agree on."""
    if part is Part.OUTCOME:
        return {step: _by_new_name(step, each, names) for step, each in taken.items()}
    found: dict[str, Taken] = {}
    for step, each in taken.items():
        new = names.get(step, step) if part is Part.STEP else step
        found[new] = each if found.get(new, each) == each else Taken(None)
    return found


def _by_new_name(step: str, taken: Taken, names: Mapping[str, str]) -> Taken:
    known = names.get(f"{step}/{taken.by}")
    return replace(taken, by=known.partition("/")[2]) if known else taken


def write_taken(taken: Mapping[str, Taken]) -> dict[str, Any]:
    """Return what was taken as members of a row."""
    return {
        name: {"by": each.by} | ({"within": each.within} if each.within else {})
        for name, each in taken.items()
    }


def read_taken(written: Mapping[str, Any]) -> dict[str, Taken]:
    """Read what `write_taken` wrote."""
    return {name: Taken(each["by"], each.get("within")) for name, each in written.items()}
