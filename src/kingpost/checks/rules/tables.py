"""Rules as they are written: whether they read, need themselves, and answer everything once."""

from collections.abc import Iterator

from kingpost.checks.conditions import Scopes, has_choices, misread
from kingpost.checks.finding import error, listed, of
from kingpost.checks.rules.answers import check_answers
from kingpost.checks.rules.reading import Readout, read_rule
from kingpost.expressions import (
    AnyType,
    Compiled,
    DurationType,
    MoneyType,
    MonthsType,
    NumberType,
    TextType,
    YesNoType,
)
from kingpost.model.model import Model
from kingpost.model.objects import FieldType
from kingpost.model.rules import Aggregation, Rule
from kingpost.model.ruling.needs import circles
from kingpost.model.ruling.types import CHOICE, NAMED, named_type
from kingpost.model.ruling.typing import Typed
from kingpost.rules.analysis.grid import Input
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.nearest import nearest

_ADDED = (NumberType, MoneyType, DurationType, MonthsType, AnyType)


def check_rules(model: Model, scopes: Scopes | None = None) -> Iterator[Diagnostic]:
    """Find what is wrong in rules: expressions, types, circles, gaps, overlaps, silent rows.

    scopes: of the model, with its rules typed.
    Source: OMG DMN 1.5, clauses 6 to 8.
    """
    rules = (scopes or Scopes(model)).type_rules()
    found = tuple(circles(rules.needs))
    yield from (_circle(model, circle) for circle in found)
    circular = {name for circle in found for name in circle}
    for name, rule in model.rules.items():
        faults = [*_check_widths(model, rule), *_check_types(model, rule)]
        faults += _check_outputs(model, rule)
        yield from faults
        typed = rules.typed[name]
        yield from _check_hit_policy(model, rule, typed)
        whole = all(has_choices(model.objects[each]) for each in typed.objects)
        if not faults and whole and name not in circular:
            yield from _check_logic(model, rule, typed)


def _check_logic(model: Model, rule: Rule, typed: Typed) -> Iterator[Diagnostic]:
    readout = read_rule(model, rule, typed)
    for fault in readout.faults:
        yield misread(model, of("rule", rule.id, *fault.path), fault.problem)
    if rule.rows and not readout.faults:
        inputs = tuple(_inputs(model, rule, typed, readout))
        yield from check_answers(model, rule, inputs, readout.inputs)


def _inputs(model: Model, rule: Rule, typed: Typed, readout: Readout) -> Iterator[Input]:
    for at, one in enumerate(rule.inputs):
        cells = tuple(row[at] for row in readout.tests)
        whole = _is_whole(model, rule, readout.inputs[at])
        yield Input(one.id, typed.inputs[at], cells, whole)


def _is_whole(model: Model, rule: Rule, asked: Compiled) -> bool:
    """Tell whether an input is an integer field or parameter as it stands."""
    text = asked.text.strip()
    for one in rule.parameters:
        if one.id == text:
            return one.type == FieldType.INTEGER
    item = model.objects.get(text.partition(".")[0])
    found = item.field(text.partition(".")[2]) if item is not None else None
    return found is not None and found.type is FieldType.INTEGER


def _circle(model: Model, circle: tuple[str, ...]) -> Diagnostic:
    first, *others = circle
    message = f"rule `{first}` needs itself"
    advice = "Let it do without."
    if others:
        message += f": it needs {listed((*others, first), 'and at last')}"
        advice = "Let one of them do without the others."
    return error(model, "KP0609", of("rule", first), message, advice)


def _check_widths(model: Model, rule: Rule) -> Iterator[Diagnostic]:
    width = len(rule.inputs) + len(rule.outputs) + len(rule.annotations)
    for index, row in enumerate(rule.rows):
        if len(row) != width:
            cells = "cell" if len(row) == 1 else "cells"
            yield error(
                model,
                "KP0608",
                of("rule", rule.id, "rows", index),
                f"row {index + 1} of rule `{rule.id}` has {len(row)} {cells}, and the table has"
                f" {width} columns",
                "Write a cell for each input, each output and each annotation; `-` accepts"
                " everything.",
            )


def _check_types(model: Model, rule: Rule) -> Iterator[Diagnostic]:
    """Find names of types that stand for nothing."""
    typed = [("parameters", one.id, one.type, one.values) for one in rule.parameters]
    typed += [("outputs", one.id, one.type, one.values) for one in rule.outputs if one.type]
    for section, name, written, values in typed:
        if named_type(model, written, values) is None:
            where = of("rule", rule.id, section, name)
            if written == CHOICE:
                message = f"choice `{name}` of rule `{rule.id}` has nothing to choose from"
                yield error(model, "KP0610", where, message, "List its values in `of`.")
                continue
            wanted = written.rpartition("list of ")[2]
            close = nearest(wanted, (*NAMED, *model.objects, *_field_names(model, wanted)))
            message = f"there is no type `{wanted}`"
            advice = f"Write `{close}`." if close else "Name a type, an object or a field of one."
            yield error(model, "KP0610", where, message, advice)


def _check_outputs(model: Model, rule: Rule) -> Iterator[Diagnostic]:
    """Find outputs that a rule which is no table does not answer."""
    for at, name in enumerate(rule.answers):
        if name in model.rules and model.rules[name].is_called:
            message = f"service `{rule.id}` answers for `{name}`, which must be called"
            advice = "Name rules that read the record; they may call it."
            yield error(model, "KP0615", of("rule", rule.id, "answers", at), message, advice)
    entries = [entry.id for entry in rule.entries]
    for at, output in enumerate(rule.outputs):
        where = of("rule", rule.id, "outputs", at)
        if rule.value is not None and at > 0:
            message = f"rule `{rule.id}` has one answer, and `{output.id}` is a second output"
            yield error(model, "KP0615", where, message, "Keep one output, or write `entries`.")
        elif rule.value is None and not rule.rows and output.id not in entries:
            close = nearest(output.id, entries)
            message = f"rule `{rule.id}` has no entry `{output.id}` to answer"
            advice = f"Write `{close}`." if close else "Add the entry, or remove the output."
            yield error(model, "KP0615", where, message, advice)


def _field_names(model: Model, name: str) -> tuple[str, ...]:
    item = model.objects.get(name.partition(".")[0])
    return tuple(f"{item.id}.{field.id}" for field in item.fields) if item else ()


def _check_hit_policy(model: Model, rule: Rule, typed: Typed) -> Iterator[Diagnostic]:
    """Find hit policies that cannot do with the outputs what they should."""
    policy, where = rule.hit_policy, of("rule", rule.id, "hit-policy")
    if policy.ranks and not any(output.values for output in rule.outputs):
        message = f"rule `{rule.id}` ranks its answers, and no output lists its values"
        advice = "List them in `outputs`, the one of the highest priority first."
        yield error(model, "KP0611", where, message, advice)
    if rule.aggregation in {Aggregation.LIST, Aggregation.COUNT} or not rule.rows:
        return
    word, at = rule.aggregation.value, of("rule", rule.id, "aggregation")
    if len(rule.outputs) != 1:
        message = f"`{word}` makes one of the answers, and rule `{rule.id}` has several outputs"
        yield error(model, "KP0611", at, message, "Keep one output, or collect a list.")
        return
    name, kind = next(iter(typed.outputs.items()))
    unfit = isinstance(kind, YesNoType | TextType) or (
        rule.aggregation is Aggregation.SUM and not isinstance(kind, _ADDED)
    )
    if unfit:
        message = f"`{word}` cannot be made of output `{name}` of rule `{rule.id}`"
        yield error(model, "KP0611", at, message, "Answer with numbers, or collect a list.")
