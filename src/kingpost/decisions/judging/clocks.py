"""Terms of a case in the hours of its units: budgets, limits, and when they run out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kingpost.decisions.case import Clock, Plain, Token
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.model import Model
from kingpost.model.workflow import Due, Wait
from kingpost.values.business_time import Calendar
from kingpost.values.span import Span

# Plain time, which no calendar interrupts: a clock that counts it names no calendar.
PLAIN_TIME = Calendar("", "UTC")


def calendar_named(model: Model, name: str) -> Calendar:
    """Return the calendar that a clock names; the empty name is plain time."""
    return model.calendars[name] if name else PLAIN_TIME


def calendar_of(program: WorkflowProgram, post: str) -> Calendar:
    """Return the calendar of the unit in which a post stands."""
    model = program.model
    return model.calendars[model.units[model.posts[post].unit].calendar]


def due_clock(
    program: WorkflowProgram,
    due: Due,
    fields: Mapping[str, Plain],
    post: str | None,
    at: datetime,
) -> Clock:
    """Return the clock of a due time that starts at `at` for work addressed to a post.

    An empty field has no term of its own yet; the longest one is then the one that is certain.
    """
    calendar = calendar_of(program, post or program.workflow.owner)
    spans = dict(due.spans)
    value = fields.get(due.field) if due.field else None
    span = due.span or spans.get(str(value))
    if span is None:
        span = max(spans.values(), key=lambda item: _seconds(item, calendar))
    return _clock(span, calendar, at)


def span_clock(program: WorkflowProgram, span: Span, post: str, at: datetime) -> Clock:
    """Return the clock of a length of time that starts at `at`, in the hours of a post."""
    return _clock(span, calendar_of(program, post), at)


def limit_clock(
    program: WorkflowProgram, step: Wait, fields: Mapping[str, Plain], at: datetime
) -> Clock | None:
    """Return the clock of the time that a wait may last from `at` on; None while there is none."""
    calendar = calendar_of(program, program.workflow.owner)
    if step.limit is not None:
        return _clock(step.limit, calendar, at)
    value = fields.get(step.until) if step.until else None
    if value is None:
        return None
    left = _moment(str(value), calendar) - at
    # Rounded up, so that it never ends before its time.
    budget = max(0, -(-left // timedelta(milliseconds=1)))
    return Clock(budget, 0, at, PLAIN_TIME.name)


def is_moment(program: WorkflowProgram, token: Token) -> bool:
    """Tell whether the wait at a token ends at a time that a field names."""
    step = program.places[token.step].step
    return isinstance(step, Wait) and step.until is not None


def _moment(written: str, calendar: Calendar) -> datetime:
    """Return the time that a field holds; a date begins with its first hour."""
    if "T" in written:
        return datetime.fromisoformat(written)
    day = date.fromisoformat(written)
    return datetime.combine(day, time(0), ZoneInfo(calendar.zone)).astimezone(UTC)


def retimed(program: WorkflowProgram, clock: Clock, wanted: Clock) -> Clock:
    """Return a clock with the budget and the calendar of another. What is consumed stays so."""
    if clock.calendar == wanted.calendar:
        return replace(clock, budget_ms=wanted.budget_ms)
    if clock.since is None or wanted.since is None:
        return replace(clock, budget_ms=wanted.budget_ms, calendar=wanted.calendar)
    spent = clock.spent_ms(wanted.since, calendar_named(program.model, clock.calendar))
    return replace(wanted, consumed_ms=spent)


def halted(program: WorkflowProgram, clock: Clock, at: datetime) -> Clock:
    """Return a running clock as it stands still from now on."""
    spent = clock.spent_ms(at, calendar_named(program.model, clock.calendar))
    return replace(clock, consumed_ms=spent, since=None)


def resumed(clock: Clock, at: datetime) -> Clock:
    """Return a clock that runs again from now on."""
    return replace(clock, since=at)


def due_of(program: WorkflowProgram, obligation: str, started_at: datetime) -> datetime | None:
    """Return by when the evidence of an obligation must be made in a case, or None."""
    declared = program.duties[obligation].obligation
    if declared.within is None:
        return None
    calendar = calendar_of(program, declared.owner)
    seconds = _seconds(declared.within, calendar)
    if declared.within.working:
        return calendar.add(started_at, seconds)
    return started_at + timedelta(seconds=seconds)


def runs_out(program: WorkflowProgram, clock: Clock | None) -> datetime | None:
    """Return when a clock runs out; None without one, or while it stands still."""
    return clock.due_at(calendar_named(program.model, clock.calendar)) if clock else None


def ends_at(program: WorkflowProgram, tokens: Mapping[str, Token], token: Token) -> datetime | None:
    """Return when the first term of a token is over: its own, or that of a block around it.

    tokens: where the case stands.
    """
    ends = [runs_out(program, token.clock)]
    while token.parent is not None:
        token = tokens[token.parent]
        ends.append(runs_out(program, token.clock))
    return min((end for end in ends if end is not None), default=None)


def wait_limit(program: WorkflowProgram, token: Token) -> datetime | None:
    """Return when the wait at a token ends by itself; None without a limit, or while it is held."""
    if token.limit is None:
        return None
    return token.limit.due_at(calendar_named(program.model, token.limit.calendar))


def _seconds(span: Span, calendar: Calendar) -> int:
    return span.seconds(calendar.day_seconds, calendar.week_days)


def _clock(span: Span, calendar: Calendar, at: datetime) -> Clock:
    name = calendar.name if span.working else PLAIN_TIME.name
    return Clock(1000 * _seconds(span, calendar), 0, at, name)
