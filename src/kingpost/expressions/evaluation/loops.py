"""Iteration at work: `for`, `some`, `every`, filters and contexts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from kingpost.expressions.library.conversions import whole
from kingpost.expressions.operators import as_list, kind_of, truth
from kingpost.expressions.tree import Binder, Filter, For, Group, Node, Quantified
from kingpost.expressions.value import DECIMAL, FailureError, Range, Run, Value

Thunk: TypeAlias = Callable[[Run], Value]
Build: TypeAlias = Callable[[Node], Thunk]
Walk: TypeAlias = Callable[[Run], Iterator[None]]

_ONE = Decimal(1)
_DIGITS_MAX = 18


def build_for(node: For, build: Build) -> Thunk:
    """Return the function that makes the list of a `for`."""
    walk = _walk([_source(binder, build) for binder in node.binders], node.body.at.size)
    body, partial = build(node.body), node.partial
    start, length = node.at.start, node.at.end - node.at.start

    def work(run: Run) -> Value:
        results: list[Value] = []
        try:
            for _ in walk(run):
                if partial is not None:
                    run.spend(len(results))
                    run.locals[partial] = results.copy()
                results.append(body(run))
        except FailureError as error:
            run.warn(start, length, str(error))
            return None
        return results

    return work


def build_quantified(node: Quantified, build: Build) -> Thunk:
    """Return the function that answers `some` or `every`.

    Source: OMG DMN 1.5, 10.3.2.14, in three-valued logic as a chain of `or` or `and`.
    """
    walk = _walk([_source(binder, build) for binder in node.binders], node.body.at.size)
    body, ends = build(node.body), node.word == "some"
    start, length = node.at.start, node.at.end - node.at.start

    def work(run: Run) -> Value:
        answer: Value = not ends
        try:
            for _ in walk(run):
                found = truth(body(run))
                if found is ends:
                    return ends
                if found is None:
                    answer = None
        except FailureError as error:
            run.warn(start, length, str(error))
            return None
        return answer

    return work


_Source: TypeAlias = tuple[int, Callable[[Run], Iterable[Value]]]


def _source(binder: Binder, build: Build) -> _Source:
    source, end = build(binder.source), build(binder.end) if binder.end is not None else None
    if end is None:
        return binder.slot, lambda run: _each(source(run))
    return binder.slot, lambda run: _count(source(run), end(run))


def _walk(sources: list[_Source], cost: int) -> Walk:
    """Return a walk over all the combinations, the last name moving fastest."""
    (slot, source), rest = sources[0], sources[1:]
    inner = _walk(rest, cost) if rest else None

    def walk(run: Run) -> Iterator[None]:
        for value in source(run):
            run.spend(1 if inner else cost)
            run.locals[slot] = value
            if inner is None:
                yield
            else:
                yield from inner(run)

    return walk


def _each(value: Value) -> Iterable[Value]:
    if isinstance(value, Range):
        low, high = value.low, value.high
        if not (value.low_included and value.high_included):
            raise FailureError("a range to walk must include both its ends")
        return _count(low, high)
    if value is None:
        raise FailureError("null cannot be walked")
    return as_list(value)


def _count(low: Value, high: Value) -> Iterable[Value]:
    """Count from one end to the other, up or down. Nothing is held, so any size is safe."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return _numbers(low, high)
    if type(low) is date and type(high) is date:
        return _days(low, high)
    raise FailureError(f"cannot count from {kind_of(low)} to {kind_of(high)}")


def _numbers(low: Decimal, high: Decimal) -> Iterator[Value]:
    if low != low.to_integral_value() or high != high.to_integral_value():
        raise FailureError("only whole numbers can be counted")
    if max(low.adjusted(), high.adjusted()) > _DIGITS_MAX:
        raise FailureError("the number is too large")
    step = _ONE if low <= high else -_ONE
    value = low
    while (value <= high) if step > 0 else (value >= high):
        yield value
        value = DECIMAL.add(value, step)


def _days(low: date, high: date) -> Iterator[Value]:
    count = (high - low).days
    for days in range(abs(count) + 1):
        yield low + timedelta(days=days if count >= 0 else -days)


def build_filter(node: Filter, build: Build) -> Thunk:
    """Return the function that picks items of a list.

    Source: OMG DMN 1.5, 10.3.2.5, filters count from 1, and from the end when negative.
    """
    base, test, slot, cost = build(node.base), build(node.test), node.slot, node.test.at.size
    start, length = node.at.start, node.at.end - node.at.start
    place = node.test.at.start, node.test.at.end - node.test.at.start

    def work(run: Run) -> Value:
        items = as_list(base(run))
        kept: list[Value] = []
        try:
            for item in items:
                run.spend(cost)
                run.locals[slot] = item
                found = test(run)
                if isinstance(found, Decimal):
                    return _at(items, found)
                if found is True:
                    kept.append(item)
                elif found is not False:
                    run.choose(*place, f"the condition is {kind_of(found)} for an item")
                    _expect_condition(found)
        except FailureError as error:
            run.warn(start, length, str(error))
            return None
        return kept if items else _of_nothing(run)

    def _of_nothing(run: Run) -> Value:
        run.locals[slot] = None
        return None if isinstance(test(run), Decimal) else []

    return work


def _expect_condition(found: Value) -> None:
    if found is not None and truth(found) is None:
        raise FailureError(f"a filter expects a condition, found {kind_of(found)}")


def _at(items: list[Value], position: Decimal) -> Value:
    place = whole(position)
    if place == 0 or abs(place) > len(items) or place != position:
        raise FailureError(f"there is no item {position} in a list of {len(items)}")
    return items[place - 1 if place > 0 else place]


def build_group(node: Group, build: Build) -> Thunk:
    """Return the function that makes a context; each entry may read those before it."""
    entries = tuple((entry.name, entry.slot, build(entry.value)) for entry in node.entries)
    distinct = len({entry.name for entry in node.entries}) == len(entries)

    def work(run: Run) -> Value:
        if not distinct:
            raise FailureError("an entry is named twice")
        group: dict[str, Value] = {}
        for name, slot, value in entries:
            found = value(run)
            run.locals[slot] = found
            group[name] = found
        return group

    return work
