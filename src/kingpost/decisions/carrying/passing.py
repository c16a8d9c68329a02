"""Where a case may have come by what it has passed, by the ways of one version."""

from collections.abc import Iterator, Mapping
from typing import Any

from kingpost.checks.workflows.flow import diversions
from kingpost.decisions.asking import Unknown, ask
from kingpost.decisions.case import Case, Token
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.workflow import (
    DONE,
    Decision,
    JoinKind,
    Parallel,
    RuleStep,
    Run,
    Step,
    Wait,
    Waits,
)


def _with_inside(step: Step) -> Iterator[str]:
    yield step.id
    for branch in step.branches if isinstance(step, Parallel) else ():
        for inner in branch.steps:
            yield from _with_inside(inner)


class Passing:
    """Where a case may have come by what it has passed.

    anyhow: whether every condition counts as open.
    strict: whether a decision of which it is unclear how it was taken is passed by no outcome.
    heard:  whether a case has left a wait by what came last there, and by no other way.
    """

    def __init__(
        self,
        program: WorkflowProgram,
        case: Case,
        *,
        anyhow: bool,
        strict: bool = False,
        heard: bool = True,
    ) -> None:
        self.program = program
        self.case = case
        self.anyhow = anyhow
        self.strict = strict
        self.heard = heard
        self.values: Mapping[str, Any] = case_values(program, case)
        self.missed: set[str] = set()
        self.led: set[str] = set()
        self.unclear: set[str] = set()

    def by(self, name: str) -> str:
        """Return what was taken last at a step; empty when that is not known."""
        taken = self.case.taken.get(name)
        return (taken.by or "") if taken else ""

    def look_before(self, token: Token) -> None:
        """Note the controls at which every way to where a token stands ends."""
        place = self.program.places[token.step]
        if place.block:
            self._look(next(iter(place.block)), token.step, token.parent)
        if isinstance(place.step, Parallel):
            for branch in place.step.branches:
                if branch.id in token.done:
                    self._look(branch.steps[0].id, DONE, token.id)

    def not_before(self, token: Token) -> Iterator[str]:
        """Yield steps that were passed in an earlier round, or may have been in one only.

        Some way leads round each to where a token stands, and round all of them together. By what
        was passed last none leads there through it, or the case came somewhere more than once.
        """
        again = any(count > 1 for count in self.case.entered.values())
        block, without = self.program.places[token.step].block, set[str]()
        for name, step in block.items():
            if name == token.step:
                continue
            if not again and self._has_led(name, token):
                continue
            apart = frozenset({*without, name})
            reached, _ = self._reach(next(iter(block)), token.step, token.parent, apart)
            if token.step in reached:
                without.add(name)
                yield from _with_inside(step)

    def ahead(self, token: Token) -> Iterator[str]:
        """Yield steps that come after the one of a token, and have not led to it."""
        place = self.program.places[token.step]
        for name, step in place.block.items():
            comes = name != token.step and self._leads(self._keys(place.step), name)
            if comes and not self._has_led(name, token):
                yield from _with_inside(step)

    def _has_led(self, name: str, token: Token) -> bool:
        """Tell whether a case may have come from a step to where a token stands.

        A wait that nothing came to has led nowhere: whoever was there was taken away.
        """
        left = frozenset(
            each
            for each, step in self.program.places[name].block.items()
            if isinstance(step, Wait) and not self._taken(step, token.parent)
        )
        reached, _ = self._reach(name, token.step, token.parent, raised=left)
        return token.step in reached

    def _look(self, first: str, target: str, within: str | None) -> None:
        reached, stopped = self._reach(first, target, within)
        if target in reached:
            return
        if not stopped and self.heard:
            self._look_anew(first, target, within)
            return
        steps = [self.program.places[name].step for name in stopped]
        # Where nothing leads there any more, every control stands before it.
        before = [step for step in steps if self._leads(self._keys(step), target)] or steps
        unclear = {step.id for step in before if self._is_unclear(step, within)}
        decided = {
            step.id: self._choices(step, within)
            for step in before
            if isinstance(step, Decision) and step.id not in unclear
        }
        missed = {step.id for step in before if not decided.get(step.id)} - unclear
        self.missed |= missed
        self.unclear |= unclear
        if not missed:
            # The way that was taken does not come to it, whatever else is decided on it.
            away = {name for name in decided if not self._leads(decided[name], target, name)}
            self.led |= away or decided.keys()

    def _look_anew(self, first: str, target: str, within: str | None) -> None:
        """Look by all ways of waits, where what came last leads to no control and not there.

        A wait is no control: what came there led on to where the case stands, and leads elsewhere
        now.
        """
        anew = Passing(self.program, self.case, anyhow=self.anyhow, strict=self.strict, heard=False)
        anew._look(first, target, within)
        self.missed |= anew.missed
        self.led |= anew.led
        self.unclear |= anew.unclear

    def _reach(
        self,
        first: str,
        target: str,
        within: str | None,
        without: frozenset[str] = frozenset(),
        raised: frozenset[str] = frozenset(),
    ) -> tuple[set[str], list[str]]:
        """Return where a case may have come, and the controls that may have kept it elsewhere.

        without: steps from which no way is followed. raised: those that only exceptions lead on.
        """
        reached, waiting, stopped = {first}, [first], list[str]()
        while waiting:
            name = waiting.pop()
            if name in {target, DONE, *without}:
                continue
            step = self.program.places[name].step
            keys = () if name in raised else self._choices(step, within)
            ways = [go for key in keys for go in self._open(key)]
            if isinstance(step, Decision) or not self._choices(step, within):
                stopped.append(name)
            # An exception may have led on from a control that was come to, and never taken.
            if self.case.entered.get(name):
                ways += diversions(self.program.workflow, step)
            waiting.extend(go for go in ways if go not in reached)
            reached.update(ways)
        return reached, stopped

    def _choices(self, step: Step, within: str | None) -> tuple[str, ...]:
        """Return the keys of the ways by which a case may have gone on from a step.

        within: the token of the block that it stands in; None for whichever was the last.
        """
        if isinstance(step, Decision):
            key = self._taken(step, within)
            if key:
                return (key,)
            return self._keys(step) if self._is_unclear(step, within) and not self.strict else ()
        if isinstance(step, Wait) and self.heard:
            key = self._taken(step, within)
            if key:
                return (key,)
        return self._keys(step) if self._is_passed(step) else ()

    def _taken(self, step: Decision | Wait, within: str | None) -> str:
        """Return the key of the ways by which a case has left a step last; empty for none."""
        taken = self.case.taken.get(step.id)
        if taken is None or taken.by is None or (within and taken.within != within):
            return ""
        key = f"{step.id}/{taken.by}" if taken.by else step.id
        return key if key in self._keys(step) else ""

    def _is_unclear(self, step: Step, within: str | None) -> bool:
        """Tell whether a decision was taken, and nobody knows where it leads now."""
        taken = self.case.taken.get(step.id)
        if not isinstance(step, Decision) or self._taken(step, within):
            return False
        if taken is not None:
            return taken.by is not None and not (within and taken.within != within)
        return bool(self.case.entered.get(step.id) and self.case.performers.get(step.id))

    def _leads(self, keys: tuple[str, ...], target: str, without: str = "") -> bool:
        """Tell whether any way leads on to a step, whatever is passed on it. without: this step."""
        seen, waiting = {without}, list(keys)
        while waiting:
            for go in self._open(waiting.pop()):
                if go == target:
                    return True
                if go not in seen and go != DONE:
                    waiting += self._keys(self.program.places[go].step)
                seen.add(go)
        return False

    def _is_passed(self, step: Step) -> bool:
        """Tell whether a case has passed a step that is no decision, or it is no control."""
        entered = self.case.entered.get(step.id, 0)
        match step:
            case RuleStep():
                return bool(entered)
            case Run() if step.waits is not Waits.NONE:
                return bool(entered)
            case Parallel():
                return self._is_joined(step)
            case _:
                made = all(self.case.settled.get(name) for name in self._owed(step))
                return made or bool(entered)

    def _owed(self, step: Step) -> Iterator[str]:
        """Yield the obligations that apply to the case and whose evidence a step makes."""
        for name in step.discharges:
            applies = self.program.duties[name].applies
            if applies is None or ask(applies, self.values) is not False:
                yield name

    def _is_joined(self, step: Parallel) -> bool:
        over = [
            branch.id
            for branch in step.branches
            if DONE in self._reach(branch.steps[0].id, DONE, None)[0]
        ]
        match step.join:
            case JoinKind.ALL:
                return len(over) == len(step.branches)
            case JoinKind.ANY:
                return bool(over)
            case JoinKind.NAMED:
                return set(step.named) <= set(over)
            case JoinKind.COUNT:
                return len(over) >= step.count

    def _keys(self, step: Step) -> tuple[str, ...]:
        """Return the keys of all ways on from a step."""
        if isinstance(step, Decision):
            return tuple(f"{step.id}/{item.id}" for item in step.outcomes)
        if isinstance(step, Wait):
            messages = tuple(f"{step.id}/{item.message}" for item in step.messages)
            return (*messages, step.id) if step.may_end_alone else messages
        return (step.id,)

    def _open(self, key: str) -> Iterator[str]:
        """Yield where ways may lead on the record of the case as it is."""
        for way in self.program.ways[key]:
            answer = True if way.when is None else ask(way.when, self.values)
            if answer is True and not self.anyhow:
                yield way.go
                return
            if self.anyhow or isinstance(answer, Unknown):
                yield way.go
