"""Cases that a step has begun: what each brings, and when the step is over."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from kingpost.decisions.case import Child, Plain, Token
from kingpost.decisions.changes import CaseReported
from kingpost.decisions.commands import Report
from kingpost.decisions.judging.flow import pass_on
from kingpost.decisions.judging.guards import step_of
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import NotOpen, NotYourInterface, RefusedError
from kingpost.decisions.transition import CaseChange, CaseNews
from kingpost.model.objects import Field, FieldType
from kingpost.model.scope import STATE
from kingpost.model.workflow import Run, Waits


def report(work: Work, token: Token, command: Report) -> Judgement:
    """Note that a case came as far as is waited for, and go on when nothing more is.

    Also while another case of the step cannot be begun: what has ended has ended.
    """
    step = step_of(work, token, Run, "told of a case", "a step that begins cases")
    actor = work.facts.actor
    if actor.person is not None or actor.interface is not None:
        raise RefusedError(NotYourInterface(step.id, ("clock",)))
    waiting = {child.id for child in token.children if not child.state}
    if command.case not in waiting:
        raise RefusedError(NotOpen(command.task))
    fields = tuple(sorted(_brought(work, step, command).items()))
    work.change(CaseReported(token.id, Child(command.case, command.state, fields)))
    told = work.draft.tokens[token.id]
    if _is_over(step, told):
        # What the record must have stays as it is where no case brings it.
        required = {name for name, field in work.program.fields.items() if field.required}
        brought = _gathered(step, told).items()
        kept = {name: value for name, value in brought if value is not None or name not in required}
        work.set_fields(kept, leaving=token.id)
        pass_on(work, told, step.id)
    return Judgement("reported", step.id, token.id, None, choice=command.number)


def _brought(work: Work, step: Run, command: Report) -> dict[str, Plain]:
    """Return the fields here that a case fills. One that has only begun brings nothing."""
    if step.waits is Waits.NONE:
        return {}
    there = {**command.fields, STATE: command.state}
    found = {here: there.get(name) for here, name in step.brings}
    fields = work.program.fields
    return {name: _kept(fields[name], value) for name, value in found.items() if value is not None}


def _kept(field: Field, value: Plain) -> Plain:
    """Return what a case brings as the field here keeps it: a decimal is text, an integer none."""
    if isinstance(value, list):
        return [str(entry) if _widens(field, entry) else entry for entry in value]
    return str(value) if _widens(field, value) else value


def _widens(field: Field, value: Plain) -> bool:
    return type(value) is int and (field.item or field).type is FieldType.DECIMAL


def _is_over(step: Run, token: Token) -> bool:
    done = [bool(child.state) for child in token.children]
    return any(done) if step.waits is Waits.ANY else all(done)


def _gathered(step: Run, token: Token) -> Mapping[str, Plain]:
    """Return what the cases have brought: a value each, in the order of the list, as a list."""
    found: dict[str, Plain] = {}
    for name, _ in step.brings:
        values = [dict(child.fields).get(name) for child in token.children if child.state]
        whole = [value for value in values if value is not None]
        if step.each is None:
            found[name] = whole[0] if whole else None
        else:
            found[name] = [entry for entry in whole if not isinstance(entry, list)] or None
    return found if step.waits is not Waits.NONE else {}


# --- what becomes of them -------------------------------------------------------------------------


def case_changes(work: Work) -> Iterator[CaseChange]:
    """Yield what becomes of cases, by where the case stood and where it stands now."""
    before, after = work.case.tokens, work.draft.tokens
    for name in sorted({*before, *after}):
        step = work.program.places[(after.get(name) or before[name]).step].step
        if isinstance(step, Run):
            about = CaseChange(UUID(name), CaseNews.OVER, step.id, step.workflow)
            yield from _news(work, step, about)


def _news(work: Work, step: Run, about: CaseChange) -> Iterator[CaseChange]:
    name = str(about.token)
    before, after = work.case.tokens.get(name), work.draft.tokens.get(name)
    if after is None:
        yield about
    elif before is None:
        ends = step.waits is not Waits.NONE
        yield replace(about, news=CaseNews.WANTED, wanted=work.wanted[name], ends=ends)
    else:
        for child in (child for child in after.children if child not in before.children):
            yield replace(about, news=CaseNews.TOLD, case=UUID(child.id))
        if after.suspension is not None and before.suspension is None:
            failing = UUID(work.failing) if work.failing else None
            cause = work.causes.get(name, "")
            yield replace(about, news=CaseNews.FAILED, case=failing, cause=cause)
        elif name in work.again or (before.suspension is not None and after.suspension is None):
            yield replace(about, news=CaseNews.AGAIN)
