"""What happened in a story, in words: one line each, as one would tell it."""

from collections.abc import Mapping
from datetime import datetime

from kingpost.decisions.changes import CaseReported
from kingpost.model.scenario import Act, Deed, Given, Written
from kingpost.scenarios.world import Happening, World

_VERBS: Mapping[Deed, str] = {
    Deed.COMPLETE: "does",
    Deed.DECIDE: "decides",
    Deed.RECORD: "saves at",
    Deed.TAKE: "takes",
    Deed.RAISE: "raises",
    Deed.RESOLVE: "resolves",
    Deed.DELIVER: "delivers",
    Deed.OVERRIDE: "asks to override",
    Deed.CONFIRM: "confirms the override of",
    Deed.DECLINE: "declines the override of",
    Deed.REVIEW: "reviews the override of",
}
_SHOWN_LENGTH_MAX = 60


def told_start(given: Given, happening: Happening) -> str:
    """Return what begins a story."""
    return f"{happening.actor} begins a case{_with(given.record)}"


def told_act(act: Act) -> str:
    """Return what somebody does."""
    who = f"{act.who} as {act.who.acting_as}" if act.who.acting_as else str(act.who)
    where = f" at {act.step}" if act.step else ""
    choice = f": {act.choice}" if act.choice else ""
    reason = f" ({_short(act.reason)})" if act.reason else ""
    return f"{who} {_VERBS[act.deed]} {act.name}{where}{choice}{_with(act.records)}{reason}"


def told_limit(happening: Happening) -> str:
    """Return what the clock does."""
    return f"the limit of {happening.actor} is over"


def told_notice(happening: Happening) -> str:
    """Return what the clock says about the time of a step."""
    transition = happening.transition
    if transition is not None and transition.kind == "lapsed":
        return f"the override of {happening.actor} lapses"
    if transition is None or transition.kind == "warned":
        return f"the time of {happening.actor} is running out"
    told = transition.body.get("choice")
    return f"{happening.actor} is late: {told or 'nobody'} is told"


def told_call(happening: Happening) -> str:
    """Return what comes of asking another system, or of beginning other cases."""
    transition = happening.transition
    failed = transition is not None and transition.kind == "failed"
    if transition is not None and transition.kind == "reported":
        state = next(one.child.state for one in transition.changes if isinstance(one, CaseReported))
        return f"{happening.actor} comes to {state}"
    if failed and happening.actor.startswith("a case of "):
        return f"{happening.actor} cannot begin"
    return f"{happening.actor} {'does not answer' if failed else 'answers'}"


def told_outcome(world: World, happening: Happening, state_before: str) -> str:
    """Return what came of it: where the case stands now, by which way, or why it was refused."""
    if happening.kept:
        return "kept until it is waited for"
    if happening.transition is None:
        return f"refused: {happening.refusal}"
    case = world.case
    if case.is_closed:
        return f"closed, {case.state}"
    state = f"; {case.state}" if case.state != state_before else ""
    steps = [f"{token.step}{' (suspended)' if token.suspension else ''}" for token in world.open()]
    return f"{', '.join(steps) or 'nothing open'}{state}"


def clock(at: datetime) -> str:
    """Return a time as a story tells it, such as `Mon 5 Jan 09:00`."""
    return f"{at:%a %-d %b %H:%M}"


def _with(record: Mapping[str, Written]) -> str:
    if not record:
        return ""
    values = (f"{name} {_short(_text(value))}" for name, value in record.items())
    return f" with {', '.join(values)}"


def _text(value: Written) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH_MAX else f"{text[: _SHOWN_LENGTH_MAX - 1]}…"
