"""Whom work reaches, seen from the reader: the reverse of `decisions.authority.standings`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kingpost.decisions.agents.answering import counts
from kingpost.decisions.commands import AGENT, Holding
from kingpost.decisions.program import Program
from kingpost.model.vacancy import falls_to
from kingpost.queries.people import Reader


@dataclass(slots=True)
class _Scopes:
    """Where a pair of role and post reaches: empty for anywhere, a workflow, or workflow/step."""

    acts: set[str] = field(default_factory=set[str])
    below: set[str] = field(default_factory=set[str])


def reach_rows(program: Program, reader: Reader) -> dict[str, Any]:
    """Return the work that the reader may act on, as columns of rows for the database.

    roles, posts:  a pair stands there once; the post is empty for work that is addressed to none.
    acts, below:   anywhere, by oneself or for another, or as the one above. narrow: the scopes in
                   which it is so, where it is not anywhere; JSON.
    speaks:        the posts for which the reader hears that work is late. told_roles, told_posts,
                   told_scopes: the work that the reader may do when such a post was told.
    confirms:      the posts in which the reader confirms what others propose: those held.
    """
    pairs: dict[tuple[str, str], _Scopes] = {}
    told: set[tuple[str, str, str]] = set()
    mine = tuple(item for item in reader.holdings if counts(program.model, item))
    for scope, holdings in _by_scope(mine).items():
        for role, post, is_below in _reach_of(program, holdings, reader.vacant):
            found = pairs.setdefault((role, post), _Scopes())
            (found.below if is_below else found.acts).add(scope)
        for role, post, is_below in _earlier(program, holdings, reader):
            found = pairs.setdefault((role, post), _Scopes())
            (found.below if is_below else found.acts).add(scope)
        people = [holding for holding in holdings if holding.kind != AGENT]
        speaks = speaks_for(program, people, reader.vacant)
        for post in speaks & program.model.posts.keys():
            told |= {(role, post, scope) for role in program.model.posts[post].roles}
        told |= {(item.role, item.post, scope) for item in reader.taken if item.heir in speaks}
    for gone, heir in reader.heirs.items():
        if ("", heir) in pairs:
            pairs[("", gone)] = pairs[("", heir)]
    rows, loud = sorted(pairs.items()), sorted(told)
    return {
        "roles": [role for (role, _), _ in rows],
        "posts": [post for (_, post), _ in rows],
        "acts": ["" in scopes.acts for _, scopes in rows],
        "below": ["" in scopes.below for _, scopes in rows],
        "narrow": [
            json.dumps({"acts": sorted(scopes.acts), "below": sorted(scopes.below)})
            if "" not in scopes.acts
            else None
            for _, scopes in rows
        ],
        "speaks": sorted(_speaks(program, mine, reader)),
        "told_roles": [role for role, _, _ in loud],
        "told_posts": [post for _, post, _ in loud],
        "told_scopes": [scope for _, _, scope in loud],
        "confirms": sorted(
            {item.post for item in mine if item.delegation is None and item.kind != AGENT}
        ),
    }


def speaks_for(program: Program, holdings: Iterable[Holding], vacant: frozenset[str]) -> set[str]:
    """Return the posts that are held, and the vacant ones that fall to people who hold them."""
    model, every = program.model, tuple(holdings)
    by_people = {holding.post for holding in every if holding.kind != AGENT}
    absent = vacant & model.posts.keys()
    return {holding.post for holding in every} | {
        post for post in absent if falls_to(model, post, vacant) in by_people
    }


def _speaks(program: Program, mine: Iterable[Holding], reader: Reader) -> set[str]:
    """Return the posts for which a reader hears of something, also those of earlier versions."""
    found = speaks_for(program, mine, reader.vacant)
    return found | {item.post for item in reader.taken if item.first and item.heir in found}


def _earlier(
    program: Program, holdings: list[Holding], reader: Reader
) -> Iterator[tuple[str, str, bool]]:
    """Yield role and post of work that is addressed as an earlier version had it.

    It reaches whoever acts for that post now, and those above.
    """
    model = program.model
    mine = speaks_for(program, holdings, reader.vacant) & model.posts.keys()
    leads = mine - {holding.post for holding in holdings if holding.kind == AGENT}
    for item in reader.taken:
        # A post that stays may have carried a role before: its holders see what is left of that.
        above = leads.intersection(model.superiors(item.heir)) if item.heir in model.posts else ()
        if item.heir in (mine if item.role else leads):
            yield item.role, item.post, False
            if item.role:
                yield item.role, "", False
        elif any(not item.role or item.called in model.posts[name].roles for name in above):
            yield item.role, item.post, True


def _by_scope(holdings: Iterable[Holding]) -> dict[str, list[Holding]]:
    scopes: dict[str, list[Holding]] = {}
    for holding in holdings:
        for scope in _scopes(holding):
            scopes.setdefault(scope, []).append(holding)
    return scopes


def _scopes(holding: Holding) -> tuple[str, ...]:
    """Return what a holding is narrowed to."""
    lent = holding.delegation
    if lent is None or not (lent.workflows or lent.outcomes):
        return ("",)
    if not lent.outcomes:
        return lent.workflows
    steps = {name.rpartition("/")[0] for name in lent.outcomes}
    inside = (name for name in steps if not lent.workflows or name.split("/")[0] in lent.workflows)
    return tuple(sorted(inside))


def _reach_of(
    program: Program, holdings: list[Holding], vacant: frozenset[str]
) -> Iterator[tuple[str, str, bool]]:
    """Yield role and post of all work that holdings reach, and whether it is only from above.

    The post is empty for work that is addressed to none.
    """
    model = program.model
    mine = speaks_for(program, holdings, vacant) & model.posts.keys()
    agents = {holding.post for holding in holdings if holding.kind == AGENT}
    leads = mine - agents
    above = {
        post: found for post in model.posts if (found := leads.intersection(model.superiors(post)))
    }
    # A call that failed needs no role: it lies with the post that answers for it.
    for role in ("", *model.roles):
        able = {
            post
            for post in (mine if role else leads)
            if not role or role in model.posts[post].roles
        }
        if role and able:
            yield role, "", False
        yield from ((role, post, False) for post in able)
        yield from (
            (role, post, True) for post, found in above.items() if post not in able and found & able
        )
