"""Flow: which steps a case can come to, and in which states its record may be then."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.checks.finding import error, listed, of_exception, of_step, warning
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.workflow import (
    DONE,
    Decision,
    End,
    Exceptional,
    JoinKind,
    Mark,
    Parallel,
    RuleStep,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.address import address, step_address
from kingpost.values.diagnostic import Diagnostic

States = frozenset[str]

_NONE: States = frozenset()

# Stands for "as it was when the parallel step was entered, or as a neighbour has set it since".
_HELD = ""


def ways_on(step: Step) -> tuple[str, ...]:
    """Return where a case may go from a step, whatever the conditions, exceptions aside."""
    routes = list(step.then)
    if isinstance(step, Wait):
        if not step.may_end_alone:
            routes = []
        routes.extend(route for awaited in step.messages for route in awaited.then)
    if isinstance(step, Decision):
        routes.extend(route for outcome in step.outcomes for route in outcome.then)
    return tuple(dict.fromkeys(route.go for route in routes))


def diversions(workflow: Workflow, step: Step) -> tuple[str, ...]:
    """Return where exceptions may divert a case that stands at a step."""
    return tuple(
        item.divert
        for item in workflow.exceptions
        if item.divert is not None and step.id in item.befalls
    )


@dataclass(frozen=True, slots=True)
class Passages:
    """What a workflow's record may be like along the way.

    incoming: the states in which it may come to a step.
    inside:   the states in which it may be while the case stands there.
    """

    incoming: dict[str, States] = field(default_factory=dict[str, States])
    inside: dict[str, States] = field(default_factory=dict[str, States])


def passages(workflow: Workflow, item: BusinessObject) -> Passages:
    """Follow the record's state through a workflow, as far as it can be told without running it.

    Conditions are taken as open. Inside a branch, every state that a neighbouring branch may set
    counts as possible at every step. Behind a step whose state can never be entered nothing is
    followed, so that one mistake is reported once.

    Source: P. Cousot and R. Cousot, Abstract Interpretation, 1977.
    """
    found = Passages()
    begin = frozenset(state.id for state in item.states if state.begin)
    _Walk(workflow, item, found).block(workflow.steps, begin, _NONE)
    _add_completions(workflow, found)
    return found


def _add_completions(workflow: Workflow, found: Passages) -> None:
    """Count in that a suspension may complete a task, straight into the next state set."""
    for exception in workflow.exceptions:
        completes = any(ending.completes for ending in exception.endings)
        if exception.state is not None and completes:
            tasks = (name for name in exception.steps if isinstance(workflow.step(name), Task))
            for name in tasks:
                for setter in _next_setters(workflow, name):
                    before = found.incoming.get(setter, _NONE)
                    found.incoming[setter] = before | {exception.state}


def _next_setters(workflow: Workflow, name: str) -> Iterator[str]:
    """Yield the steps that set a state and to which a case comes at once on completing a step."""
    around = {
        inner.id: step
        for step in workflow.all_steps()
        if isinstance(step, Parallel)
        for branch in step.branches
        for inner in branch.steps
    }
    members = {step.id: step for step in workflow.all_steps()}
    waiting, seen = [name], {name}
    while waiting:
        left = waiting.pop()
        for go in ways_on(members[left]) if left in members else ():
            target = members.get(go)
            if go == DONE and left in around and around[left].id not in seen:
                seen.add(around[left].id)
                waiting.append(around[left].id)
            elif target is not None and target.state is not None:
                yield go
            elif isinstance(target, RuleStep | Mark) and go not in seen:
                seen.add(go)
                waiting.append(go)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk over a workflow. found: what is gathered on the way."""

    workflow: Workflow
    item: BusinessObject
    found: Passages

    def block(self, steps: tuple[Step, ...], held: States, neighbours: States) -> States:
        """Walk one block until nothing new is found; return its states on leaving it.

        held:       what the record may be when the block is entered.
        neighbours: what branches beside it may set at any time.
        """
        members = {step.id: step for step in steps}
        before: dict[str, States] = {}
        leaving: States = frozenset()
        waiting = [(steps[0].id, frozenset({_HELD}))] if steps else []
        while waiting:
            name, states = waiting.pop()
            if name == DONE:
                leaving |= states
            elif name in members and not states <= before.get(name, _NONE):
                before[name] = before.get(name, _NONE) | states
                step = members[name]
                waiting.extend(self._step(step, before[name], held, neighbours))
        return leaving

    def _step(
        self, step: Step, before: States, held: States, neighbours: States
    ) -> Iterator[tuple[str, States]]:
        """Yield where a case goes from a step, with the states in which it goes."""
        incoming = _shown(before, held) | neighbours
        inside = before if step.state is None else frozenset({step.state})
        shown = _shown(inside, held) | neighbours
        self._note(step, incoming, shown)
        if not self._can_enter(step, incoming):
            return
        after = inside
        if isinstance(step, Parallel):
            after = self._parallel(step, inside, shown, neighbours)
        for go in ways_on(step):
            yield go, after
        for go in diversions(self.workflow, step):
            yield go, after | inside

    def _can_enter(self, step: Step, incoming: States) -> bool:
        """Tell whether any way to a step permits its state, or nothing can be told of it."""
        if step.state is None or self.item.state(step.state) is None:
            return True
        known = incoming & {state.id for state in self.item.states}
        return not known or bool(known - _refused(self.item, known, step.state))

    def _note(self, step: Step, incoming: States, inside: States) -> None:
        found = self.found
        found.incoming[step.id] = found.incoming.get(step.id, _NONE) | incoming
        found.inside[step.id] = found.inside.get(step.id, _NONE) | inside

    def _parallel(self, step: Parallel, inside: States, shown: States, around: States) -> States:
        """Return the states after a join: what the last to set one has set, or what was before."""
        workflow = self.workflow
        settable = {one.id: settable_states(workflow, one.steps) for one in step.branches}
        results: set[str] = set()
        untouched = True
        for branch in step.branches:
            beside = (states for name, states in settable.items() if name != branch.id)
            neighbours = around.union(*beside)
            leaving = self.block(branch.steps, shown, neighbours)
            awaited = step.join is JoinKind.ALL or branch.id in step.named
            results |= leaving - {_HELD} if awaited else leaving - {_HELD} | settable[branch.id]
            untouched &= _HELD in leaving or not awaited
        return frozenset(results) | (inside if untouched else _NONE)


def _shown(states: States, held: States) -> States:
    """Return states with the mark for `as it was` replaced by what it may have been."""
    return states - {_HELD} | held if _HELD in states else states


def settable_states(workflow: Workflow, steps: Iterable[Step]) -> States:
    """Return the states that steps, those of their branches and their exceptions may set."""
    found: set[str] = set()
    for step in steps:
        if step.state is not None:
            found.add(step.state)
        found.update(
            item.state for item in workflow.exceptions if item.state and step.id in item.befalls
        )
        if isinstance(step, Parallel):
            for branch in step.branches:
                found |= settable_states(workflow, branch.steps)
    return frozenset(found)


def end_states(model: Model, workflow: Workflow) -> States:
    """Return the states in which the cases of a workflow may leave their record."""
    item = model.objects.get(workflow.object)
    if item is None:
        return _NONE
    inside = passages(workflow, item).inside
    ends = (step.id for step in workflow.steps if isinstance(step, End))
    return _NONE.union(*(inside.get(name, _NONE) for name in ends))


def check_states_on_the_way(model: Model) -> Iterator[Diagnostic]:
    """Find steps, ends and suspensions that the lifecycle of the record does not allow for."""
    for workflow in model.workflows.values():
        item = model.objects.get(workflow.object)
        if item is not None:
            found = passages(workflow, item)
            yield from _check_moves(model, workflow, item, found)
            yield from _check_ends(model, workflow, item, found)
            yield from _check_suspensions(model, workflow, item, found)


def _check_moves(
    model: Model, workflow: Workflow, item: BusinessObject, found: Passages
) -> Iterator[Diagnostic]:
    """Find steps that move the record against its lifecycle.

    An error when every state in which the record may come has no such move, a warning when
    only some have none.
    """
    known = {state.id for state in item.states}
    for step in workflow.all_steps():
        if step.state is not None and step.state in known:
            incoming = found.incoming.get(step.id, _NONE) & known
            yield from _check_move(model, workflow, step, item, incoming)


def _check_move(
    model: Model, workflow: Workflow, step: Step, item: BusinessObject, incoming: States
) -> Iterator[Diagnostic]:
    target = step.state or ""
    refused = _refused(item, incoming, target)
    if not refused:
        return
    never = refused == incoming
    report, sets = (error, "always sets") if never else (warning, "may set")
    yield report(
        model,
        "KP0519" if never else "KP0520",
        of_step(workflow.id, step.id, "state"),
        f"step `{step.id}` {sets} state `{target}` when the record is"
        f" {listed(sorted(refused), 'or')}, and the lifecycle of `{item.id}` has no such move",
        f"Add the move {listed([f'{source} -> {target}' for source in sorted(refused)])}"
        f" to object `{item.id}`, or another `state` to the step.",
    )


def _refused(item: BusinessObject, sources: States, target: str) -> States:
    return frozenset(
        source for source in sources if source != target and not item.permits(source, target)
    )


def _ending(model: Model, workflow: Workflow, step: End, final: set[str]) -> str:
    """Return what to do about an end in which the record is not final."""
    place = model.place(step_address(workflow.id, step.id))
    if not final or place != model.place(address("workflow", workflow.id), "steps"):
        return f"Set a final `state` in step `{step.id}`."
    # It is written nowhere: some step says `then: end`.
    return f"Write the step, such as `{step.id}: {{state: {min(final)}, end: true}}`."


def _check_ends(
    model: Model, workflow: Workflow, item: BusinessObject, found: Passages
) -> Iterator[Diagnostic]:
    """Find ends that leave the record in a state that is not final."""
    final = {state.id for state in item.states if state.end}
    known = {state.id for state in item.states}
    for step in workflow.steps:
        open_states = (found.inside.get(step.id, _NONE) & known) - final
        if isinstance(step, End) and open_states:
            yield error(
                model,
                "KP0521",
                of_step(workflow.id, step.id),
                f"the case ends at `{step.id}` while its record may be"
                f" {listed(sorted(open_states), 'or')}, which is not final",
                _ending(model, workflow, step, final),
            )


def _check_suspensions(
    model: Model, workflow: Workflow, item: BusinessObject, found: Passages
) -> Iterator[Diagnostic]:
    """Find suspensions whose state the lifecycle cannot enter, or cannot leave again."""
    for exception in workflow.exceptions:
        if exception.state is not None and item.state(exception.state) is not None:
            yield from _check_suspension(model, workflow, exception, item, found.inside)


def _check_suspension(
    model: Model,
    workflow: Workflow,
    exception: Exceptional,
    item: BusinessObject,
    inside: Mapping[str, States],
) -> Iterator[Diagnostic]:
    state = exception.state or ""
    where = of_exception(workflow.id, exception.id, "suspend", "state")
    known = frozenset(one.id for one in item.states)
    held = _NONE.union(*(inside.get(name, _NONE) for name in exception.befalls)) & known - {state}
    into = _refused(item, held, state)
    back = frozenset(to for to in held - into if not item.permits(state, to))
    if into:
        yield (error if into == held else warning)(
            model,
            "KP0703",
            where,
            f"exception `{exception.id}` cannot put the record into state `{state}` from"
            f" {listed(sorted(into), 'or')}: the lifecycle of `{item.id}` has no such move",
            f"Add the move {listed(f'{source} -> {state}' for source in sorted(into))}"
            f" to object `{item.id}`.",
        )
    resumes = any(not ending.completes for ending in exception.endings)
    if back and (resumes or exception.errand is not None):
        yield (error if back == held else warning)(
            model,
            "KP0704",
            where,
            f"exception `{exception.id}` cannot put the record back from state `{state}` into"
            f" {listed(sorted(back), 'or')}: the lifecycle of `{item.id}` has no such move",
            f"Add the move {listed(f'{state} -> {target}' for target in sorted(back))}"
            f" to object `{item.id}`.",
        )
