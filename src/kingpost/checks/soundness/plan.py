"""A workflow made ready to be explored: its acts, its conditions, and what still matters where."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kingpost.checks.soundness.acts import Act, acts_of, changed_in, raised_at, recorded_at
from kingpost.checks.soundness.authority import Authority, Rights
from kingpost.checks.soundness.cells import Spread
from kingpost.checks.soundness.guards import FILLED, Guards, Uses, read_guards
from kingpost.checks.workflows.flow import settable_states
from kingpost.expressions import Scope
from kingpost.model.model import Model
from kingpost.model.workflow import (
    DONE,
    Branch,
    Decision,
    End,
    Exceptional,
    Mark,
    Parallel,
    RuleStep,
    Step,
    Workflow,
)

_NOTHING: Uses = frozenset()

# By workflow, the conditions to start and those to end.
Stages: TypeAlias = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What steps may change. fields: of a cell. sets: whether they may set the record's state."""

    fields: frozenset[int] = frozenset()
    sets: bool = False

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.fields | other.fields, self.sets or other.sets)


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act does, wherever it is done in a block.

    after: how a record may be once it is done. told: whether that depends on what a rule tells.
    tries: the invariants that what it records may break.
    """

    act: Act
    after: Spread
    told: bool
    tries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One workflow made ready.

    acts, raised, rights: by step.
    always: the invariant by state.
    ungranted: by decision, the outcomes that no post may take; that is reported by itself.
    begins, ends: conditions of stages that a case must satisfy to start and to end.
    recorded: by step, the fields that may be filled while it is open.
    needs:   by step, the fields that still matter on coming to it.
    leaves:  by parallel step, the fields that matter when it is left.
    changes: by (parallel step, branch), what the branch may change. beside: what its neighbours do.
    """

    workflow: Workflow
    guards: Guards
    steps: Mapping[str, Step]
    acts: Mapping[str, tuple[Act, ...]]
    raised: Mapping[str, tuple[Exceptional, ...]]
    rights: Mapping[str, tuple[Rights, ...]]
    ungranted: Mapping[str, frozenset[str]]
    always: Mapping[str, str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    recorded: dict[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    needs: dict[str, Uses] = field(default_factory=dict[str, Uses])
    leaves: dict[str, Uses] = field(default_factory=dict[str, Uses])
    changes: dict[tuple[str, str], Changes] = field(default_factory=dict[tuple[str, str], Changes])
    beside: dict[tuple[str, str], Changes] = field(default_factory=dict[tuple[str, str], Changes])

    _asked: dict[int, Uses] = field(default_factory=dict[int, Uses])
    _tried: dict[frozenset[int], frozenset[str]] = field(
        default_factory=dict[frozenset[int], frozenset[str]]
    )
    # By an act, which its value keeps alive, and by what matters on leaving its block.
    _doings: dict[tuple[int, Uses], Doing] = field(default_factory=dict[tuple[int, Uses], Doing])

    def doing(self, step: Step, act: Act, leaving: Uses) -> Doing:
        """Return what an act of a step does. leaving: what matters on leaving the block."""
        key = (id(act), leaving)
        if key not in self._doings:
            matters = self.needed_after(step, act, leaving)
            # What a rule tells need not come with every record.
            counts = {index for index, _ in matters}
            told = any(
                answer.told is None or len(answer.told) > 1
                for answer in act.decides
                if self.indices([answer.name]) & counts
            )
            after = Spread(self.guards.lens(matters), self.written(act))
            tries = self.tried(self.indices(act.records))
            self._doings[key] = Doing(act, after, told, tries)
        return self._doings[key]

    def leaves_branch(self, step: Parallel, branch: Branch) -> Uses:
        """Return what matters of what a branch changes, when it is left."""
        changed = self.changes[step.id, branch.id].fields
        return frozenset(use for use in self.leaves[step.id] if use[0] in changed)

    def passed_after(self, step: Step) -> list[Step]:
        """Return the steps that need nobody and may be passed by the act that comes to a step."""
        found: dict[str, Step] = {}
        waiting = [route.go for act in self.acts[step.id] for route in act.routes]
        while waiting:
            after = self.steps.get(waiting.pop())
            if isinstance(after, RuleStep | Mark | Parallel) and after.id not in found:
                found[after.id] = after
                waiting += [route.go for act in self.acts[after.id] for route in act.routes]
        return list(found.values())

    def indices(self, names: Iterable[str]) -> frozenset[int]:
        """Return the places of fields in a cell; other fields have none."""
        known = self.guards.fields
        return frozenset(known.index(name) for name in names if name in known)

    def fields_in(self, texts: Iterable[str | None]) -> frozenset[int]:
        """Return the fields that conditions look at."""
        return frozenset(index for index, _ in self.guards.uses(texts))

    def written(self, act: Act) -> Mapping[int, tuple[int, ...]]:
        """Return the fields that an act may change, with the classes that each may then have."""
        known, guards = self.guards.fields, self.guards
        found = {
            known.index(name): self._classes(known.index(name), filled=name in act.filled)
            for name in act.records
            if name in known
        }
        for answer in act.decides:
            if answer.name in known:
                index, told = known.index(answer.name), answer.told
                found[index] = (
                    guards.classes_of(index) if told is None else guards.classes_with(index, told)
                )
        return found

    def any_value(self, fields: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        """Return fields with every class of each."""
        return {index: self._classes(index) for index in fields}

    def _classes(self, index: int, *, filled: bool = False) -> tuple[int, ...]:
        """Return the classes that a field may come to have; nothing empties what is required."""
        guards = self.guards
        found = guards.item.field(guards.fields[index]) if index < len(guards.fields) else None
        required = found is not None and found.required
        return guards.classes_of(index, filled=filled or required)

    def asked_after(self, step: Step, act: Act) -> Uses:
        """Return the fields that an act looks at when all is recorded. act: one of `acts`."""
        if id(act) not in self._asked:
            self._asked[id(act)] = self._asked_after(step, act)
        return self._asked[id(act)]

    def _asked_after(self, step: Step, act: Act) -> Uses:
        texts: list[str | None] = [route.when for route in act.routes]
        texts += [duty.applies for duty in act.duties]
        if act.decides:
            # A rule without a state of its own is held to that in which it finds the record.
            texts += [self.always.get(step.state)] if step.state else self.always.values()
        texts += self.tried(self.indices(act.records))
        if act.outcome:
            texts += self.conditions(step.id, act.outcome)
        held = (name for duty in act.duties for name in duty.holds)
        return self.guards.uses(texts) | {(index, FILLED) for index in self.indices(held)}

    def tried(self, fields: frozenset[int]) -> frozenset[str]:
        """Return the invariants that depend on some fields."""
        if fields not in self._tried:
            every = set(self.always.values())
            found = [text for text in every if not self.fields_in([text]).isdisjoint(fields)]
            self._tried[fields] = frozenset(found)
        return self._tried[fields]

    def conditions(self, step: str, outcome: str) -> list[str | None]:
        """Return every condition under which somebody may take an outcome."""
        return [text for rights in self.rights[step] for text in rights.get(outcome, ())]

    def asked_before(self, step: Step) -> Uses:
        """Return the fields that matter on coming to a step, before anything is done there."""
        texts: list[str | None] = [self.always.get(step.state)] if step.state else []
        if isinstance(step, End):
            texts += self.ends
        if isinstance(step, Decision):
            for act in self.acts[step.id]:
                texts += self.conditions(step.id, act.outcome)
        return self.guards.uses(texts)

    def needed_after(self, step: Step, act: Act, leaving: Uses) -> Uses:
        """Return the fields that matter once an act is done. leaving: on leaving the block."""
        found = self.asked_after(step, act)
        for route in act.routes:
            found |= leaving if route.go == DONE else self.needs.get(route.go, _NOTHING)
        return found


def make_plan(
    model: Model, workflow: Workflow, authority: Authority, stages: Stages, scope: Scope
) -> Plan:
    """Make a workflow ready. Raises: BrokenConditionError, when a condition does not read.

    scope: the names that its conditions may use.
    """
    steps = {step.id: step for step in workflow.all_steps()}
    acts = {step.id: acts_of(model, step) for step in steps.values()}
    decisions = [step for step in steps.values() if isinstance(step, Decision)]
    changed = changed_in(acts, workflow.steps) | set(workflow.begins.form)
    rights = {
        step.id: authority.rights(workflow, step, varies=step.to.field in changed)
        for step in decisions
    }
    begins, ends = stages.get(workflow.id, ((), ()))
    entered = {step.state for step in steps.values()} | {
        exception.state for exception in workflow.exceptions
    }
    states = (
        one for one in model.objects[workflow.object].states if one.begin or one.id in entered
    )
    always = {state.id: state.always for state in states if state.always is not None}
    texts = (*always.values(), *begins, *ends, *_texts(acts.values()), *_limits(rights.values()))
    every = [act for found in acts.values() for act in found]
    guards = read_guards(
        model,
        workflow,
        texts,
        scope,
        filled={name for act in every for duty in act.duties for name in duty.holds},
        told=[answer for act in every for answer in act.decides],
    )
    plan = Plan(
        workflow=workflow,
        guards=guards,
        steps=steps,
        acts=acts,
        raised=raised_at(workflow),
        rights=rights,
        ungranted={step.id: authority.ungranted(workflow, step) for step in decisions},
        always=always,
        begins=begins,
        ends=ends,
    )
    for step in steps.values():
        plan.recorded[step.id] = plan.indices(recorded_at(step))
    _add_branches(plan)
    _add_needs(plan, workflow.steps, _NOTHING)
    return plan


def read_stages(model: Model) -> Stages:
    """Return the conditions of stages by workflow, looked up once for a whole model."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for stream in model.streams.values():
        for stage in stream.stages:
            entry = () if stage.entry is None else (stage.entry,)
            leaving = () if stage.exit is None else (stage.exit,)
            for name in dict.fromkeys(stage.workflows):
                begins, ends = found.get(name, ((), ()))
                found[name] = ((*begins, *entry), (*ends, *leaving))
    return found


def _limits(rights: Iterable[tuple[Rights, ...]]) -> Iterator[str]:
    for groups in rights:
        for group in groups:
            for texts in group.values():
                yield from (text for text in texts if text is not None)


def _texts(acts: Iterable[tuple[Act, ...]]) -> Iterator[str]:
    for found in acts:
        for act in found:
            yield from (route.when for route in act.routes if route.when is not None)
            yield from (duty.applies for duty in act.duties if duty.applies is not None)


def _add_branches(plan: Plan) -> None:
    for step in plan.steps.values():
        if not isinstance(step, Parallel):
            continue
        for branch in step.branches:
            sets = bool(settable_states(plan.workflow, branch.steps))
            fields = plan.indices(changed_in(plan.acts, branch.steps))
            came = plan.guards.places(_named(branch.steps))
            plan.changes[step.id, branch.id] = Changes(fields | came, sets)
        for branch in step.branches:
            beside = Changes()
            for other in step.branches:
                if other.id != branch.id:
                    beside |= plan.changes[step.id, other.id]
            plan.beside[step.id, branch.id] = beside


def _named(steps: Iterable[Step]) -> Iterator[str]:
    """Yield the names of some steps, and of those in their branches."""
    for step in steps:
        yield step.id
        if isinstance(step, Parallel):
            for branch in step.branches:
                yield from _named(branch.steps)


def _add_needs(plan: Plan, steps: tuple[Step, ...], leaving: Uses) -> None:
    """Follow backwards which fields matter, until nothing new is found.

    Source: F. Nielson, H. Nielson, C. Hankin, Principles of Program Analysis, 2.1.4, live
    variables.
    """
    growing = True
    while growing:
        growing = False
        for step in reversed(steps):
            found = _needs_at(plan, step, leaving)
            if found != plan.needs.get(step.id):
                plan.needs[step.id] = found
                growing = True


def _needs_at(plan: Plan, step: Step, leaving: Uses) -> Uses:
    found = plan.asked_before(step)
    for act in plan.acts[step.id]:
        found |= _without(plan.needed_after(step, act, leaving), plan.written(act))
    recorded = plan.recorded[step.id]
    for exception in plan.raised.get(step.id, ()):
        if exception.divert is not None:
            aim = leaving if exception.divert == DONE else plan.needs.get(exception.divert)
            found |= _without(aim or _NOTHING, recorded)
    if isinstance(step, Parallel):
        plan.leaves[step.id] = _NOTHING.union(
            *(plan.needed_after(step, act, leaving) for act in plan.acts[step.id])
        )
        for branch in step.branches:
            _add_needs(plan, branch.steps, plan.leaves_branch(step, branch))
            found |= plan.needs[branch.steps[0].id]
    return found


def _without(uses: Uses, fields: Collection[int]) -> Uses:
    return frozenset((index, text) for index, text in uses if index not in fields)
