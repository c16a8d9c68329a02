"""What a change of the organisation does, in sentences, and as a document for programs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kingpost.decisions.restructuring.gone import Became, Gone, Part
from kingpost.decisions.restructuring.people import Affected
from kingpost.decisions.restructuring.restructure import Restructure

_NAMED_MAX = 40


def told(found: Restructure) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a change does to posts, people, delegations and allowances, with its headings.

    No full stops. What is to be settled comes first.
    """
    every = (
        ("To be settled before it takes effect", (str(each) for each in found.blocking)),
        ("Posts and units", _posts(found)),
        ("People", _people(found)),
        ("Delegations and allowances", _besides(found)),
        ("To be known", (str(each) for each in found.findings if not each.blocks)),
    )
    listed = ((heading, tuple(lines)) for heading, lines in every)
    return tuple((heading, lines) for heading, lines in listed if lines)


def _posts(found: Restructure) -> Iterator[str]:
    for each in found.said.gone:
        yield f"`{each.post}` {_became(each)}{_hangs(each)}"
    for part in found.said.parts:
        yield _part(part)
    for unit, became, heir in found.said.units:
        if became is not Became.UNSAID:
            verb = "is part of" if became is not Became.RENAMED else "is now"
            yield f"the unit `{unit}` {verb} `{heir}`"


def _became(each: Gone) -> str:
    match each.became:
        case Became.RENAMED:
            return f"is now `{each.heir}`"
        case Became.MERGED:
            return f"goes into `{each.heir}`"
        case Became.ABOLISHED:
            return f"is abolished, and `{each.heir}` takes over its work"
        case Became.UNSAID:
            return "is gone"


def _hangs(each: Gone) -> str:
    counted = (
        (len(each.holders), "holder", "holders"),
        (each.work, "piece of open work", "pieces of open work"),
        (each.shared, "piece of work of its roles", "pieces of work of its roles"),
        (each.lent, "delegation", "delegations"),
    )
    parts = [
        f"{number:,} {one if number == 1 else more}" for number, one, more in counted if number
    ]
    return f": {', '.join(parts)}" if parts else ""


def _part(part: Part) -> str:
    roles = ", ".join(f"`{role}`" for role in part.roles)
    return f"`{part.part}` takes {roles or 'no role'} of `{part.post}`"


def _people(found: Restructure) -> Iterator[str]:
    """Yield what people gain and lose, each by name, and how many do neither."""
    told = [each for each in found.people if each.gained or each.lost or each.is_without]
    yield from map(_person, told[:_NAMED_MAX])
    if len(told) > _NAMED_MAX:
        yield f"and {len(told) - _NAMED_MAX:,} more who gain or lose something"
    same = len(found.people) - len(told)
    if same:
        who = "1 person comes" if same == 1 else f"{same:,} people come"
        yield f"{who} to other seats, and may do what they could before"


def _person(each: Affected) -> str:
    left = [post for post in each.before if post not in each.after]
    came = [post for post in each.after if post not in each.before]
    before, after = (", ".join(f"`{post}`" for post in posts) for posts in (left, came))
    parts = [f"`{each.person}`: {before or 'no post'} to {after or 'no other post'}"]
    if each.gained:
        parts.append(f"gains {_names(each.gained)}")
    if each.lost:
        parts.append(f"loses {_names(each.lost)}")
    return "; ".join(parts)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _besides(found: Restructure) -> Iterator[str]:
    on = sum(each.to is not None for each in found.relent)
    if on:
        yield f"{on:,} delegation{'' if on == 1 else 's'} go{'es' if on == 1 else ''} on"
    for each in found.openings:
        used = each.used
        yield (
            f"`{each.post}` counts {each.counts} that `{each.source}` has used up of "
            f"`{used.decision}` since {used.since.isoformat()}"
        )


def as_document(found: Restructure) -> dict[str, Any]:
    """Return it for programs."""
    return {
        "posts": [
            {
                "post": each.post,
                "became": each.became.value,
                "heir": each.heir,
                "holders": list(each.holders),
                "open-work": each.work,
                "work-of-its-roles": each.shared,
                "delegations": each.lent,
                "live-cases": each.cases,
                "obligations": each.duties,
            }
            for each in found.said.gone
        ],
        "parts": [
            {"post": each.post, "part": each.part, "roles": list(each.roles)}
            for each in found.said.parts
        ],
        "units": [
            {"unit": unit, "became": became.value, "heir": heir}
            for unit, became, heir in found.said.units
        ],
        "people": [
            {
                "person": each.person,
                "before": list(each.before),
                "after": list(each.after),
                "gained": list(each.gained),
                "lost": list(each.lost),
            }
            for each in found.people
        ],
        "delegations": dict(
            Counter("goes-on" if each.to is not None else "ends" for each in found.relent)
        ),
        "findings": [
            {
                "kind": each.kind,
                "part": each.part,
                "words": each.words,
                "advice": each.advice,
                "blocks": each.blocks,
            }
            for each in found.findings
        ],
    }
