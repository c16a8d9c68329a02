"""A repair: proposed by one person, confirmed by another, and bound by the rules like any act."""

from dataclasses import replace

from kingpost.decisions.authority import Standing, own
from kingpost.decisions.case import Case, Proposal, Repair, Token
from kingpost.decisions.commands import Confirm, Facts, Propose
from kingpost.decisions.judging.duties import review_duties
from kingpost.decisions.judging.finish import finish
from kingpost.decisions.judging.flow import go, leave, settle
from kingpost.decisions.judging.guards import note, reason_for, records_of, refuse_suspended
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.repairs.forcing import force, may_force, may_propose, outcome_of
from kingpost.decisions.judging.repairs.moving import (
    halted_at,
    led_past,
    moves_from,
    places_besides,
)
from kingpost.decisions.judging.repairs.settled import refuse_settled
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Program
from kingpost.decisions.proposing.changes import RepairProposed
from kingpost.decisions.refusals import (
    CaseIsClosed,
    NoSuchChoice,
    NotOpen,
    Refusal,
    RefusedError,
)
from kingpost.decisions.refusing.repairs import (
    NeedsAnother,
    NothingToRepair,
    NotYourRepair,
    PastDecision,
    PastRule,
    ProposalGone,
    ProposerLeft,
    TwoRepairs,
)
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import Decision, RuleStep, Step


def may_repair(work: Work) -> tuple[Standing, ...]:
    """Return how the actor may repair the case, or refuse.

    What is lent repairs nothing, and no machine does.
    """
    posts = work.program.workflow.repaired_by
    stands = own(work.facts.actor, posts)
    if not stands:
        raise RefusedError(NotYourRepair(work.program.workflow.id, posts))
    return stands


def propose(work: Work, command: Propose) -> Judgement:
    """Propose a repair that could be carried out now; the case stays as it is."""
    stands, repair = may_repair(work), _repair(work, command)
    reason = reason_for("repair", command.reason, needed=True)
    trial = Work(work.program, work.case, work.facts)
    standing = _try_out(trial, repair, stands)
    settle(trial)
    review_duties(trial)
    trial.check_invariant()
    work.change(RepairProposed(_proposal(work, repair, standing)))
    return _judged(work, "proposed", standing, repair, reason)


def may_confirm_repair(work: Work, event: int) -> tuple[Proposal, tuple[Standing, ...]]:
    """Return the repair that an event proposes, and how the actor may confirm it, or refuse."""
    proposal = work.case.proposal
    if proposal is None or proposal.until or event != proposal.event:
        raise RefusedError(ProposalGone(event))
    stands = may_repair(work)
    if _person(work) == proposal.person:
        raise RefusedError(NeedsAnother(proposal.person))
    if work.facts.left:
        raise RefusedError(ProposerLeft(proposal.person, proposal.post))
    return proposal, stands


def confirm(work: Work, command: Confirm) -> Judgement:
    """Carry out, by a second person, the repair that is proposed for the case as it stands."""
    proposal, stands = may_confirm_repair(work, command.proposal)
    person = _person(work)
    reason = reason_for("repair", command.reason, needed=False)
    repair, people = proposal.repair, (proposal.person, person)
    _correct(work, repair, people)
    forced = None
    if repair.outcome:
        token = _token(work, repair)
        step = outcome_of(work, token, repair.outcome, people)
        forced = may_force(work, token, step, repair.outcome, proposal, stands)
        force(work, token, step, repair.outcome, people)
    elif repair.to:
        _move(work, _token(work, repair), repair.to)
    standing = forced.second if forced else stands[0]
    judged = _judged(work, "repaired", standing, repair, reason)
    use = forced.use if forced else None
    return replace(judged, repairs=proposal, forced=forced.written() if forced else None, use=use)


def preview(program: Program, case: Case, command: Propose, facts: Facts) -> Transition | Refusal:
    """Return what a repair would bring about, or why it cannot be proposed. Nothing is recorded."""
    work = Work(program.workflows[case.workflow], case, facts)
    if case.closed_at is not None:
        return CaseIsClosed(case.number, case.closed_at)
    try:
        stands, repair = may_repair(work), _repair(work, command)
        standing = _try_out(work, repair, stands)
        return finish(work, _judged(work, "repaired", standing, repair, ""))
    except RefusedError as refused:
        return refused.refusal


def _repair(work: Work, command: Propose) -> Repair:
    """Return what is proposed, cleaned, or refuse what is nothing or too much."""
    given = work.given("repair", work.program.fields, command.fields)
    before = work.case.fields
    fields = {name: value for name, value in given.items() if before.get(name) != value}
    if command.to and command.outcome:
        raise RefusedError(TwoRepairs())
    if not fields and not command.to and not command.outcome:
        raise RefusedError(NothingToRepair())
    task = command.task if command.to or command.outcome else ""
    return Repair(tuple(sorted(fields.items())), task, command.to, command.outcome)


def _try_out(work: Work, repair: Repair, stands: tuple[Standing, ...]) -> Standing:
    """Put right what would be proposed, as far as that rests on one; return how that one stands."""
    person = (_person(work),)
    _correct(work, repair, person)
    if repair.outcome:
        token = _token(work, repair)
        step = outcome_of(work, token, repair.outcome, person)
        standing = may_propose(work, token, step, repair.outcome, stands)
        force(work, token, step, repair.outcome, person)
        return standing
    if repair.to:
        _move(work, _token(work, repair), repair.to)
    return stands[0]


def _correct(work: Work, repair: Repair, people: tuple[str, ...]) -> None:
    """Correct the fields, but not behind a decision; what the record must have stays there.

    For the separation of duty it is the work of the steps that record them: otherwise one could
    write by a repair what one then approves.
    """
    program, names = work.program, {name for name, _ in repair.fields}
    refuse_settled(program, work.case, repair)
    work.set_fields(dict(repair.fields))
    workflow = program.workflow
    for step in (*workflow.all_steps(), *workflow.errands.values()):
        if names.intersection(_recorded(step)):
            for person in people:
                note(work, step.id, person)
    required = [name for name, field in program.fields.items() if field.required]
    work.require(program.workflow.id, required)


def _recorded(step: Step) -> tuple[str, ...]:
    if isinstance(step, Decision):
        return tuple(name for outcome in step.outcomes for name in outcome.records)
    return records_of(step)


def _token(work: Work, repair: Repair) -> Token:
    token = work.draft.tokens.get(repair.task)
    if token is None:
        raise RefusedError(NotOpen(repair.task))
    return token


def _move(work: Work, token: Token, to: str) -> None:
    """Leave a step for another one of its block; what stands at it is withdrawn."""
    if to not in places_besides(work.program, token):
        others = moves_from(work.program, work.draft, token)
        raise RefusedError(NoSuchChoice("step", to, others))
    halted = halted_at(work.program, work.draft, token)
    if halted is not None:
        refuse_suspended(halted)
    past = led_past(work.program, work.draft, token.step, to)
    if past is not None:
        is_rule = isinstance(work.program.workflow.step(past), RuleStep)
        raise RefusedError((PastRule if is_rule else PastDecision)(token.step, to, past))
    leave(work, token.id, "withdrawn")
    go(work, to, token)


def _proposal(work: Work, repair: Repair, standing: Standing) -> Proposal:
    holding = standing.holding
    return Proposal(repair, _person(work), holding.post, holding.right, work.case.version + 1)


def _judged(work: Work, kind: str, standing: Standing, repair: Repair, reason: str) -> Judgement:
    token = work.case.tokens.get(repair.task)
    return Judgement(
        kind,
        token.step if token else None,
        token.id if token else None,
        standing,
        choice=repair.outcome or repair.to or None,
        reason=reason,
    )


def _person(work: Work) -> str:
    person = work.facts.actor.person
    assert person is not None, "only a person holds a post"
    return person
