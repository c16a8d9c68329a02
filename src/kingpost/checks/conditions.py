"""Expressions of the model besides its tables: each must read, and yield what is asked of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kingpost.checks.classes.constancy import constant_answer
from kingpost.checks.finding import Where, error, of, of_step, warning
from kingpost.expressions import (
    Compiled,
    Lexicon,
    Problem,
    Scope,
    Type,
    Value,
    YesNoType,
    compile_expression,
)
from kingpost.model.intent import Population
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.parts.places import VALUE
from kingpost.model.rules import Rule
from kingpost.model.ruling.typing import Rules, Typed, type_rules
from kingpost.model.scope import STATE, case_scope, field_type, record_scope, running_scope
from kingpost.model.workflow import Call, Decision, Route, Run, Wait, Workflow
from kingpost.values.diagnostic import Diagnostic

_TRUTH = YesNoType()
_NO_FUNCTIONS: Scope = {}
# In place of the words of a problem: that a condition says the same of every record.
_ALWAYS = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression as it is written. scope: the address whose names it may use.

    yields: what is asked of it; None for any value. each: what else it may use, by name.
    varies: whether it must come out otherwise for another record.
    state:  the one in which it must be true.
    """

    text: str
    scope: str
    where: Where
    yields: Type | None = _TRUTH
    each: tuple[tuple[str, Type], ...] = ()
    varies: bool = True
    state: str = ""


class _Found(NamedTuple):
    """What a text came to. always: what it says of every record, in a tuple of one."""

    problems: tuple[Problem, ...]
    always: tuple[Value] | None


class Scopes:
    """The names that the conditions of a model may use; each text is compiled once under them."""

    def __init__(self, model: Model, called: Scope | None = None) -> None:
        """Begin without any. called: the functions that rules are, when they are known already."""
        self._model = model
        self._called = called
        self._rules: Rules | None = None
        self._records: dict[str, Lexicon] = {}
        self._cases: dict[str, Lexicon] = {}

    def type_rules(self) -> Rules:
        """Return all rules of the model, typed once."""
        if self._rules is None:
            self._rules = type_rules(self._model)
        return self._rules

    def typed(self, rules: Mapping[str, Rule]) -> Mapping[str, Typed]:
        """Return what is known of some rules and of all that they need; nothing else is looked at.

        rules: with all that they need.
        """
        if self._rules is None:
            return type_rules(replace(self._model, rules=rules)).typed
        return self._rules.typed

    def at(self, address: str) -> Lexicon | None:
        """Return what is said about an object or a workflow; None where not all of it is known."""
        kind, name = address.split("/")
        item = _object_of(self._model, kind, name)
        if item is None or not has_choices(item):
            return None
        if kind == "workflow":
            return self.of_case(self._model.workflows[name])
        if name not in self._records:
            names = {**self.functions(), **record_scope(self._model, item)}
            self._records[name] = Lexicon(names)
        return self._records[name]

    def of_case(self, workflow: Workflow) -> Lexicon:
        """Return what is said about a case of a workflow.

        What reads of its record alone reads the same of the case.
        """
        if workflow.id not in self._cases:
            names = {**self.functions(), **case_scope(self._model, workflow)}
            self._cases[workflow.id] = Lexicon(names, self._records.get(workflow.object))
        return self._cases[workflow.id]

    def functions(self) -> Scope:
        """Return the functions that conditions may call, which rules declare."""
        if self._called is None:
            has_functions = any(rule.is_called for rule in self._model.rules.values())
            self._called = self.type_rules().called() if has_functions else _NO_FUNCTIONS
        return self._called


def check_conditions(model: Model, scopes: Scopes | None = None) -> Iterator[Diagnostic]:
    """Find conditions that do not read, do not yield yes or no, or always yield the same.

    scopes: where the proof of the same model finds again what conditions became.
    Source: OMG DMN 1.5, clause 10.3, for the language.
    """
    scopes = scopes or Scopes(model)
    known: dict[str, Scope | None] = {}
    found: dict[tuple[object, ...], _Found] = {}
    told: set[tuple[str, Where]] = set()
    for item in conditions_of(model):
        if item.scope not in known:
            known[item.scope] = scopes.at(item.scope)
        scope = known[item.scope]
        if scope is None:
            continue
        key = (item.text, item.scope, item.yields, item.each, item.varies, item.state)
        if key not in found:
            inside = {**scope, **dict(item.each)} if item.each else scope
            found[key] = _look(model, item, inside)
        problems, always = found[key]
        # Of several conditions in one place, one that says the same of every record is told.
        if always is not None and (_ALWAYS, item.where) not in told:
            told.add((_ALWAYS, item.where))
            yield _unvarying(model, item, always[0])
        for problem in problems:
            if (problem.message, item.where) not in told:
                told.add((problem.message, item.where))
                yield misread(model, item.where, problem)


def _look(model: Model, item: Condition, scope: Scope) -> _Found:
    result = compile_expression(item.text, scope, item.yields)
    if not isinstance(result, Compiled):
        return _Found(result, None)
    # What is sent may well be the same for every record.
    return _Found((), _always(model, item, result) if item.varies else None)


def misread(model: Model, where: Where, problem: Problem) -> Diagnostic:
    """Return the finding for a problem of an expression.

    Its place is that of the character in the file with which the problem begins.
    """
    finding = error(model, "KP0601", where, problem.message, problem.help)
    # A text that is named stands behind its name.
    place = model.place(where.subject, *where.path, VALUE)
    return finding if place is None else replace(finding, place=place.at(problem.offset))


def _always(model: Model, asked: Condition, condition: Compiled) -> tuple[Value] | None:
    """Return what a condition says of every record, in a tuple of one; None if that varies."""
    item = _object_of(model, *asked.scope.split("/"))
    if condition.certain or item is None:
        return condition.certain
    return constant_answer(model, item, condition, asked.state)


def _unvarying(model: Model, item: Condition, value: Value) -> Diagnostic:
    """Return the finding for a condition that comes out the same for every record."""
    where = item.where
    if item.state and value is not True:
        message = f"no record can ever be in state `{item.state}`: what it asks for never holds"
        advice = f"Correct `{item.text}`, which no record fulfils."
        return error(model, "KP0616", where, message, advice)
    if value is True:
        message = "the condition holds whatever the record says"
        return warning(model, "KP0616", where, message, "Leave it out, or correct it.")
    advice = "Correct it, or remove what it is to decide."
    if value is False:
        message = "the condition never holds, whatever the record says"
        return error(model, "KP0616", where, message, advice)
    message = "the condition is null whatever the record says, and a null decides nothing"
    return error(model, "KP0616", where, message, advice)


def _object_of(model: Model, kind: str, name: str) -> BusinessObject | None:
    """Return the object of which a condition on an object or a workflow is asked."""
    if kind != "workflow":
        return model.objects.get(name)
    workflow = model.workflows.get(name)
    return model.objects.get(workflow.object) if workflow else None


def has_choices(item: BusinessObject) -> bool:
    """Tell whether every choice of an object has values: else each value would be reported."""
    kept = (field.item or field for field in item.fields)
    return all(one.choices for one in kept if one.type is FieldType.CHOICE)


def conditions_of(model: Model) -> Iterator[Condition]:
    """Yield every condition of a model besides those in its rules."""
    # First those of a record alone: what they became is known when its cases are looked at.
    yield from _of_states(model)
    yield from _of_grants(model)
    for metric in model.metrics.values():
        at = of("metric", metric.id, "where")
        kind = "object" if metric.population is Population.OBJECT else "workflow"
        yield from _condition(metric.where, f"{kind}/{metric.workflow}", at)
    for interface in model.interfaces.values():
        if interface.view is not None:
            at = of("interface", interface.id, "filter")
            yield from _condition(interface.view.filter, f"workflow/{interface.view.workflow}", at)
    for duty in model.obligations.values():
        for name in sorted({workflow for workflow, _ in duty.evidence.made_by}):
            here = of("obligation", duty.id)
            yield from _condition(duty.applies, f"workflow/{name}", here.at("applies"))
            yield from _condition(duty.evidence.test, f"workflow/{name}", here.at("test"))
    yield from _of_stages(model)
    for workflow in model.workflows.values():
        yield from _of_routes(workflow)
        yield from _of_calls(model, workflow)
        yield from _of_runs(model, workflow)


def _condition(text: str | None, scope: str, where: Where) -> Iterator[Condition]:
    if text is not None:
        yield Condition(text, scope, where)


def _of_grants(model: Model) -> Iterator[Condition]:
    for post in model.posts.values():
        for index, grant in enumerate(post.authority):
            at = of("post", post.id, "authority", index, "when")
            yield from _condition(grant.when, f"workflow/{grant.workflow}", at)


def _of_states(model: Model) -> Iterator[Condition]:
    for item in model.objects.values():
        for state in item.states:
            at = of("object", item.id, "states", state.id, "always")
            if state.always is not None:
                yield Condition(state.always, f"object/{item.id}", at, state=state.id)


def _of_stages(model: Model) -> Iterator[Condition]:
    for stream in model.streams.values():
        for stage in stream.stages:
            at = of("value-stream", stream.id, "stages", stage.id)
            for name in stage.workflows:
                yield from _condition(stage.entry, f"workflow/{name}", at.at("entry"))
                yield from _condition(stage.exit, f"workflow/{name}", at.at("exit"))


def _of_routes(workflow: Workflow) -> Iterator[Condition]:
    for routes, where in routes_of(workflow):
        for index, route in enumerate(routes):
            at = where.at("then", index, "when")
            yield from _condition(route.when, f"workflow/{workflow.id}", at)


def _of_calls(model: Model, workflow: Workflow) -> Iterator[Condition]:
    """Yield what calls of a workflow send; another workflow may send the same of other records."""
    for step in workflow.all_steps():
        found = model.interfaces.get(step.interface) if isinstance(step, Call) else None
        for name, text in found.contract.send if found and found.contract else ():
            where = of("interface", found.id if found else "", "send", name)
            yield Condition(text, f"workflow/{workflow.id}", where, yields=None, varies=False)


def _of_runs(model: Model, workflow: Workflow) -> Iterator[Condition]:
    """Yield what fills in the forms of cases that a workflow begins, each of its field's type."""
    for step in workflow.all_steps():
        if not isinstance(step, Run):
            continue
        begun, own = model.workflows.get(step.workflow), model.objects.get(workflow.object)
        there = model.objects.get(begun.object) if begun else None
        if own is None or there is None or not (has_choices(own) and has_choices(there)):
            continue
        inside = running_scope(model, workflow, step, {})
        for name, text in step.given:
            field, where = there.field(name), of_step(workflow.id, step.id, "run", "with", name)
            if field is not None:
                kind = field_type(model, field)
                scope = f"workflow/{workflow.id}"
                yield Condition(text, scope, where, kind, tuple(inside.items()), varies=False)


def routes_of(workflow: Workflow) -> Iterator[tuple[tuple[Route, ...], Where]]:
    """Yield every list of routes with the thing that it stands in."""
    for step in workflow.all_steps():
        here = of_step(workflow.id, step.id)
        if step.then:
            yield step.then, here
        if isinstance(step, Decision):
            for outcome in step.outcomes:
                yield outcome.then, here.at("outcomes", outcome.id)
        if isinstance(step, Wait):
            for awaited in step.messages:
                yield awaited.then, here.at("messages", awaited.message)


def is_constant(model: Model, workflow: Workflow, text: str) -> bool:
    """Tell whether a condition says the same of every record; that is told by itself."""
    item = model.objects.get(workflow.object)
    found = compile_expression(text, case_scope(model, workflow), _TRUTH) if item else ()
    if item is None or not isinstance(found, Compiled):
        return False
    return found.certain is not None or constant_answer(model, item, found) is not None


def allowed_states(
    model: Model, workflow: Workflow, text: str | None, states: Iterable[str]
) -> frozenset[str]:
    """Return those of `states` that a condition does not rule out.

    Decided where the condition reads nothing but the record's state; any other rules out none.
    """
    every = frozenset(states)
    if text is None:
        return every
    compiled = compile_expression(text, case_scope(model, workflow), YesNoType())
    known = frozenset({f"{workflow.object}.{STATE}"})
    if not isinstance(compiled, Compiled) or compiled.reads != known:
        return every
    return frozenset(
        state for state in every if compiled.evaluate({workflow.object: {STATE: state}}) is True
    )
