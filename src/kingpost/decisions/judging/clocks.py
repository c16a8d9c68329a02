"""Terms of a case in the hours of its units: budgets, limits, and what makes a clock stand still."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from kingpost.decisions.case import Plain, Token
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.workflow import Due, Wait
from kingpost.values.business_time import Calendar
from kingpost.values.span import Span


def calendar_of(program: WorkflowProgram, post: str) -> Calendar:
    """Return the calendar of the unit in which a post stands."""
    model = program.model
    return model.calendars[model.units[model.posts[post].unit].calendar]


def budget_ms(due: Due, fields: Mapping[str, Plain], calendar: Calendar) -> int:
    """Return the milliseconds that a due time allows for a record.

    An empty field has no term of its own yet; the longest one is then the one that is certain.
    """
    spans = dict(due.spans)
    value = fields.get(due.field) if due.field else None
    span = due.span or spans.get(str(value))
    if span is not None:
        return 1000 * span.seconds(calendar.day_seconds, calendar.week_days)
    return 1000 * max(
        item.seconds(calendar.day_seconds, calendar.week_days) for item in spans.values()
    )


def due_of(program: WorkflowProgram, obligation: str, started_at: datetime) -> datetime | None:
    """Return by when the evidence of an obligation must be made in a case, or None."""
    declared = program.duties[obligation].obligation
    if declared.within is None:
        return None
    return _after(started_at, declared.within, calendar_of(program, declared.owner))


def wait_limit(program: WorkflowProgram, token: Token) -> datetime | None:
    """Return when the wait at a token ends by itself, or None when it has no limit."""
    step = program.places[token.step].step
    if not isinstance(step, Wait) or step.limit is None:
        return None
    return _after(token.since, step.limit, calendar_of(program, program.workflow.owner))


def stands_still(program: WorkflowProgram, tokens: Mapping[str, Token], token: Token) -> bool:
    """Tell whether a suspension at the token, around it or inside it stops its clock."""
    for item in tokens.values():
        if item.suspension is None:
            continue
        declared = program.workflow.exception(item.suspension.exception)
        if (
            declared is not None
            and declared.stops_clocks
            and (_is_within(tokens, item, token) or _is_within(tokens, token, item))
        ):
            return True
    return False


def _after(start: datetime, span: Span, calendar: Calendar) -> datetime:
    seconds = span.seconds(calendar.day_seconds, calendar.week_days)
    return calendar.add(start, seconds) if span.working else start + timedelta(seconds=seconds)


def _is_within(tokens: Mapping[str, Token], inner: Token, outer: Token) -> bool:
    current: Token | None = inner
    while current is not None:
        if current.id == outer.id:
            return True
        current = tokens[current.parent] if current.parent else None
    return False
