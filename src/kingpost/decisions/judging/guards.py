"""The rules that several commands share: is it open, is it yours, is it asked for?"""

from typing import TypeVar

from kingpost.decisions.authority import Standing, is_separate, may_work
from kingpost.decisions.case import Token
from kingpost.decisions.changes import Performed
from kingpost.decisions.judging.work import Work, clean_text
from kingpost.decisions.record import TEXT_LENGTH_MAX
from kingpost.decisions.refusals import (
    FieldNotFitting,
    IsSuspended,
    NotThatKind,
    NotYourInterface,
    NotYourPost,
    ReasonMissing,
    RefusedError,
)
from kingpost.model.workflow import Decision, Step, Task, Wait

_Kind = TypeVar("_Kind", bound=Step)


def step_of(work: Work, token: Token, kind: type[_Kind], command: str, wanted: str) -> _Kind:
    step = work.program.places[token.step].step
    if not isinstance(step, kind):
        raise RefusedError(NotThatKind(step.id, command, wanted))
    return step


def refuse_suspended(work: Work, token: Token) -> None:
    why = work.case.suspended(token)
    if why is not None:
        raise RefusedError(IsSuspended(token.step, why.exception))


def must_stand(work: Work, token: Token, step: Task | Decision | Wait) -> Standing:
    allowed = may_work(work.program, work.facts, step=step.id, role=step.role, post=token.post)
    if isinstance(allowed, NotYourPost):
        raise RefusedError(allowed)
    if isinstance(step, Task):
        refuse_not_separate(work, step)
    return allowed


def refuse_not_separate(work: Work, step: Task | Decision) -> None:
    broken = is_separate(step, work.case, work.facts.actor.person)
    if broken is not None:
        raise RefusedError(broken)


def sender(
    work: Work, what: str, senders: tuple[str, ...], token: Token | None = None
) -> Standing | None:
    """Return how a person stands as one of the senders; None for an interface that is one."""
    interface = work.facts.actor.interface
    if interface is not None:
        if f"interface/{interface}" in senders:
            return None
        raise RefusedError(NotYourInterface(what, senders))
    post = token.post if token else None
    refusal: NotYourPost | None = None
    for sender in senders:
        kind, _, role = sender.partition("/")
        if kind == "role":
            allowed = may_work(work.program, work.facts, step=what, role=role, post=post)
            if isinstance(allowed, Standing):
                return allowed
            refusal = refusal or allowed
    raise RefusedError(refusal or NotYourInterface(what, senders))


def records_of(step: Step) -> tuple[str, ...]:
    return step.records if isinstance(step, Task | Wait) else ()


def reason_for(choice: str, reason: str, *, needed: bool) -> str:
    clean = clean_text(reason)
    if needed and not clean:
        raise RefusedError(ReasonMissing(choice))
    if len(clean) > TEXT_LENGTH_MAX or "\x00" in clean:
        expected = f"text of at most {TEXT_LENGTH_MAX} characters"
        raise RefusedError(FieldNotFitting("reason", clean[:100], expected))
    return clean


def note_performer(work: Work, step: str) -> None:
    person = work.facts.actor.person
    if person is not None and person not in work.draft.performers.get(step, ()):
        work.change(Performed(step, person))
