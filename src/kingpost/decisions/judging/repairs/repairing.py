"""A repair: proposed by one person, confirmed by another, and bound by the rules like any act."""

from kingpost.decisions.authority import Standing, held, is_separate
from kingpost.decisions.case import Case, Proposal, Repair, Token
from kingpost.decisions.changes import Performed, RepairProposed
from kingpost.decisions.commands import Confirm, Facts, Propose
from kingpost.decisions.judging.duties import review_duties
from kingpost.decisions.judging.finish import finish
from kingpost.decisions.judging.flow import go, leave, pass_on, settle
from kingpost.decisions.judging.guards import reason_for, refuse_suspended, step_of
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Program
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
    ProposalGone,
    TwoRepairs,
)
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import DONE, Decision


def may_repair(work: Work) -> Standing:
    """Return how the actor may repair the case, or refuse. What is lent repairs nothing."""
    posts = work.program.workflow.repaired_by
    for holding in held(work.facts.actor):
        if holding.post in posts and holding.delegation is None:
            return Standing(holding)
    raise RefusedError(NotYourRepair(work.program.workflow.id, posts))


def propose(work: Work, command: Propose) -> Judgement:
    """Propose a repair that could be carried out now; the case stays as it is."""
    standing, repair = may_repair(work), _repair(work, command)
    reason = reason_for("repair", command.reason, needed=True)
    proposal = Proposal(repair, _person(work), standing.holding.post)
    trial = Work(work.program, work.case, work.facts)
    _carry_out(trial, proposal)
    settle(trial)
    review_duties(trial)
    trial.check_invariant()
    work.change(RepairProposed(proposal))
    return _judged(work, "proposed", standing, repair, reason)


def confirm(work: Work, command: Confirm) -> Judgement:
    """Carry out, by a second person, the repair that the latest event of the case proposes."""
    standing, proposal = may_repair(work), work.case.proposal
    if proposal is None or command.proposal != work.case.version:
        raise RefusedError(ProposalGone(command.proposal))
    person = _person(work)
    if person == proposal.person:
        raise RefusedError(NeedsAnother(person))
    reason = reason_for("repair", command.reason, needed=False)
    _carry_out(work, proposal, person)
    return _judged(work, "repaired", standing, proposal.repair, reason, proposal)


def preview(program: Program, case: Case, command: Propose, facts: Facts) -> Transition | Refusal:
    """Return what a repair would bring about, or why it cannot be proposed. Nothing is recorded."""
    work = Work(program.workflows[case.workflow], case, facts)
    if case.closed_at is not None:
        return CaseIsClosed(case.number, case.closed_at)
    try:
        standing, repair = may_repair(work), _repair(work, command)
        proposal = Proposal(repair, _person(work), standing.holding.post)
        _carry_out(work, proposal)
        return finish(work, _judged(work, "repaired", standing, repair, "", proposal))
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


def _carry_out(work: Work, proposal: Proposal, second: str | None = None) -> None:
    """Put right what is proposed. second: who confirms it, once somebody does."""
    repair, program = proposal.repair, work.program
    work.set_fields(dict(repair.fields))
    required = [name for name, field in program.fields.items() if field.required]
    work.require(program.workflow.id, required)
    if not repair.to and not repair.outcome:
        return
    token = work.draft.tokens.get(repair.task)
    if token is None:
        raise RefusedError(NotOpen(repair.task))
    if repair.to:
        _move(work, token, repair.to)
    else:
        people = (proposal.person, second) if second else (proposal.person,)
        _force(work, token, repair.outcome, people)


def _move(work: Work, token: Token, to: str) -> None:
    """Leave a step for another one of its block; what stands at it is withdrawn."""
    known = (*work.program.places[token.step].block, *((DONE,) if token.branch else ()))
    if to not in known or to == token.step:
        others = tuple(name for name in known if name != token.step)
        raise RefusedError(NoSuchChoice("step", to, others))
    leave(work, token.id, "withdrawn")
    go(work, to, token)


def _force(work: Work, token: Token, name: str, people: tuple[str, ...]) -> None:
    """Take an outcome by the right to repair; what it requires, and whom it keeps apart, stands."""
    step = step_of(work, token, Decision, "decided", "a decision")
    refuse_suspended(token)
    outcome = step.outcome(name)
    if outcome is None:
        known = tuple(item.id for item in step.outcomes)
        raise RefusedError(NoSuchChoice("outcome", name, known))
    for person in people:
        broken = is_separate(step, work.case, person)
        if broken is not None:
            raise RefusedError(broken)
    work.require(f"{step.id}/{outcome.id}", outcome.requires)
    for person in people:
        if person not in work.draft.performers.get(step.id, ()):
            work.change(Performed(step.id, person))
    pass_on(work, token, f"{step.id}/{outcome.id}")


def _judged(
    work: Work,
    kind: str,
    standing: Standing,
    repair: Repair,
    reason: str,
    carried_out: Proposal | None = None,
) -> Judgement:
    token = work.case.tokens.get(repair.task)
    return Judgement(
        kind,
        token.step if token else None,
        token.id if token else None,
        standing,
        choice=repair.outcome or repair.to or None,
        reason=reason,
        repairs=carried_out,
    )


def _person(work: Work) -> str:
    person = work.facts.actor.person
    assert person is not None, "only a person holds a post"
    return person
