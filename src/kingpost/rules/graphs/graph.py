"""Graphs of decisions: what needs what, compiled once and evaluated in the order of need.

Source: OMG DMN 1.5, clause 6, and 10.4 for the execution of services.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from kingpost.expressions import FunctionType, Type, Value
from kingpost.expressions.value import FailureError, Function, Run
from kingpost.rules.definitions import Decision, Element, InputData, Knowledge, Service
from kingpost.rules.graphs.linking import Key, Model, identity_of, visible_name
from kingpost.rules.parts import Part, conforming
from kingpost.rules.session import Outcome, Remark, Session, Site, Values, evaluated
from kingpost.rules.shapes import Shape, conform

NOW = "now"
_SERVICE_DEPTH = 12
Inputs: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Named:
    """A value that an element reads. prefix: the name of the import that it comes by, or empty."""

    prefix: str
    name: str
    key: Key


@dataclass(frozen=True, slots=True)
class Node:
    """An element that can be evaluated.

    needs: the values that its logic reads. shape: what its own value must conform to.
    type:  of its value, for those who read it.
    """

    key: Key
    element: Element
    site: Site
    needs: tuple[Named, ...]
    shape: Shape
    type: Type
    part: Part = field(repr=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """A model with those that it imports, ready to be asked.

    faults: everything that is wrong with it; what is wrong evaluates to null.
    models: it and those that it imports, by their namespace.
    """

    model: Model
    faults: tuple[Remark, ...]
    nodes: Mapping[Key, Node] = field(repr=False)
    models: Mapping[str, Model] = field(repr=False)

    def names(self, kind: type[Decision] | type[Service] | type[InputData]) -> list[str]:
        """Return the names of the elements of a kind, in the order of the model."""
        elements = self.model.elements.values()
        return [element.name for element in elements if isinstance(element, kind)]

    def find(self, name: str) -> Node | None:
        """Return the decision or service of the model that has a name or an identity."""
        for element in self.model.elements.values():
            if name in {element.name, identity_of(element)} and isinstance(
                element, Decision | Service
            ):
                return self.nodes[self.model.definitions.namespace, identity_of(element)]
        return None

    def inputs(self, node: Node) -> list[Node]:
        """Return what must be given for a decision, directly or not, or to call a service.

        A decision without logic takes its value from outside, too.
        """
        if isinstance(node.element, Service):
            return [self.nodes[key] for key in _parameters(self.nodes, node)]
        found = (self.nodes[key] for key in _order(self.nodes, [node.key], frozenset()))
        return [one for one in found if _is_given(one.element)]

    def groups(self) -> set[str]:
        """Return the names of imports, under which inputs of other models may be given."""
        return set(self.model.imports.values()) - {""}

    def evaluate(
        self, node: Node, inputs: Inputs, *, now: datetime | None = None, explaining: bool = False
    ) -> Outcome:
        """Return the value of a decision, or of a service called with inputs by name.

        inputs: by the names of input data; those of an imported model may also be given in a
                context under the name of the import.
        now:    what `now()` and `today()` answer.
        """
        session = Session(explaining=explaining)
        asked = _Asked(self, session, inputs, now)
        value = evaluated(lambda _session, _values: asked.value(node), session, {}, node.site)
        return Outcome(value, tuple(session.remarks), tuple(session.steps or ()))


@dataclass(slots=True)
class _Asked:
    """One question to a graph.

    found: the values that are known already; each element is evaluated once.
    """

    graph: Graph
    session: Session
    inputs: Inputs
    now: datetime | None
    found: dict[Key, Value] = field(default_factory=dict[Key, Value])

    def value(self, node: Node) -> Value:
        """Return the value of a decision; of a service, what it answers for the inputs."""
        if isinstance(node.element, Service):
            data = self.graph.nodes
            keys = _parameters(self.graph.nodes, node)
            self.found = {key: self._input(data[key]) for key in keys}
            return self._outputs(node, keys)
        self._find([node.key], frozenset())
        return self.found[node.key]

    def _find(self, keys: Sequence[Key], given: frozenset[Key]) -> None:
        for key in _order(self.graph.nodes, keys, given):
            if key not in self.found:
                self.found[key] = self._evaluated(self.graph.nodes[key])

    def _evaluated(self, node: Node) -> Value:
        match node.element:
            case InputData():
                return self._input(node)
            case Decision(logic=None) if visible_name(node.element) in self.inputs:
                return self._input(node)
            case Service():
                return self._service(node)
            case Knowledge():
                return node.part.work(self.session, self._values(node))
            case _:
                values = self._values(node)
                given = {need.name: self.found.get(need.key) for need in node.needs}
                return self.session.tell(
                    lambda: node.part.work(self.session, values), node.site.name, given
                )

    def _values(self, node: Node) -> Values:
        values: Values = {NOW: self.now} if self.now is not None else {}
        for need in node.needs:
            value = self.found.get(need.key)
            if need.prefix:
                group = values.setdefault(need.prefix, {})
                assert isinstance(group, dict)
                group[need.name] = value
            else:
                values[need.name] = value
        return values

    def _input(self, node: Node) -> Value:
        name = visible_name(node.element)
        value, known = _given(self.graph.model, self.inputs, node.key[0], name)
        if not known:
            self.session.remark(node.site, f"`{name}` was not given")
        return None if value is None else conforming(self.session, node.site, value, node.shape)

    def _service(self, node: Node) -> Value:
        """Return a service as a function of its input data and decisions."""
        keys = _parameters(self.graph.nodes, node)
        nodes = [self.graph.nodes[key] for key in keys]
        names = tuple(visible_name(one.element) for one in nodes)

        def call(run: Run, arguments: list[Value]) -> Value:
            if len(arguments) != len(nodes):
                message = f"the service takes {len(nodes)} arguments, found {len(arguments)}"
                raise FailureError(message)
            given = zip(nodes, arguments, strict=True)
            found = {one.key: conform(run, value, one.shape) for one, value in given}
            inner = _Asked(self.graph, self.session, {}, self.now, found)
            before, self.session.run = self.session.run, run
            try:
                return inner._outputs(node, keys)
            finally:
                self.session.run = before

        kind = node.type if isinstance(node.type, FunctionType) else None
        return Function(names, _SERVICE_DEPTH, 1 + len(names), call, kind)

    def _outputs(self, node: Node, given: Sequence[Key]) -> Value:
        assert isinstance(node.element, Service)
        outputs = [self.graph.nodes[key] for key in _outputs(self.graph.nodes, node)]

        def work() -> Value:
            self._find([one.key for one in outputs], frozenset(given))
            values = {visible_name(one.element): self.found[one.key] for one in outputs}
            value = next(iter(values.values())) if len(values) == 1 else values
            return conforming(self.session, node.site, value, node.shape)

        names = {visible_name(self.graph.nodes[key].element): self.found.get(key) for key in given}
        return self.session.tell(work, node.site.name, names)


def _is_given(element: Element) -> bool:
    return isinstance(element, InputData) or (
        isinstance(element, Decision) and element.logic is None
    )


def _given(model: Model, inputs: Inputs, namespace: str, name: str) -> tuple[Value, bool]:
    """Return what was given for an input, and whether anything was."""
    prefix = model.imports.get(namespace)
    group = inputs.get(prefix) if prefix else None
    if isinstance(group, dict) and name in group:
        return group[name], True
    return inputs.get(name), name in inputs


def _targets(nodes: Mapping[Key, Node], node: Node, targets: Iterable[str]) -> list[Key]:
    keys = (_key(node.key[0], target) for target in targets)
    return [key for key in keys if key in nodes]


def _key(namespace: str, target: str) -> Key:
    other, _, identity = target.rpartition("#")
    return (other or namespace, identity)


def _parameters(nodes: Mapping[Key, Node], node: Node) -> list[Key]:
    """Return what a service is given: its input data first, then its input decisions."""
    assert isinstance(node.element, Service)
    return _targets(nodes, node, (*node.element.data, *node.element.decisions))


def _outputs(nodes: Mapping[Key, Node], node: Node) -> list[Key]:
    assert isinstance(node.element, Service)
    return _targets(nodes, node, node.element.outputs)


def _order(nodes: Mapping[Key, Node], keys: Sequence[Key], given: frozenset[Key]) -> Iterator[Key]:
    """Yield keys after all that they need, without what is given; each once."""
    done = set(given)
    waiting = [(key, False) for key in reversed(keys)]
    while waiting:
        key, ready = waiting.pop()
        if ready:
            yield key
        elif key not in done:
            done.add(key)
            waiting.append((key, True))
            waiting.extend((need.key, False) for need in reversed(nodes[key].needs))
