"""Rows that nobody can answer: they ask for an input that has no value.

A null is no silent `else`. A test of what is empty is neither passed nor failed; where a row is
kept from matching by nothing else, the table has no answer. A cell that names `null`, or accepts
anything, is answered; where a row that matches names it, no other row is kept open by that input.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from kingpost.expressions import Compiled, Value, compile_test
from kingpost.model.rules import HitPolicy, Rule
from kingpost.model.ruling.types import written_test
from kingpost.model.ruling.typing import Typed
from kingpost.rules.analysis.conditions import BeyondError, constants, take_apart


class Rows:
    """The tests of a table, compiled when they are first asked for."""

    def __init__(self, rule: Rule, typed: Typed) -> None:
        """Begin without any."""
        self.rule = rule
        self.typed = typed

    def undecided(
        self, inputs: Mapping[str, Value], known: Mapping[str, Value], matched: Sequence[int]
    ) -> tuple[str, int] | None:
        """Return the first input without a value that keeps a row open, and the row; or None.

        matched: the rows that match, from 1, as the row of the result is.
        """
        if None not in inputs.values():
            return None
        first = self.rule.hit_policy is HitPolicy.FIRST and matched
        answered = {
            column
            for row in matched
            for column, cell in enumerate(self._cells[row - 1])
            if names_null(cell)
        }
        for row, tests in enumerate(self._cells[: matched[0] - 1 if first else None], 1):
            column = None if row in matched else _open(tests, list(inputs.values()), known)
            if column is not None and column not in answered:
                return self.rule.inputs[column].id, row
        return None

    @cached_property
    def _cells(self) -> tuple[tuple[Compiled, ...], ...]:
        return tuple(tuple(self._compiled(row)) for row in self.rule.rows)

    def _compiled(self, row: tuple[str, ...]) -> Iterator[Compiled]:
        for cell, kind in zip(self.rule.tests_of(row), self.typed.inputs, strict=True):
            found = compile_test(written_test(cell, kind), kind, self.typed.scope)
            assert isinstance(found, Compiled), "the table was compiled before"
            yield found


def names_null(cell: Compiled) -> bool:
    """Tell whether a cell says what shall be when its input is empty."""
    try:
        return None in constants(take_apart(cell))
    except BeyondError:
        return False


def _open(
    tests: tuple[Compiled, ...], inputs: Sequence[Value], known: Mapping[str, Value]
) -> int | None:
    """Return the column that alone keeps a row open; None when the row is answered."""
    column: int | None = None
    for at, (test, value) in enumerate(zip(tests, inputs, strict=True)):
        passed = test.evaluate({**known, "?": value})
        if passed is False:
            return None
        if passed is not True and value is None and column is None:
            column = at
    return column
