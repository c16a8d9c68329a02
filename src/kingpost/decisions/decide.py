"""The one pure function: a case, a command and facts in; a transition or a refusal out."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Answer,
    Assign,
    Command,
    Complete,
    Confirm,
    ConfirmOverride,
    Decide,
    Decline,
    Deliver,
    Expire,
    Facts,
    Fail,
    GiveUp,
    Notify,
    Override,
    Propose,
    Raise,
    Record,
    Report,
    Resolve,
    Retry,
    Review,
    Start,
)
from kingpost.decisions.judging.acts import assign, complete, record, start, take_outcome
from kingpost.decisions.judging.calling.calls import answer, fail, give_up, retry
from kingpost.decisions.judging.calling.cases import report
from kingpost.decisions.judging.finish import finish
from kingpost.decisions.judging.interruptions import deliver, expire, raise_exception, resolve
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.ladders.notices import notify
from kingpost.decisions.judging.overriding.overriding import ask, confirm_override, lapse
from kingpost.decisions.judging.proposing.waiting import decline
from kingpost.decisions.judging.repairs.repairing import confirm, propose
from kingpost.decisions.judging.reviewing.reviews import make_review
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import CaseIsClosed, NotOpen, Refusal, RefusedError
from kingpost.decisions.transition import Transition


def begin(program: Program, workflow: str, case_id: UUID, number: str, at: datetime) -> Case:
    """Return the case before its first event, to be given to `decide` with a Start."""
    assert workflow in program.workflows, "the caller has found the workflow"
    return Case(case_id, number, workflow, program.version, at)


def decide(program: Program, case: Case, command: Command, facts: Facts) -> Transition | Refusal:
    """Decide whether a command may be done, and what it brings about.

    program: of the model version that the case runs on.
    Returns: the transition, or the first refusal in the order in which `refusals` lists them.
    Source:  the Decider pattern; WfMC reference model, for work items and their states.
    """
    work = Work(program.workflows[case.workflow], case, facts)
    try:
        return finish(work, _judge(work, command))
    except RefusedError as refused:
        return refused.refusal


def _judge(work: Work, command: Command) -> Judgement:  # noqa: C901, PLR0912
    if isinstance(command, Review):
        return make_review(work, command)  # Also of a case that has ended.
    if work.case.closed_at is not None:
        raise RefusedError(CaseIsClosed(work.case.number, work.case.closed_at))
    if isinstance(command, Start):
        return start(work, command)
    if isinstance(command, Propose):
        return propose(work, command)
    if isinstance(command, Confirm):
        return confirm(work, command)
    if isinstance(command, ConfirmOverride):
        return confirm_override(work, command)
    if isinstance(command, Decline):
        return decline(work, command)
    token, proposal = work.case.work(command.task), work.case.proposal
    if token is None and isinstance(command, Notify) and proposal is not None:
        return lapse(work, command, proposal)
    if token is None:
        raise RefusedError(NotOpen(command.task))
    match command:
        case Complete():
            return complete(work, token, command)
        case Decide():
            return take_outcome(work, token, command)
        case Override():
            return ask(work, token, command)
        case Record():
            return record(work, token, command)
        case Assign():
            return assign(work, token, command)
        case Raise():
            return raise_exception(work, token, command)
        case Resolve():
            return resolve(work, token, command)
        case Deliver():
            return deliver(work, token, command)
        case Expire():
            return expire(work, token)
        case Notify():
            return notify(work, token, command)
        case Answer():
            return answer(work, token, command)
        case Fail():
            return fail(work, token, command)
        case Retry():
            return retry(work, token, command)
        case GiveUp():
            return give_up(work, token, command)
        case Report():
            return report(work, token, command)
        case _:
            assert_never(command)
