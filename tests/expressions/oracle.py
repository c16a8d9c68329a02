"""A second evaluator, which walks the tree part by part: slow, plain, and held against the first.

It shares the operators and the library with the generated functions, and none of their short cuts.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from kingpost.expressions import Evaluation, ExhaustedError, Function, Problem, Run, Value
from kingpost.expressions.evaluation.calls import (
    builtin_value,
    call,
    fitted,
    invoke,
    shapes_of,
)
from kingpost.expressions.evaluation.iteration import at_position, count, each
from kingpost.expressions.evaluation.operations import between, instance_of, make_span
from kingpost.expressions.evaluation.properties import member
from kingpost.expressions.kinds import ContextType, FunctionType, MoneyType, NumberType
from kingpost.expressions.operators import as_list, calculate, compare, negate, passes
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
    Binder,
    Broken,
    Builtin,
    Call,
    Compare,
    Constant,
    Definition,
    Filter,
    For,
    Group,
    If,
    InstanceOf,
    Invoke,
    Items,
    Let,
    Local,
    Logic,
    Member,
    Name,
    Negation,
    Node,
    Passes,
    Quantified,
    Span,
)
from kingpost.expressions.value import FailureError

Locals = dict[int, Value]


def evaluated(tree: Node, values: Mapping[str, Value]) -> Evaluation:
    """Evaluate a tree as `Compiled.explain` does."""
    run = Run(values)
    try:
        value = Walk(run, values).value(tree, {})
        run.measure(value)
    except (ExhaustedError, RecursionError):
        return Evaluation(None, (Problem(0, 0, "exhausted", ""),))
    return Evaluation(value, tuple(run.warnings))


class Walk:
    """One evaluation of one tree."""

    def __init__(self, run: Run, values: Mapping[str, Value]) -> None:
        self.run = run
        self.values = values
        self.rules: Mapping[type, Callable[..., Value]] = {
            Constant: self.constant,
            Broken: self.broken,
            Name: self.name,
            Local: self.local,
            Member: self.member,
            Negation: self.negation,
            Arithmetic: self.arithmetic,
            Compare: self.compare,
            Logic: self.logic,
            Between: self.between,
            Passes: self.passes,
            Let: self.let,
            If: self.choose,
            For: self.make_list,
            Quantified: self.quantified,
            Filter: self.filtered,
            Items: self.items,
            Span: self.span,
            Group: self.group,
            Call: self.call,
            Builtin: self.builtin,
            Invoke: self.invoke,
            Definition: self.define,
            InstanceOf: self.instance_of,
        }

    def value(self, node: Node, names: Locals) -> Value:
        try:
            return self.rules[type(node)](node, names)
        except FailureError as error:
            self.run.warn(node.at.start, node.at.end - node.at.start, str(error))
            return None

    def constant(self, node: Constant, _names: Locals) -> Value:
        return node.value

    def broken(self, node: Broken, _names: Locals) -> Value:
        raise FailureError(node.message)

    def name(self, node: Name, _names: Locals) -> Value:
        if node.name not in self.values:
            raise FailureError(f"`{node.name}` was not given")
        return self.values[node.name]

    def local(self, node: Local, names: Locals) -> Value:
        return names[node.slot]

    def let(self, node: Let, names: Locals) -> Value:
        return self.value(node.body, names | {node.slot: self.value(node.value, names)})

    def items(self, node: Items, names: Locals) -> Value:
        return [self.value(item, names) for item in node.items]

    def builtin(self, node: Builtin, _names: Locals) -> Value:
        return builtin_value(node.name)

    def instance_of(self, node: InstanceOf, names: Locals) -> Value:
        return instance_of(self.run, self.value(node.operand, names), node.wanted)

    def negation(self, node: Negation, names: Locals) -> Value:
        return negate(self.value(node.operand, names))

    def member(self, node: Member, names: Locals) -> Value:
        kind = node.base.type
        declared = isinstance(kind, ContextType) and node.name in kind.members
        return member(self.run, self.value(node.base, names), node.name, declared=declared)

    def arithmetic(self, node: Arithmetic, names: Locals) -> Value:
        found = calculate(node.sign, self.value(node.left, names), self.value(node.right, names))
        self.run.weigh(found)
        return found

    def compare(self, node: Compare, names: Locals) -> Value:
        left, right = self.value(node.left, names), self.value(node.right, names)
        return compare(self.run, node.sign, left, right)

    def logic(self, node: Logic, names: Locals) -> Value:
        answers: list[Value] = []
        for part in node.parts:
            answers.append(self.value(part, names))
            if answers[-1] is (node.word == "or"):
                return answers[-1]
        every = all(answer is (node.word == "and") for answer in answers)
        return node.word == "and" if every else None

    def between(self, node: Between, names: Locals) -> Value:
        low, high = self.value(node.low, names), self.value(node.high, names)
        return between(self.run, self.value(node.operand, names), low, high)

    def passes(self, node: Passes, names: Locals) -> Value:
        value, test = self.value(node.operand, names), self.value(node.test, names)
        if isinstance(node.test, Span) and test is None:
            return None
        return passes(self.run, value, test)

    def choose(self, node: If, names: Locals) -> Value:
        holds = self.value(node.condition, names) is True
        return self.value(node.then if holds else node.otherwise, names)

    def make_list(self, node: For, names: Locals) -> Value:
        results: list[Value] = []
        for around in self.walk(node.binders, names, node.body.at.size):
            partial: Locals = {} if node.partial is None else {node.partial: results.copy()}
            self.run.spend(len(results) if partial else 0)
            results.append(self.value(node.body, around | partial))
        return results

    def quantified(self, node: Quantified, names: Locals) -> Value:
        ends = node.word == "some"
        answer: Value = not ends
        for around in self.walk(node.binders, names, node.body.at.size):
            found = self.value(node.body, around)
            if found is ends:
                return ends
            answer = answer if found is (not ends) else None
        return answer

    def walk(self, binders: tuple[Binder, ...], names: Locals, cost: int) -> Iterator[Locals]:
        binder, rest = binders[0], binders[1:]
        source = self.value(binder.source, names)
        if binder.end is None:
            items = each(self.run, source)
        else:
            items = count(self.run, source, self.value(binder.end, names))
        for item in items:
            self.run.spend(1 if rest else cost)
            around = names | {binder.slot: item}
            if rest:
                yield from self.walk(rest, around, cost)
            else:
                yield around

    def filtered(self, node: Filter, names: Locals) -> Value:
        items = as_list(self.value(node.base, names))
        kept: list[Value] = []
        for item in items or [None]:
            self.run.spend(node.test.at.size)
            found = self.value(node.test, names | {node.slot: item})
            if isinstance(node.test.type, NumberType | MoneyType) and found is None:
                raise FailureError("the position is null, so no item is picked")
            if not isinstance(found, bool | None):
                return at_position(self.run, items, found)
            if found is True:
                kept.append(item)
        return kept if items else []

    def span(self, node: Span, names: Locals) -> Value:
        low, high = (
            None if end is None else self.value(end, names) for end in (node.low, node.high)
        )
        return make_span(node, low, high)

    def group(self, node: Group, names: Locals) -> Value:
        found: dict[str, Value] = {}
        around = dict(names)
        for entry in node.entries:
            if entry.name in found:
                raise FailureError("an entry is named twice")
            found[entry.name] = around[entry.slot] = self.value(entry.value, around)
        return found

    def call(self, node: Call, names: Locals) -> Value:
        shapes = shapes_of(node.name, len(node.arguments), node.names)
        if not shapes.ways:
            raise FailureError(f"`{node.name}` does not take these arguments")
        return call(self.run, shapes, [self.value(argument, names) for argument in node.arguments])

    def invoke(self, node: Invoke, names: Locals) -> Value:
        function = self.value(node.function, names)
        values = [self.value(argument, names) for argument in node.arguments]
        return invoke(self.run, function, node.names, values)

    def define(self, node: Definition, names: Locals) -> Value:
        def work(run: Run, values: list[Value]) -> Value:
            slots = [one.slot for one in node.parameters]
            around = dict(zip(slots, fitted(run, node.parameters, values), strict=True))
            return Walk(run, self.values).value(node.body, names | around)

        kind = node.type if isinstance(node.type, FunctionType) else None
        parameters = tuple(one.name for one in node.parameters)
        return Function(parameters, node.at.depth + 3, node.at.size + node.at.depth, work, kind)


def is_plain(value: Value) -> bool:
    """Tell whether a value holds no function, which is equal to nothing but itself."""
    match value:
        case list():
            return all(map(is_plain, value))
        case dict():
            return all(map(is_plain, value.values()))
        case _:
            return not isinstance(value, Function)


def alike(left: Value, right: Value) -> bool:
    """Tell whether two values are the same to the last digit."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(alike(left[name], right[name]) for name in left)
    return type(left) is type(right) and left == right
