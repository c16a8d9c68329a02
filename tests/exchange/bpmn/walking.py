"""Walk a workflow by the names of its work alone, to see which sequences it allows."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from kingpost.model.workflow import DONE, Decision, End, Parallel, Step, Wait, Workflow

# Where a block stands: a step, a parallel step with the places of its branches, or out of it.
At: TypeAlias = "str | tuple[str, tuple[At, ...]] | None"


def enter(steps: tuple[Step, ...], go: str) -> At:
    step = next((each for each in steps if each.id == go), None)
    if go == DONE or step is None:
        return None
    if isinstance(step, Parallel):
        return go, tuple(enter(each.steps, each.steps[0].id) for each in step.branches)
    return go


def moves(steps: tuple[Step, ...], at: At) -> Iterator[tuple[str, At]]:
    """Yield what may be done, by its title, and where the block stands then."""
    if at is None:
        return
    name = at if isinstance(at, str) else at[0]
    step = next(each for each in steps if each.id == name)
    match step:
        case Decision():
            for outcome in step.outcomes:
                yield from ((step.title, enter(steps, route.go)) for route in outcome.then)
        case Wait():
            routes = [*step.then, *(r for message in step.messages for r in message.then)]
            yield from ((step.title, enter(steps, route.go)) for route in routes)
        case Parallel():
            assert isinstance(at, tuple)
            yield from _inside(steps, step, at[1])
        case _:
            yield from ((step.title, enter(steps, route.go)) for route in step.then)


def _inside(
    steps: tuple[Step, ...], step: Parallel, places: tuple[At, ...]
) -> Iterator[tuple[str, At]]:
    for index, branch in enumerate(step.branches):
        for title, there in moves(branch.steps, places[index]):
            after = (*places[:index], there, *places[index + 1 :])
            if any(place is not None for place in after):
                yield title, (step.id, after)
            else:
                yield from ((title, enter(steps, route.go)) for route in step.then)


def allows(workflow: Workflow, work: Iterable[str], known: frozenset[str]) -> bool:
    """Tell whether a case can be worked in this order to its end.

    known: the titles that count as work; what else there is to do is done silently.
    """
    steps = workflow.steps
    places = _silently(steps, {enter(steps, steps[0].id)}, known)
    for title in work:
        after = {there for at in places for name, there in moves(steps, at) if name == title}
        places = _silently(steps, after, known)
    ends = {step.id for step in steps if isinstance(step, End)}
    return any(at in ends for at in places)


def _silently(steps: tuple[Step, ...], places: set[At], known: frozenset[str]) -> set[At]:
    found, waiting = set(places), list(places)
    while waiting:
        for title, there in moves(steps, waiting.pop()):
            if title not in known and there not in found:
                found.add(there)
                waiting.append(there)
    return found
