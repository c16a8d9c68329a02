"""From a rule as a company writes it to decision logic as the standard has it."""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from kingpost.expressions import Type
from kingpost.expressions.kinds import AnyType
from kingpost.model.rules import Output, Rule
from kingpost.model.ruling.types import quoted, written, written_test
from kingpost.model.ruling.typing import Typed
from kingpost.rules import (
    Aggregation,
    BoxedContext,
    DecisionTable,
    Entry,
    Head,
    HitPolicy,
    InputClause,
    Logic,
    OutputClause,
    Row,
    Text,
    Variable,
)

# From a cell as it is written to a piece of FEEL.
_Read: TypeAlias = Callable[[str], Text]


def table_of(rule: Rule, typed: Typed) -> DecisionTable:
    """Return the decision table of a rule that is one."""
    kinds = tuple(typed.outputs.get(output.id, AnyType()) for output in rule.outputs)
    tests = tuple(_reading(written_test, kind) for kind in typed.inputs)
    results = tuple(_reading(written, kind) for kind in kinds)
    return DecisionTable(
        inputs=tuple(
            InputClause(Text(one.expression), _values(one.values), Head(label=one.id))
            for one in rule.inputs
        ),
        outputs=tuple(_output(one, kind) for one, kind in zip(rule.outputs, kinds, strict=True)),
        rows=tuple(_row(rule, row, tests, results) for row in rule.rows),
        hit_policy=HitPolicy(rule.hit_policy.value.replace("-", " ")),
        aggregation=Aggregation(rule.aggregation.value),
        notes=rule.annotations,
    )


def logic_of(rule: Rule, typed: Typed) -> Logic:
    """Return what a table, an expression or a context says."""
    if rule.rows:
        return table_of(rule, typed)
    if not rule.entries:
        assert rule.value is not None, "the language wants one of them"
        return Text(rule.value)
    entries = [Entry(Text(one.expression), Variable(one.id)) for one in rule.entries]
    if rule.value is not None:
        entries.append(Entry(Text(rule.value)))
    return BoxedContext(tuple(entries))


def _reading(write: Callable[[str, Type], str], kind: Type) -> _Read:
    """Return what reads the cells of a column, which repeat themselves."""

    @cache
    def read(cell: str) -> Text:
        return Text(write(cell, kind))

    return read


def _row(
    rule: Rule, row: tuple[str, ...], tests: tuple[_Read, ...], results: tuple[_Read, ...]
) -> Row:
    """Return a row; one with too few cells is told when the table is compiled."""
    return Row(
        tests=tuple([read(cell) for read, cell in zip(tests, rule.tests_of(row), strict=False)]),
        results=tuple(
            [read(cell) for read, cell in zip(results, rule.answers_of(row), strict=False)]
        ),
        notes=rule.remarks_of(row),
    )


def _output(output: Output, kind: Type) -> OutputClause:
    default = None if output.default is None else Text(written(output.default, kind))
    return OutputClause(output.id, _values(output.values, kind), default)


def _values(values: tuple[str, ...], kind: Type | None = None) -> Text | None:
    """Return values as a test that lists them; those that are no texts are expressions."""
    if not values:
        return None
    texts = [quoted(value) if kind is None else written(value, kind) for value in values]
    return Text(", ".join(texts))
