"""Ends: whether a case that ended has been decided about wherever no way leads round it."""

from collections.abc import Collection, Iterator

from kingpost.audit.telling import Told
from kingpost.model.workflow import DONE, Decision, End, JoinKind, Parallel, Step, Wait, Workflow


def end_faults(workflow: Workflow, told: list[Told]) -> Iterator[tuple[str, str]]:
    """Yield the outcomes without which no way leads to where a case ended, and which it lacks."""
    last, ends = told[-1], {step.id for step in workflow.steps if isinstance(step, End)}
    came = [change["step"] for change in last.changes if change["do"] == "enter"]
    end = next((step for step in reversed(came) if step in ends), None)
    if end is None:
        return
    taken = _taken(told)
    known = {(step, choice) for step, choice in taken if _has(workflow, step, choice)}
    # What was decided by a version in which the outcome had another name is not held against it.
    unclear = {step for step, _ in taken - known}
    for step in workflow.all_steps():
        if step.id in unclear:
            continue
        for outcome in step.outcomes if isinstance(step, Decision) else ():
            pair = (step.id, outcome.id)
            if pair not in taken and end not in _ends(workflow, workflow.steps, pair):
                lacks = f"but by `{outcome.id}` in `{step.id}`, and nobody has decided so"
                yield "I7", f"event {last.seq}: no way leads to `{end}` {lacks}"


def _taken(told: list[Told]) -> set[tuple[str, str]]:
    """Return each decision with what was taken, by the names that its step has at last."""
    taken: set[tuple[str, str]] = set()
    for event in told:
        names: dict[str, str] = {}
        for change in event.changes:
            if change["do"] == "rename" and change["part"] == "step":
                names |= change["names"]
        taken = {(names.get(step, step), choice) for step, choice in taken}
        if decides(event):
            taken.add((event.body["step"], event.body["choice"]))
    return taken


def _has(workflow: Workflow, name: str, choice: str) -> bool:
    step = workflow.step(name)
    return isinstance(step, Decision) and step.outcome(choice) is not None


def decides(event: Told) -> bool:
    """Tell whether an outcome took effect with an event, by people or by a repair."""
    return event.kind in {"decided", "overridden"} or "authority" in event.body.get("repair", {})


def _ends(workflow: Workflow, block: tuple[Step, ...], without: tuple[str, str]) -> set[str]:
    """Return where a block may be left although an outcome of a decision is never taken."""
    members, reached, waiting = {step.id: step for step in block}, {block[0].id}, [block[0].id]
    while waiting:
        step = members.get(waiting.pop())
        if step is not None:
            found = {*ways(workflow, step, without), *diverted(workflow, step)} - reached
            reached |= found
            waiting.extend(found)
    return {name for name in reached if name not in members or isinstance(members[name], End)}


def ways(workflow: Workflow, step: Step, without: tuple[str, str]) -> Iterator[str]:
    """Yield where a case may go from a step although an outcome of a decision is never taken."""
    routes = list(step.then)
    match step:
        case Decision():
            for outcome in step.outcomes:
                routes += outcome.then if (step.id, outcome.id) != without else ()
        case Wait():
            routes += [route for awaited in step.messages for route in awaited.then]
        case Parallel() if not _joins(workflow, step, without):
            routes = []
        case _:
            pass
    return (route.go for route in routes)


def diverted(workflow: Workflow, step: Step) -> Iterator[str]:
    """Yield where exceptions may lead from a step: read anew, and not as the engine reads it."""
    for item in workflow.exceptions:
        if item.divert is not None and step.id in {*item.steps, *item.failing}:
            yield item.divert


def _joins(workflow: Workflow, step: Parallel, without: tuple[str, str]) -> bool:
    return joins(
        step,
        {item.id for item in step.branches if DONE in _ends(workflow, item.steps, without)},
    )


def joins(step: Parallel, over: Collection[str]) -> bool:
    """Tell whether a parallel step is over when these of its branches are."""
    match step.join:
        case JoinKind.ALL:
            return len(over) == len(step.branches)
        case JoinKind.ANY:
            return bool(over)
        case JoinKind.NAMED:
            return set(step.named) <= set(over)
        case JoinKind.COUNT:
            return len(over) >= step.count
