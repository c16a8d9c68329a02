"""The tree made executable: each part becomes a function of the run, made for its operands."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import TypeAlias, cast

from kingpost.expressions.evaluation.calls import (
    build_builtin,
    build_call,
    build_definition,
    build_invoke,
)
from kingpost.expressions.evaluation.loops import (
    build_filter,
    build_for,
    build_group,
    build_quantified,
)
from kingpost.expressions.evaluation.properties import member
from kingpost.expressions.kinds import (
    ChoiceType,
    ContextType,
    DateType,
    DurationType,
    NumberType,
    TextType,
    Type,
    YesNoType,
)
from kingpost.expressions.library.signature import holds
from kingpost.expressions.operators import (
    COMPARE,
    OPERATIONS,
    calculate,
    compare,
    kind_of,
    negate,
    ordered,
    passes,
    truth,
)
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
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
from kingpost.expressions.value import FailureError, Range, Run, Value

Thunk: TypeAlias = Callable[[Run], Value]
Build: TypeAlias = Callable[[Node], Thunk]

_PLAIN = (NumberType, TextType, ChoiceType, YesNoType, DateType, DurationType)


def build(node: Node) -> Thunk:
    """Return the function that evaluates a node. It raises only ExhaustedError."""
    return _BUILDERS[type(node)](node)


def guarded(node: Node, work: Thunk) -> Thunk:
    """Turn a failure of the work into null, and note where it happened."""
    start, length = node.at.start, node.at.end - node.at.start

    def guard(run: Run) -> Value:
        try:
            return work(run)
        except FailureError as error:
            run.warn(start, length, str(error))
            return None

    return guard


def _constant(node: Constant) -> Thunk:
    value = node.value
    return lambda _run: value


def _broken(node: Broken) -> Thunk:
    def fail(_run: Run) -> Value:
        raise FailureError(node.message)

    return guarded(node, fail)


def _name(node: Name) -> Thunk:
    name = node.name

    def read(run: Run) -> Value:
        try:
            return run.values[name]
        except KeyError:
            run.warn(node.at.start, node.at.end - node.at.start, f"`{name}` was not given")
            return None

    return read


def _local(node: Local) -> Thunk:
    slot = node.slot
    return lambda run: run.locals[slot]


def _member(node: Member) -> Thunk:
    name = node.name
    owner = node.base
    if (
        isinstance(owner, Name)
        and isinstance(owner.type, ContextType)
        and name in owner.type.members
    ):
        return _field(node, owner.name, name)
    base = build(node.base)
    return guarded(node, lambda run: member(run, base(run), name))


def _field(node: Member, owner: str, name: str) -> Thunk:
    """Read a field of a given group, which is what most conditions do most of the time."""

    def read(run: Run) -> Value:
        try:
            return cast("Mapping[str, Value]", run.values[owner])[name]
        except (KeyError, TypeError):
            return slow(run)

    base = build(node.base)
    slow = guarded(node, lambda run: member(run, base(run), name, declared=True))
    return read


def _negation(node: Negation) -> Thunk:
    operand = build(node.operand)
    return guarded(node, lambda run: negate(operand(run)))


def _arithmetic(node: Arithmetic) -> Thunk:
    left, right, sign = build(node.left), build(node.right), node.sign
    numbers = isinstance(node.left.type, NumberType) and isinstance(node.right.type, NumberType)
    if not numbers or sign == "**":
        return guarded(node, lambda run: _weighed(run, calculate(sign, left(run), right(run))))
    operation = OPERATIONS[sign, Decimal, Decimal]
    start, length = node.at.start, node.at.end - node.at.start

    def work(run: Run) -> Value:
        one, two = left(run), right(run)
        try:
            return operation(one, two)
        except (TypeError, ArithmeticError):
            try:
                return calculate(sign, one, two)
            except FailureError as error:
                run.warn(start, length, str(error))
                return None

    return work


def _weighed(run: Run, value: Value) -> Value:
    run.weigh(value)
    return value


def _compare(node: Compare) -> Thunk:
    if isinstance(node.left.type, _PLAIN) and _alike(node.left.type, node.right.type):
        if node.sign in {"=", "!="}:
            return _plain_equality(node)
        return _plain_order(node)
    left, right, sign = build(node.left), build(node.right), node.sign
    return guarded(node, lambda run: compare(run, sign, left(run), right(run)))


def _alike(left: Type, right: Type) -> bool:
    texts = (TextType, ChoiceType)
    return type(left) is type(right) or (isinstance(left, texts) and isinstance(right, texts))


def _plain_equality(node: Compare) -> Thunk:
    left, right, same = build(node.left), build(node.right), node.sign == "="
    if isinstance(node.right, Constant):
        value = node.right.value
        return (lambda run: left(run) == value) if same else (lambda run: left(run) != value)
    if same:
        return lambda run: left(run) == right(run)
    return lambda run: left(run) != right(run)


def _plain_order(node: Compare) -> Thunk:
    left, right, operation = build(node.left), build(node.right), COMPARE[node.sign]
    sign, start, length = node.sign, node.at.start, node.at.end - node.at.start

    def work(run: Run) -> Value:
        one, two = left(run), right(run)
        try:
            return operation(one, two)
        except TypeError:
            run.warn(start, length, f"`{sign}` cannot compare {kind_of(one)} with {kind_of(two)}")
            return None

    return work


def _logic(node: Logic) -> Thunk:
    parts = tuple(build(part) for part in node.parts)
    ends = node.word == "or"
    if len(parts) == 2:  # noqa: PLR2004 - two parts are the common case
        return _two(parts[0], parts[1], ends=ends)

    def work(run: Run) -> Value:
        answer: Value = not ends
        for part in parts:
            found = part(run)
            if found is ends:
                return ends
            if found is not (not ends):
                answer = None
        return answer

    return work


def _two(left: Thunk, right: Thunk, *, ends: bool) -> Thunk:
    """Join two conditions in three-valued logic; the second is read only where it can decide.

    Source: OMG DMN 1.5, 10.3.2.10, table 50.
    """
    other = not ends

    def work(run: Run) -> Value:
        one = left(run)
        if one is ends:
            return ends
        two = right(run)
        if two is ends:
            return ends
        return other if one is other and two is other else None

    return work


def _between(node: Between) -> Thunk:
    operand, low, high = build(node.operand), build(node.low), build(node.high)

    def work(run: Run) -> Value:
        value = operand(run)
        return ordered(">=", value, low(run)) and ordered("<=", value, high(run))

    return guarded(node, work)


def _passes(node: Passes) -> Thunk:
    operand, test = build(node.operand), build(node.test)
    if isinstance(node.operand.type, _PLAIN) and isinstance(node.test, Constant | Items):
        values = _written(node)
        if values is not None:
            return lambda run: operand(run) in values
    if isinstance(node.test, Span):
        return guarded(node, lambda run: _in_span(run, operand(run), test(run)))
    return guarded(node, lambda run: passes(run, operand(run), test(run)))


def _in_span(run: Run, value: Value, bounds: Value) -> Value:
    return passes(run, value, bounds) if bounds is not None else None


def _written(node: Passes) -> frozenset[Value] | None:
    """Return the values of a test that is written out, when it is plain values of one type."""
    parts = node.test.items if isinstance(node.test, Items) else (node.test,)
    values = [part.value for part in parts if isinstance(part, Constant)]
    if len(values) < len(parts) or None in values:
        return None
    if not all(_alike(node.operand.type, part.type) for part in parts):
        return None
    return frozenset(values)


def _let(node: Let) -> Thunk:
    value, body, slot = build(node.value), build(node.body), node.slot

    def work(run: Run) -> Value:
        run.locals[slot] = value(run)
        return body(run)

    return work


def _if(node: If) -> Thunk:
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    start, length = node.condition.at.start, node.condition.at.end - node.condition.at.start

    def work(run: Run) -> Value:
        found = condition(run)
        if found is True:
            return then(run)
        if truth(found) is None:
            run.choose(start, length, f"the condition is {kind_of(found)}, so `else` is taken")
        return otherwise(run)

    return work


def _items(node: Items) -> Thunk:
    if all(isinstance(part, Constant) for part in node.items):
        values = [part.value for part in node.items if isinstance(part, Constant)]
        return lambda _run: values.copy()
    parts = tuple(build(part) for part in node.items)
    return lambda run: [part(run) for part in parts]


def _span(node: Span) -> Thunk:
    nothing = Constant(None, node.at, node.type)
    low, high = build(node.low or nothing), build(node.high or nothing)

    def work(run: Run) -> Value:
        one, two = low(run), high(run)
        if (node.low and one is None) or (node.high and two is None):
            raise FailureError("an end of the range is null")
        if node.low and node.high and not ordered("<=", one, two):
            raise FailureError("the range runs backwards")
        return Range(one, two, node.low_included, node.high_included, node.negated)

    return guarded(node, work)


def _instance_of(node: InstanceOf) -> Thunk:
    operand, wanted = build(node.operand), node.wanted

    def work(run: Run) -> Value:
        value = operand(run)
        return value is not None and holds(run, value, wanted)

    return work


def _group(node: Group) -> Thunk:
    return guarded(node, build_group(node, build))


def _call(node: Call) -> Thunk:
    return guarded(node, build_call(node, build))


def _invoke(node: Invoke) -> Thunk:
    return guarded(node, build_invoke(node, build))


_BUILDERS: Mapping[type, Callable[..., Thunk]] = {
    Constant: _constant,
    Broken: _broken,
    Name: _name,
    Local: _local,
    Member: _member,
    Negation: _negation,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Logic: _logic,
    Between: _between,
    Passes: _passes,
    Let: _let,
    If: _if,
    Items: _items,
    Span: _span,
    InstanceOf: _instance_of,
    For: partial(build_for, build=build),
    Quantified: partial(build_quantified, build=build),
    Filter: partial(build_filter, build=build),
    Group: _group,
    Call: _call,
    Builtin: build_builtin,
    Invoke: _invoke,
    Definition: partial(build_definition, build=build),
}
