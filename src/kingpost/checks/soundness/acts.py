"""Acts: what may be done at each step of a workflow, and what that asks for and changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from kingpost.expressions import AnyType, Compiled, Value, compile_expression
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.rules import Rule
from kingpost.model.ruling.types import written
from kingpost.model.ruling.typing import declared
from kingpost.model.workflow import (
    Addressee,
    Call,
    Decision,
    Exceptional,
    Outcome,
    Parallel,
    Route,
    RuleStep,
    Step,
    Task,
    Wait,
    Workflow,
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Evidence that a step owes. holds: fields to be filled, where `applies` is true.

    name: empty for what is no evidence, but the time at which a wait ends.
    """

    name: str
    applies: str | None
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done at a step, after which the case goes on.

    how:      the words for it, such as `by outcome refer`; empty when there is only one thing.
    outcome:  of a decision, for whose authority is asked.
    records:  fields that may be recorded until then. filled: those that must be.
    decides:  fields whose values a rule tells; its answers, or None where they are not written out.
    duties:   evidence that must be there.
    routes:   ordered ways on.
    """

    how: str
    routes: tuple[Route, ...]
    outcome: str = ""
    records: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    decides: tuple[tuple[str, tuple[Value, ...] | None], ...] = ()
    duties: tuple[Duty, ...] = ()


def acts_of(model: Model, step: Step) -> tuple[Act, ...]:
    """Return what may be done at a step, exceptions aside.

    A kind of step of which nothing else is known goes on along its ways.
    """
    duties = tuple(_duties(model, step))
    match step:
        case Decision():
            return tuple(_outcome_act(outcome, duties) for outcome in step.outcomes)
        case Wait():
            return tuple(_wait_acts(step, duties))
        case Task():
            return (Act("", step.then, "", step.records, step.requires, (), duties),)
        case RuleStep():
            rule = model.rules.get(step.rule)
            decides = tuple(_answers(model, rule)) if rule else ()
            return (Act("", step.then, decides=decides, duties=duties),)
        case Call():
            return (Act("", step.then, records=_received(model, step), duties=duties),)
        case _:
            return (Act("", step.then, duties=duties),) if step.then else ()


def _received(model: Model, step: Call) -> tuple[str, ...]:
    """Return the fields that the answer to a call may fill."""
    found = model.interfaces.get(step.interface)
    contract = found.contract if found else None
    return tuple(field for _, _, field in contract.receive) if contract else ()


def _outcome_act(outcome: Outcome, duties: tuple[Duty, ...]) -> Act:
    how = f"by outcome `{outcome.id}`"
    return Act(how, outcome.then, outcome.id, outcome.records, outcome.requires, (), duties)


def _wait_acts(step: Wait, duties: tuple[Duty, ...]) -> Iterator[Act]:
    for awaited in step.messages:
        if awaited.senders:
            how = f"by message `{awaited.message}`"
            yield Act(how, awaited.then, records=step.records, duties=duties)
    if step.limit is not None:
        yield Act("when its time is over", step.then, records=step.records)
    if step.until is not None:
        # While nothing says when it ends, it does not end.
        known = Duty("", None, (step.until,))
        yield Act("when its time has come", step.then, records=step.records, duties=(known,))


def _answers(model: Model, rule: Rule) -> Iterator[tuple[str, tuple[Value, ...] | None]]:
    """Yield each output that a step keeps of a rule, with every answer that it may give."""
    for name in rule.answers or (rule.id,):
        answering = model.rules.get(name)
        for number, output in enumerate(answering.outputs if answering else ()):
            yield output.id, _told(model, answering, number) if answering else None


def _told(model: Model, rule: Rule, number: int) -> tuple[Value, ...] | None:
    """Return what a column of a table answers, or None where that is not written out."""
    rows = [rule.answers_of(row) for row in rule.rows]
    if not rows or rule.hit_policy.takes_several or any(len(row) <= number for row in rows):
        return None
    output = rule.outputs[number]
    cells = [row[number] for row in rows]
    cells += [output.default] if output.default is not None else []
    kind = declared(model, rule, output) or AnyType()
    texts = dict.fromkeys(written(cell, kind) for cell in cells)
    found = [compile_expression(text, {}) for text in texts]
    known = [one.evaluate({}) for one in found if isinstance(one, Compiled)]
    return tuple(known) if len(known) == len(found) else None


def _duties(model: Model, step: Step) -> Iterator[Duty]:
    for name in step.discharges:
        found = model.obligations.get(name)
        if found is not None:
            yield Duty(name, found.applies, found.evidence.holds)


def raised_at(workflow: Workflow) -> Mapping[str, tuple[Exceptional, ...]]:
    """Return the exceptions that somebody may raise at each step."""
    found: dict[str, list[Exceptional]] = {}
    for exception in workflow.exceptions:
        raisers = (*exception.raised_by, *exception.interfaces)
        for name in (*(exception.steps if raisers else ()), *exception.failing):
            found.setdefault(name, []).append(exception)
    return {name: tuple(items) for name, items in found.items()}


def recorded_at(step: Step) -> tuple[str, ...]:
    """Return the fields that may be recorded while a step is open."""
    return step.records if isinstance(step, Task | Wait) else ()


def changed_in(model: Model, steps: Iterable[Step]) -> frozenset[str]:
    """Return the fields whose values some steps, or those of their branches, may change."""
    found: set[str] = set()
    for step in steps:
        for act in acts_of(model, step):
            found.update(act.records, (name for name, _ in act.decides))
        if isinstance(step, Parallel):
            for branch in step.branches:
                found |= changed_in(model, branch.steps)
    return frozenset(found)


# By the outcome, the conditions under which it may be taken; None stands for any record.
Rights = Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may take the outcomes of decisions.

    carriers: the posts that carry each role, in the order of their ids.
    granted:  by (workflow, step) the posts with a grant, and by outcome its conditions.
    """

    model: Model
    carriers: Mapping[str, tuple[str, ...]]
    granted: Mapping[tuple[str, str], Mapping[str, Rights]]

    def rights(self, workflow: Workflow, step: Decision, *, varies: bool) -> tuple[Rights, ...]:
        """Return the rights in reach for each post to which a decision may be addressed.

        varies: whether the field that it is addressed by may come to hold a post.
        """
        granted = self.granted.get((workflow.id, step.id), {})
        # That a post has a grant without the role is reported by itself.
        odd = granted.keys() - set(self.carriers.get(step.role, ()))
        found: dict[frozenset[str], None] = {}
        for post in self._addressed(step.to, step.role, varies=varies):
            reach = set(self._reach(step.role, post)) | odd
            found[frozenset(reach & granted.keys())] = None
        together = step.quorum and step.quorum.needed > 1
        merged = _merged if not together else partial(self._agreed, step)
        return tuple(merged({post: granted[post] for post in sorted(posts)}) for posts in found)

    def _agreed(self, step: Decision, posts: Mapping[str, Rights]) -> Rights:
        """Return for each outcome under which conditions enough people may take it together."""
        found: dict[str, tuple[str | None, ...]] = {}
        for outcome in step.outcomes:
            seats: dict[str | None, int] = {}
            for post, rights in posts.items():
                if outcome.id in rights:
                    limit = _either(rights[outcome.id])
                    seats[limit] = seats.get(limit, 0) + self.model.posts[post].seats
            found[outcome.id] = tuple(_together(seats, step.needs(outcome.id)))
        return found

    def ungranted(self, workflow: Workflow, step: Decision) -> frozenset[str]:
        """Return the outcomes that no post, or too few seats, may take; that is told by itself."""
        granted = self.granted.get((workflow.id, step.id), {})
        seats: dict[str, int] = {}
        for post, rights in granted.items():
            for outcome in rights:
                seats[outcome] = seats.get(outcome, 0) + self.model.posts[post].seats
        return frozenset(
            outcome.id
            for outcome in step.outcomes
            if seats.get(outcome.id, 0) < step.needs(outcome.id)
        )

    def _addressed(self, to: Addressee, role: str, *, varies: bool) -> Iterator[str | None]:
        carriers = self.carriers.get(role, ())
        yield to.post if to.post in carriers else None
        if to.field is not None and varies:
            yield from carriers

    def _reach(self, role: str, post: str | None) -> Iterable[str]:
        carriers = self.carriers.get(role, ())
        if post is None:
            return carriers
        return (name for name in (post, *self.model.superiors(post)) if name in carriers)


def _merged(posts: Mapping[str, Rights]) -> Rights:
    found: dict[str, list[str | None]] = {}
    for rights in posts.values():
        for outcome, conditions in rights.items():
            found.setdefault(outcome, []).extend(conditions)
    return {outcome: tuple(dict.fromkeys(texts)) for outcome, texts in found.items()}


def _either(conditions: tuple[str | None, ...]) -> str | None:
    """Return the condition under which one of several grants of a post holds."""
    texts = [text for text in conditions if text is not None]
    return " or ".join(f"({text})" for text in texts) if len(texts) == len(conditions) else None


def _together(seats: Mapping[str | None, int], needed: int) -> Iterator[str | None]:
    """Yield the conditions under which people in enough seats may agree.

    seats: by the condition of those who sit there.
    """
    always = seats.get(None, 0)
    limited = [text for text in seats if text is not None]
    tried: list[frozenset[str]] = []
    for count in range(len(limited) + 1):
        for some in combinations(limited, count):
            enough = always + sum(seats[text] for text in some) >= needed
            # What needs more conditions than another is no way of its own.
            if enough and not any(fewer <= set(some) for fewer in tried):
                tried.append(frozenset(some))
                yield " and ".join(f"({text})" for text in some) or None


def read_authority(model: Model) -> Authority:
    """Return who may take the outcomes of decisions, looked up once for a whole model."""
    carriers: dict[str, list[str]] = {}
    granted: dict[tuple[str, str], dict[str, dict[str, list[str | None]]]] = {}
    for post in sorted(model.posts.values(), key=_by_id):
        for role in post.roles:
            carriers.setdefault(role, []).append(post.id)
        for grant in post.authority:
            rights = granted.setdefault((grant.workflow, grant.step), {}).setdefault(post.id, {})
            for outcome in grant.outcomes:
                rights.setdefault(outcome, []).append(grant.when)
    return Authority(
        model,
        {role: tuple(posts) for role, posts in carriers.items()},
        {
            decision: {
                post: {outcome: tuple(texts) for outcome, texts in rights.items()}
                for post, rights in posts.items()
            }
            for decision, posts in granted.items()
        },
    )


def _by_id(post: Post) -> str:
    return post.id
