"""The review of an override: opened with it, made by somebody else, also when the case is over."""

from uuid import UUID

from kingpost.decisions.authority import Reach, Standing, answers_for
from kingpost.decisions.case import Proposal, Review
from kingpost.decisions.commands import Review as MakeReview
from kingpost.decisions.judging.clocks import runs_out, span_clock
from kingpost.decisions.judging.guards import reason_for
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.proposing.changes import Reviewed, ReviewOpened
from kingpost.decisions.refusals import NoSuchChoice, NotOpen, RefusedError
from kingpost.decisions.refusing.overrides import NotYourReview, OwnReview
from kingpost.decisions.transition import WorkItem
from kingpost.model.steps.deciding import Override, ReviewFinding

_FINDINGS = tuple(finding.value for finding in ReviewFinding)


def open_review(
    work: Work, declared: Override, step: str, proposal: Proposal, people: tuple[str, ...]
) -> None:
    """Open the review of an override that takes effect now, in the hours of who reviews it."""
    post, now = declared.reviewed_by, work.facts.now
    review = Review(
        id=work.new_token_id(),
        step=step,
        outcome=proposal.repair.outcome,
        event=work.case.version + 1,
        by=proposal.post,
        people=people,
        post=post,
        since=now,
        clock=span_clock(work.program, declared.review_within, post, now),
    )
    work.change(ReviewOpened(review))


def may_review(work: Work, review: Review) -> None:
    """Refuse who may not make a review: it is for the post named, and for nobody who overrode."""
    _standing(work, review)


def make_review(work: Work, command: MakeReview) -> Judgement:
    """Say what comes of the review of an override."""
    review = work.case.reviews.get(command.task)
    if review is None:
        raise RefusedError(NotOpen(command.task))
    standing = _standing(work, review)
    if command.finding not in _FINDINGS:
        raise RefusedError(NoSuchChoice("finding", command.finding, _FINDINGS))
    reason = reason_for("review", command.reason, needed=True)
    work.change(Reviewed(review.id))
    return Judgement(
        "reviewed",
        review.step,
        review.id,
        standing,
        choice=command.finding,
        options=_FINDINGS,
        reason=reason,
    )


def review_item(program: WorkflowProgram, review: Review) -> WorkItem:
    """Return a review as open work: it stays when the case has ended."""
    due = runs_out(program, review.clock)
    return WorkItem(
        id=UUID(review.id),
        step=review.step,
        kind="review",
        role="",
        post=review.post,
        person=None,
        opened_at=review.since,
        due_at=due,
        budget_ms=review.clock.budget_ms,
        spent_ms=0,
        suspended=None,
        limit_at=None,
        ends_at=due,
    )


def review_changes(work: Work) -> tuple[list[WorkItem], list[UUID]]:
    """Return the reviews that are opened, as open work, and the ids of those that are made."""
    before, after = work.case.reviews, work.draft.reviews
    opened = [review_item(work.program, after[name]) for name in after if name not in before]
    return opened, [UUID(name) for name in before if name not in after]


def _standing(work: Work, review: Review) -> Standing:
    stands = tuple(answers_for(work.program, work.facts, review.step, Reach(review.post)))
    if not stands:
        post = work.facts.heirs.get(review.post, review.post)
        raise RefusedError(NotYourReview(review.step, post))
    actor = work.facts.actor.person
    if actor in review.people:
        raise RefusedError(OwnReview(str(actor), review.step))
    free = [each for each in stands if each.holding.behind not in review.people]
    if not free:
        raise RefusedError(OwnReview(str(stands[0].holding.behind), review.step))
    return free[0]
