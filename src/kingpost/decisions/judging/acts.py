"""Starting a case, and what people do at its steps: complete, decide, record, take on."""

from collections.abc import Mapping

from kingpost.decisions.authority import Standing, may_take
from kingpost.decisions.case import Plain, Token
from kingpost.decisions.changes import Assigned, StateSet
from kingpost.decisions.commands import Assign, Complete, Decide, Record, Start
from kingpost.decisions.judging.duties import discharge
from kingpost.decisions.judging.guards import (
    must_stand,
    note_performer,
    reason_for,
    refuse_not_separate,
    refuse_suspended,
    sender,
    step_of,
)
from kingpost.decisions.judging.judgement import Judgement
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
    begins = work.program.workflow.begins
    standing = sender(
        work,
        work.program.first,
        tuple(f"role/{role}" for role in begins.roles)
        + tuple(f"interface/{name}" for name in begins.interfaces),
    )
    fields = work.given(work.program.workflow.id, begins.form, command.fields)
    begin_state = next(state.id for state in work.program.object.states if state.begin)
    work.change(StateSet(begin_state))
    work.set_fields(fields)
    required = [name for name, field in work.program.fields.items() if field.required]
    work.require(work.program.workflow.id, required)
    work.check_handover("start")
    work.enter(work.program.first)
    return Judgement("started", None, None, standing)


def complete(work: Work, token: Token, command: Complete) -> Judgement:
    step = step_of(work, token, Task, "completed", "a task")
    refuse_suspended(work, token)
    standing = must_stand(work, token, step)
    fields = work.given(step.id, step.records, command.fields)
    return finish_task(work, token, step, standing, fields)


def finish_task(
    work: Work, token: Token, step: Task, standing: Standing, fields: Mapping[str, Plain]
) -> Judgement:
    work.set_fields(fields)
    work.require(step.id, step.requires)
    discharged = discharge(work, step)
    note_performer(work, step.id)
    work.leave(token.id)
    work.follow(step.id, token.parent, token.branch)
    work.refresh_clocks()
    return Judgement("completed", step.id, token.id, standing, discharged=discharged)


def take_outcome(work: Work, token: Token, command: Decide) -> Judgement:
    step = step_of(work, token, Decision, "decided", "a decision")
    outcome = step.outcome(command.outcome)
    if outcome is None:
        known = tuple(item.id for item in step.outcomes)
        raise RefusedError(NoSuchChoice("outcome", command.outcome, known))
    refuse_suspended(work, token)
    allowed = may_take(work.program, work.facts, token, outcome.id, work.values)
    if not isinstance(allowed, tuple):
        raise RefusedError(allowed)
    standing, right = allowed
    refuse_not_separate(work, step)
    shown = shown_digest(step.shows, work.case.fields)
    if command.shown is not None and command.shown != shown:
        raise RefusedError(SomethingChanged(step.id))
    return _take(work, token, step, outcome, command, (standing, right.limit))


def _take(
    work: Work,
    token: Token,
    step: Decision,
    outcome: Outcome,
    command: Decide,
    standing: tuple[Standing, str | None],
) -> Judgement:
    fields = work.given(step.id, outcome.records, command.fields)
    shown = {name: work.case.fields.get(name) for name in step.shows}
    work.set_fields(fields)
    # What an outcome requires must come with it: what stands there already was not decided.
    missing = tuple(name for name in outcome.requires if fields.get(name) is None)
    if missing:
        raise RefusedError(FieldsMissing(f"{step.id}/{outcome.id}", missing))
    reason = reason_for(outcome.id, command.reason, needed=outcome.reason)
    discharged = discharge(work, step)
    note_performer(work, step.id)
    work.leave(token.id)
    work.follow(f"{step.id}/{outcome.id}", token.parent, token.branch)
    work.refresh_clocks()
    return Judgement(
        "decided",
        step.id,
        token.id,
        standing[0],
        grant=standing[1],
        choice=outcome.id,
        options=tuple(item.id for item in step.outcomes),
        shown=shown,
        reason=reason,
        discharged=discharged,
    )


def record(work: Work, token: Token, command: Record) -> Judgement:
    step = work.program.places[token.step].step
    if not isinstance(step, Task | Wait):
        raise RefusedError(NotThatKind(step.id, "recorded at", "a task or a wait"))
    standing = must_stand(work, token, step)
    work.set_fields(work.given(step.id, step.records, command.fields))
    return Judgement("recorded", step.id, token.id, standing)


def assign(work: Work, token: Token, command: Assign) -> Judgement:
    step = work.program.places[token.step].step
    if not isinstance(step, Task | Decision):
        raise RefusedError(NotThatKind(step.id, "taken on", "a task or a decision"))
    standing = must_stand(work, token, step)
    if command.person not in {None, work.facts.actor.person}:
        raise RefusedError(NoSuchChoice("person", str(command.person), ()))
    work.change(Assigned(token.id, command.person))
    return Judgement("assigned", step.id, token.id, standing)
