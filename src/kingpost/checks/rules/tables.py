"""Rules: tables whose cells read and fit, with one answer for everything that may come."""

from collections.abc import Iterator
from dataclasses import dataclass

from kingpost.checks.conditions import has_choices, misread
from kingpost.checks.finding import error, of
from kingpost.checks.rules.answers import (
    asked_before,
    check_beyond,
    check_gaps,
    check_overlaps,
    check_silent_rows,
)
from kingpost.expressions import (
    Compiled,
    Problem,
    Scope,
    compile_expression,
    compile_test,
)
from kingpost.model.assurance import Rule
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.scope import field_type, record_scope
from kingpost.rules.analysis.grid import Input
from kingpost.rules.analysis.table import analyse
from kingpost.values.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Misread:
    """A problem of one cell or input, and the way to it."""

    path: tuple[str | int, ...]
    problem: Problem


@dataclass(frozen=True, slots=True)
class Table:
    """A table as far as it reads. tests: row by row, the compiled cells of the inputs."""

    inputs: tuple[Compiled, ...]
    tests: tuple[tuple[Compiled, ...], ...]
    faults: tuple[Misread, ...]


def check_tables(model: Model) -> Iterator[Diagnostic]:
    """Find what is wrong in decision tables: cells, gaps, overlaps, rows that never answer.

    Source: OMG DMN 1.5, clause 8.
    """
    scopes = {item.id: record_scope(model, item) for item in model.objects.values()}
    for rule in model.rules.values():
        uneven = list(_check_widths(model, rule))
        yield from uneven
        item = model.objects.get(rule.object)
        if item is not None and not uneven and has_choices(item):
            table = _compile(model, rule, item, scopes[item.id])
            for fault in table.faults:
                yield misread(model, of("rule", rule.id, *fault.path), fault.problem)
            if not table.faults:
                yield from _check_answers(model, rule, item, table)


def _check_widths(model: Model, rule: Rule) -> Iterator[Diagnostic]:
    width = len(rule.inputs) + len(rule.outputs)
    for index, row in enumerate(rule.rows):
        if len(row) != width:
            yield error(
                model,
                "KP0608",
                of("rule", rule.id, "rows", index),
                f"row {index + 1} of rule `{rule.id}` has {len(row)} cells, and the table has"
                f" {width} columns",
                "Write a cell for each input and each output; `-` accepts everything.",
            )


def _compile(model: Model, rule: Rule, item: BusinessObject, scope: Scope) -> Table:
    """Compile the inputs and, where they read, the cells."""
    faults: list[Misread] = []
    inputs: list[Compiled] = []

    def keep(
        result: Compiled | tuple[Problem, ...], into: list[Compiled], *path: str | int
    ) -> None:
        if isinstance(result, Compiled):
            into.append(result)
        else:
            faults.extend(Misread(path, problem) for problem in result)

    for one in rule.inputs:
        keep(compile_expression(one.expression, scope), inputs, "inputs", one.id)
    if faults:
        return Table((), (), tuple(faults))
    fields = [item.field(output.id) for output in rule.outputs]
    kinds = [field_type(model, found) if found else None for found in fields]
    tests: list[tuple[Compiled, ...]] = []
    for index, row in enumerate(rule.rows):
        cells: list[Compiled] = []
        for number, (cell, asked) in enumerate(zip(row, inputs, strict=False)):
            keep(compile_test(cell, asked.type, scope), cells, "rows", index, number)
        for number, (cell, kind) in enumerate(zip(row[len(inputs) :], kinds, strict=True)):
            path = ("rows", index, len(inputs) + number)
            keep(compile_expression(cell, scope, kind), [], *path)
        tests.append(tuple(cells))
    return Table(tuple(inputs), tuple(tests), tuple(faults))


def _check_answers(
    model: Model, rule: Rule, item: BusinessObject, table: Table
) -> Iterator[Diagnostic]:
    columns = zip(rule.inputs, table.inputs, strict=True)
    inputs = [
        Input(one.id, asked.type, tuple(row[at] for row in table.tests), _is_whole(item, asked))
        for at, (one, asked) in enumerate(columns)
    ]
    found = analyse(inputs, len(rule.rows), asked_before(rule))
    yield from check_beyond(model, rule, found)
    yield from check_gaps(model, rule, found, table.inputs)
    yield from check_overlaps(model, rule, found)
    yield from check_silent_rows(model, rule, found)


def _is_whole(item: BusinessObject, compiled: Compiled) -> bool:
    """Tell whether an input is an integer field as it stands."""
    found = item.field(compiled.text.strip().removeprefix(f"{item.id}."))
    return found is not None and found.type is FieldType.INTEGER
