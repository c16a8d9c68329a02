"""Hit policies: from the results of the rows that match to the answer of a table.

Source: OMG DMN 1.5, 8.2.8, hit policies.
"""

from collections.abc import Mapping, Sequence

from kingpost.expressions import AnyType, Compiled, Value, compile_leniently
from kingpost.expressions.operators import passes, same
from kingpost.expressions.value import FailureError, Run
from kingpost.rules.logic import Aggregation, HitPolicy

SEVERAL = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
RANKED = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})


def _standing(text: str) -> Compiled:
    """Compile an expression of our own, so that FEEL says how to count and sum."""
    found = compile_leniently(text, {"results": AnyType()})
    assert isinstance(found, Compiled)
    return found


_MAKES: Mapping[Aggregation, Compiled] = {
    Aggregation.LIST: _standing("results"),
    Aggregation.SUM: _standing("sum(results)"),
    Aggregation.COUNT: _standing("count(results)"),
    Aggregation.MIN: _standing("min(results)"),
    Aggregation.MAX: _standing("max(results)"),
}


def aggregated(run: Run, aggregation: Aggregation, results: list[Value]) -> Value:
    """Return what `collect` makes of results. Raises FailureError when it makes nothing of them."""
    value, problems = _MAKES[aggregation].within(run, {"results": results})
    if problems:
        raise FailureError(problems[0].message)
    return value


def all_same(run: Run, results: Sequence[Value]) -> bool:
    """Tell whether every result is the same as the first."""
    return all(same(run, results[0], other) for other in results[1:])


def ranked(
    run: Run, orders: Sequence[Sequence[Value]], results: Sequence[Sequence[Value]]
) -> list[int]:
    """Return the places of results by the priority of their values, the highest first.

    orders:  for each output its values in the order of priority, or nothing where it has none.
    results: for each row that matches, the value of each output.
    """

    def ranks(place: int) -> list[int]:
        outputs = zip(orders, results[place], strict=True)
        return [_rank(run, order, value) for order, value in outputs if order]

    return sorted(range(len(results)), key=ranks)


def _rank(run: Run, order: Sequence[Value], value: Value) -> int:
    places = (place for place, one in enumerate(order) if _passes(run, value, one))
    return next(places, len(order))


def _passes(run: Run, value: Value, one: Value) -> bool:
    try:
        return passes(run, value, one) is True
    except FailureError:
        return False
