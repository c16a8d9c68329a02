"""The rules that several commands share: whether work is open, is yours, and what it asks for."""

from typing import TypeVar

from kingpost.decisions.authority import Standing, is_separate, may_work
from kingpost.decisions.case import Token
from kingpost.decisions.changes import Performed
from kingpost.decisions.judging.work import Work, clean_text
from kingpost.decisions.record import TEXT_LENGTH_MAX
from kingpost.decisions.refusals import (
    SHOWN_LENGTH_MAX,
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
    """Return the step at a token, or refuse when it is of another kind."""
    step = work.program.places[token.step].step
    if not isinstance(step, kind):
        raise RefusedError(NotThatKind(step.id, command, wanted))
    return step


def refuse_suspended(token: Token) -> None:
    """Refuse when the work at a token stands still."""
    if token.suspension is not None:
        raise RefusedError(IsSuspended(token.step, token.suspension.exception))


def must_stand(work: Work, token: Token, step: Task | Decision | Wait) -> Standing:
    """Return how the actor may act in a step, or refuse."""
    allowed = may_work(work.program, work.facts, step=step.id, role=step.role, post=token.post)
    if isinstance(allowed, NotYourPost):
        raise RefusedError(allowed)
    if not isinstance(step, Wait):
        refuse_not_separate(work, step)
    return allowed


def refuse_not_separate(work: Work, step: Task | Decision) -> None:
    """Refuse when the actor performed a step from which this one is kept separate."""
    broken = is_separate(step, work.case, work.facts.actor.person)
    if broken is not None:
        raise RefusedError(broken)


def sender(
    work: Work, what: str, senders: tuple[str, ...], post: str | None = None
) -> Standing | None:
    """Return how a person stands as one of the senders; None for an interface that is one.

    senders: written `role/…` or `interface/…`.
    post:    to which the work is addressed. It binds the roles that it carries; another role
             may act from any post that carries it.
    """
    interface = work.facts.actor.interface
    if interface is not None:
        if f"interface/{interface}" in senders:
            return None
        raise RefusedError(NotYourInterface(what, senders))
    refusal: NotYourPost | None = None
    for sender in senders:
        kind, _, role = sender.partition("/")
        if kind == "role":
            bound = post if post in work.program.carriers[role] else None
            allowed = may_work(work.program, work.facts, step=what, role=role, post=bound)
            if isinstance(allowed, Standing):
                return allowed
            refusal = refusal or allowed
    raise RefusedError(refusal or NotYourInterface(what, senders))


def records_of(step: Step) -> tuple[str, ...]:
    """Return the fields that may be recorded at a step while it is open."""
    return step.records if isinstance(step, Task | Wait) else ()


def reason_for(choice: str, reason: str, *, needed: bool) -> str:
    """Return the reason, cleaned, or refuse when it is missing or too long."""
    clean = clean_text(reason)
    if needed and not clean:
        raise RefusedError(ReasonMissing(choice))
    if len(clean) > TEXT_LENGTH_MAX or "\x00" in clean:
        expected = f"text of at most {TEXT_LENGTH_MAX} characters"
        raise RefusedError(FieldNotFitting("reason", clean[:SHOWN_LENGTH_MAX], expected))
    return clean


def note_performer(work: Work, step: str) -> None:
    """Note that the person who acts performed a step."""
    person = work.facts.actor.person
    if person is not None and person not in work.draft.performers.get(step, ()):
        work.change(Performed(step, person))
