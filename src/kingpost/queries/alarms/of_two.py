"""Reviews that are overdue, and what waits for another person where no other is there."""

from collections.abc import Iterator
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.authority import Reach, answers_for
from kingpost.decisions.case import Case, Proposal, Review
from kingpost.decisions.judging.proposing.waiting import confirmers
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.workflow import Decision
from kingpost.queries.alarms.alarm import Alarm, AlarmKind
from kingpost.queries.alarms.everybody import Everybody
from kingpost.queries.alarms.reaching import Found
from kingpost.queries.history.timeline import Programs
from kingpost.store.cases import read_row
from kingpost.store.reading.lists import alarms as reading
from kingpost.values.address import address, step_address


def waiting_for_others(
    connection: Connection[DictRow], programs: Programs, there: Everybody
) -> Iterator[Found]:
    """Yield the alarms of what only somebody else than some people may do, each by itself."""
    for row in reading.of_two(connection):
        case = read_row(row)
        flow = programs(case.model).workflows[case.workflow]
        if row["kind"] == "review":
            yield from _of_review(flow, case, case.reviews[str(row["task"])], row["due_at"], there)
        elif case.proposal is not None:
            yield from _of_proposal(flow, case, case.proposal, row["opened_at"], there)


def _of_review(
    flow: WorkflowProgram, case: Case, review: Review, due: datetime, there: Everybody
) -> Iterator[Found]:
    post = there.heirs.get(review.post, review.post)
    facts = there.facts(review.people)
    reached = next(answers_for(flow, facts, review.step, Reach(review.post)), None) is not None
    if not reached:
        posts = (post, *flow.model.superiors(post))
        kind, since = AlarmKind.NOT_SEPARATE, review.since
        yield _alarm(case, kind, review.step, since, posts, post)
    elif due <= there.now:
        yield _alarm(case, AlarmKind.UNREVIEWED, review.step, due, (post,), post)


def _of_proposal(
    flow: WorkflowProgram, case: Case, proposal: Proposal, since: datetime, there: Everybody
) -> Iterator[Found]:
    posts, token = confirmers(flow, case, proposal), case.tokens.get(proposal.repair.task)
    rights = (right for right in there.rights if right.post in posts)
    step = flow.places[token.step].step if token else None
    apart = step.separate_from if proposal.until and isinstance(step, Decision) else ()
    done = {name for other in apart for name in case.performers.get(other, ())}
    if not there.people(rights) - done - {proposal.person}:
        place = token.step if token else ""
        yield _alarm(case, AlarmKind.NOT_SEPARATE, place, since, posts, None)


def _alarm(
    case: Case,
    kind: AlarmKind,
    step: str,
    since: datetime,
    posts: tuple[str, ...],
    post: str | None,
) -> Found:
    flow = case.workflow
    place = step_address(flow, step) if step else address("workflow", flow)
    alarm = Alarm(kind, place, post, since, workflow=flow, step=step, work=1, posts=posts)
    return alarm, [(since, case.number)]
