"""Chores: what people must do in the cases of a workflow, and which posts may do each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

from kingpost.checks.classes.values import EMPTY
from kingpost.checks.conditions import Scopes
from kingpost.checks.soundness.authority import Authority
from kingpost.checks.soundness.cells import Cell
from kingpost.checks.soundness.guards import OPEN, Guards, read_guards
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Task, Wait, Workflow

RECORDS_MAX = 200


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that a person must do.

    outcomes: of a decision, where others may take other outcomes; empty for the whole step.
    posts:    those that may do it.
    voice:    of several people who must do the same, which one; from 1.
    """

    step: str
    outcomes: tuple[str, ...]
    posts: tuple[str, ...]
    voice: int = 1

    @property
    def name(self) -> str:
        """Return what tells it from others of its workflow."""
        name = "/".join((self.step, *self.outcomes))
        return name if self.voice == 1 else f"{name}#{self.voice}"


@dataclass(frozen=True, slots=True)
class Situation:
    """The chores of a workflow for records that are alike to the limits of authority.

    record: the fields that decide, with an example of each.
    """

    record: tuple[tuple[str, Any], ...]
    chores: tuple[Chore, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A workflow whose chores are looked at. limits: the limits of authority in it."""

    model: Model
    workflow: Workflow
    authority: Authority
    limits: Guards

    @classmethod
    def of(cls, model: Model, workflow: Workflow, authority: Authority) -> "Work":
        """Look a workflow up. model: one without errors."""
        texts = {
            text
            for step in workflow.all_steps()
            for rights in authority.granted.get((workflow.id, step.id), {}).values()
            for limits in rights.values()
            for text in limits
            if text is not None
        }
        scope = Scopes(model).of_case(workflow)
        return cls(model, workflow, authority, read_guards(model, workflow, sorted(texts), scope))


def apart(workflow: Workflow, chores: Collection[Chore]) -> Mapping[str, frozenset[str]]:
    """Return for each chore those that another person must do."""
    by_step: dict[str, list[str]] = {}
    for chore in chores:
        by_step.setdefault(chore.step, []).append(chore.name)
    found: dict[str, set[str]] = {chore.name: set() for chore in chores}
    for one, two in combinations(chores, 2):
        if (one.step, one.outcomes) == (two.step, two.outcomes):
            found[one.name].add(two.name)
            found[two.name].add(one.name)
    for step in workflow.all_steps():
        for other in step.separate_from if isinstance(step, Task | Decision) else ():
            for one, two in product(by_step.get(step.id, ()), by_step.get(other, ())):
                found[one].add(two)
                found[two].add(one)
    return {name: frozenset(others) for name, others in found.items()}


def situations(work: Work) -> tuple[Situation, ...]:
    """Return every set of chores that records of a workflow may lead to.

    Limits of authority are held against a record that stays as it is. Where there are too many
    kinds of records, or a limit is beyond classes of values, it counts as fulfilled.
    """
    found: dict[tuple[Chore, ...], Situation] = {}
    for cell in _cells(work.limits):
        chores = tuple(_chores(work, cell))
        found.setdefault(chores, Situation(_record(work.limits, cell), chores))
    return tuple(found.values())


def _cells(guards: Guards) -> Iterator[Cell | None]:
    lens = guards.lens(guards.uses(guards.by_text))
    choices = [
        list(
            dict.fromkeys(lens.see_one(index, one) for one in guards.classes_of(index, filled=True))
        )
        for index in range(len(guards.fields))
    ]
    if prod(map(len, choices)) > RECORDS_MAX:
        yield None
    else:
        yield from product(*choices)


def _record(guards: Guards, cell: Cell | None) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (f"{guards.item.id}.{name}", values[chosen])
        for name, values, chosen in zip(guards.fields, guards.values, cell or (), strict=False)
        if chosen > EMPTY
    )


def _chores(work: Work, cell: Cell | None) -> Iterator[Chore]:
    authority = work.authority
    for step in (*work.workflow.all_steps(), *work.workflow.errands.values()):
        match step:
            case Task():
                yield Chore(step.id, (), tuple(_reach(work, step)))
            case Decision():
                yield from _outcomes(work, step, cell)
            case Wait() if not step.may_end_alone:
                roles = _senders(step)
                if roles is not None:
                    posts = (post for role in roles for post in authority.carriers.get(role, ()))
                    yield Chore(step.id, (), tuple(dict.fromkeys(posts)))
            case _:
                pass


def _senders(step: Wait) -> list[str] | None:
    """Return the roles that may end a wait; None when a system may."""
    senders = [sender.partition("/") for awaited in step.messages for sender in awaited.senders]
    if any(kind != "role" for kind, _, _ in senders):
        return None
    return [role for _, _, role in senders]


def _reach(work: Work, step: Task | Decision) -> Iterator[str]:
    """Yield the posts that may act: those addressed, then those above them."""
    carriers = work.authority.carriers.get(step.role, ())
    if step.to.post is None or step.to.field is not None:
        yield from carriers
        return
    for post in (step.to.post, *work.model.superiors(step.to.post)):
        if post in carriers:
            yield post


def _outcomes(work: Work, step: Decision, cell: Cell | None) -> Iterator[Chore]:
    reach = tuple(_reach(work, step))
    granted = work.authority.granted.get((work.workflow.id, step.id), {})
    able: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for outcome in step.outcomes:
        posts = tuple(
            post
            for post in reach
            if _holds(work.limits, granted.get(post, {}).get(outcome.id, ()), cell)
        )
        # An outcome that no post may take for such a record is left to the proof of soundness.
        if posts:
            able.setdefault((posts, step.needs(outcome.id)), []).append(outcome.id)
    for (posts, needed), outcomes in able.items():
        for voice in range(1, needed + 1):
            yield Chore(step.id, tuple(outcomes) if len(able) > 1 else (), posts, voice)


def _holds(limits: Guards, texts: Iterable[str | None], cell: Cell | None) -> bool:
    def truth(text: str) -> bool:
        found = OPEN if cell is None else limits.truth(text, cell, "")
        return found is True or found is OPEN

    return any(text is None or truth(text) for text in texts)
