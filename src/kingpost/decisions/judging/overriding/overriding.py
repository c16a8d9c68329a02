"""An override: asked for by one person, confirmed by another, or lapsed before that.

It goes beyond the authority of who asks, and beyond nothing else: not the separation of duty, nor
what an outcome requires, nor a rule or an invariant. Source: break-glass, as hospitals know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from kingpost.decisions.authority import Standing, is_separate, own
from kingpost.decisions.case import Case, Plain, Proposal, Repair, Token, lapse_of
from kingpost.decisions.commands import ConfirmOverride, Facts, Notify, Override
from kingpost.decisions.judging.acts import may_decide, still_granted
from kingpost.decisions.judging.duties import review_duties
from kingpost.decisions.judging.finish import finish
from kingpost.decisions.judging.flow import pass_on, settle
from kingpost.decisions.judging.guards import note, reason_for, refuse_suspended, step_of
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.reviewing.reviews import open_review
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Program
from kingpost.decisions.proposing.changes import ProposalLapsed, RepairProposed
from kingpost.decisions.refusals import (
    CaseIsClosed,
    FieldsMissing,
    NoSuchChoice,
    NotOpen,
    NotYourInterface,
    Refusal,
    RefusedError,
    SomethingChanged,
)
from kingpost.decisions.refusing.notices import NotYetLate
from kingpost.decisions.refusing.overrides import (
    NeedlessOverride,
    NotOverridable,
    NotYourConfirmation,
    NotYourOverride,
    OverrideGone,
    OverrideLapsed,
    ReviewOverdue,
)
from kingpost.decisions.refusing.repairs import OVERRIDE, NeedsAnother, ProposerLeft
from kingpost.decisions.sealing import shown_digest
from kingpost.decisions.transition import Transition
from kingpost.model.steps.deciding import Override as Declared
from kingpost.model.workflow import Decision, Outcome


@dataclass(frozen=True, slots=True)
class _Asked:
    """An outcome that is to be taken beyond an authority. fields: what comes with it."""

    token: Token
    step: Decision
    outcome: Outcome
    declared: Declared
    fields: Mapping[str, Plain]


def may_override(work: Work, token: Token, outcome: str) -> tuple[Standing, ...]:
    """Return in which posts the actor may ask for an outcome beyond their authority, or refuse."""
    step, item, declared = _declared(work, token, outcome)
    stands = own(work.facts.actor, declared.by)
    if not stands:
        raise RefusedError(NotYourOverride(step.id, declared.by))
    _keep_separate(work, step, (_person(work),))
    free = tuple(each for each in stands if each.holding.post not in work.facts.unreviewed)
    if not free:
        raise RefusedError(ReviewOverdue(stands[0].holding.post, declared.reviewed_by))
    _refuse_needless(work, token, item, {})
    return free


def ask(work: Work, token: Token, command: Override) -> Judgement:
    """Ask for an outcome beyond one's authority; the case stays as it is until it is confirmed."""
    standing, asked = _asked(work, token, command)
    reason = reason_for("override", command.reason, needed=True)
    trial = Work(work.program, work.case, work.facts)
    _take(trial, asked, (_person(work),))
    settle(trial)
    review_duties(trial)
    trial.check_invariant()
    repair = Repair(tuple(sorted(asked.fields.items())), token.id, "", asked.outcome.id)
    lasts = timedelta(seconds=asked.declared.lapses_after.seconds(0, 0))
    holding, event = standing.holding, work.case.version + 1
    by = (_person(work), holding.post, holding.right, event)
    work.change(RepairProposed(Proposal(repair, *by, work.facts.now + lasts)))
    return _judged(work, "asked", standing, asked, reason)


def may_confirm(work: Work, asked: int) -> tuple[Proposal, _Asked, Standing]:
    """Return what another person has asked for by an event, and how the actor confirms it."""
    proposal = work.case.proposal
    if proposal is None or proposal.until is None or asked != proposal.event:
        raise RefusedError(OverrideGone(asked))
    token = work.case.work(proposal.repair.task)
    assert token is not None, "what moves a case lets go of what was asked for"
    step, outcome, declared = _declared(work, token, proposal.repair.outcome)
    stands = own(work.facts.actor, declared.confirmed_by)
    if not stands:
        raise RefusedError(NotYourConfirmation(step.id, declared.confirmed_by))
    person = _person(work)
    if person == proposal.person:
        raise RefusedError(NeedsAnother(person, OVERRIDE))
    if work.facts.left:
        raise RefusedError(ProposerLeft(proposal.person, proposal.post, OVERRIDE))
    if work.facts.now >= proposal.until:
        raise RefusedError(OverrideLapsed(step.id, proposal.until))
    if proposal.post in work.facts.unreviewed:
        raise RefusedError(ReviewOverdue(proposal.post, declared.reviewed_by))
    _keep_separate(work, step, (proposal.person, person))
    fields = dict(proposal.repair.fields)
    return proposal, _Asked(token, step, outcome, declared, fields), stands[0]


def confirm_override(work: Work, command: ConfirmOverride) -> Judgement:
    """Let an outcome take effect that another person has asked for."""
    proposal, asked, standing = may_confirm(work, command.asked)
    people = (proposal.person, _person(work))
    reason = reason_for("override", command.reason, needed=False)
    _take(work, asked, people)
    open_review(work, asked.declared, asked.step.id, proposal, people)
    judged = _judged(work, "overridden", standing, asked, reason)
    return replace(judged, repairs=proposal, until=proposal.until)


def lapse(work: Work, command: Notify, proposal: Proposal) -> Judgement:
    """Let an override lapse that nobody has confirmed in its time."""
    repair, actor = proposal.repair, work.facts.actor
    token = work.case.work(repair.task)
    if token is None or proposal.until is None or command.task != lapse_of(work.case.id, proposal):
        raise RefusedError(NotOpen(command.task))
    if actor.person is not None or actor.interface is not None:
        raise RefusedError(NotYourInterface(token.step, ("clock",)))
    if work.facts.now < proposal.until:
        raise RefusedError(NotYetLate(token.step, proposal.until))
    work.change(ProposalLapsed())
    return Judgement("lapsed", token.step, token.id, None, choice=repair.outcome)


def preview_override(
    program: Program, case: Case, command: Override, facts: Facts
) -> Transition | Refusal:
    """Return what an override would bring about, or why it is not to be had. Nothing is kept."""
    work = Work(program.workflows[case.workflow], case, facts)
    token = case.work(command.task)
    if case.closed_at is not None:
        return CaseIsClosed(case.number, case.closed_at)
    if token is None:
        return NotOpen(command.task)
    try:
        standing, asked = _asked(work, token, command)
        _take(work, asked, (_person(work),))
        return finish(work, _judged(work, "overridden", standing, asked, ""))
    except RefusedError as refused:
        return refused.refusal


def _asked(work: Work, token: Token, command: Override) -> tuple[Standing, _Asked]:
    step, outcome, declared = _declared(work, token, command.outcome)
    stands = may_override(work, token, command.outcome)
    shown = {name: work.case.fields.get(name) for name in step.shows}
    if command.shown is not None and command.shown != shown_digest(step.shows, shown):
        raise RefusedError(SomethingChanged(step.id))
    fields = work.given(step.id, outcome.records, command.fields)
    _refuse_needless(work, token, outcome, fields)
    return stands[0], _Asked(token, step, outcome, declared, fields)


def _declared(work: Work, token: Token, name: str) -> tuple[Decision, Outcome, Declared]:
    """Return an outcome that may be taken beyond an authority, or refuse."""
    step = step_of(work, token, Decision, "overridden", "a decision")
    refuse_suspended(token)
    outcome = step.outcome(name)
    if outcome is None:
        known = tuple(item.id for item in step.outcomes)
        raise RefusedError(NoSuchChoice("outcome", name, known))
    if step.override is None or not step.override.covers(name):
        raise RefusedError(NotOverridable(step.id, name))
    return step, outcome, step.override


def _refuse_needless(
    work: Work, token: Token, outcome: Outcome, fields: Mapping[str, Plain]
) -> None:
    """Refuse to go beyond an authority that suffices: that would be a decision without a limit."""
    try:
        takings = tuple(taking for taking, _ in may_decide(work, token, outcome.id)[2])
        still_granted(work, token, outcome.id, takings, fields)
    except RefusedError:
        return
    raise RefusedError(NeedlessOverride(token.step, outcome.id))


def _keep_separate(work: Work, step: Decision, people: tuple[str, ...]) -> None:
    for person in people:
        broken = is_separate(step, work.case, person)
        if broken is not None:
            raise RefusedError(broken)


def _take(work: Work, asked: _Asked, people: tuple[str, ...]) -> None:
    """Let the outcome take effect, with these people as those who decided."""
    step, outcome = asked.step, asked.outcome
    missing = tuple(name for name in outcome.requires if asked.fields.get(name) is None)
    if missing:
        raise RefusedError(FieldsMissing(f"{step.id}/{outcome.id}", missing))
    work.set_fields(asked.fields, leaving=asked.token.id)
    for person in people:
        note(work, step.id, person)
    pass_on(work, asked.token, f"{step.id}/{outcome.id}")


def _judged(work: Work, kind: str, standing: Standing, asked: _Asked, reason: str) -> Judgement:
    step = asked.step
    return Judgement(
        kind,
        step.id,
        asked.token.id,
        standing,
        choice=asked.outcome.id,
        options=tuple(item.id for item in step.outcomes),
        shown={name: work.case.fields.get(name) for name in step.shows},
        reason=reason,
    )


def _person(work: Work) -> str:
    person = work.facts.actor.person
    assert person is not None, "only a person holds a post"
    return person
