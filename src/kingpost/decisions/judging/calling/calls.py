"""Calls of other systems: what an answer means, and what becomes of a failure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from kingpost.decisions.authority import Standing
from kingpost.decisions.case import Plain, Token
from kingpost.decisions.commands import Answer, Fail, GiveUp, Retry
from kingpost.decisions.judging.flow import befall, pass_on, resume
from kingpost.decisions.judging.guards import (
    must_answer_for,
    reason_for,
    refuse_suspended,
    step_of,
)
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Asking
from kingpost.decisions.refusals import (
    AnswerNotFitting,
    IsSuspended,
    NotThatKind,
    NotYourInterface,
    RefusedError,
)
from kingpost.model.objects import Field, FieldType
from kingpost.model.records.values import expected, fits, stored
from kingpost.model.workflow import BUILT_IN, Call, Run

_ABSENT = object()
# No field keeps a number with more digits before its point.
_DIGITS_MAX = 40


# --- what an answer means -------------------------------------------------------------------------


def answer(work: Work, token: Token, command: Answer) -> Judgement:
    """Take what a system answered, if it is what the contract says, and go on."""
    step = step_of(work, token, Call, "answered", "a call")
    refuse_suspended(token)
    if work.facts.actor.interface != step.interface:
        raise RefusedError(NotYourInterface(step.id, (f"interface/{step.interface}",)))
    asking = work.program.askings[step.id]
    work.set_fields(_received(work, asking, command.members), leaving=token.id)
    pass_on(work, token, step.id)
    return Judgement("answered", step.id, token.id, None, fence=command.fence)


def _received(work: Work, asking: Asking, members: Mapping[str, Any]) -> dict[str, Plain]:
    """Return the fields that an answer fills; what is missing is refused.

    Null empties a field, but not one that the record must have.
    """
    fields: dict[str, Plain] = {}
    for member, _, name in asking.contract.receive:
        field = work.program.fields[name]
        found = _member(members, member.split("."))
        value = _as_plain(field, found)
        kept = None if value == [] else value
        misfit = not fits(field, kept, work.program.model.posts)
        if found is _ABSENT or misfit or (kept is None and field.required):
            wanted = "" if found is _ABSENT else expected(field)
            raise RefusedError(AnswerNotFitting(asking.interface, member, wanted, _kind(found)))
        fields[name] = stored(field, kept)
    return fields


def _member(members: object, path: list[str]) -> object:
    for name in path:
        members = (
            cast("Mapping[str, object]", members).get(name, _ABSENT)
            if isinstance(members, Mapping)
            else _ABSENT
        )
    return members


def _as_plain(field: Field, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value of JSON as a field keeps it; what does not fit stays what it is."""
    if field.item is not None and isinstance(value, list):
        return [_as_plain(field.item, item) for item in cast("list[object]", value)]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    if Decimal(value).adjusted() > _DIGITS_MAX:
        return value
    if field.type is FieldType.INTEGER:
        return int(value) if value == int(value) else value
    return format(Decimal(value), "f") if field.type in _NUMBERS else value


_NUMBERS = frozenset({FieldType.DECIMAL, FieldType.MONEY})
_KINDS: Mapping[type, str] = {
    bool: "yes or no",
    str: "text",
    int: "a number",
    Decimal: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def _kind(value: object) -> str:
    """Return what kind of value came; the value itself may be personal."""
    return "nothing" if value is _ABSENT else f"{_KINDS.get(type(value), 'something else')}"


# --- what becomes of a failure --------------------------------------------------------------------


def fail(work: Work, token: Token, command: Fail) -> Judgement:
    """Let a call fail whose attempts are used up, or a case that cannot begin: its exception."""
    step = _outside(work, token, "failed")
    refuse_suspended(token)
    actor = work.facts.actor
    if actor.person is not None or actor.interface is not None:
        raise RefusedError(NotYourInterface(step.id, ("clock",)))
    if isinstance(step, Run):
        work.failing = command.case
    return _fall(work, token, step, command.cause, None, fence=command.fence)


def give_up(work: Work, token: Token, command: GiveUp) -> Judgement:
    """Let a call fail at once, by somebody who answers for it."""
    step = step_of(work, token, Call, "given up", "a call")
    refuse_suspended(token)
    standing = must_answer_for(work, token, step)
    reason = reason_for(step.id, command.reason, needed=False)
    return _fall(work, token, step, reason or "given up", standing)


def _outside(work: Work, token: Token, command: str) -> Call | Run:
    """Return the call at a token, or the step that begins cases, or refuse."""
    step = work.program.places[token.step].step
    if not isinstance(step, Call | Run):
        raise RefusedError(NotThatKind(step.id, command, "a call"))
    return step


def _fall(
    work: Work,
    token: Token,
    step: Call | Run,
    cause: str,
    standing: Standing | None,
    *,
    fence: int | None = None,
) -> Judgement:
    exception = work.program.workflow.failure(step.id)
    befall(work, token, exception)
    work.causes[token.id] = cause
    return Judgement(
        "failed", step.id, token.id, standing, choice=exception.id, reason=cause, fence=fence
    )


def retry(work: Work, token: Token, command: Retry) -> Judgement:
    """Let a call, or cases that could not begin, be tried again now, by who answers for it."""
    step = _outside(work, token, "tried again")
    why, own = token.suspension, {exception.id for exception in BUILT_IN}
    if why is not None and why.exception not in own:
        # The workflow says how this one ends: its endings are chosen like those of any other.
        raise RefusedError(IsSuspended(step.id, why.exception))
    standing = must_answer_for(work, token, step)
    reason = reason_for(step.id, command.reason, needed=False)
    if why is not None:
        resume(work, token.id)
    work.again.add(token.id)
    return Judgement("retried", step.id, token.id, standing, reason=reason)
