"""Columns of tests: from the value of an input to the rows that accept it.

Where every cell of a column is made of constants, comparisons, ranges and `not` alone, the values
fall into few classes that no cell tells apart. The first value of a class is asked cell by cell;
after that one look-up answers for all its rows. What lies outside (a value of another type, a cell
that reads other names) is always asked cell by cell.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, cast

from kingpost.expressions import Compiled, Value
from kingpost.expressions.tree import (
    Between,
    Call,
    Compare,
    Constant,
    Items,
    Logic,
    Name,
    Node,
    Passes,
    Span,
)
from kingpost.rules.session import Session, Site, Values

SUBJECT = "?"
# From a session, the values in scope and the value of the input to the rows that accept it, as the
# bits of a number.
Column: TypeAlias = Callable[[Session, Values, Value], int]
_POINTS_MAX = 4_000


def column(cells: Sequence[tuple[Compiled | None, Site]]) -> Column:
    """Return the function of a column. A cell that is None accepts nothing."""
    ask = _one_by_one(cells)
    known = list({id(cell): cell for cell, _ in cells if cell is not None}.values())
    if any(cell is None for cell, _ in cells):
        return ask
    if all(map(_accepts_all, known)):
        every = (1 << len(cells)) - 1
        return lambda _session, _values, _value: every
    constants = _constants(known)
    return ask if constants is None else _looked_up(known, constants, ask) or ask


def _accepts_all(cell: Compiled) -> bool:
    return isinstance(cell.tree, Constant) and cell.tree.value is True and not cell.reads


def _one_by_one(cells: Sequence[tuple[Compiled | None, Site]]) -> Column:
    rows = [(1 << row, cell, site) for row, (cell, site) in enumerate(cells) if cell is not None]

    def ask(session: Session, values: Values, value: Value) -> int:
        given = {**values, SUBJECT: value}
        accepted = 0
        for bit, cell, site in rows:
            passed, problems = cell.within(session.run, given)
            if problems:
                session.take(site, problems)
            if passed is True:
                accepted |= bit
        return accepted

    return ask


def _constants(cells: Sequence[Compiled]) -> list[Value] | None:
    """Return every constant that the cells name; None when a cell is made of anything else."""
    found: list[Value] = []
    for cell in (one for one in cells if not _accepts_all(one)):
        for node in _leaves(cell.tree):
            if node is None or len(found) > _POINTS_MAX:
                return None
            found.append(node.value)
    return found


def _leaves(node: Node | None) -> Iterator[Constant | None]:
    """Yield the constants below a node, and None for whatever the look-up cannot stand for."""
    match node:
        case Constant():
            yield node
        case None | Name(name="?"):
            return
        case Compare(left=Name(name="?"), right=right):
            yield from _leaves(right)
        case Passes(operand=Name(name="?"), test=test):
            yield from _leaves(test)
        case Between(operand=Name(name="?"), low=low, high=high) | Span(low=low, high=high):
            yield from _leaves(low)
            yield from _leaves(high)
        case Items(items=parts) | Logic(parts=parts) | Call(name="not", arguments=parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            yield None


def _looked_up(cells: Sequence[Compiled], constants: list[Value], ask: Column) -> Column | None:
    """Return the column as a look-up, when its constants are of one type that it knows."""
    written = cast("list[Any]", [value for value in constants if value is not None])
    kinds: set[type] = {type(value) for value in written}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind in {Decimal, date}:
        return _by_size(kind, sorted(set(written)), ask)
    if kind in {str, bool} and all(_equal_only(cell.tree) for cell in cells):
        return _by_value(kind, frozenset(written), ask)
    return None


def _equal_only(node: Node) -> bool:
    """Tell whether a cell asks for no more and no less, so that all other values are alike."""
    match node:
        case Compare(sign=sign):
            return sign in {"=", "!="}
        case Passes(test=test):
            return isinstance(test, Constant | Items)
        case Logic(parts=parts) | Call(arguments=parts):
            return all(map(_equal_only, parts))
        case _:
            return isinstance(node, Constant)


def _by_value(kind: type, written: frozenset[Any], ask: Column) -> Column:
    """Look up by the value itself; all that are not written in a cell are of one class."""
    known: dict[Value, int] = {}

    def look(session: Session, values: Values, value: Value) -> int:
        if type(value) is not kind:
            return ask(session, values, value)
        key = value if value in written else None
        rows = known.get(key)
        if rows is None:
            rows = known[key] = ask(session, values, value)
        return rows

    return look


def _by_size(kind: type, ends: list[Any], ask: Column) -> Column:
    """Look up by the ends between which a value lies; odd places are the ends themselves."""
    known: dict[int, int] = {}

    def look(session: Session, values: Values, value: Value) -> int:
        if type(value) is not kind:
            return ask(session, values, value)
        place = bisect_left(ends, cast("Any", value))
        place = 2 * place + (place < len(ends) and ends[place] == value)
        rows = known.get(place)
        if rows is None:
            rows = known[place] = ask(session, values, value)
        return rows

    return look
