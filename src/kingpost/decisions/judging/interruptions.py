"""What comes from outside the flow: exceptions, their endings, messages and time limits."""

from collections.abc import Mapping
from dataclasses import replace

from kingpost.decisions.case import Plain, Token
from kingpost.decisions.changes import Resumed, WasSuspended
from kingpost.decisions.commands import Deliver, Raise, Resolve
from kingpost.decisions.judging.acts import finish_task
from kingpost.decisions.judging.clocks import wait_limit
from kingpost.decisions.judging.duties import discharge
from kingpost.decisions.judging.guards import (
    must_stand,
    reason_for,
    records_of,
    refuse_suspended,
    sender,
    step_of,
)
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import (
    IsNotSuspended,
    IsSuspended,
    NoSuchChoice,
    NotThatKind,
    NotYetDue,
    RefusedError,
)
from kingpost.model.workflow import Exceptional, Task, Wait


def raise_exception(work: Work, token: Token, command: Raise) -> Judgement:
    step = work.program.places[token.step].step
    declared = {item.id: item for item in work.program.workflow.exceptions if step.id in item.steps}
    exception = declared.get(command.exception)
    if exception is None:
        raise RefusedError(NoSuchChoice("exception", command.exception, tuple(declared)))
    if token.suspension is not None and token.suspension.exception == exception.id:
        raise RefusedError(IsSuspended(step.id, exception.id))
    standing = sender(work, step.id, tuple(f"role/{role}" for role in exception.raised_by), token)
    work.set_fields(work.given(step.id, records_of(step), command.fields))
    reason = reason_for(exception.id, command.reason, needed=False)
    if exception.divert is not None:
        work.leave(token.id, "withdrawn")
        work.go(exception.divert, token.parent, token.branch)
    else:
        _suspend(work, work.draft.tokens[token.id], exception)
    work.refresh_clocks()
    return Judgement("raised", step.id, token.id, standing, choice=exception.id, reason=reason)


def _suspend(work: Work, token: Token, exception: Exceptional) -> None:
    before = work.draft.state
    if token.suspension is not None:
        # The wait is now for something else; the state to return to stays the first one.
        before = token.suspension.state_before
        work.end_suspension_visit(token)
        work.change(Resumed(token.id))
    work.change(WasSuspended(token.id, exception.id, before))
    if exception.state is not None:
        work.set_state(exception.state)


def resolve(work: Work, token: Token, command: Resolve) -> Judgement:
    step = work.program.places[token.step].step
    why = token.suspension
    if why is None:
        raise RefusedError(IsNotSuspended(step.id))
    exception = work.program.workflow.exception(why.exception)
    assert exception is not None, "a suspension names an exception of its workflow"
    ending = exception.ending(command.ending)
    if ending is None:
        known = tuple(item.id for item in exception.endings)
        raise RefusedError(NoSuchChoice("ending", command.ending, known))
    standing = sender(work, step.id, tuple(f"role/{role}" for role in exception.raised_by), token)
    fields = work.given(step.id, records_of(step), command.fields)
    reason = reason_for(ending.id, command.reason, needed=False)
    work.end_suspension_visit(token)
    work.change(Resumed(token.id))
    if not ending.completes:
        work.set_fields(fields)
        work.set_state(why.state_before)
        work.refresh_clocks()
        return Judgement("resolved", step.id, token.id, standing, choice=ending.id, reason=reason)
    return _resolve_completing(work, token, command, why.state_before, (fields, reason))


def _resolve_completing(
    work: Work,
    token: Token,
    command: Resolve,
    state_before: str,
    given: tuple[Mapping[str, Plain], str],
) -> Judgement:
    step = step_of(work, token, Task, "completed", "a task")
    standing = must_stand(work, token, step)
    suspended_in = work.draft.state
    judgement = finish_task(work, work.draft.tokens[token.id], step, standing, given[0])
    if work.draft.state == suspended_in and not work.draft.closed_at:
        # Nothing on the way set a state: the record goes back to where it was.
        work.set_state(state_before)
    return replace(judgement, kind="resolved", choice=command.ending, reason=given[1])


def deliver(work: Work, token: Token, command: Deliver) -> Judgement:
    step = step_of(work, token, Wait, "given a message", "a wait")
    awaited = next((item for item in step.messages if item.message == command.message), None)
    if awaited is None:
        known = tuple(item.message for item in step.messages)
        raise RefusedError(NoSuchChoice("message", command.message, known))
    refuse_suspended(work, token)
    standing = sender(work, awaited.message, awaited.senders, token)
    work.set_fields(work.given(step.id, step.records, command.fields))
    reason = reason_for(awaited.message, command.reason, needed=False)
    discharged = discharge(work, step)
    work.leave(token.id)
    work.follow(f"{step.id}/{awaited.message}", token.parent, token.branch)
    work.refresh_clocks()
    return Judgement(
        "delivered",
        step.id,
        token.id,
        standing,
        choice=awaited.message,
        reason=reason,
        discharged=discharged,
    )


def expire(work: Work, token: Token) -> Judgement:
    step = step_of(work, token, Wait, "expired", "a wait")
    limit = wait_limit(work.program, token)
    if limit is None:
        raise RefusedError(NotThatKind(step.id, "expired", "a wait with a limit"))
    if work.facts.now < limit:
        raise RefusedError(NotYetDue(step.id, limit))
    work.leave(token.id)
    work.follow(step.id, token.parent, token.branch)
    work.refresh_clocks()
    return Judgement("expired", step.id, token.id, None)
