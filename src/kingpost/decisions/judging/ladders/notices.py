"""Notices about the time of a step: when each falls due, and what it does.

They lie on the clock of the step, its warning first and then the rungs of its ladder, so that they
wait while it stands still. A notice is given once; a budget that changes moves those to come.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from kingpost.decisions.authority import Reach, grants, in_reach
from kingpost.decisions.case import Case, Clock, Proposal, Token, lapse_of
from kingpost.decisions.changes import Addressed, Noticed, VotesLapsed
from kingpost.decisions.commands import Notify
from kingpost.decisions.judging.clocks import calendar_named
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import NotThatKind, NotYourInterface, RefusedError
from kingpost.decisions.refusing.notices import NotYetLate
from kingpost.decisions.transition import TimerChange
from kingpost.model.workflow import AUTHORITY, SUPERIOR, Decision, Rung, Step


def notice_at(program: WorkflowProgram, token: Token) -> datetime | None:
    """Return when the next notice about a token falls due; None for no more, or not now."""
    clock, budget = token.clock, _next_budget(program, token)
    if clock is None or budget is None:
        return None
    calendar = calendar_named(program.model, clock.calendar)
    return replace(clock, budget_ms=budget).due_at(calendar)


def has_notice(program: WorkflowProgram, token: Token) -> bool:
    """Tell whether `notice_at` has an answer; without asking a calendar, so much sooner."""
    return _next_budget(program, token) is not None


def _next_budget(program: WorkflowProgram, token: Token) -> int | None:
    clock, step = token.clock, program.places[token.step].step
    if clock is None or clock.since is None or step.due is None:
        return None
    if step.due.warn is None and not step.escalate:
        return None
    return next(islice(_budgets(program, step, clock), token.notices, None), None)


def ladder_of(step: Step) -> tuple[int, int]:
    """Return how many warnings a step has, one or none, and how many rungs."""
    warns = step.due is not None and step.due.warn is not None
    return int(warns), len(step.escalate)


def timer_changes(work: Work) -> Iterator[TimerChange]:
    """Yield the notices that fall due at another time than before, or not any more."""
    before, after = work.case.tokens, work.draft.tokens
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is now:
            continue
        if was is None or now is None:
            changes = has_notice(work.program, now or before[name])
        else:
            changes = _is_retimed(work, was, now)
        if changes:
            due = notice_at(work.program, now) if now else None
            yield TimerChange(UUID(name), due, now.notices if now else 0)
    yield from lapses(work.case, work.draft.proposal)


def lapses(case: Case, now: Proposal | None) -> Iterator[TimerChange]:
    """Yield when an override lapses that was asked for, or that it does so no more.

    case: as it was. now: what is asked for afterwards.
    """
    was = case.proposal
    if was is not now:
        for proposal, at in ((was, None), (now, now.until if now else None)):
            if proposal is not None and proposal.until:
                yield TimerChange(UUID(lapse_of(case.id, proposal)), at, 0)


def _is_retimed(work: Work, was: Token, now: Token) -> bool:
    """Tell whether the next notice about a token is another one, or falls due at another time."""
    if was.clock == now.clock and was.notices == now.notices:
        return False
    due = notice_at(work.program, now)
    return due != notice_at(work.program, was) or (due is not None and was.notices != now.notices)


def notify(work: Work, token: Token, command: Notify) -> Judgement:
    """Give the next notice about a token: warn, or tell the next rung of the ladder."""
    program, step = work.program, work.program.places[token.step].step
    due = notice_at(program, token)
    if due is None or command.notice != token.notices:
        raise RefusedError(NotThatKind(step.id, "given that notice", "one that falls due"))
    actor = work.facts.actor
    if actor.person is not None or actor.interface is not None:
        raise RefusedError(NotYourInterface(step.id, ("clock",)))
    if work.facts.now < due:
        raise RefusedError(NotYetLate(step.id, due))
    rung = _rung(step, token.notices)
    if rung is None:
        work.change(Noticed(token.id, None))
        return Judgement("warned", step.id, token.id, None)
    post = _told(work, token, step, rung)
    work.change(Noticed(token.id, post))
    if rung.to == AUTHORITY and post is not None:
        _move(work, token, post)
    return Judgement("escalated", step.id, token.id, None, choice=post)


def _budgets(program: WorkflowProgram, step: Step, clock: Clock) -> Iterator[int]:
    """Yield how much of the clock's time is used when each notice falls due, in order."""
    if step.due is not None and step.due.warn is not None:
        yield clock.budget_ms * step.due.warn // 100
    calendar = calendar_named(program.model, clock.calendar)
    for rung in step.escalate:
        late = rung.after.seconds(calendar.day_seconds, calendar.week_days) if rung.after else 0
        yield clock.budget_ms + 1000 * late


def _rung(step: Step, given: int) -> Rung | None:
    """Return the rung whose turn it is after so many notices; None for the warning."""
    index = given - ladder_of(step)[0]
    return step.escalate[index] if index >= 0 else None


def _told(work: Work, token: Token, step: Step, rung: Rung) -> str | None:
    """Return the post that a rung tells; None when there is nobody."""
    if rung.to == SUPERIOR:
        return next((post for post in _above(work, token) if post not in token.told), None)
    if rung.to == AUTHORITY:
        return _nearest(work, token, step)
    return rung.to


def _above(work: Work, token: Token) -> tuple[str, ...]:
    """Return the posts above work, the nearest first; above work of no one post is its owner."""
    owner, superiors = work.program.workflow.owner, work.program.model.superiors
    return tuple(superiors(token.post)) if token.post else (owner, *superiors(owner))


def _nearest(work: Work, token: Token, step: Step) -> str | None:
    """Return the nearest post above whose authority suffices for some outcome on this record."""
    if token.post is None or not isinstance(step, Decision):
        return None
    able = {
        right.post
        for outcome in step.outcomes
        for right in work.program.rights.get(f"{step.id}/{outcome.id}", ())
        if grants(right, work.values)
    }
    above = (
        name for name in in_reach(work.program, step.role, Reach(token.post)) if name != token.post
    )
    return next((name for name in above if name in able), None)


def _move(work: Work, token: Token, post: str) -> None:
    work.change(Addressed(token.id, post))
    if token.votes:
        work.change(VotesLapsed(token.id))
