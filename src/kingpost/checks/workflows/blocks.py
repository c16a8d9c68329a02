"""Blocks: every step can be reached, from every step an end can be, and brackets close."""

from collections.abc import Iterator, Mapping

from kingpost.checks.conditions import routes_of
from kingpost.checks.finding import error, listed, of_step, warning
from kingpost.checks.workflows.flow import diversions, ways_on
from kingpost.model.model import Model
from kingpost.model.workflow import DONE, Branch, End, JoinKind, Parallel, Step, Workflow
from kingpost.values.diagnostic import Diagnostic

_BRANCHES_MIN = 2


def check_step_names(model: Model) -> Iterator[Diagnostic]:
    """Find steps that no way could name."""
    for workflow in model.workflows.values():
        if workflow.step(DONE) is not None:
            message = (
                f"a step of workflow `{workflow.id}` is called `{DONE}`, which leaves a branch"
            )
            where = of_step(workflow.id, DONE)
            yield error(model, "KP0525", where, message, "Give the step another id.")


def check_reachable_steps(model: Model) -> Iterator[Diagnostic]:
    """Find steps to which nothing leads; what only they lead to is not reported again.

    Source: W. van der Aalst, Verification of Workflow Nets, 1997, for soundness.
    """
    for workflow in model.workflows.values():
        for block in workflow.blocks():
            graph = _graph(workflow, block)
            covered = _reach(graph, block[:1])
            entered = {to for name, ways in graph.items() for to in ways if to != name}
            lost = [step for step in block if step.id not in covered]
            # First those that nothing enters, then what is left: circles that nothing enters.
            for step in sorted(lost, key=lambda step: step.id in entered):
                if step.id not in covered:
                    covered |= _reach(graph, (step,))
                    message = f"no way leads to step `{step.id}`"
                    advice = f"Write `go: {step.id}` in a step before it, or remove it."
                    where = of_step(workflow.id, step.id)
                    yield error(model, "KP0501", where, message, advice)


def _graph(workflow: Workflow, block: tuple[Step, ...]) -> Mapping[str, tuple[str, ...]]:
    return {step.id: (*ways_on(step), *diversions(workflow, step)) for step in block}


def _reach(graph: Mapping[str, tuple[str, ...]], starts: tuple[Step, ...]) -> set[str]:
    waiting = [step.id for step in starts]
    reached = set(waiting)
    while waiting:
        for name in graph.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def check_ends_are_reachable(model: Model) -> Iterator[Diagnostic]:
    """Find steps from which a case cannot come to an end, or out of its branch.

    Source: W. van der Aalst, Verification of Workflow Nets, 1997, for the option to complete.
    """
    for workflow in model.workflows.values():
        for block in workflow.blocks():
            stuck = _stuck(workflow, block)
            top = block is workflow.steps
            if stuck:
                goal = "no end of the case" if top else "no way out of the branch"
                advice = "Let one of them go on to an end." if top else "Let one go to `done`."
                message = f"{goal} can be reached from {listed(step.id for step in stuck)}"
                where = of_step(workflow.id, stuck[0].id)
                yield error(model, "KP0502" if top else "KP0503", where, message, advice)


def _stuck(workflow: Workflow, block: tuple[Step, ...]) -> list[Step]:
    """Return the reachable steps of a block from which nothing leads out of it.

    A way to what is no step of the block is reported by itself, and counts as a way out here.
    """
    graph = _graph(workflow, block)
    free = {step.id for step in block if isinstance(step, End)}
    growing = True
    while growing:
        found = {
            name
            for name, ways in graph.items()
            if name not in free and any(to in free or to not in graph for to in ways)
        }
        free |= found
        growing = bool(found)
    reached = _reach(graph, block[:1])
    return [step for step in block if step.id in reached - free]


def check_routes(model: Model) -> Iterator[Diagnostic]:
    """Find lists of routes that leave a case without a way when no condition holds."""
    for workflow in model.workflows.values():
        for routes, where in routes_of(workflow):
            if routes and all(route.when is not None for route in routes):
                message = "the ways on from here have no `else`"
                at = where.at("then", len(routes) - 1)
                advice = "Add `{else: …}` as the last way, for when no condition holds."
                yield error(model, "KP0504", at, message, advice)


def check_targets_in_block(model: Model) -> Iterator[Diagnostic]:
    """Find ways that cross a bracket: `done` at the top, or a step of another block."""
    for workflow in model.workflows.values():
        homes = {step.id: block for block in workflow.blocks() for step in block}
        for routes, where in routes_of(workflow):
            step = where.subject.rpartition("/")[2]
            for index, route in enumerate(routes):
                at = where.at("then", index)
                if route.go == DONE and homes[step] is workflow.steps:
                    message = f"step `{step}` goes to `{DONE}`, and stands in no branch"
                    yield error(model, "KP0505", at, message, "Name a step of the workflow.")
                elif route.go != DONE and route.go in homes and homes[route.go] is not homes[step]:
                    message = f"step `{step}` goes to `{route.go}`, which stands in another block"
                    advice = "Name a step of the same block, or `done` to leave a branch."
                    yield error(model, "KP0506", at, message, advice)


def check_branches(model: Model) -> Iterator[Diagnostic]:
    """Find parallel steps that do nothing at once, ends in branches, and odd joins."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            if isinstance(step, Parallel):
                yield from _check_parallel(model, workflow, step)
                for branch in step.branches:
                    yield from _check_branch(model, workflow, branch)


def _check_parallel(model: Model, workflow: Workflow, step: Parallel) -> Iterator[Diagnostic]:
    where = of_step(workflow.id, step.id, "parallel")
    if len(step.branches) < _BRANCHES_MIN:
        message = f"step `{step.id}` has fewer than two branches, so nothing runs at once"
        advice = "Add a branch, or write its steps into the block around it."
        yield error(model, "KP0507", where.at("branches"), message, advice)
    if step.join is JoinKind.NAMED and set(step.named) >= {one.id for one in step.branches}:
        message = f"step `{step.id}` names all of its branches in `join`"
        yield warning(model, "KP0509", where.at("join"), message, "Write `join: all`.")


def _check_branch(model: Model, workflow: Workflow, branch: Branch) -> Iterator[Diagnostic]:
    for inner in branch.steps:
        if isinstance(inner, End):
            message = f"`{inner.id}` ends the case in branch `{branch.id}`, while others may run"
            advice = "Leave the branch with `done`, and end the case after the branches."
            at = of_step(workflow.id, inner.id)
            yield error(model, "KP0508", at, message, advice)
