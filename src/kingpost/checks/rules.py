"""Rules: tables whose cells read and fit, with one answer for everything that may come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from kingpost.checks.conditions import has_choices, misread
from kingpost.checks.finding import error, listed, of, of_step, warning
from kingpost.checks.tables import Column, Trial, column, try_table
from kingpost.expressions import (
    Compiled,
    Problem,
    Scope,
    Value,
    compile_expression,
    compile_test,
)
from kingpost.model.assurance import HitPolicy, Rule
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.scope import field_type, record_scope
from kingpost.model.workflow import RuleStep
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


def check_rules_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find rules that no step evaluates, and steps whose rule reads another object."""
    used: set[str] = set()
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            rule = model.rules.get(step.rule) if isinstance(step, RuleStep) else None
            if rule is None:
                continue
            used.add(rule.id)
            known = {rule.object, workflow.object} <= model.objects.keys()
            if known and rule.object != workflow.object:
                yield error(
                    model,
                    "KP0606",
                    of_step(workflow.id, step.id, "rule"),
                    f"rule `{rule.id}` is about object `{rule.object}`, and workflow"
                    f" `{workflow.id}` works on `{workflow.object}`",
                    f"Name a rule about `{workflow.object}`.",
                )
    for rule in model.rules.values():
        if rule.id not in used:
            message = f"no step evaluates rule `{rule.id}`"
            advice = "Name it as the `rule` of a step, or remove it."
            yield warning(model, "KP0607", of("rule", rule.id), message, advice)


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
    columns: list[Column] = []
    for number, (one, compiled) in enumerate(zip(rule.inputs, table.inputs, strict=True)):
        cells = [row[number] for row in table.tests]
        found = column(one.id, compiled.type, cells, whole=_is_whole(item, compiled))
        if found is None:
            message = (
                f"input `{one.id}` of rule `{rule.id}` is beyond the search for gaps and overlaps"
            )
            advice = "Test it with values, comparisons and ranges, or try the rule by scenarios."
            yield warning(model, "KP0605", of("rule", rule.id, "inputs", one.id), message, advice)
        else:
            columns.append(found)
    if len(columns) < len(rule.inputs):
        return
    trial = try_table(columns, len(rule.rows))
    if trial.left < 0:
        message = f"rule `{rule.id}` is too large for the search for gaps and overlaps"
        advice = "Split it into rules with fewer inputs."
        yield warning(model, "KP0605", of("rule", rule.id), message, advice)
        return
    yield from _check_gaps(model, rule, trial)
    yield from _check_overlaps(model, rule, trial)
    yield from _check_silent_rows(model, rule, trial)


def _is_whole(item: BusinessObject, compiled: Compiled) -> bool:
    """Tell whether an input is an integer field as it stands."""
    found = item.field(compiled.text.strip().removeprefix(f"{item.id}."))
    return found is not None and found.type is FieldType.INTEGER


def _check_gaps(model: Model, rule: Rule, trial: Trial) -> Iterator[Diagnostic]:
    if trial.gaps:
        others = len(trial.gaps) - 1
        more = f", nor in {others} other {'case' if others == 1 else 'cases'}" if others else ""
        yield error(
            model,
            "KP0602",
            of("rule", rule.id, "rows"),
            f"no row of rule `{rule.id}` answers when {_told(trial.gaps[0])}{more}",
            "Add a row for it, or one with `-` that answers the rest.",
        )


def _check_overlaps(model: Model, rule: Rule, trial: Trial) -> Iterator[Diagnostic]:
    if rule.hit_policy is HitPolicy.FIRST:
        return
    for (one, other), example in sorted(trial.overlaps.items(), key=lambda pair: pair[0]):
        answers = [rule.rows[row][len(rule.inputs) :] for row in (one, other)]
        if rule.hit_policy is HitPolicy.UNIQUE or answers[0] != answers[1]:
            differ = "" if rule.hit_policy is HitPolicy.UNIQUE else ", differently,"
            yield error(
                model,
                "KP0603",
                of("rule", rule.id, "rows", other),
                f"rows {one + 1} and {other + 1} of rule `{rule.id}` both answer{differ}"
                f" {_when(example)}",
                "Narrow one of them, or write `hit-policy: first`.",
            )


def _check_silent_rows(model: Model, rule: Rule, trial: Trial) -> Iterator[Diagnostic]:
    heard = trial.fired if rule.hit_policy is HitPolicy.FIRST else trial.accepted
    for row in range(len(rule.rows)):
        if row not in heard:
            above = ": the rows above it answer first" if row in trial.accepted else ""
            message = f"row {row + 1} of rule `{rule.id}` never answers{above}"
            advice = "Move it up, or remove it." if above else "Correct its tests, or remove it."
            where = of("rule", rule.id, "rows", row)
            yield error(model, "KP0604", where, message, advice)


def _when(example: Mapping[str, Value]) -> str:
    return f"when {_told(example)}" if example else "always"


def _told(example: Mapping[str, Value]) -> str:
    parts = [f"`{name}` is {listed([_word(value)])}" for name, value in example.items()]
    return " and ".join(parts)


def _word(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case timedelta():
            return f"{value.total_seconds():.0f} seconds"
        case _:
            return str(value)
