"""May this actor act here, through which post, and by which right?"""

from collections.abc import Iterator
from dataclasses import dataclass

from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import Actor, Facts, Holding
from kingpost.decisions.program import Right, WorkflowProgram
from kingpost.decisions.refusals import NotSeparate, NotYourPost, OutsideAuthority, Refusal
from kingpost.model.model import Model
from kingpost.model.organisation import Vacancy
from kingpost.model.workflow import Addressee, Decision, Task


@dataclass(frozen=True, slots=True)
class Standing:
    """How the actor stands in a step. via: `post`, `superior` or `vacancy` of `for_post`."""

    holding: Holding
    via: str = "post"
    for_post: str | None = None


def falls_to(model: Model, post: str, vacant: frozenset[str]) -> str | None:
    """Return the post that acts for a vacant one, following the policies; None when it holds."""
    seen: set[str] = set()
    current: str | None = post
    while current is not None and current in vacant and current not in seen:
        seen.add(current)
        declared = model.posts[current]
        match declared.vacancy:
            case Vacancy.SUPERIOR:
                current = declared.reports_to
            case Vacancy.POST:
                current = declared.falls_to
            case _:
                return None
    return None if current is None or current in seen else current


def standings(
    program: WorkflowProgram, facts: Facts, role: str, post: str | None
) -> Iterator[Standing]:
    """Yield the ways in which the actor may act in a role on work addressed to `post`.

    The order is: the post itself, a superior that carries the role, a vacancy's stand-in.
    """
    model, carriers = program.model, program.carriers[role]
    holdings = held(facts.actor)
    above = set(model.superiors(post)) if post else set[str]()
    for holding in holdings:
        if holding.post in carriers and (post is None or holding.post == post):
            yield Standing(holding)
    for holding in holdings:
        if holding.post in carriers and holding.post in above:
            yield Standing(holding, "superior", post)
    if facts.vacant:
        for absent in (post,) if post else carriers:
            stand_in = falls_to(model, absent, facts.vacant) if absent in facts.vacant else None
            for holding in holdings:
                if holding.post == stand_in:
                    yield Standing(holding, "vacancy", absent)


def held(actor: Actor) -> tuple[Holding, ...]:
    """Return the actor's posts, or only the one chosen to act in."""
    if actor.acting_as is None:
        return actor.holdings
    return tuple(holding for holding in actor.holdings if holding.post == actor.acting_as)


def may_work(
    program: WorkflowProgram, facts: Facts, *, step: str, role: str, post: str | None
) -> Standing | NotYourPost:
    """Return how the actor may act in a step, or why not."""
    found = next(standings(program, facts, role, post), None)
    if found is not None:
        return found
    return NotYourPost(step, role, post, _could_work(program, role, post))


def may_take(
    program: WorkflowProgram, facts: Facts, token: Token, outcome: str, values: dict[str, object]
) -> tuple[Standing, Right] | Refusal:
    """Return by which right the actor may take an outcome of the decision at `token`, or why not.

    values: of the case, for the conditions of the grants.
    """
    step = program.places[token.step].step
    assert isinstance(step, Decision)
    rights = program.rights.get(f"{step.id}/{outcome}", ())
    first: Standing | None = None
    for standing in standings(program, facts, step.role, token.post):
        first = first or standing
        # Whoever stands in for a vacant post uses that post's authority, not more.
        post = standing.for_post if standing.via == "vacancy" else standing.holding.post
        for right in rights:
            if right.post == post and _holds(right, values):
                return standing, right
    if first is None:
        return NotYourPost(step.id, step.role, token.post, _could_take(rights, values))
    post = first.for_post if first.via == "vacancy" and first.for_post else first.holding.post
    limits = tuple(right.limit for right in rights if right.post == post and right.limit)
    return OutsideAuthority(post, step.id, outcome, limits, _could_take(rights, values))


def is_separate(step: Task | Decision, case: Case, person: str | None) -> NotSeparate | None:
    """Return the separation of duty that the person would break, or None.

    Source: ANSI INCITS 359, dynamic separation of duty, over persons rather than roles.
    """
    for other in step.separate_from:
        if person is not None and person in case.performers.get(other, ()):
            return NotSeparate(step.id, other)
    return None


def addressed(program: WorkflowProgram, to: Addressee, role: str, value: object) -> str | None:
    """Return the post to which work goes. value: of the field that the step addresses by."""
    if to.field is not None and isinstance(value, str) and value in program.carriers[role]:
        return value
    return to.post


def _holds(right: Right, values: dict[str, object]) -> bool:
    return right.when is None or right.when.evaluate(values) is True  # type: ignore[arg-type]


def _could_work(program: WorkflowProgram, role: str, post: str | None) -> tuple[str, ...]:
    carriers = program.carriers[role]
    if post is None:
        return carriers
    chain = (post, *program.model.superiors(post))
    return tuple(name for name in chain if name in carriers)


def _could_take(rights: tuple[Right, ...], values: dict[str, object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(right.post for right in rights if _holds(right, values)))
