"""Delegations: authority lent to another person for a time, for a reason, and never passed on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from kingpost.decisions.delegating import compiled
from kingpost.decisions.program import Program
from kingpost.engine.company import Company
from kingpost.engine.register import may_appoint
from kingpost.expressions import Compiled
from kingpost.model.workflow import Decision
from kingpost.store import cases, delegations
from kingpost.store.delegations import Lending
from kingpost.store.errors import (
    NotForAgentsError,
    NotRunningError,
    ToOneselfError,
    UnknownPersonError,
)
from kingpost.store.register import Ending
from kingpost.values.identity import identify
from kingpost.values.nearest import suggestion

REASON_LENGTH_MAX = 1000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A wish to lend authority.

    giver:    who holds `post` and lends it. person: to whom.
    start, end: aware; the end is exclusive.
    workflows, outcomes: what it is narrowed to, outcomes as `workflow/step/outcome`; empty for
              whatever the post may do.
    when:     a further condition of its outcomes, or None.
    """

    giver: str
    post: str
    person: str
    start: datetime
    end: datetime
    reason: str
    workflows: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    when: str | None = None


class NotDelegatedError(Exception):
    """The authority cannot be lent; the message says why and what to do."""


def delegate(company: Company, wish: Delegation, *, by: str) -> UUID:
    """Lend authority; return the id of the delegation. The same wish again changes nothing.

    by:     the person, or the name of the tool, that does it.
    Raises: NotDelegatedError.
    """
    _refuse_unfitting(company.active(), wish)
    identity = _identify(wish)
    with company.database.transaction() as connection:
        appointment = delegations.appointment_for(
            connection, wish.giver, wish.post, wish.start, wish.end
        )
        if appointment is None:
            _, held, _ = cases.read_facts(connection, None, None, wish.giver)
            lent = any(item.post == wish.post and item.delegation for item in held)
            raise NotDelegatedError(_not_held(wish, lent=lent))
        lending = Lending(
            identity,
            appointment,
            wish.person,
            wish.start,
            wish.end,
            wish.reason.strip(),
            wish.workflows,
            wish.outcomes,
            wish.when,
        )
        try:
            delegations.delegate(connection, lending, by=by)
        except NotRunningError:
            raise NotDelegatedError(_not_held(wish, lent=False)) from None
        except ToOneselfError:
            words = f"`{wish.giver}` has this authority already. Name another person."
            raise NotDelegatedError(words) from None
        except NotForAgentsError:
            words = "authority is lent by a person to a person, and one of these is an agent"
            raise NotDelegatedError(f"{words}. Appoint the agent to a post of its own.") from None
        except UnknownPersonError:
            words = f"there is no person `{wish.person}` in the register. Add the person first."
            raise NotDelegatedError(words) from None
        ended_by = delegations.ended_by(connection, identity)
    if ended_by is not None:
        words = f"the same delegation was made before, and `{ended_by}` has ended it"
        raise NotDelegatedError(f"{words}. Choose another time for it to begin.")
    return identity


def delegate_as(company: Company, person: str, wish: Delegation) -> UUID:
    """Lend authority on behalf of a person: one's own, or that of a post below one's own.

    Raises: NotDelegatedError.
    """
    posts = company.active().model.posts
    if wish.post not in posts:
        help_ = suggestion(wish.post, posts, "Choose one of the list.")
        raise NotDelegatedError(f"there is no post `{wish.post}`. {help_}")
    if not may_delegate(company, person, wish.giver, wish.post):
        title = posts[wish.post].title
        words = f"only who holds `{title}`, or a post above it, lends its authority"
        raise NotDelegatedError(f"{words}. Ask one of them.")
    if wish.person == person and wish.giver != person:
        words = "nobody lends themselves the authority of another"
        raise NotDelegatedError(f"{words}. Ask who holds the post.")
    return delegate(company, wish, by=person)


def may_delegate(company: Company, person: str, giver: str, post: str) -> bool:
    """Tell whether a person may lend, or take back, the authority by which somebody holds a post.

    One lends one's own; whoever may appoint to the post may do so for its holder.
    """
    return person == giver or may_appoint(company, person, post)


def end_delegation(company: Company, delegation: UUID, end: datetime, *, by: str) -> Ending | None:
    """Let a delegation end, or withdraw one that has not begun by then.

    end:     a past one means now. by: the person, or the name of the tool, that does it.
    Returns: None when there is none that runs then or is to come.
    """
    with company.database.transaction() as connection:
        return delegations.end_delegation(connection, delegation, end, by=by)


def _refuse_unfitting(program: Program, wish: Delegation) -> None:
    """Refuse what is missing, misspelt, or beyond the authority of the post."""
    model = program.model
    _refuse_words(wish)
    if wish.post not in model.posts:
        raise NotDelegatedError(_unknown("post", wish.post, model.posts))
    for name in wish.workflows:
        if name not in model.workflows:
            raise NotDelegatedError(_unknown("workflow", name, model.workflows))
    _refuse_outcomes(program, wish)
    if wish.when is not None:
        _refuse_condition(program, wish)


def _refuse_words(wish: Delegation) -> None:
    reason = wish.reason.strip()
    if not reason:
        raise NotDelegatedError("the reason is missing. Say why the authority is lent.")
    if len(reason) > REASON_LENGTH_MAX or "\x00" in reason:
        words = f"the reason is not text of at most {REASON_LENGTH_MAX:,} characters. Shorten it."
        raise NotDelegatedError(words)
    if wish.end <= wish.start:
        raise NotDelegatedError("it would end before it begins. Choose a later end.")


def _refuse_outcomes(program: Program, wish: Delegation) -> None:
    granted = {
        f"{grant.workflow}/{grant.step}/{outcome}"
        for grant in program.model.posts[wish.post].authority
        for outcome in grant.outcomes
    }
    for name in wish.outcomes:
        if name not in granted:
            _refuse_outcome(program, wish.post, name, granted)
        if wish.workflows and name.split("/")[0] not in wish.workflows:
            words = f"`{name}` is of no workflow that you name. Leave out `workflows`."
            raise NotDelegatedError(words)


def _refuse_outcome(program: Program, post: str, name: str, granted: Iterable[str]) -> None:
    known = {
        f"{workflow.id}/{step.id}/{outcome.id}"
        for workflow in program.model.workflows.values()
        for step in workflow.all_steps()
        if isinstance(step, Decision)
        for outcome in step.outcomes
    }
    if name not in known:
        help_ = suggestion(name, known, "Write it as WORKFLOW/STEP/OUTCOME.")
        raise NotDelegatedError(f"there is no outcome `{name}`. {help_}")
    may = ", ".join(f"`{item}`" for item in sorted(granted)) or "none"
    raise NotDelegatedError(
        f"`{post}` may not take `{name}`, so nobody can lend it. It may take: {may}."
    )


def _refuse_condition(program: Program, wish: Delegation) -> None:
    when = wish.when or ""
    if not wish.outcomes:
        raise NotDelegatedError("a condition limits outcomes. Name them with it.")
    for workflow in sorted({name.split("/")[0] for name in wish.outcomes}):
        found = compiled(program.workflows[workflow], when)
        if not isinstance(found, Compiled):
            problem = found[0]
            words = f"`{when}` is no condition about `{workflow}`: {problem.message}"
            words = f"{words}. {problem.help}"
            raise NotDelegatedError(words)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    return f"there is no {what} `{name}`. {suggestion(name, known, 'Look it up in the model.')}"


def _not_held(wish: Delegation, *, lent: bool) -> str:
    if lent:
        return f"`{wish.post}` is only lent to `{wish.giver}`, and what is lent is not passed on."
    return (
        f"`{wish.giver}` does not hold `{wish.post}` for all of that time. "
        "Choose a time within the appointment."
    )


def _identify(wish: Delegation) -> UUID:
    """Return the id of a wish: the same for the same wish alone."""
    times = (moment.astimezone(UTC).isoformat() for moment in (wish.start, wish.end))
    scope = (",".join(wish.workflows), ",".join(wish.outcomes), wish.when or "")
    name = "/".join(["delegation", wish.giver, wish.post, wish.person, *scope, *times])
    return identify(max(wish.start, _BEGINNING), name)
