"""What one proposes and another is to confirm: as open work, and how the other says no to it."""

from datetime import datetime
from uuid import UUID

from kingpost.decisions.authority import own
from kingpost.decisions.case import Case, Proposal
from kingpost.decisions.commands import Decline
from kingpost.decisions.judging.guards import reason_for
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.proposing.changes import ProposalDeclined
from kingpost.decisions.refusals import RefusedError
from kingpost.decisions.refusing.repairs import DeclinesOwn, NothingToDecline, NotYoursToDecline
from kingpost.decisions.transition import WorkItem
from kingpost.model.workflow import Decision
from kingpost.values.identity import derive


def confirmers(program: WorkflowProgram, case: Case, proposal: Proposal) -> tuple[str, ...]:
    """Return the posts whose holders may confirm what is proposed, or decline it."""
    if proposal.until is None:
        return program.workflow.repaired_by
    step = program.places[case.tokens[proposal.repair.task].step].step
    assert isinstance(step, Decision), "only decisions are overridden"
    assert step.override is not None, "only what declares it is overridden"
    return step.override.confirmed_by


def decline(work: Work, command: Decline) -> Judgement:
    """Say no to what another person proposes; the case stays as it is."""
    proposal, person = may_decline(work, command.proposal), work.facts.actor.person
    reason = reason_for("refusal", command.reason, needed=True)
    posts, repair = confirmers(work.program, work.case, proposal), proposal.repair
    token = work.case.tokens.get(repair.task)
    assert person is not None, "only a person holds a post"
    work.change(ProposalDeclined())
    return Judgement(
        "declined",
        token.step if token else None,
        token.id if token else None,
        own(work.facts.actor, posts)[0],
        choice=repair.outcome or repair.to or None,
        reason=reason,
        declines=proposal,
    )


def may_decline(work: Work, event: int) -> Proposal:
    """Return what an event proposes, or refuse whoever may not say no to it."""
    proposal = work.case.proposal
    if proposal is None or event != proposal.event:
        raise RefusedError(NothingToDecline(event))
    posts = confirmers(work.program, work.case, proposal)
    if not own(work.facts.actor, posts):
        raise RefusedError(NotYoursToDecline(event, posts))
    if work.facts.actor.person == proposal.person:
        raise RefusedError(DeclinesOwn(proposal.person))
    return proposal


def waiting_item(
    program: WorkflowProgram, case: Case, proposal: Proposal, since: datetime
) -> WorkItem:
    """Return what waits for a second person as open work. since: when it was proposed."""
    token = case.tokens.get(proposal.repair.task)
    return WorkItem(
        id=identity_of(case.id, proposal),
        step=token.step if token else "",
        kind="confirmation",
        role="",
        post=None,
        person=None,
        opened_at=since,
        due_at=proposal.until,
        budget_ms=None,
        spent_ms=None,
        suspended=None,
        limit_at=None,
        told=confirmers(program, case, proposal),
        ends_at=proposal.until,
    )


def waiting_changes(work: Work) -> tuple[list[WorkItem], list[UUID]]:
    """Return what waits from now on for a second person, and the id of what does so no more."""
    before, after = work.case.proposal, work.draft.proposal
    # What is proposed leaves the case where it stands.
    new = after is not None and after != before
    items = [waiting_item(work.program, work.case, after, work.facts.now)] if new and after else []
    return items, answered(work.case, after)


def answered(case: Case, now: Proposal | None) -> list[UUID]:
    """Return the id of what waited for a second person, and does so no more."""
    before = case.proposal
    return [identity_of(case.id, before)] if before is not None and before != now else []


def identity_of(case: UUID, proposal: Proposal) -> UUID:
    """Return the id of what waits for a second person, as open work."""
    return derive(f"{case}/{proposal.event}/confirmation")
