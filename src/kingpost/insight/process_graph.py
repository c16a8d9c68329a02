"""The map of a process from its model: nodes for its steps, the ways between, and suspensions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kingpost.insight.diagram import Edge, EdgeKind, NodeKind
from kingpost.model.workflow import DONE, Decision, End, Parallel, Route, Step, Wait, Workflow


@dataclass(frozen=True, slots=True)
class Stop:
    """A node of the map and what it stands for: a step, or an exception that does not divert.

    id: the step's own; `STEP/fork` and `STEP/join` of a parallel step, `exception/ID`.
    step: of an exception, the work that it opens beside the case, or None.
    """

    id: str
    kind: NodeKind
    title: str
    step: Step | None = None
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """The stops in the order of the model, the beginning first, and the ways between them."""

    stops: tuple[Stop, ...]
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Ways:
    """Ways by source and target, with the names of those that a person chooses."""

    names: dict[tuple[str, str], list[str]] = field(
        default_factory=dict[tuple[str, str], list[str]]
    )

    def add(self, source: str, target: str, name: str = "") -> None:
        names = self.names.setdefault((source, target), [])
        if name and name not in names:
            names.append(name)


def graph_of(workflow: Workflow) -> Graph:
    """Return the map of a workflow.

    A way is named by the outcomes, messages and exceptions that lead along it. One that closes a
    circle is rework. An exception that suspends, or opens work beside the case, has a way from each
    step in which it may be raised.
    """
    stops = tuple(_stops(workflow.steps, workflow))
    ways = _Ways()
    _connect(workflow.steps, None, ways)
    for exception in workflow.exceptions:
        for step in exception.steps:
            if exception.divert is not None:
                target = _target(workflow, step, exception.divert)
                ways.add(step, target, exception.title)
            else:
                ways.add(step, f"exception/{exception.id}")
    back = _back(stops, ways)
    edges = tuple(
        Edge(
            f"{source}->{target}", source, target, " / ".join(names), _kind((source, target), back)
        )
        for (source, target), names in ways.names.items()
    )
    return Graph(stops, edges)


def _stops(steps: Iterable[Step], workflow: Workflow | None) -> Iterator[Stop]:
    for step in steps:
        if isinstance(step, Parallel):
            yield Stop(_entry(step), "fork", step.title, step)
            for branch in step.branches:
                yield from _stops(branch.steps, None)
            yield Stop(_exit(step), "join", step.title, step)
        else:
            yield Stop(step.id, "end" if isinstance(step, End) else "step", step.title, step)
    for exception in workflow.exceptions if workflow else ():
        if exception.divert is None:
            name = f"exception/{exception.id}"
            besides = exception.errand if exception.alongside else None
            yield Stop(name, "suspension", exception.title, besides, exception.id)


def _connect(block: tuple[Step, ...], around: Parallel | None, ways: _Ways) -> None:
    here = {step.id: step for step in block}
    for step in block:
        for name, routes in _routes(step):
            for route in routes:
                target = _exit(around) if route.go == DONE and around else _entry(here[route.go])
                ways.add(_exit(step), target, name)
        if isinstance(step, Parallel):
            for branch in step.branches:
                ways.add(_entry(step), _entry(branch.steps[0]))
                _connect(branch.steps, step, ways)


def _routes(step: Step) -> Iterator[tuple[str, tuple[Route, ...]]]:
    yield "", step.then
    if isinstance(step, Decision):
        yield from ((outcome.title, outcome.then) for outcome in step.outcomes)
    if isinstance(step, Wait):
        yield from ((message.title, message.then) for message in step.messages)


def _target(workflow: Workflow, step: str, go: str) -> str:
    """Return the node to which a diversion from a step leads."""
    if go != DONE:
        found = workflow.step(go)
        return _entry(found) if found else go
    for other in workflow.all_steps():
        if isinstance(other, Parallel):
            for branch in other.branches:
                if any(inner.id == step for inner in branch.steps):
                    return _exit(other)
    return go


def _entry(step: Step) -> str:
    return f"{step.id}/fork" if isinstance(step, Parallel) else step.id


def _exit(step: Step) -> str:
    return f"{step.id}/join" if isinstance(step, Parallel) else step.id


def _back(stops: tuple[Stop, ...], ways: _Ways) -> set[tuple[str, str]]:
    """Return the ways that close a circle, found by walking in depth in the order of the model."""
    after: dict[str, list[str]] = {}
    for source, target in ways.names:
        after.setdefault(source, []).append(target)
    back, done, path = set[tuple[str, str]](), set[str](), set[str]()
    for start in stops:
        # Each entry is a node with the ways from it that are still to be walked.
        walk = [] if start.id in done else [(start.id, iter(after.get(start.id, ())))]
        path.update(node for node, _ in walk)
        while walk:
            node, rest = walk[-1]
            target = next(rest, None)
            if target is None:
                walk.pop()
                path.discard(node)
                done.add(node)
            elif target in path:
                back.add((node, target))
            elif target not in done:
                path.add(target)
                walk.append((target, iter(after.get(target, ()))))
    return back


def _kind(way: tuple[str, str], back: set[tuple[str, str]]) -> EdgeKind:
    return "rework" if way in back else "flow"
