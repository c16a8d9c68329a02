"""The changes by which a case goes over to another version: its version, names and places."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from kingpost.decisions.case import Child, Plain, Token, Vote

_Value = TypeVar("_Value")


class Part(StrEnum):
    """What may have another name in another version."""

    STEP = "step"
    FIELD = "field"
    STATE = "state"
    EXCEPTION = "exception"
    OBLIGATION = "obligation"
    POST = "post"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Renamed:
    """Parts of the model have other names from now on.

    names: each old one with its new one, in order of the old. Two old ones may become one. An
           outcome is written as `step/outcome`, with the step by its new name.
    """

    part: Part
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The case runs on another version of the model from now on."""

    model: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A token stands, in the version that the case runs on now, at this step and in this branch.

    notices: how many of the notices that this step has count as given.
    done:    branches of a parallel step that are over, by their names there.
    """

    token: str
    step: str
    branch: str | None
    notices: int
    done: tuple[str, ...] = ()

    def stand(self, token: Token) -> Token:
        """Return the token as it stands there."""
        return replace(
            token, step=self.step, branch=self.branch, notices=self.notices, done=self.done
        )


Switch: TypeAlias = CarriedOver | Renamed | Placed


def write_switch(change: Switch) -> dict[str, Any]:
    """Return such a change as members of a body. None of them holds a value of the record."""
    match change:
        case CarriedOver():
            return {"do": "carry", "model": change.model}
        case Renamed():
            return {"do": "rename", "part": change.part.value, "names": dict(change.names)}
        case Placed():
            written = {"do": "place", "token": change.token, "step": change.step}
            written |= {"branch": change.branch, "notices": change.notices}
            return written | ({"done": list(change.done)} if change.done else {})


def read_switch(written: Mapping[str, Any]) -> Switch:
    """Read what `write_switch` wrote."""
    match written["do"]:
        case "carry":
            return CarriedOver(written["model"])
        case "rename":
            return Renamed(Part(written["part"]), tuple(sorted(written["names"].items())))
        case _:
            where = (written["token"], written["step"], written["branch"], written["notices"])
            return Placed(*where, tuple(written.get("done", ())))


def renamed(values: Mapping[str, _Value], names: Mapping[str, str]) -> dict[str, _Value]:
    """Return members by their new names; of two that become one, the later counts."""
    return {names.get(name, name): value for name, value in values.items()}


def counted(counts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    """Return counts by their new names; two that become one are counted together."""
    found: dict[str, int] = {}
    for name, count in counts.items():
        new = names.get(name, name)
        found[new] = found.get(new, 0) + count
    return found


def gathered(
    people: Mapping[str, tuple[str, ...]], names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return people by the new names of their steps; nobody stands there twice."""
    found: dict[str, tuple[str, ...]] = {}
    for name, who in people.items():
        new = names.get(name, name)
        found[new] = tuple(dict.fromkeys((*found.get(new, ()), *who)))
    return found


def rename_token(token: Token, part: Part, names: Mapping[str, str]) -> Token:
    """Return a token with what it says about parts of that kind by their new names."""
    match part:
        case Part.FIELD:
            votes = tuple(_vote(vote, names, {}) for vote in token.votes)
            children = tuple(_child(child, names) for child in token.children)
            return replace(token, votes=votes, children=children)
        case Part.POST:
            votes = tuple(_vote(vote, {}, names) for vote in token.votes)
            post = names.get(token.post, token.post) if token.post else token.post
            told = tuple(dict.fromkeys(names.get(name, name) for name in token.told))
            return replace(token, post=post, told=told, votes=votes)
        case Part.STATE | Part.EXCEPTION if token.suspension is not None:
            why = token.suspension
            if part is Part.STATE:
                before = names.get(why.state_before, why.state_before)
                return replace(token, suspension=replace(why, state_before=before))
            name = names.get(why.exception, why.exception)
            return replace(token, suspension=replace(why, exception=name))
        case _:
            return token


def _vote(vote: Vote, fields: Mapping[str, str], posts: Mapping[str, str]) -> Vote:
    said = _members(vote.fields, fields) if fields else vote.fields
    return replace(vote, post=posts.get(vote.post, vote.post), fields=said)


def _child(child: Child, fields: Mapping[str, str]) -> Child:
    return replace(child, fields=_members(child.fields, fields))


def _members(
    members: tuple[tuple[str, Plain], ...], names: Mapping[str, str]
) -> tuple[tuple[str, Plain], ...]:
    return tuple(sorted(renamed(dict(members), names).items()))
