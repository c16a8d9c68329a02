"""What the expressions of each rule may name, and what it answers, before it is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from kingpost.expressions import (
    AnyType,
    ChoiceType,
    Compiled,
    ContextType,
    FunctionType,
    Lexicon,
    ListType,
    NumberType,
    Scope,
    Type,
    compile_expression,
)
from kingpost.expressions.kinds import join
from kingpost.model.model import Model
from kingpost.model.rules import Output, Rule
from kingpost.model.ruling.needs import (
    closure,
    expressions_of,
    in_order,
    names_read,
    needs_of,
)
from kingpost.model.ruling.types import named_type
from kingpost.model.scope import field_type, record_scope

ANY = AnyType()
# What rules may name, by the rules and the objects.
_Shared: TypeAlias = dict[tuple[tuple[str, ...], tuple[str, ...]], Lexicon]


@dataclass(frozen=True, slots=True)
class Typed:
    """A rule with what is known of it.

    scope:      what its expressions may name, with what they became.
    objects:    the objects whose records it reads, itself or through the rules that it needs.
    inputs:     the type of each column that a table tests.
    outputs:    the type of each thing that it answers, by name.
    result:     the type of its answer.
    parameters: of a function or service, in order; empty otherwise.
    """

    scope: Lexicon
    objects: tuple[str, ...]
    inputs: tuple[Type, ...]
    outputs: Mapping[str, Type]
    result: Type
    parameters: Mapping[str, Type]

    def stored(self, rule: Rule) -> Mapping[str, Type]:
        """Return the type of what a step stores for each output."""
        if rule.counts:
            return dict.fromkeys(self.outputs, self.result)
        if rule.lists:
            return {name: ListType(kind) for name, kind in self.outputs.items()}
        return self.outputs

    def of_inputs(self, rule: Rule) -> Mapping[str, Type]:
        """Return the types of the columns of a table, or else of what the rule may read."""
        if rule.rows:
            return {one.id: kind for one, kind in zip(rule.inputs, self.inputs, strict=True)}
        found: dict[str, Type] = {}
        for name, kind in self.scope.items():
            found[name] = kind
            if isinstance(kind, ContextType):
                found.update({f"{name}.{key}": one for key, one in kind.members.items()})
        return found

    @property
    def type(self) -> Type:
        """Return the type of its name in an expression."""
        if not self.parameters:
            return self.result
        return FunctionType(tuple(self.parameters.values()), self.result)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a model, typed.

    needs: for each rule those that it names. order: each rule behind what it needs.
    """

    model: Model
    needs: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]
    typed: Mapping[str, Typed]

    def with_needs(self, name: str) -> tuple[Rule, ...]:
        """Return a rule behind all that it needs, near or far."""
        needed = closure(self.needs, name) | {name}
        return tuple(self.model.rules[each] for each in sorted(needed))

    def called(self) -> Scope:
        """Return the types of the functions and services, which any condition may call."""
        rules = self.model.rules
        return {name: one.type for name, one in self.typed.items() if rules[name].is_called}


def type_rules(model: Model) -> Rules:
    """Type the rules of a model, each behind those that it needs."""
    needs = needs_of(model)
    order = in_order(needs)
    typed: dict[str, Typed] = {}
    shared: _Shared = {}
    for name in order:
        typed[name] = _typed(model, name, needs, typed, shared)
    return Rules(model, needs, order, typed)


def _typed(
    model: Model,
    name: str,
    needs: Mapping[str, tuple[str, ...]],
    typed: Mapping[str, Typed],
    shared: _Shared,
) -> Typed:
    rule = model.rules[name]
    known = {each: typed[each] for each in needs[name] if each in typed}
    if rule.answers:
        return _service(model, rule, needs, known)
    objects = _objects(model, rule, known)
    parameters = {one.id: named_type(model, one.type, one.values) or ANY for one in rule.parameters}
    readable = known if not rule.parameters else _callable(model, known)
    scope = _scope(model, readable, objects, shared)
    if parameters or rule.entries:
        own: dict[str, Type] = {**scope, **parameters}
        for entry in rule.entries:
            own[entry.id] = type_of(entry.expression, own)
        scope = Lexicon(own)
    inputs = tuple(
        ChoiceType(one.values) if one.values else type_of(one.expression, scope)
        for one in rule.inputs
    )
    outputs = _outputs(model, rule, scope)
    return Typed(scope, objects, inputs, outputs, _result(rule, outputs, scope), parameters)


def _scope(
    model: Model, readable: Mapping[str, Typed], objects: tuple[str, ...], shared: _Shared
) -> Lexicon:
    """Return the names of rules and records; rules that may use the same ones share them."""
    key = tuple(readable), objects
    if key not in shared:
        scope: dict[str, Type] = {each: one.type for each, one in readable.items()}
        for item in (model.objects[each] for each in objects):
            scope.update(record_scope(model, item))
        shared[key] = Lexicon(scope)
    return shared[key]


def _callable(model: Model, known: Mapping[str, Typed]) -> Mapping[str, Typed]:
    """Return what a function may name: functions, for it reads only what it is given."""
    return {name: one for name, one in known.items() if model.rules[name].is_called}


def _service(
    model: Model, rule: Rule, needs: Mapping[str, tuple[str, ...]], known: Mapping[str, Typed]
) -> Typed:
    """Return a service: it takes the records that its rules read, and what it is given."""
    answers = {name: known[name] for name in rule.answers if name in known}
    objects = sorted(_read_inside(model, rule, needs))
    parameters: dict[str, Type] = {}
    for name in objects:
        parameters.update(record_scope(model, model.objects[name]))
    parameters.update({name: known[name].result for name in rule.given if name in known})
    outputs = {name: kind for one in answers.values() for name, kind in one.outputs.items()}
    if len(answers) == 1:
        result = next(iter(answers.values())).result
    else:
        result = ContextType({name: one.result for name, one in answers.items()})
    return Typed(Lexicon(parameters), tuple(objects), (), outputs, result, parameters)


def _read_inside(model: Model, rule: Rule, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the objects that the rules of a service read, but not those that it is given."""
    found: set[str] = set()
    seen: set[str] = set(rule.given)
    waiting = [name for name in rule.answers if name in needs]
    while waiting:
        name = waiting.pop()
        if name not in seen and not model.rules[name].is_called:
            seen.add(name)
            found |= _named_objects(model, model.rules[name])
            waiting.extend(needs[name])
    return found


def _objects(model: Model, rule: Rule, known: Mapping[str, Typed]) -> tuple[str, ...]:
    """Return the objects whose records a rule reads, itself or through those that it needs."""
    if rule.parameters:
        return ()
    below = {
        name
        for need, one in known.items()
        if not model.rules[need].is_called
        for name in one.objects
    }
    return tuple(sorted(below | _named_objects(model, rule)))


def _named_objects(model: Model, rule: Rule) -> set[str]:
    """Return the object that a rule is about, or those that its expressions name."""
    if rule.object:
        return {rule.object} & model.objects.keys()
    named = names_read(expressions_of(rule), model.objects, model.rules)
    return set(named & model.objects.keys())


def type_of(text: str, scope: Scope) -> Type:
    """Return the type of an expression; any, where it does not read."""
    found = compile_expression(text, scope)
    return found.type if isinstance(found, Compiled) else ANY


def _outputs(model: Model, rule: Rule, scope: Scope) -> Mapping[str, Type]:
    """Return the type of each output."""
    if rule.rows:
        cells = [rule.answers_of(row) for row in rule.rows]
        return {
            one.id: declared(model, rule, one)
            or _joined([row[at] for row in cells if at < len(row)], scope)
            for at, one in enumerate(rule.outputs)
        }
    entries = {one.id: scope[one.id] for one in rule.entries}
    if rule.value is not None:
        found = type_of(rule.value, scope)
        return {one.id: declared(model, rule, one) or found for one in rule.outputs[:1]}
    return {one.id: declared(model, rule, one) or entries.get(one.id, ANY) for one in rule.outputs}


def declared(model: Model, rule: Rule, output: Output) -> Type | None:
    """Return the type that an output is declared to have, itself or by the field of its name."""
    if output.type or output.values:
        return named_type(model, output.type, output.values)
    item = model.objects.get(rule.object)
    found = item.field(output.id) if item is not None else None
    if found is None or rule.counts:
        return None
    kind = field_type(model, found)
    # A field that holds the answers of several rows is a list of what one row answers.
    return kind.of if rule.lists and isinstance(kind, ListType) else kind


def _joined(cells: list[str], scope: Scope) -> Type:
    kinds = [type_of(cell, scope) for cell in dict.fromkeys(cells)]
    return reduce(join, kinds) if kinds else ANY


def _result(rule: Rule, outputs: Mapping[str, Type], scope: Scope) -> Type:
    if rule.rows:
        return _of_table(rule, outputs)
    if rule.value is not None:
        declared_ = next(iter(outputs.values()), None)
        return declared_ or type_of(rule.value, scope)
    return ContextType({one.id: scope[one.id] for one in rule.entries})


def _of_table(rule: Rule, outputs: Mapping[str, Type]) -> Type:
    if rule.counts:
        return NumberType()
    one = next(iter(outputs.values())) if len(outputs) == 1 else ContextType(outputs)
    return ListType(one) if rule.lists else one
