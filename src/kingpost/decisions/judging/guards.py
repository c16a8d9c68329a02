"""The rules that several commands share: whether work is open, is yours, and what it asks for."""

from collections.abc import Mapping
from typing import TypeVar

from kingpost.decisions.authority import Reach, Standing, answers_for, is_separate, may_work
from kingpost.decisions.case import Plain, Token
from kingpost.decisions.changes import Performed
from kingpost.decisions.commands import Parent
from kingpost.decisions.given import clean_text
from kingpost.decisions.judging.work import Work
from kingpost.decisions.refusals import (
    SHOWN_LENGTH_MAX,
    FieldNotAsked,
    FieldNotFitting,
    FieldsMissing,
    IsSuspended,
    NobodyAnswers,
    NotThatKind,
    NotYourCall,
    NotYourInterface,
    NotYourPost,
    ReasonMissing,
    RefusedError,
)
from kingpost.model.records.values import TEXT_LENGTH_MAX
from kingpost.model.workflow import Call, Decision, Run, Step, Task, Wait

_Kind = TypeVar("_Kind", bound=Step)


def _reach(token: Token) -> Reach:
    return Reach(token.post, token.told)


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
    allowed = may_work(
        work.program, work.facts, what=step.id, step=step.id, role=step.role, to=_reach(token)
    )
    if not isinstance(allowed, tuple):
        raise RefusedError(allowed)
    return allowed[0] if isinstance(step, Wait) else separate(work, step, allowed)[0]


def must_answer_for(work: Work, token: Token, step: Call | Run) -> Standing:
    """Return how the actor answers for a call or for cases that are begun, or refuse.

    The roles that may raise its exception do, and the post that owns the interface, or otherwise
    the workflow.
    """
    program, facts = work.program, work.facts
    exception = program.workflow.failure(step.id)
    could: dict[str, None] = {}
    for role in exception.raised_by:
        allowed = may_work(program, facts, what=step.id, step=step.id, role=role, to=Reach())
        if isinstance(allowed, tuple):
            return allowed[0]
        if isinstance(allowed, NotYourPost):
            could |= dict.fromkeys(allowed.could)
    standing = next(answers_for(program, facts, step.id, _reach(token)), None)
    if standing is None:
        post = token.post or program.workflow.owner
        does = "begins other cases" if isinstance(step, Run) else "asks another system"
        raise RefusedError(NotYourCall(step.id, (*could, post), does))
    return standing


def separate(
    work: Work, step: Task | Decision, stands: tuple[Standing, ...]
) -> tuple[Standing, ...]:
    """Return the ways of standing that keep the step separate, or refuse when there is none.

    The actor counts in each, and who lent it, or answers for the agent, too: what one person may
    not do does not become allowed through the hands of another, or of a machine.
    """
    broken = is_separate(step, work.case, work.facts.actor.person)
    givers = {
        giver: is_separate(step, work.case, giver, giver=True)
        for standing in stands
        if (giver := standing.holding.behind) is not None
    }
    left = tuple(item for item in stands if givers.get(item.holding.behind or "") is None)
    broken = broken or (None if left else next(filter(None, givers.values())))
    if broken is not None:
        raise RefusedError(broken)
    return left


def sender(
    work: Work, what: str, senders: tuple[str, ...], token: Token | None = None
) -> Standing | None:
    """Return how a person stands as one of the senders; None for an interface that is one.

    token:   where the case stands; None for a start.
    senders: written `role/…` or `interface/…`.

    The post to which the work is addressed binds the roles that it carries; another role may act
    from any post that carries it.
    """
    step, to = (token.step, _reach(token)) if token else (None, Reach())
    interface = work.facts.actor.interface
    if interface is not None:
        if f"interface/{interface}" in senders:
            return None
        raise RefusedError(NotYourInterface(what, senders))
    refusal: NobodyAnswers | NotYourPost | None = None
    for sender in senders:
        kind, _, role = sender.partition("/")
        if kind == "role":
            bound = to if to.post in work.program.carriers[role] else Reach()
            allowed = may_work(work.program, work.facts, what=what, step=step, role=role, to=bound)
            if isinstance(allowed, tuple):
                return allowed[0]
            refusal = refusal or allowed
    raise RefusedError(refusal or NotYourInterface(what, senders))


def begun_by(work: Work, parent: Parent) -> None:
    """Note whose step begins the case, or refuse one that may not, or somebody who only says so."""
    workflow, actor = work.program.workflow, work.facts.actor
    may = parent.workflow in workflow.begins.workflows
    if not may or actor.person is not None or actor.interface is not None:
        senders = tuple(f"workflow/{name}" for name in workflow.begins.workflows)
        raise RefusedError(NotYourInterface(workflow.id, senders))
    work.parent = parent


def sent(work: Work, fields: Mapping[str, Plain], *, whole: bool) -> None:
    """Refuse what the interface that begins the workflow sends besides what it declares.

    whole: all of that must be there.
    """
    interface = work.program.model.interfaces.get(work.facts.actor.interface or "")
    if interface is None or interface.begins != work.program.workflow.id or not interface.payload:
        return
    known = tuple(name for name, _ in interface.payload)
    unknown = next((name for name in sorted(fields) if name not in known), None)
    if unknown is not None:
        raise RefusedError(FieldNotAsked(unknown, interface.id, known))
    missing = tuple(name for name in known if fields.get(name) is None) if whole else ()
    if missing:
        raise RefusedError(FieldsMissing(interface.id, missing))


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


def note_performer(work: Work, step: str, standing: Standing | None) -> None:
    """Note that the actor performed a step, and who lent the authority or answers for the agent."""
    behind = standing.holding.behind if standing else None
    for person in (work.facts.actor.person, behind):
        if person is not None:
            note(work, step, person)


def note(work: Work, step: str, person: str) -> None:
    """Note that a person performed a step."""
    if person not in work.draft.performers.get(step, ()):
        work.change(Performed(step, person))
