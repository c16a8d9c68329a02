"""Warnings and ladders: none given early or lost, and nobody told whom the model does not name."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from kingpost.audit.company import Declared
from kingpost.audit.folding import Standing
from kingpost.audit.pending.reviews import lapses_of
from kingpost.audit.telling import Found, Members, Told
from kingpost.model.workflow import Workflow
from kingpost.store.whole import CaseRows

# So long after its time a notice that nobody gave has been left lying.
_OVERDUE = timedelta(minutes=10)


def told_of(now: Standing, token: Members) -> list[str]:
    """Return the posts told that a token is late, or that a block around it is."""
    posts = dict.fromkeys(token.get("told", ()))
    while (around := token.get("parent")) is not None:
        token = now.tokens[around]
        posts |= dict.fromkeys(token.get("told", ()))
    return list(posts)


def notice_faults(
    declared: Declared, workflow: Workflow, before: Standing, event: Told
) -> Iterator[str]:
    """Yield a notice that was given before its time, or that tells whom the model does not name."""
    if event.kind not in {"warned", "escalated"}:
        return
    token = before.tokens.get(event.body.get("task", ""), {})
    due = _due(declared, workflow, token)
    if due is None or event.at < due:
        yield f"a notice about `{token.get('step')}` was given before its time"
    step, warns = declared.step(workflow.id, token["step"]), _warns(declared, workflow, token)
    index: int = token.get("notices", 0) - warns
    if (event.kind == "warned") != (index < 0):
        yield f"it is `{event.kind}`, and another notice was next"
        return
    choice = event.body.get("choice")
    wanted = step.escalate[index].to if index >= 0 else None
    if wanted in declared.model.posts and choice != wanted:
        yield f"`{choice}` was told, and the ladder names `{wanted}`"


def timers_faults(
    declared: Declared, workflow: Workflow, rows: CaseRows, now: Standing, moment: datetime
) -> Found:
    """Each notice that is to come lies there once, at its time, and none was left lying."""
    expected = {
        name: (due, token.get("notices", 0))
        for name, token in now.tokens.items()
        if (due := _due(declared, workflow, token)) is not None
    }
    lapses = lapses_of(rows.case, now)
    if {str(row["id"]): (row["at"], row["notice"]) for row in rows.of("timer")} != {
        **expected,
        **lapses,
    }:
        yield "I10", "its notices do not fall due when its clocks say"
    for name, (due, _) in expected.items():
        if due < moment - _OVERDUE:
            step = now.tokens[name]["step"]
            yield "I10", f"a notice about `{step}` was to be given at {due:%Y-%m-%d %H:%M:%S} UTC"
    for due, _ in lapses.values():
        if due < moment - _OVERDUE:
            yield "I10", f"an override was to lapse at {due:%Y-%m-%d %H:%M:%S} UTC"


def _warns(declared: Declared, workflow: Workflow, token: Members) -> bool:
    due = declared.step(workflow.id, token["step"]).due
    return due is not None and due.warn is not None


def _due(declared: Declared, workflow: Workflow, token: Members) -> datetime | None:
    """Return when the next notice about a token falls due; None for no more, or not now."""
    clock = token.get("clock")
    if clock is None or clock["since"] is None:
        return None
    step, calendar = declared.step(workflow.id, token["step"]), declared.calendar(clock["calendar"])
    budget: int = clock["budget-ms"]
    budgets = [budget * step.due.warn // 100] if step.due and step.due.warn is not None else []
    for rung in step.escalate:
        late = rung.after.seconds(calendar.day_seconds, calendar.week_days) if rung.after else 0
        budgets.append(budget + 1000 * late)
    given: int = token.get("notices", 0)
    if given >= len(budgets):
        return None
    left = max(0, budgets[given] - clock["consumed-ms"]) / 1000
    return calendar.add(datetime.fromisoformat(clock["since"]), left)
