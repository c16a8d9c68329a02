"""Authority: whether an actor may act here, through which post, and by which right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kingpost.decisions.agents.answering import counts, unanswered
from kingpost.decisions.asking import holds
from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import AGENT, Actor, Facts, Holding
from kingpost.decisions.delegating import covers, reaches
from kingpost.decisions.program import Right, WorkflowProgram
from kingpost.decisions.refusals import (
    NobodyAnswers,
    NotSeparate,
    NotYourPost,
    OutsideAuthority,
    OutsideDelegation,
    Refusal,
)
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import WHOLE
from kingpost.model.vacancy import falls_to
from kingpost.model.workflow import Addressee, Decision, Task


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom work reaches: the post addressed, and others that were told that it is late.

    post: None for every post that carries the role of the work.
    """

    post: str | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the actor stands in a step.

    via: `post`, `superior` or `vacancy` of `for_post`, or `escalation` to a post that was told.
    """

    holding: Holding
    via: str = "post"
    for_post: str | None = None

    @property
    def authority(self) -> str:
        """Return the post whose authority counts: a stand-in has the vacant post's, not more."""
        if self.via == "vacancy" and self.for_post is not None:
            return self.for_post
        return self.holding.post


Taking: TypeAlias = tuple[Standing, Right]


def standings(
    program: WorkflowProgram, facts: Facts, step: str | None, role: str, to: Reach
) -> Iterator[Standing]:
    """Yield the ways in which the actor may act in a role on work addressed to a post.

    step: where the work stands, for delegations that name what they lend; None for a start.

    The order is: the post itself, a superior that carries the role, another post that carries it
    and was told that the work is late, a vacancy's stand-in for one of these; and in each of them
    what the actor holds before what is lent. A machine agent acts for no other post.
    """
    post, workflow = to.post, program.workflow.id
    above = in_reach(program, role, Reach(post))
    reach = in_reach(program, role, to) if to.told else above
    holdings = tuple(
        sorted(
            (
                item
                for item in held(facts.actor)
                if reaches(item.delegation, workflow, step)
                and counts(program.model, item)
                and item.acts_in(role)
            ),
            key=lambda item: item.delegation is not None,
        )
    )
    here = [holding for holding in holdings if holding.post in reach]
    for holding in here:
        if post in {None, holding.post}:
            yield Standing(holding)
    holdings = tuple(holding for holding in holdings if holding.kind != AGENT)
    here = [holding for holding in holdings if holding.post in reach]
    ways = (("superior", above), ("escalation", set(reach) - set(above)))
    for via, posts in ways if here and post is not None else ():
        for holding in here:
            if holding.post in posts and holding.post != post:
                yield Standing(holding, via, post)
    if facts.vacant:
        yield from _stand_ins(program.model, reach, holdings, facts.vacant)


def _stand_ins(
    model: Model, reach: tuple[str, ...], holdings: tuple[Holding, ...], vacant: frozenset[str]
) -> Iterator[Standing]:
    for absent in reach:
        stand_in = falls_to(model, absent, vacant) if absent in vacant else None
        for holding in holdings:
            if holding.post == stand_in:
                yield Standing(holding, "vacancy", absent)


def in_reach(program: WorkflowProgram, role: str, to: Reach) -> tuple[str, ...]:
    """Return the posts that may act in a role: the one addressed, those above it, those told."""
    carriers = program.carriers.get(role, ())
    if to.post is None:
        return carriers
    chain = dict.fromkeys((to.post, *program.model.superiors(to.post), *to.told))
    return tuple(name for name in chain if name in carriers)


def held(actor: Actor) -> tuple[Holding, ...]:
    """Return the person's posts, or only the one chosen to act in. An interface holds none."""
    if actor.person is None or actor.interface is not None:
        return ()
    if actor.acting_as is None:
        return actor.holdings
    return tuple(holding for holding in actor.holdings if holding.is_called(actor.acting_as))


def own(actor: Actor, posts: tuple[str, ...]) -> tuple[Standing, ...]:
    """Return how a person holds one of some posts: what is lent does not count, nor a machine."""
    return tuple(
        Standing(holding)
        for holding in held(actor)
        if holding.post in posts
        and holding.delegation is None
        and holding.kind != AGENT
        and holding.acts_in(WHOLE)
    )


def may_work(
    program: WorkflowProgram,
    facts: Facts,
    *,
    what: str,
    step: str | None,
    role: str,
    to: Reach,
) -> tuple[Standing, ...] | NobodyAnswers | NotYourPost:
    """Return how the actor may act in a step (None: in a start), the best way first, or why not.

    what: for the words of a refusal.
    """
    found = tuple(standings(program, facts, step, role, to))
    if found:
        return found
    nobody = unanswered(program.model, held(facts.actor))
    return nobody or NotYourPost(what, role, to.post, in_reach(program, role, to))


def answers_for(
    program: WorkflowProgram, facts: Facts, step: str | None, to: Reach
) -> Iterator[Standing]:
    """Yield the ways in which the actor answers for what is laid on a post, whatever its roles.

    A machine agent answers for nothing. The order is: the post itself, a superior, a post that was
    told that it is late, a vacancy's stand-in for one of these. For a post that the model that runs
    has no longer its heir answers.
    """
    post = to.post or program.workflow.owner
    post = facts.heirs.get(post, post)
    above = tuple(program.model.superiors(post))
    chain = tuple(dict.fromkeys((post, *above, *to.told)))
    holdings = tuple(
        item
        for item in held(facts.actor)
        if reaches(item.delegation, program.workflow.id, step)
        and counts(program.model, item)
        and item.kind != AGENT
        and item.acts_in(WHOLE)
    )
    for name in chain:
        for holding in holdings:
            if holding.post == name == post:
                yield Standing(holding)
            elif holding.post == name:
                yield Standing(holding, "superior" if name in above else "escalation", post)
    if facts.vacant:
        yield from _stand_ins(program.model, chain, holdings, facts.vacant)


def may_take(
    program: WorkflowProgram, facts: Facts, token: Token, outcome: str, values: Mapping[str, Any]
) -> tuple[Taking, ...] | Refusal:
    """Return by which rights the actor may take an outcome of the decision at `token`, or why not.

    values: of the case, for the conditions of the grants.
    """
    step = program.places[token.step].step
    assert isinstance(step, Decision), "the caller has found a decision"
    rights = program.rights.get(f"{step.id}/{outcome}", ())
    to = Reach(token.post, token.told)
    stands = tuple(standings(program, facts, step.id, step.role, to))
    if not stands:
        nobody = unanswered(program.model, held(facts.actor))
        if nobody is not None:
            return nobody
        could = could_take(program, token, outcome, values)
        return NotYourPost(step.id, step.role, token.post, could)
    takings = tuple(
        (standing, right)
        for standing in stands
        for right in rights
        if right.post == standing.authority
        and grants_here(program, standing, right, f"{step.id}/{outcome}", values)
    )
    return takings or outside_authority(program, token, outcome, stands, values)


def grants(right: Right, values: Mapping[str, Any]) -> bool:
    """Tell whether a right covers a record. A condition without an answer grants nothing."""
    return holds(right.when, values)


def grants_here(
    program: WorkflowProgram,
    standing: Standing,
    right: Right,
    outcome: str,
    values: Mapping[str, Any],
) -> bool:
    """Tell whether a right covers a record, and what is lent of it does so, too.

    outcome: as `step/outcome`.
    """
    lent = standing.holding.delegation
    return grants(right, values) and covers(lent, program, outcome, values)


def outside_authority(
    program: WorkflowProgram,
    token: Token,
    outcome: str,
    stands: tuple[Standing, ...],
    values: Mapping[str, Any],
) -> OutsideAuthority | OutsideDelegation:
    """Return the refusal of an outcome to somebody who may act at the decision at `token`."""
    step = program.places[token.step].step
    assert isinstance(step, Decision), "the caller has found a decision"
    rights = program.rights.get(f"{step.id}/{outcome}", ())
    for standing in stands:
        lent, post = standing.holding.delegation, standing.authority
        if lent and any(right.post == post and grants(right, values) for right in rights):
            named = (
                not lent.outcomes or f"{program.workflow.id}/{step.id}/{outcome}" in lent.outcomes
            )
            return OutsideDelegation(
                post, lent.giver, step.id, outcome, lent.when if named else None
            )
    post = stands[0].authority
    limits = tuple(right.limit for right in rights if right.post == post and right.limit)
    could = could_take(program, token, outcome, values)
    return OutsideAuthority(post, step.id, outcome, limits, could)


def is_separate(
    step: Task | Decision, case: Case, person: str | None, *, giver: bool = False
) -> NotSeparate | None:
    """Return the separation of duty that the person would break, or None.

    giver: the person is the one for whom the actor would act: by a delegation, or as the agent
           for which that person answers.

    Source: ANSI INCITS 359, dynamic separation of duty, over persons rather than roles.
    """
    for other in step.separate_from:
        if person is not None and person in case.performers.get(other, ()):
            return NotSeparate(step.id, other, person if giver else None)
    return None


def addressed(program: WorkflowProgram, to: Addressee, role: str, value: object) -> str | None:
    """Return the post to which work goes. value: of the field that the step addresses by."""
    if to.field is not None and isinstance(value, str) and value in program.carriers[role]:
        return value
    return to.post


def could_take(
    program: WorkflowProgram, token: Token, outcome: str, values: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the posts that the decision at `token` reaches, and that may take the outcome."""
    step = program.places[token.step].step
    assert isinstance(step, Decision), "the caller has found a decision"
    rights = program.rights.get(f"{step.id}/{outcome}", ())
    granted = {right.post for right in rights if grants(right, values)}
    reach = in_reach(program, step.role, Reach(token.post, token.told))
    return tuple(post for post in reach if post in granted)
