"""Built-in functions on lists.

Source: OMG DMN 1.5, 10.3.4.4, list functions.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cmp_to_key, reduce

from kingpost.expressions.functions.conversions import whole
from kingpost.expressions.functions.signature import Signature, number_like, signature
from kingpost.expressions.kinds import ANY, NUMBER, YES_NO, ListType, Type, join
from kingpost.expressions.operators import ordered, same, truth
from kingpost.expressions.value import DECIMAL, FailureError, Function, Run, Value


def _item(source: Type, *rest: Type) -> Type:
    if rest:
        return reduce(join, rest, source)
    return source.of if isinstance(source, ListType) else source


def _same_list(source: Type, *_rest: Type) -> Type:
    return source if isinstance(source, ListType) else ListType(source)


def _choose(run: Run, sign: str, items: list[Value]) -> Value:
    if not items:
        raise FailureError("an empty list has no least or greatest item")
    run.spend(len(items))
    below = ordered if sign == "<" else _above
    return reduce(lambda best, one: one if below("<", one, best) else best, items)


def _above(_sign: str, left: Value, right: Value) -> bool:
    return ordered(">", left, right)


def _sum(run: Run, items: list[Decimal]) -> Decimal:
    if not items:
        raise FailureError("an empty list has no sum")
    run.spend(len(items))
    return reduce(DECIMAL.add, items)


def _product(run: Run, items: list[Decimal]) -> Value:
    if not items:
        raise FailureError("an empty list has no product")
    run.spend(len(items))
    return reduce(DECIMAL.multiply, items)


def _mean(run: Run, items: list[Decimal]) -> Decimal:
    return DECIMAL.divide(_sum(run, items), Decimal(len(items)))


def _median(run: Run, items: list[Decimal]) -> Value:
    if not items:
        raise FailureError("an empty list has no median")
    run.spend(len(items))
    sorted_, middle = sorted(items), len(items) // 2
    if len(items) % 2:
        return sorted_[middle]
    return DECIMAL.divide(DECIMAL.add(sorted_[middle - 1], sorted_[middle]), Decimal(2))


def _stddev(run: Run, items: list[Decimal]) -> Value:
    if len(items) < 2:  # noqa: PLR2004 - one number does not deviate
        raise FailureError("a deviation needs two numbers or more")
    mean = _mean(run, items)
    squares = [DECIMAL.power(DECIMAL.subtract(item, mean), Decimal(2)) for item in items]
    return DECIMAL.sqrt(DECIMAL.divide(_sum(run, squares), Decimal(len(items) - 1)))


def _mode(run: Run, items: list[Decimal]) -> Value:
    run.spend(len(items))
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    found: list[Value] = [item for item in sorted(counts) if counts[item] == most]
    return found


def _all(items: list[Value]) -> Value:
    answers = [truth(item) for item in items]
    return False if False in answers else None if None in answers else True


def _any(items: list[Value]) -> Value:
    answers = [truth(item) for item in items]
    return True if True in answers else None if None in answers else False


def _count(items: list[Value]) -> Value:
    return Decimal(len(items))


def _contains(run: Run, items: list[Value], element: Value) -> Value:
    run.spend(len(items))
    return any(same(run, item, element) for item in items)


def _place(items: list[Value], position: Decimal, *, past_end: int = 0) -> int:
    """Return a position of a list, counted from 1 or from the end, as Python counts."""
    place = whole(position)
    if place == 0 or place > len(items) + past_end or -place > len(items):
        raise FailureError(f"there is no position {position} in a list of {len(items)}")
    return place - 1 if place > 0 else len(items) + place


def _sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    begin = _place(items, start)
    run.spend(len(items))
    if length is None:
        return items[begin:]
    end = begin + whole(length)
    if length < 1 or end > len(items):
        raise FailureError(f"a list of {len(items)} is too short for this part")
    return items[begin:end]


def _append(run: Run, items: list[Value], more: list[Value]) -> Value:
    run.spend(len(items) + len(more))
    return [*items, *more]


def _concatenate(run: Run, lists: list[list[Value]]) -> list[Value]:
    run.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


def _insert(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    place = _place(items, position, past_end=1)
    run.spend(len(items))
    return [*items[:place], new, *items[place:]]


def _remove(run: Run, items: list[Value], position: Decimal) -> Value:
    place = _place(items, position)
    run.spend(len(items))
    return [*items[:place], *items[place + 1 :]]


def _replace_at(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    place = _place(items, position)
    run.spend(len(items))
    return [*items[:place], new, *items[place + 1 :]]


def _replace_where(run: Run, items: list[Value], match: Function, new: Value) -> Value:
    def chosen(item: Value) -> bool:
        found = truth(run.invoke(match, [item, new]))
        if found is None:
            raise FailureError("the match answers neither true nor false")
        return found

    return [new if chosen(item) else item for item in items]


def _reverse(run: Run, items: list[Value]) -> Value:
    run.spend(len(items))
    return items[::-1]


def _index_of(run: Run, items: list[Value], match: Value) -> Value:
    run.spend(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if same(run, item, match)]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        run.spend(1 + len(kept))
        if not any(same(run, item, one) for one in kept):
            kept.append(item)
    return kept


def _union(run: Run, lists: list[list[Value]]) -> Value:
    return _distinct(run, _concatenate(run, lists))


def _flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    waiting = items[::-1]
    while waiting:
        run.spend(1)
        item = waiting.pop()
        if isinstance(item, list):
            run.spend(len(item))
            waiting.extend(reversed(item))
        else:
            flat.append(item)
    return flat


def _sort(run: Run, items: list[Value], precedes: Function | None) -> Value:
    def order(left: Value, right: Value) -> int:
        if precedes is None:
            run.spend(1)
            return -1 if ordered("<", left, right) else 0
        return -1 if run.invoke(precedes, [left, right]) is True else 0

    return sorted(items, key=cmp_to_key(order))


def _over(
    result: Type | Callable[..., Type], perform: Callable[..., Value], kind: str
) -> Signature:
    return signature(f"...list: {kind}", result, perform, paid=True)


def _least(run: Run, items: list[Value]) -> Value:
    return _choose(run, "<", items)


def _greatest(run: Run, items: list[Value]) -> Value:
    return _choose(run, ">", items)


LISTS: Mapping[str, tuple[Signature, ...]] = {
    "list contains": (signature("list: list, element: any?", YES_NO, _contains, paid=True),),
    "count": (signature("list: list", NUMBER, _count),),
    "min": (_over(_item, _least, "any"),),
    "max": (_over(_item, _greatest, "any"),),
    "sum": (_over(number_like, _sum, "number"),),
    "product": (_over(NUMBER, _product, "number"),),
    "mean": (_over(number_like, _mean, "number"),),
    "median": (_over(number_like, _median, "number"),),
    "stddev": (_over(number_like, _stddev, "number"),),
    "mode": (_over(ListType(NUMBER), _mode, "number"),),
    "all": (signature("...list: boolean?", YES_NO, _all),),
    "any": (signature("...list: boolean?", YES_NO, _any),),
    "sublist": (
        signature(
            "list: list, start position: number, length?: number", _same_list, _sublist, paid=True
        ),
    ),
    "append": (signature("list: list, ...item: any?", ListType(ANY), _append, paid=True),),
    "concatenate": (signature("...list: list", ListType(ANY), _concatenate, paid=True),),
    "insert before": (
        signature("list: list, position: number, newItem: any?", ListType(ANY), _insert, paid=True),
    ),
    "remove": (signature("list: list, position: number", _same_list, _remove, paid=True),),
    "list replace": (
        signature(
            "list: list, position: number, newItem: any?", ListType(ANY), _replace_at, paid=True
        ),
        signature(
            "list: list, match: function, newItem: any?", ListType(ANY), _replace_where, paid=True
        ),
    ),
    "reverse": (signature("list: list", _same_list, _reverse, paid=True),),
    "index of": (signature("list: list, match: any?", ListType(NUMBER), _index_of, paid=True),),
    "union": (signature("...list: list", ListType(ANY), _union, paid=True),),
    "distinct values": (signature("list: list", _same_list, _distinct, paid=True),),
    "flatten": (signature("list: list", ListType(ANY), _flatten, paid=True),),
    "sort": (signature("list: list, precedes?: function", _same_list, _sort, paid=True),),
}
