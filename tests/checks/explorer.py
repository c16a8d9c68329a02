"""Every position of a small workflow, found by force with the function that decides live work.

It knows nothing of how the proof works: it begins cases with every value, lets everybody do
everything to each, and looks where nothing leads to an end.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any, TypeAlias

from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.changes import Entered
from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Command,
    Complete,
    Decide,
    Deliver,
    Expire,
    Facts,
    Holding,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.transition import Transition
from kingpost.model.model import Model
from kingpost.model.objects import FieldType
from kingpost.model.workflow import Decision, Parallel, Step, Task, Wait
from tests.decisions.world import CASE, MONDAY, SEED

YEARS = timedelta(days=4000)
STATES_MAX = 400
SEVERAL: Mapping[FieldType, tuple[Any, ...]] = {
    FieldType.INTEGER: (None, 0, 1, 9),
    FieldType.YES_NO: (None, True, False),
}

# What tells two cases apart, besides how they came to be what they are.
Key: TypeAlias = tuple[object, ...]


class TooManyError(Exception):
    """There is too much to try."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One act. entered: the steps that the case came to by it, in order."""

    task: str
    kind: type[Command]
    entered: tuple[str, ...]
    to: Key


@dataclass(slots=True)
class Explorer:
    """All cases of a workflow, told apart by where they stand and what their record is."""

    program: Program
    workflow: str
    cases: dict[Key, Case] = field(default_factory=dict[Key, Case])
    passages: dict[Key, list[Passage]] = field(default_factory=dict[Key, list[Passage]])
    starts: list[Passage] = field(default_factory=list[Passage])
    counted: frozenset[str] = frozenset()

    def explore(self) -> None:
        """Try everything. Raises: TooManyError."""
        workflow = self.program.workflows[self.workflow].workflow
        steps = {one.id for one in workflow.all_steps()}
        self.counted = frozenset(one for one in steps if f"entered.{one}" in str(workflow))
        new = begin(self.program, self.workflow, CASE, "X-1", MONDAY)
        form = self.program.workflows[self.workflow].workflow.begins.form
        for fields in self._values(form):
            self.starts += self._tried(new, Start(fields), "")
        waiting = deque(passage.to for passage in self.starts)
        while waiting:
            key = waiting.popleft()
            if key in self.passages:
                continue
            if len(self.passages) >= STATES_MAX:
                raise TooManyError
            case = self.cases[key]
            self.passages[key] = [
                passage
                for token in case.tokens.values()
                for command in self._commands(token)
                for passage in self._tried(case, command, token.step)
            ]
            waiting.extend(passage.to for passage in self.passages[key])

    def stranded(self) -> set[Key]:
        """Return the cases from which no end can be reached."""
        back: dict[Key, list[Key]] = {}
        for key, passages in self.passages.items():
            for passage in passages:
                back.setdefault(passage.to, []).append(key)
        safe = {key for key in self.passages if self.cases[key].is_closed}
        waiting = list(safe)
        while waiting:
            for key in back.get(waiting.pop(), ()):
                if key not in safe:
                    safe.add(key)
                    waiting.append(key)
        return set(self.passages) - safe

    def untold(self, told: set[str], on_the_way: set[str]) -> set[Key]:
        """Return the stranded cases that come to no step of some, before they strand or after.

        on_the_way: steps at which a case may stay because one of those cannot be come to.
        """
        stranded = self.stranded()
        at = {key for key, case in self.cases.items() if told & _standing(case)}
        near = {key for key in stranded if on_the_way & _standing(self.cases[key])}
        every = [*self.starts, *(one for found in self.passages.values() for one in found)]
        at |= {passage.to for passage in every if told & set(passage.entered)}
        back: dict[Key, set[Key]] = {}
        on: dict[Key, set[Key]] = {}
        for key, passages in self.passages.items():
            for passage in passages:
                on.setdefault(key, set()).add(passage.to)
                back.setdefault(passage.to, set()).add(key)
        return stranded - _closure(at, on) - _closure((at | near) & stranded, back)

    def step(self, name: str) -> Step | None:
        """Return a step of the workflow."""
        return self.program.workflows[self.workflow].workflow.step(name)

    def parallels(self) -> list[Parallel]:
        """Return the parallel steps of the workflow."""
        steps = self.program.workflows[self.workflow].workflow.all_steps()
        return [step for step in steps if isinstance(step, Parallel)]

    def entered(self) -> set[str]:
        """Return the steps to which some case comes."""
        every = [self.starts, *self.passages.values()]
        return {step for found in every for passage in found for step in passage.entered}

    def along(self, way: tuple[str, ...]) -> set[Key]:
        """Return the cases that came along the steps of a way, one after the other."""
        arrived: set[Key] = set()
        seen: set[tuple[Key, int]] = set()
        waiting = [(one.to, _follow(way, 0, one.entered)) for one in self.starts]
        while waiting:
            key, count = waiting.pop()
            if (key, count) in seen:
                continue
            seen.add((key, count))
            if count == len(way):
                arrived.add(key)
            waiting.extend((one.to, _follow(way, count, one.entered)) for one in self.passages[key])
        return arrived

    def nobody_decides(self, key: Key, step: str) -> bool:
        """Tell whether nobody may take any outcome at a step."""
        return self._stands(key, step) and not any(
            one.task == step and one.kind is Decide for one in self.passages[key]
        )

    def nothing_leads_on(self, key: Key, step: str) -> bool:
        """Tell whether all that can be done at a step leaves the case there."""
        stays = (Record, Raise, Resolve)
        return self._stands(key, step) and all(
            one.kind in stays and self._stands(one.to, step)
            for one in self.passages[key]
            if one.task == step
        )

    def _stands(self, key: Key, step: str) -> bool:
        return any(token.step == step for token in self.cases[key].tokens.values())

    def _tried(self, case: Case, command: Command, step: str) -> Iterator[Passage]:
        for actor in self._actors(command):
            now = case.latest + YEARS
            outcome = decide(self.program, case, command, Facts(now, now, actor, None, SEED))
            if isinstance(outcome, Transition):
                key = _key(outcome.case, self.counted)
                self.cases.setdefault(key, outcome.case)
                came = tuple(one.step for one in outcome.changes if isinstance(one, Entered))
                yield Passage(step, type(command), came, key)
                return

    def _actors(self, command: Command) -> Iterator[Actor]:
        if isinstance(command, Expire):
            yield CLOCK
            return
        for post in self.program.model.posts:
            yield Actor(f"holder-of-{post}", holdings=(Holding(post, str(CASE)),))

    def _commands(self, token: Token) -> Iterator[Command]:
        program = self.program.workflows[self.workflow]
        step = program.places[token.step].step
        for item in program.workflow.exceptions:
            yield Raise(token.id, item.id, {}, "why")
            yield from (Resolve(token.id, ending.id) for ending in item.endings)
        yield from self._work(token, step)

    def _work(self, token: Token, step: Step) -> Iterator[Command]:
        match step:
            case Task():
                for fields in self._values(step.records):
                    yield Complete(token.id, fields)
                    yield Record(token.id, fields)
            case Decision():
                for outcome in step.outcomes:
                    for fields in self._values(outcome.records):
                        yield Decide(token.id, outcome.id, fields, "why")
            case Wait():
                yield Expire(token.id)
                for awaited in step.messages:
                    yield Deliver(token.id, awaited.message)
            case _:
                return

    def _values(self, names: tuple[str, ...]) -> Iterator[dict[str, Plain]]:
        fields = self.program.workflows[self.workflow].fields
        for values in product(*(SEVERAL[fields[name].type] for name in names)):
            yield dict(zip(names, values, strict=True))


def explored(model: Model, workflow: str) -> Explorer:
    """Return all cases of a workflow. Raises: TooManyError."""
    explorer = Explorer(compile_model(model), workflow)
    explorer.explore()
    return explorer


def _standing(case: Case) -> set[str]:
    return {token.step for token in case.tokens.values()}


def _closure(first: set[Key], ways: Mapping[Key, set[Key]]) -> set[Key]:
    """Return what is come to from some along ways, they themselves too."""
    found, waiting = set(first), list(first)
    while waiting:
        new = ways.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _follow(way: tuple[str, ...], count: int, entered: tuple[str, ...]) -> int:
    for step in entered:
        if count < len(way) and way[count] == step:
            count += 1
    return count


def _key(case: Case, counted: frozenset[str]) -> Key:
    """Return what tells a case apart: where it stands, as a tree, its record, where it came.

    counted: the steps of which it matters whether it came there.
    """
    fields = tuple(sorted((name, str(value)) for name, value in case.fields.items()))
    filled = tuple(pair for pair in fields if pair[1] != "None")
    held = case.closed_at is not None
    return (case.state, filled, _tree(case, None), held, counted.intersection(case.entered))


def _tree(case: Case, parent: str | None) -> tuple[object, ...]:
    inside = [token for token in case.tokens.values() if token.parent == parent]
    return tuple(
        sorted(
            (
                token.step,
                token.suspension.exception if token.suspension else "",
                token.suspension.state_before if token.suspension else "",
                tuple(sorted(token.done)),
                _tree(case, token.id),
            )
            for token in inside
        )
    )
