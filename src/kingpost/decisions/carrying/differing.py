"""What of all that a case will still meet differs between two versions, in sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import fields as properties
from dataclasses import replace
from typing import Any

from kingpost.decisions.carrying.judged import Aspect, Different
from kingpost.decisions.carrying.meeting import Met
from kingpost.model.workflow import Addressee, Due, Outcome, Step

# What a property of a step is about; any other is its way.
_ASPECTS: Mapping[str, Aspect] = {
    "title": Aspect.WORDS,
    "description": Aspect.WORDS,
    "was": Aspect.STEP,
    "state": Aspect.STATE,
    "due": Aspect.DUE,
    "limit": Aspect.LIMIT,
    "until": Aspect.LIMIT,
    "escalate": Aspect.NOTICES,
    "discharges": Aspect.DUTY,
    "role": Aspect.ROLE,
    "to": Aspect.POST,
    "records": Aspect.FORM,
    "requires": Aspect.FORM,
    "shows": Aspect.FORM,
    "outcomes": Aspect.FORM,
    "quorum": Aspect.VOTES,
    "veto": Aspect.VOTES,
    "separate_from": Aspect.AUTHORITY,
    "rule": Aspect.RULE,
    "interface": Aspect.INTERFACE,
}
_TOLD: Mapping[Aspect, str] = {
    Aspect.WAY: "leads on otherwise",
    Aspect.WORDS: "is worded otherwise",
    Aspect.STEP: "has another name",
    Aspect.FORM: "asks for other fields, or offers other outcomes",
    Aspect.VOTES: "is decided by other votes",
    Aspect.NOTICES: "tells others when it is late, or at other times",
    Aspect.DUTY: "makes evidence of other obligations",
    Aspect.AUTHORITY: "is kept separate from other steps",
    Aspect.RULE: "asks another rule",
    Aspect.INTERFACE: "asks another system",
}
_CHANGED: Mapping[Aspect, str] = {
    Aspect.AUTHORITY: "is taken by other posts, or within other limits",
    Aspect.POST: "is another post: its unit, roles, superior, hours or vacancy",
    Aspect.ROLE: "is carried by other posts",
    Aspect.RULE: "answers by other logic",
    Aspect.DUTY: "asks for other evidence, or by another time",
    Aspect.FIELD: "is another field",
    Aspect.STATE: "is another state, or is left and come to otherwise",
    Aspect.EXCEPTION: "is another exception",
    Aspect.INTERFACE: "is another contract",
    Aspect.MEASURE: "counts otherwise",
    Aspect.WAY: "is another hand-over, or another workflow",
}


def differing(old: Mapping[str, Met], new: Mapping[str, Met]) -> tuple[Different, ...]:
    """Return what differs of all that is met, what is new and changed first, by address."""
    found: list[Different] = []
    for part, met in new.items():
        before = old.get(part)
        if before is None:
            found.append(Different(met.aspect, part, f"`{_name(part)}` is new", met.at))
        elif before.value != met.value:
            found += _changed(part, before, met)
    for part, met in old.items():
        if part not in new:
            gone = f"`{_name(part)}` is no longer met"
            found.append(Different(met.aspect, part, gone, met.at))
    return tuple(found)


def _changed(part: str, before: Met, met: Met) -> Iterator[Different]:
    if not isinstance(met.value, Step) or type(before.value) is not type(met.value):
        told = "is another kind of step" if met.aspect is Aspect.STEP else _CHANGED[met.aspect]
        yield Different(met.aspect, part, f"`{_name(part)}` {told}", met.at)
        return
    seen: set[str] = set()
    for item in properties(met.value):
        was, is_ = getattr(before.value, item.name), getattr(met.value, item.name)
        if was != is_:
            aspect = _ASPECTS.get(item.name, Aspect.WAY)
            if item.name == "outcomes" and _offered(was) == _offered(is_):
                aspect = Aspect.WAY
            sentence = f"`{_name(part)}` {_told(aspect, was, is_)}"
            if sentence not in seen:
                seen.add(sentence)
                yield Different(aspect, part, sentence, met.at)


def _offered(outcomes: tuple[Outcome, ...]) -> list[Outcome]:
    """Return outcomes as they are offered, wherever they lead."""
    return [replace(each, then=()) for each in outcomes]


def _told(aspect: Aspect, was: Any, is_: Any) -> str:  # noqa: ANN401 - any property of a step
    match aspect:
        case Aspect.DUE if _due(was) == _due(is_):
            same = was.spans == is_.spans
            return "warns at another time" if same else f"may take other times by `{is_.field}`"
        case Aspect.DUE:
            return f"may take {_due(is_)} instead of {_due(was)}"
        case Aspect.LIMIT:
            return f"waits at most {_plain(is_)} instead of {_plain(was)}"
        case Aspect.ROLE:
            return f"is done as {_plain(is_)} instead of {_plain(was)}"
        case Aspect.POST:
            return f"goes to {_to(is_)} instead of {_to(was)}"
        case Aspect.STATE:
            return f"puts the record into {_plain(is_)} instead of {_plain(was)}"
        case _:
            return _TOLD[aspect]


def _plain(value: object) -> str:
    return f"`{value}`" if value else "none"


def _due(due: Due | None) -> str:
    if due is None:
        return "any time"
    return str(due.span) if due.span else f"a time by `{due.field}`"


def _to(to: Addressee) -> str:
    if to.field:
        return f"the post in `{to.field}`"
    return f"`{to.post}`" if to.post else "every post of its role"


def _name(part: str) -> str:
    """Return the short name of an address: the id of what it names, or of the outcome."""
    pieces = part.removesuffix("/authority").split("/")
    return "/".join(pieces[-3::2]) if pieces[-2:-1] == ["outcome"] else pieces[-1]
