"""Starting a case, and what people do at its steps: complete, decide, record, take on."""

from collections.abc import Mapping

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.authority import (
    Standing,
    Taking,
    grants_here,
    may_take,
    outside_authority,
)
from kingpost.decisions.case import Plain, Token
from kingpost.decisions.changes import Assigned, StateSet
from kingpost.decisions.commands import Assign, Complete, Decide, Record, Start
from kingpost.decisions.judging.allowing.room import with_room
from kingpost.decisions.judging.flow import enter, pass_on
from kingpost.decisions.judging.guards import (
    begun_by,
    must_stand,
    note_performer,
    reason_for,
    refuse_suspended,
    sender,
    sent,
    separate,
    step_of,
)
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.voting import cast, own_votes, said_before
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import (
    FieldsMissing,
    NoSuchChoice,
    NotThatKind,
    RefusedError,
    SomethingChanged,
)
from kingpost.decisions.sealing import shown_digest
from kingpost.model.workflow import Decision, Outcome, Task, Wait


def start(work: Work, command: Start) -> Judgement:
    """Begin the case with the fields of its form."""
    workflow = work.program.workflow
    if work.case.version > 0:
        expected = "a case that has not begun"
        raise RefusedError(NotThatKind(work.case.number, "started", expected))
    roles = tuple(f"role/{role}" for role in workflow.begins.roles)
    interfaces = tuple(f"interface/{name}" for name in workflow.begins.interfaces)
    standing = None
    if command.parent is None:
        standing = sender(work, workflow.id, roles + interfaces)
    else:
        begun_by(work, command.parent)
    sent(work, command.fields, whole=True)
    fields = work.given(workflow.id, workflow.begins.form, command.fields)
    work.change(StateSet(next(state.id for state in work.program.object.states if state.begin)))
    work.set_fields(fields)
    required = [name for name, field in work.program.fields.items() if field.required]
    work.require(workflow.id, required)
    work.check_handover("start")
    enter(work, work.program.first)
    return Judgement("started", None, None, standing)


def may_complete(work: Work, token: Token) -> tuple[Task, Standing]:
    """Return the task at a token and how the actor stands in it, or refuse."""
    step = step_of(work, token, Task, "completed", "a task")
    refuse_suspended(token)
    return step, must_stand(work, token, step)


def complete(work: Work, token: Token, command: Complete) -> Judgement:
    """Complete a task."""
    step, standing = may_complete(work, token)
    fields = work.given(step.id, step.records, command.fields)
    finish_task(work, token, step, fields, standing)
    return Judgement("completed", step.id, token.id, standing)


def finish_task(
    work: Work, token: Token, step: Task, fields: Mapping[str, Plain], standing: Standing | None
) -> None:
    """Record what comes with a task, and go on when all that it asks for is there."""
    work.set_fields(fields, leaving=token.id)
    work.require(step.id, step.requires)
    note_performer(work, step.id, standing)
    pass_on(work, token, step.id)


def may_decide(
    work: Work, token: Token, outcome_id: str
) -> tuple[Decision, Outcome, tuple[tuple[Taking, Use | None], ...]]:
    """Return the outcome of the decision at a token, and by which rights the actor may take it.

    Each right comes with what it would use up of its allowance, as far as that is known.
    """
    step = step_of(work, token, Decision, "decided", "a decision")
    refuse_suspended(token)
    outcome = step.outcome(outcome_id)
    if outcome is None:
        known = tuple(item.id for item in step.outcomes)
        raise RefusedError(NoSuchChoice("outcome", outcome_id, known))
    takings = may_take(work.program, work.facts, token, outcome.id, work.values)
    if not isinstance(takings, tuple):
        raise RefusedError(takings)
    if step.quorum is not None:
        takings = own_votes(token.step, outcome.id, takings)
    left = separate(work, step, tuple(standing for standing, _ in takings))
    takings = tuple(taking for taking in takings if taking[0] in left)
    # What comes with the outcome is not known yet; what stands there already is.
    known = {
        name: value for name, value in work.draft.fields.items() if name not in outcome.records
    }
    free = tuple(with_room(work, token, outcome.id, takings, known, whole=False))
    return step, outcome, free


def take_outcome(work: Work, token: Token, command: Decide) -> Judgement:
    """Take an outcome of a decision."""
    step, outcome, free = may_decide(work, token, command.outcome)
    takings = tuple(taking for taking, _ in free)
    shown = {name: work.case.fields.get(name) for name in step.shows}
    if command.shown is not None and command.shown != shown_digest(step.shows, shown):
        raise RefusedError(SomethingChanged(step.id))
    fields = work.given(step.id, outcome.records, command.fields)
    # What others want recorded stands beside it; of two values the later one stands.
    recorded = {**dict(said_before(token, work.facts.actor.person, outcome.id)), **fields}
    taking, use = still_granted(work, token, outcome.id, takings, recorded)
    # What an outcome requires must come with it: what stands there already was not decided.
    missing = tuple(name for name in outcome.requires if fields.get(name) is None)
    if missing:
        raise RefusedError(FieldsMissing(f"{step.id}/{outcome.id}", missing))
    reason = reason_for(outcome.id, command.reason, needed=outcome.reason)
    over = step.quorum is None or cast(work, token, outcome, taking, fields)
    if over:
        work.set_fields(recorded, leaving=token.id)
    note_performer(work, step.id, taking[0])
    if over:
        pass_on(work, token, f"{step.id}/{outcome.id}")
    return Judgement(
        "decided" if over else "voted",
        step.id,
        token.id,
        taking[0],
        grant=taking[1].limit,
        choice=outcome.id,
        options=tuple(item.id for item in step.outcomes),
        shown=shown,
        reason=reason,
        use=use if over else None,
    )


def still_granted(
    work: Work,
    token: Token,
    outcome: str,
    takings: tuple[Taking, ...],
    recorded: Mapping[str, Plain],
) -> tuple[Taking, Use | None]:
    """Return the first right that also covers the record as the decision leaves it, and its use.

    Otherwise an amount could be approved and, by the same act, raised beyond one's limit.
    """
    values = work.values_with(recorded)
    covering = tuple(
        (standing, right)
        for standing, right in takings
        if grants_here(work.program, standing, right, f"{token.step}/{outcome}", values)
    )
    if not covering:
        stands = tuple(standing for standing, _ in takings)
        raise RefusedError(outside_authority(work.program, token, outcome, stands, values))
    fields = {**work.draft.fields, **recorded}
    return next(with_room(work, token, outcome, covering, fields, whole=True))


def may_record(work: Work, token: Token) -> tuple[Task | Wait, Standing]:
    """Return the step at a token, where the actor may record fields, or refuse."""
    step = work.program.places[token.step].step
    if not isinstance(step, Task | Wait) or not step.records:
        raise RefusedError(NotThatKind(step.id, "recorded at", "a step that records fields"))
    return step, must_stand(work, token, step)


def record(work: Work, token: Token, command: Record) -> Judgement:
    """Save fields at a step that stays open."""
    step, standing = may_record(work, token)
    if work.set_fields(work.given(step.id, step.records, command.fields)):
        note_performer(work, step.id, standing)
    return Judgement("recorded", step.id, token.id, standing)


def assign(work: Work, token: Token, command: Assign) -> Judgement:
    """Take work on, or lay it back."""
    step = work.program.places[token.step].step
    if not isinstance(step, Task | Decision):
        raise RefusedError(NotThatKind(step.id, "taken on", "a task or a decision"))
    if isinstance(step, Decision) and step.quorum is not None:
        raise RefusedError(NotThatKind(step.id, "taken on", "work of one person, not of several"))
    person = work.facts.actor.person
    if command.person not in {None, person}:
        raise RefusedError(NoSuchChoice("person", str(command.person), (str(person),)))
    standing = must_stand(work, token, step)
    if command.person != token.person:
        work.change(Assigned(token.id, command.person))
    return Judgement("assigned", step.id, token.id, standing)
