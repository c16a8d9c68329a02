"""What generated functions call: each takes a place, and turns a failure there into null.

Nothing here raises FailureError; whatever has no value is null, with a warning at its place.
"""

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from kingpost.expressions.evaluation.calls import call, fitted, invoke
from kingpost.expressions.evaluation.iteration import (
    at_position,
    count,
    doubt_item,
    each,
    first,
    of_items,
    or_nothing,
)
from kingpost.expressions.evaluation.properties import member
from kingpost.expressions.functions.signature import holds
from kingpost.expressions.kinds import Type
from kingpost.expressions.operators import (
    as_list,
    calculate,
    compare,
    kind_of,
    negate,
    ordered,
    passes,
    truth,
)
from kingpost.expressions.tree import Sign, Span
from kingpost.expressions.value import DECIMAL, FailureError, Function, Range, Run, Value

At: TypeAlias = tuple[int, int]
_Operands = ParamSpec("_Operands")
_Found = TypeVar("_Found")


def _guarded(
    operation: Callable[Concatenate[Run, _Operands], _Found],
) -> Callable[Concatenate[Run, At, _Operands], _Found | None]:
    """Turn a failure of an operation into null, and note where it happened."""

    def guard(
        run: Run, at: At, *operands: _Operands.args, **named: _Operands.kwargs
    ) -> _Found | None:
        try:
            return operation(run, *operands, **named)
        except FailureError as error:
            run.warn(*at, str(error))
            return None

    return guard


def _fail(_run: Run, message: str) -> Value:
    raise FailureError(message)


def _missing(_run: Run, name: str) -> Value:
    raise FailureError(f"`{name}` was not given")


def _field(run: Run, base: Value, name: str) -> Value:
    return member(run, base, name, declared=True)


def _field_of(run: Run, values: Mapping[str, Value], owner: str, name: str) -> Value:
    if owner not in values:
        raise FailureError(f"`{owner}` was not given")
    return member(run, values[owner], name, declared=True)


def _calculate(run: Run, sign: Sign, left: Value, right: Value) -> Value:
    found = calculate(sign, left, right)
    run.weigh(found)
    return found


def _negate(_run: Run, operand: Value) -> Value:
    return negate(operand)


def between(_run: Run, value: Value, low: Value, high: Value) -> bool:
    """Tell whether a value lies between two others, both included."""
    return ordered(">=", value, low) and ordered("<=", value, high)


def in_span(run: Run, value: Value, bounds: Value) -> bool | None:
    """Tell whether a value lies in a range that is written out; none does in a broken one."""
    return passes(run, value, bounds) if bounds is not None else None


def make_span(node: Span, low: Value, high: Value) -> Range:
    """Make a range that is written out. Raises FailureError when it has no sense."""
    if (node.low and low is None) or (node.high and high is None):
        raise FailureError("an end of the range is null")
    if node.low and node.high and not ordered("<=", low, high):
        raise FailureError("the range runs backwards")
    return Range(low, high, node.low_included, node.high_included, node.only)


def _span(_run: Run, node: Span, low: Value, high: Value) -> Range:
    return make_span(node, low, high)


def instance_of(run: Run, value: Value, wanted: Type) -> bool:
    """Tell whether a value is of a type; null is of none."""
    return value is not None and holds(run, value, wanted)


_picked = _guarded(at_position)


def pick(run: Run, at: At, items: list[Value], position: Value) -> Value:
    """Return the item at a position; without a position there is none."""
    if position is None:
        run.warn(*at, "the position is null, so no item is picked")
        return None
    return _picked(run, at, items, position)


def doubt(run: Run, at: At, condition: Value) -> None:
    """Note that `else` is taken because a condition has no answer."""
    if truth(condition) is None:
        run.choose(*at, f"the condition is {kind_of(condition)}, so `else` is taken")


# All that generated code can reach.
RUNTIME: Mapping[str, object] = {
    "Unfit": (ArithmeticError, LookupError, TypeError),
    "Function": Function,
    "add": DECIMAL.add,
    "subtract": DECIMAL.subtract,
    "multiply": DECIMAL.multiply,
    "divide": DECIMAL.divide,
    "as_list": as_list,
    "count_of": len,
    "first": first,
    "pick": pick,
    "or_nothing": or_nothing,
    "of_items": of_items,
    "doubt": doubt,
    "doubt_item": doubt_item,
    "fitted": fitted,
    "instance_of": instance_of,
    "fail": _guarded(_fail),
    "missing": _guarded(_missing),
    "member": _guarded(member),
    "field": _guarded(_field),
    "field_of": _guarded(_field_of),
    "negate": _guarded(_negate),
    "calculate": _guarded(_calculate),
    "compare": _guarded(compare),
    "between": _guarded(between),
    "passes": _guarded(passes),
    "in_span": _guarded(in_span),
    "span": _guarded(_span),
    "each": _guarded(each),
    "count": _guarded(count),
    "call": _guarded(call),
    "invoke": _guarded(invoke),
}
