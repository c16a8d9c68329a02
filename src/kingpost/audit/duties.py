"""What a case owed, by when, and whether what it kept proves it; clocks that lose no time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from kingpost.audit.company import Declared
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Members, Told
from kingpost.model.assurance import Obligation
from kingpost.model.workflow import Wait, Workflow
from kingpost.values.business_time import Calendar

_DONE = frozenset({"met", "late", "spared"})


def duty_faults(
    declared: Declared, workflow: Workflow, started: datetime, now: Standing, event: Told
) -> Iterator[str]:
    """Yield what is wrong with the obligations of a case as it stands after an event."""
    for duty in declared.model.obligations.values():
        steps = {step for flow, step in duty.evidence.made_by if flow == workflow.id}
        if steps:
            yield from _owed(declared, workflow, duty, started, now, event)
            if duty.id in event.body.get("discharged", ()):
                yield from _proven(duty, steps, now, event)
    for change in event.changes:
        if change["do"] == "discharge":
            yield from _ended(change, now, event)


def _owed(
    declared: Declared,
    workflow: Workflow,
    duty: Obligation,
    started: datetime,
    now: Standing,
    event: Told,
) -> Iterator[str]:
    settled, due = now.settled.get(duty.id), _due(declared, duty, started)
    applies = declared.holds(workflow.id, duty.applies, now)
    if now.closed_at is None and settled not in _DONE:
        if applies and duty.id not in now.owed:
            yield f"`{duty.id}` applies and is not owed"
        if not applies and duty.id in now.owed and (due is None or event.at <= due):
            yield f"`{duty.id}` is owed and does not apply"
    if now.closed_at is not None and duty.id in now.owed:
        yield f"the case is closed and still owes `{duty.id}`"
    if duty.id in now.owed and _time(now.owed[duty.id]) != due:
        yield f"`{duty.id}` is not owed until {due}"


def _due(declared: Declared, duty: Obligation, started: datetime) -> datetime | None:
    if duty.within is None:
        return None
    calendar = declared.calendar_of(duty.owner)
    seconds = duty.within.seconds(calendar.day_seconds, calendar.week_days)
    if duty.within.working:
        return calendar.add(started, seconds)
    return started + timedelta(seconds=seconds)


def _proven(duty: Obligation, steps: set[str], now: Standing, event: Told) -> Iterator[str]:
    passed = {event.body.get("step"), *(_entered(event))}
    if not steps & passed:
        yield f"nothing happened that makes the evidence of `{duty.id}`"
    missing = [name for name in duty.evidence.holds if now.fields.get(name) is None]
    if missing:
        yield f"`{duty.id}` was met without `{missing[0]}`"


def _entered(event: Told) -> Iterator[str]:
    return (change["step"] for change in event.changes if change["do"] == "enter")


def _ended(change: Members, now: Standing, event: Told) -> Iterator[str]:
    name, why = change["obligation"], change["why"]
    status, due, *_ = now.duties[name]
    if status == "owed":
        return  # It was owed anew by the same event.
    late = due is not None and event.at > due
    if (why == "met" and late) or (why == "late" and not late):
        yield f"`{name}` is `{why}`, and its time was {'over' if late else 'not over'}"
    if why == "missing" and now.closed_at is None:
        yield f"`{name}` is missing, and the case goes on"


def clock_faults(
    declared: Declared, workflow: Workflow, before: Standing, event: Told
) -> Iterator[str]:
    """Yield clocks that lost time, or gained some, when they were stopped or started."""
    entered = {change["token"] for change in event.changes if change["do"] == "enter"}
    last: dict[tuple[str, str], Members | None] = {}
    for change in event.changes:
        for name in ("clock", "limit"):
            if change["do"] == "enter" and name in change and change[name]["consumed-ms"] != 0:
                yield f"the clock of `{change['step']}` begins with time used up"
        if change["do"] == "clock" and change["token"] not in entered:
            token, key = before.tokens[change["token"]], (change["token"], change["of"])
            old = last.get(key, token.get("clock" if change["of"] == "due" else "limit"))
            last[key] = change["clock"]
            if not _is_moment(workflow, token, change):
                yield from _jumped(declared, token, event, old, change["clock"])


def _is_moment(workflow: Workflow, token: Members, change: Members) -> bool:
    """Tell whether a clock ends at a time that a field names: it consumes none."""
    step = workflow.work(token["step"])
    return change["of"] == "limit" and isinstance(step, Wait) and step.until is not None


def _jumped(
    declared: Declared, token: Members, event: Told, old: Members | None, new: Members | None
) -> Iterator[str]:
    if old is None or new is None:
        return
    was, is_ = (used_ms(each, event.at, declared.calendar(each["calendar"])) for each in (old, new))
    if was != is_:
        yield f"the clock of `{token['step']}` went from {was} to {is_} ms at once"


def used_ms(clock: Members, at: datetime, calendar: Calendar) -> int:
    """Return what a clock has consumed at a time."""
    since = _time(clock["since"])
    running = 0 if since is None else round(calendar.elapsed(since, at) * 1000)
    return clock["consumed-ms"] + running


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
