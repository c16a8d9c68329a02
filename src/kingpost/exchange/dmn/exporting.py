"""The rules of a company written as a model of decisions, and what of them has no form there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kingpost.exchange.remarks import Remark, Verdict
from kingpost.expressions import (
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    MoneyType,
    MonthsType,
    NumberType,
    TextType,
    TimeType,
    Type,
    YesNoType,
)
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.logic import logic_of
from kingpost.model.ruling.needs import closure, expressions_of, names_in
from kingpost.model.ruling.types import quoted
from kingpost.model.ruling.typing import Rules, Typed, type_rules
from kingpost.rules import (
    BoxedContext,
    DecisionTable,
    FunctionDefinition,
    Head,
    Logic,
    Text,
    Variable,
)
from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Element,
    InputData,
    ItemDefinition,
    Knowledge,
    Need,
    Requirement,
    Service,
)

_NAMESPACE = "https://kingpost.invalid/rules"
_TEXTS = re.compile(r"""("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)'""", re.DOTALL)
_NAMES: Mapping[type, str] = {
    TextType: "string",
    ChoiceType: "string",
    NumberType: "number",
    MoneyType: "number",
    YesNoType: "boolean",
    DateType: "date",
    TimeType: "time",
    DateTimeType: "date and time",
    DurationType: "days and time duration",
    MonthsType: "years and months duration",
    ContextType: "context",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """Rules as definitions, and what became of each."""

    definitions: Definitions
    remarks: tuple[Remark, ...]


def export_rules(model: Model) -> Exported:
    """Return the rules of a model with the objects that they read. The model must be sound."""
    rules = type_rules(model)
    names = [name for name in rules.order if name not in model.objects]
    read = sorted({name for each in names for name in rules.typed[each].objects})
    kinds = {name: _record(rules, name) for name in read}
    elements: list[Element] = [
        InputData(name, _variable(name, name), Head(f"object-{name}")) for name in read
    ]
    elements.extend(_element(rules, model.rules[name]) for name in names)
    definitions = Definitions(
        name=model.company,
        namespace=_NAMESPACE,
        types=tuple(_item(name, kind) for name, kind in kinds.items()),
        elements=tuple(elements),
        exporter="Kingpost",
        head=Head("rules"),
    )
    of_objects = (_of_object(name, kind) for name, kind in kinds.items())
    return Exported(definitions, (*of_objects, *_of_rules(model)))


def _record(rules: Rules, name: str) -> Type:
    """Return the type of the records of an object, as the rules that read it know it."""
    return next(one.scope[name] for one in rules.typed.values() if name in one.scope)


def _variable(name: str, type_: str) -> Variable:
    return Variable(name, Head(type=type_))


def _type_name(kind: Type) -> str:
    """Return the name of a type, or nothing where only a definition could say it."""
    return _NAMES.get(type(kind), "")


def _item(name: str, kind: Type) -> ItemDefinition:
    """Return the definition of a type."""
    collection = isinstance(kind, ListType)
    inner = kind.of if isinstance(kind, ListType) else kind
    parts: tuple[ItemDefinition, ...] = ()
    if isinstance(inner, ContextType):
        parts = tuple(_item(member, one) for member, one in inner.members.items())
    values = ", ".join(map(quoted, inner.of)) if isinstance(inner, ChoiceType) else ""
    return ItemDefinition(
        name=name,
        components=parts,
        collection=collection,
        allowed=Text(values) if values else None,
        head=Head(type="" if parts else _type_name(inner) or "Any"),
    )


def _element(rules: Rules, rule: Rule) -> Element:
    typed = rules.typed[rule.id]
    head = Head(f"rule-{rule.id}", label=rule.title)
    variable = _variable(rule.id, "")
    if rule.answers:
        return _service(rules, rule, typed, head)
    logic = _standard(logic_of(rule, typed), typed)
    requirements = _requirements(rules, rule, typed)
    if rule.parameters:
        parameters = tuple(
            _variable(name, _type_name(kind)) for name, kind in typed.parameters.items()
        )
        function = FunctionDefinition(parameters, logic)
        return Knowledge(rule.id, function, variable, requirements, head)
    return Decision(rule.id, logic, variable, requirements, head=head)


def _service(rules: Rules, rule: Rule, typed: Typed, head: Head) -> Service:
    inside = [
        name
        for name in sorted(closure(rules.needs, rule.id))
        if name not in {*rule.answers, *rule.given} and not rules.model.rules[name].is_called
    ]
    return Service(
        name=rule.id,
        outputs=_targets(rule.answers),
        encapsulated=_targets(inside),
        decisions=_targets(rule.given),
        data=tuple(f"#object-{name}" for name in typed.objects),
        variable=_variable(rule.id, ""),
        head=head,
    )


def _targets(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(f"#rule-{name}" for name in names)


def _requirements(rules: Rules, rule: Rule, typed: Typed) -> tuple[Requirement, ...]:
    """Return what a rule reads: records, answers of other rules, and functions."""
    objects = sorted(names_in(expressions_of(rule)) & set(typed.objects))
    found = [(Need.INPUT, f"#object-{name}") for name in objects]
    called = rules.model.rules
    for name in rules.needs[rule.id]:
        if called[name].is_called:
            found.append((Need.KNOWLEDGE, f"#rule-{name}"))
        elif not rule.parameters:
            found.append((Need.DECISION, f"#rule-{name}"))
    found.sort(key=lambda one: one[0] is Need.KNOWLEDGE)
    return tuple(
        Requirement(need, target, Head(f"rule-{rule.id}-needs-{number}"))
        for number, (need, target) in enumerate(found, 1)
    )


def _standard(logic: Logic, typed: Typed) -> Logic:
    """Return logic without what only we understand, and with the types of a table's columns."""
    match logic:
        case Text():
            return _plain(logic)
        case DecisionTable():
            return _table(logic, typed)
        case BoxedContext(entries=entries):
            parts = (
                replace(one, value=_standard(one.value, typed) if one.value else None)
                for one in entries
            )
            return replace(logic, entries=tuple(parts))
        case _:
            return logic


def _plain(text: Text) -> Text:
    """Return a text with double quotes alone: single ones are ours."""

    def turned(match: re.Match[str]) -> str:
        inside = match[2]
        return match[1] or f'"{inside.replace(chr(34), chr(92) + chr(34))}"'

    return replace(text, text=_TEXTS.sub(turned, text.text))


def _table(table: DecisionTable, typed: Typed) -> DecisionTable:
    inputs = tuple(
        replace(one, expression=replace(_plain(one.expression), head=Head(type=_type_name(kind))))
        for one, kind in zip(table.inputs, typed.inputs, strict=True)
    )
    outputs = tuple(
        replace(
            one,
            default=_plain(one.default) if one.default is not None else None,
            head=Head(type=_type_name(typed.outputs[one.name])),
        )
        for one in table.outputs
    )
    rows = tuple(
        replace(row, tests=tuple(map(_plain, row.tests)), results=tuple(map(_plain, row.results)))
        for row in table.rows
    )
    return replace(table, inputs=inputs, outputs=outputs, rows=rows)


def _of_object(name: str, kind: Type) -> Remark:
    members = kind.members.values() if isinstance(kind, ContextType) else ()
    if any(isinstance(member, MoneyType) for member in members):
        why = "amounts of money are written as numbers, without their currency"
        return Remark("object", name, "", Verdict.APPROXIMATED, f"inputData {name}", why)
    return Remark("object", name, "", Verdict.EXECUTED, f"inputData {name}")


def _of_rules(model: Model) -> Iterator[Remark]:
    for rule in model.rules.values():
        if rule.id in model.objects:
            why = "an object has the same name, and a model of decisions knows each name once"
            yield Remark("rule", rule.id, rule.title, Verdict.REFUSED, why=why)
            continue
        why = "; ".join(_differences(rule))
        verdict = Verdict.APPROXIMATED if why else Verdict.EXECUTED
        yield Remark("rule", rule.id, rule.title, verdict, _becomes(rule), why)


def _becomes(rule: Rule) -> str:
    if rule.answers:
        return "decisionService"
    return "businessKnowledgeModel" if rule.parameters else "decision"


def _differences(rule: Rule) -> Iterator[str]:
    if rule.tests:
        yield "its tests have no place there"
    if rule.lists or rule.counts:
        yield "where no row matches the standard answers null, and not an empty list or 0"
