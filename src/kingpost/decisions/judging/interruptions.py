"""What comes from outside the flow: exceptions, their endings, messages and time limits."""

from kingpost.decisions.authority import Standing
from kingpost.decisions.case import Suspension, Token
from kingpost.decisions.commands import Deliver, Raise, Resolve
from kingpost.decisions.judging.acts import finish_task
from kingpost.decisions.judging.clocks import wait_limit
from kingpost.decisions.judging.flow import befall, follow, leave, pass_on, resume
from kingpost.decisions.judging.guards import (
    must_answer_for,
    must_stand,
    note_performer,
    reason_for,
    records_of,
    refuse_suspended,
    sender,
    sent,
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
    NotYourInterface,
    RefusedError,
)
from kingpost.decisions.refusing.exceptions import RunsBeside
from kingpost.model.workflow import Awaited, Call, Ending, Exceptional, Run, Task, Wait


def may_raise(work: Work, token: Token, name: str) -> tuple[Exceptional, Standing | None]:
    """Return an exception that the actor may raise at a token, or refuse."""
    if token.suspension is not None and token.suspension.exception == name:
        raise RefusedError(IsSuspended(token.step, name))
    declared = {
        item.id: item for item in work.program.workflow.exceptions if token.step in item.steps
    }
    exception = declared.get(name)
    if exception is None:
        raise RefusedError(NoSuchChoice("exception", name, tuple(declared)))
    if exception.alongside is not None and work.case.at(name) is not None:
        raise RefusedError(RunsBeside(name, exception.alongside.title))
    return exception, sender(work, token.step, _raisers(exception), token)


def raise_exception(work: Work, token: Token, command: Raise) -> Judgement:
    """Raise an exception: go elsewhere, stand still, or let work be done beside the case."""
    exception, standing = may_raise(work, token, command.exception)
    step = work.program.places[token.step].step
    if work.set_fields(work.given(step.id, records_of(step), command.fields)):
        note_performer(work, step.id, standing)
    if exception.moment is not None:
        work.require(exception.id, (exception.moment,))
    reason = reason_for(exception.id, command.reason, needed=False)
    befall(work, token, exception)
    return Judgement("raised", step.id, token.id, standing, choice=exception.id, reason=reason)


def may_resolve(work: Work, token: Token, name: str) -> tuple[Suspension, Ending, Standing | None]:
    """Return an ending that the actor may choose for the suspension at a token, or refuse."""
    step = work.program.places[token.step].step
    why = token.suspension
    if why is None:
        raise RefusedError(IsNotSuspended(step.id))
    exception = work.exception(why)
    ending = exception.ending(name)
    if ending is None:
        known = tuple(item.id for item in exception.endings)
        raise RefusedError(NoSuchChoice("ending", name, known))
    if isinstance(step, Call | Run) and work.facts.actor.interface is None:
        standing = must_answer_for(work, token, step)
    else:
        standing = sender(work, step.id, _raisers(exception), token)
    if ending.completes:
        standing = must_stand(work, token, step_of(work, token, Task, "completed", "a task"))
    return why, ending, standing


def resolve(work: Work, token: Token, command: Resolve) -> Judgement:
    """End a suspension: the work goes on where it was, or is completed by the same act."""
    _, ending, standing = may_resolve(work, token, command.ending)
    step = work.program.places[token.step].step
    fields = work.given(step.id, records_of(step), command.fields)
    reason = reason_for(ending.id, command.reason, needed=False)
    resume(work, token.id)
    if ending.completes:
        assert isinstance(step, Task), "an ending that completes was refused elsewhere"
        finish_task(work, work.draft.tokens[token.id], step, fields, standing)
    elif work.set_fields(fields):
        note_performer(work, step.id, standing)
    return Judgement("resolved", step.id, token.id, standing, choice=ending.id, reason=reason)


def may_deliver(work: Work, token: Token, name: str) -> tuple[Wait, Awaited, Standing | None]:
    """Return a message that the actor may deliver to the wait at a token, or refuse."""
    step = step_of(work, token, Wait, "given a message", "a wait")
    refuse_suspended(token)
    awaited = next((item for item in step.messages if item.message == name), None)
    if awaited is None:
        known = tuple(item.message for item in step.messages)
        raise RefusedError(NoSuchChoice("message", name, known))
    return step, awaited, sender(work, awaited.message, awaited.senders, token)


def deliver(work: Work, token: Token, command: Deliver) -> Judgement:
    """Deliver a message, which ends the wait."""
    step, awaited, standing = may_deliver(work, token, command.message)
    sent(work, command.fields, whole=False)
    work.set_fields(work.given(step.id, step.records, command.fields), leaving=token.id)
    reason = reason_for(awaited.message, command.reason, needed=False)
    note_performer(work, step.id, standing)
    pass_on(work, token, f"{step.id}/{awaited.message}")
    return Judgement(
        "delivered", step.id, token.id, standing, choice=awaited.message, reason=reason
    )


def expire(work: Work, token: Token) -> Judgement:
    """End a wait whose time is over. It makes no evidence: nobody has done anything."""
    step = step_of(work, token, Wait, "expired", "a wait with a limit")
    if token.limit is None:
        raise RefusedError(NotThatKind(step.id, "expired", "a wait with a limit"))
    refuse_suspended(token)
    actor = work.facts.actor
    if actor.person is not None or actor.interface is not None:
        raise RefusedError(NotYourInterface(step.id, ("clock",)))
    limit = wait_limit(work.program, token)
    if limit is not None and work.facts.now < limit:
        raise RefusedError(NotYetDue(step.id, limit))
    leave(work, token.id, by="")
    follow(work, step.id, token)
    return Judgement("expired", step.id, token.id, None)


def _raisers(exception: Exceptional) -> tuple[str, ...]:
    roles = tuple(f"role/{role}" for role in exception.raised_by)
    return (*roles, *(f"interface/{system}" for system in exception.interfaces))
