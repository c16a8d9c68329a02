"""What an actor may do at open work, and why not: for the pages, by the rules that decide."""

from collections.abc import Callable
from dataclasses import dataclass

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.case import Case, Proposal, Review, Token, Vote
from kingpost.decisions.commands import Facts
from kingpost.decisions.judging.acts import may_complete, may_decide, may_record
from kingpost.decisions.judging.guards import (
    must_answer_for,
    must_stand,
    records_of,
    refuse_suspended,
)
from kingpost.decisions.judging.interruptions import may_deliver, may_raise, may_resolve
from kingpost.decisions.judging.overriding.overriding import may_confirm, may_override
from kingpost.decisions.judging.proposing.waiting import identity_of, may_decline
from kingpost.decisions.judging.repairs.repairing import may_confirm_repair
from kingpost.decisions.judging.reviewing.reviews import may_review
from kingpost.decisions.judging.voting import tally
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import Refusal, RefusedError
from kingpost.model.steps.deciding import FINDING_TITLES
from kingpost.model.workflow import OPEN_WORK, Call, Decision, Outcome, Run, Step, Task, Wait


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: an outcome, an exception, an ending or a message.

    refusal:  why the actor may not choose it now; None when nothing stands against it yet.
    fields:   that may be recorded with it. requires: those of them that must be filled.
    reason:   whether a reason must be given.
    use:      of an outcome that an allowance bounds, what it would use up, as far as that is known.
    needs:    of an outcome, how many people must still vote for it until it takes effect.
    beyond:   whether the actor may ask for it beyond their authority, for another to confirm.
    """

    id: str
    title: str
    refusal: Refusal | None
    fields: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    reason: bool = False
    needs: int = 1
    use: Use | None = None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """What an actor may do at one piece of open work.

    kind:   `task`, `decision`, `wait`, `call` or `run`; `review`, whose findings are its outcomes,
            and `confirmation`, whose outcomes are to confirm and to decline.
    fields: that may be recorded here. requires: those that must be filled on completing.
    work:   why the actor may not do the work itself: complete the task, take any outcome, record
            at the wait, let the call or the run be tried again. None when nothing stands against
            it yet.
    votes:  of those who decide together, the latest last.
    """

    step: str
    kind: str
    fields: tuple[str, ...]
    requires: tuple[str, ...]
    work: Refusal | None
    outcomes: tuple[Option, ...]
    exceptions: tuple[Option, ...]
    endings: tuple[Option, ...]
    messages: tuple[Option, ...]
    votes: tuple[Vote, ...] = ()


def options(program: Program, case: Case, task: str, facts: Facts) -> Options:
    """Return what the actor may do at open work, each act with its refusal or None.

    task:   id of a token of the case at such a step, of a review, or of what is to be confirmed.
            Raises KeyError otherwise.
    facts:  as for `decide`; no seed is needed.
    """
    work, token = Work(program.workflows[case.workflow], case, facts), case.work(task)
    if task in case.reviews:
        return _of_review(work, case.reviews[task])
    if token is None and case.proposal and task == str(identity_of(case.id, case.proposal)):
        return _of_waiting(work, case.proposal)
    if token is None:
        raise KeyError(task)
    step = work.program.places[token.step].step
    if not isinstance(step, OPEN_WORK):
        raise KeyError(task)
    return Options(
        step=step.id,
        kind=type(step).__name__.lower(),
        fields=records_of(step),
        requires=step.requires if isinstance(step, Task) else (),
        work=_refusal(lambda: _may_work(work, token, step)),
        outcomes=_outcomes(work, token, step),
        exceptions=_exceptions(work, token, step),
        endings=_endings(work, token, step),
        messages=_messages(work, token, step),
        votes=token.votes,
    )


def _refusal(attempt: Callable[[], object]) -> Refusal | None:
    try:
        attempt()
    except RefusedError as refused:
        return refused.refusal
    return None


def _may_work(work: Work, token: Token, step: Step) -> None:
    match step:
        case Task():
            may_complete(work, token)
        case Decision():
            refuse_suspended(token)
            must_stand(work, token, step)
        case Call() | Run():
            must_answer_for(work, token, step)
        case _:
            may_record(work, token)


def _outcomes(work: Work, token: Token, step: Step) -> tuple[Option, ...]:
    if not isinstance(step, Decision):
        return ()
    votes = tally(work, token, step) if token.votes else dict[str, int]()
    return tuple(
        _outcome(work, token, item, step.needs(item.id) - votes.get(item.id, 0))
        for item in step.outcomes
    )


def _outcome(work: Work, token: Token, item: Outcome, needs: int) -> Option:
    refusal, use = None, None
    try:
        _, _, free = may_decide(work, token, item.id)
        use = free[0][1]
    except RefusedError as refused:
        refusal = refused.refusal
    return Option(
        item.id,
        item.title,
        refusal,
        fields=item.records,
        requires=item.requires,
        reason=item.reason,
        needs=needs,
        use=use,
        beyond=refusal is not None and _refusal(lambda: may_override(work, token, item.id)) is None,
    )


def _of_review(work: Work, review: Review) -> Options:
    refusal = _refusal(lambda: may_review(work, review))
    findings = tuple(
        Option(finding.value, title, refusal, reason=True)
        for finding, title in FINDING_TITLES.items()
    )
    return Options(review.step, "review", (), (), refusal, findings, (), (), ())


def _of_waiting(work: Work, proposal: Proposal) -> Options:
    may = may_confirm_repair if proposal.until is None else may_confirm
    token = work.case.tokens.get(proposal.repair.task)
    refusal = _refusal(lambda: may(work, proposal.event))
    declined = _refusal(lambda: may_decline(work, proposal.event))
    outcomes = (
        Option("confirm", "Confirm", refusal),
        Option("decline", "Decline", declined, reason=True),
    )
    step = token.step if token else ""
    return Options(step, "confirmation", (), (), declined, outcomes, (), (), ())


def _exceptions(work: Work, token: Token, step: Step) -> tuple[Option, ...]:
    return tuple(
        Option(
            item.id,
            item.title,
            _refusal(lambda name=item.id: may_raise(work, token, name)),
            fields=records_of(step),
        )
        for item in work.program.workflow.exceptions
        if step.id in item.steps
    )


def _endings(work: Work, token: Token, step: Step) -> tuple[Option, ...]:
    if token.suspension is None:
        return ()
    return tuple(
        Option(
            item.id,
            item.title,
            _refusal(lambda name=item.id: may_resolve(work, token, name)),
            fields=records_of(step),
            requires=step.requires if item.completes and isinstance(step, Task) else (),
        )
        for item in work.exception(token.suspension).endings
    )


def _messages(work: Work, token: Token, step: Step) -> tuple[Option, ...]:
    return tuple(
        Option(
            item.message,
            item.title,
            _refusal(lambda name=item.message: may_deliver(work, token, name)),
            fields=records_of(step),
        )
        for item in (step.messages if isinstance(step, Wait) else ())
    )
