"""From models to a graph: each element compiled after all that it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kingpost.expressions import AnyType, ContextType, FunctionType, Type, Value
from kingpost.expressions.value import Function, Run
from kingpost.rules.compiling import build
from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Element,
    Knowledge,
    Need,
    Requirement,
    Service,
    Source,
)
from kingpost.rules.graphs.graph import Graph, Named, Node
from kingpost.rules.graphs.linking import Key, Linker, Model, site_of, visible_name
from kingpost.rules.parts import EMPTY, Part, Setting, failing, shaped
from kingpost.rules.session import Remark, Session, Site, Values
from kingpost.rules.shapes import ANY, UNSHAPED, Shape, conform, is_small

_CIRCLE = "it needs itself, directly or by what it needs"
_NAME_ONE = "Name an element of the model."


def compile_graph(
    definitions: Definitions, others: Iterable[Definitions] = (), *, strict: bool = False
) -> Graph:
    """Compile a model of decisions.

    others: the models that it may import.
    strict: a misfit of types is a fault; otherwise it is null when it is evaluated.
    """
    linker = Linker({one.namespace: one for one in (*others, definitions)})
    model = linker.link(definitions)
    compiler = _Compiler(linker.models, strict, linker.faults)
    for key in compiler.ordered():
        compiler.nodes[key] = compiler.compile(key)
    return Graph(model, tuple(compiler.faults), compiler.nodes, linker.models)


@dataclass(slots=True)
class _Compiler:
    """Compiles the elements of linked models, one after the other."""

    models: Mapping[str, Model]
    strict: bool
    faults: list[Remark]
    nodes: dict[Key, Node] = field(default_factory=dict[Key, Node])
    circular: set[Key] = field(default_factory=set[Key])
    needs: dict[Key, tuple[Named, ...]] = field(default_factory=dict[Key, tuple[Named, ...]])

    def element(self, key: Key) -> Element | None:
        """Return the element of a key, if there is one that can be evaluated."""
        model = self.models.get(key[0])
        found = model.elements.get(key[1]) if model else None
        return None if isinstance(found, Source) else found

    def ordered(self) -> list[Key]:
        """Return every element after all that it needs; who closes a circle is noted."""
        keys = [
            (namespace, identity)
            for namespace, model in self.models.items()
            for identity, element in model.elements.items()
            if not isinstance(element, Source)
        ]
        self.needs = {key: self._needs(key) for key in keys}
        order: list[Key] = []
        begun: set[Key] = set()
        done: set[Key] = set()
        waiting = [(key, False) for key in reversed(keys)]
        while waiting:
            key, ready = waiting.pop()
            if ready:
                done.add(key)
                order.append(key)
            elif key not in begun:
                begun.add(key)
                waiting.append((key, True))
                before = self._before(key)
                if any(one in begun and one not in done for one in before):
                    self.circular.add(key)
                waiting.extend((one, False) for one in reversed(before))
        return order

    def _before(self, key: Key) -> list[Key]:
        """Return what must be compiled before an element: what it needs, or what it offers."""
        element = self.element(key)
        if not isinstance(element, Service):
            return [need.key for need in self.needs[key]]
        found: list[Key] = []
        for target in (*element.data, *element.decisions, *element.outputs):
            one = self.models[key[0]].key(target)
            if self.element(one) is not None:
                found.append(one)
            else:
                message = f"it names `{target}`, which does not exist"
                self._fault(site_of(element), message, _NAME_ONE)
        return found

    def _needs(self, key: Key) -> tuple[Named, ...]:
        element, model = self.element(key), self.models[key[0]]
        if not isinstance(element, Decision | Knowledge):
            return ()
        named = [
            self._named(model, site_of(element), one)
            for one in element.requirements
            if one.need is not Need.AUTHORITY
        ]
        return tuple(one for one in named if one is not None)

    def _named(self, model: Model, site: Site, one: Requirement) -> Named | None:
        key = model.key(one.target)
        element = self.element(key)
        if element is None:
            message = f"it needs the {one.need.value} `{one.target}`, which does not exist"
            self._fault(site.inside("", one.at), message, _NAME_ONE)
            return None
        prefix = "" if key[0] == model.definitions.namespace else model.imports.get(key[0], "")
        return Named(prefix, visible_name(element), key)

    def _fault(self, site: Site, message: str, help_: str) -> None:
        self.faults.append(Remark(site, message, help_))

    def compile(self, key: Key) -> Node:
        """Compile one element, of which all that it needs is compiled."""
        element, model = self.element(key), self.models[key[0]]
        assert element is not None
        site = site_of(element)
        if key in self.circular:
            self._fault(site, _CIRCLE, "Take one of its requirements away.")
            return Node(key, element, site, (), UNSHAPED, ANY, failing(site, _CIRCLE))
        needs = self.needs[key]
        setting = Setting(self._scope(needs), model.shapes, self.strict, site, self.faults)
        shape = _shape(setting, element)
        part = _part(setting, element, shape)
        return Node(key, element, site, needs, shape, self._type(key, element, shape, part), part)

    def _scope(self, needs: Sequence[Named]) -> dict[str, Type]:
        scope: dict[str, Type] = {}
        groups: dict[str, dict[str, Type]] = {}
        for need in needs:
            kind = self.nodes[need.key].type if need.key in self.nodes else ANY
            if need.prefix:
                groups.setdefault(need.prefix, {})[need.name] = kind
            else:
                scope[need.name] = kind
        return {**scope, **{name: ContextType(members) for name, members in groups.items()}}

    def _type(self, key: Key, element: Element, shape: Shape, part: Part) -> Type:
        if not isinstance(element, Service):
            kind = part.type if isinstance(shape.type, AnyType) else shape.type
            return kind if is_small(kind) else ANY
        model = self.models[key[0]]
        given = [self._known(model, one) for one in (*element.data, *element.decisions)]
        outputs = [self._known(model, one) for one in element.outputs]
        result = outputs[0].type if len(outputs) == 1 and outputs[0] else ANY
        kinds = tuple(one.type if one else ANY for one in given)
        return FunctionType(kinds, result if isinstance(shape.type, AnyType) else shape.type)

    def _known(self, model: Model, target: str) -> Node | None:
        return self.nodes.get(model.key(target))


def _shape(setting: Setting, element: Element) -> Shape:
    """Return what the value of an element must conform to; of a function, what it yields."""
    variable = None if isinstance(element, Source) else element.variable
    if variable is None:
        return UNSHAPED
    shape = setting.inside("", variable.at).shape(variable.head.type)
    functional = isinstance(element, Knowledge | Service)
    if functional and isinstance(shape.type, FunctionType):
        return Shape(shape.type.result)
    return shape


def _part(setting: Setting, element: Element, shape: Shape) -> Part:
    match element:
        case Decision(logic=None):
            return failing(setting.site, "it has no logic, and no value was given")
        case Decision(logic=logic) if logic is not None:
            return shaped(setting.site, shape, build(setting, logic))
        case Knowledge(logic=None):
            return failing(setting.site, "it has no logic")
        case Knowledge(logic=logic) if logic is not None:
            return _yielding(build(setting, logic), shape)
        case _:
            return EMPTY


def _yielding(part: Part, shape: Shape) -> Part:
    """Return the part of a function whose results conform to a shape."""
    if isinstance(shape.type, AnyType) and not shape.constrained():
        return part

    def work(session: Session, values: Values) -> Value:
        inner = part.work(session, values)
        if not isinstance(inner, Function):
            return inner

        def call(run: Run, arguments: list[Value]) -> Value:
            return conform(run, inner.call(run, arguments), shape)

        return Function(inner.parameters, inner.depth, inner.size, call, inner.type)

    kind = part.type
    found = FunctionType(kind.parameters, shape.type) if isinstance(kind, FunctionType) else kind
    return Part(work, found)
