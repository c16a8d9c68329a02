"""A checked model made ready to decide: expressions compiled, references looked up, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from kingpost.expressions import (
    Compiled,
    Scope,
    Type,
    YesNoType,
    compile_expression,
)
from kingpost.model.assurance import Obligation
from kingpost.model.content import rule_version, version
from kingpost.model.intent import Metric, Population
from kingpost.model.interfaces import Contract
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field
from kingpost.model.organisation import Allowance, Post
from kingpost.model.ruling.book import RuleBook
from kingpost.model.ruling.privacy import personal_fields, personal_inputs
from kingpost.model.scope import (
    blank_values,
    case_scope,
    fill_of,
    record_scope,
    running_scope,
)
from kingpost.model.workflow import Call, Decision, Parallel, Route, Run, Step, Wait, Workflow

_Element = TypeVar("_Element")


class UnsoundModelError(Exception):
    """A model that its check refuses was asked to run."""


@dataclass(frozen=True, slots=True)
class Way:
    """A compiled route. when: None for the way that is always open."""

    go: str
    when: Compiled | None


@dataclass(frozen=True, slots=True)
class Right:
    """A compiled grant: the post may take the outcome when `when` is true, or always.

    allowance: how much of it in a period. zone: by whose clocks a period begins.
    """

    post: str
    when: Compiled | None
    allowance: Allowance | None = None
    zone: str = ""

    @property
    def limit(self) -> str | None:
        """Return the condition as the model writes it."""
        return self.when.text if self.when else None


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation that some step of the workflow discharges.

    applies: None for every case. test: what its evidence satisfies, or None.
    """

    obligation: Obligation
    applies: Compiled | None
    test: Compiled | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition of a stage. side: `start` or `end`."""

    stage: str
    side: str
    holds: Compiled


@dataclass(frozen=True, slots=True)
class Gauge:
    """A metric that looks at this workflow."""

    metric: Metric
    where: Compiled | None


@dataclass(frozen=True, slots=True)
class Asking:
    """How a call asks. send: each member, with what is sent in it."""

    interface: str
    contract: Contract
    send: tuple[tuple[str, Compiled], ...]


@dataclass(frozen=True, slots=True)
class Running:
    """How a step begins cases.

    given: by field of the other form, what fills it in. each: the field whose entries are gone
           through, or None. fields: of the other record.
    """

    given: tuple[tuple[str, Compiled], ...]
    each: Field | None
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: its block, and the parallel step and branch around it.

    What an exception opens besides stands in no block.
    """

    step: Step
    block: Mapping[str, Step]
    parallel: str | None
    branch: str | None


@dataclass(frozen=True, slots=True)
class WorkflowProgram:
    """Everything that deciding about one workflow's cases needs, by name.

    ways:   compiled routes by step, by (step/outcome) or by (step/message).
    rights: who may take an outcome, by (step/outcome).
    always: invariants by state. askings: by call step. runnings: by step that begins cases.
    gauges: metrics by `case`, `step/NAME` or `state/NAME`.
    book:   the rules; versions: of each, with what it needs.
    personal_inputs: of rules, by rule.
    scope:  what a condition about a case may read. blank: the values of that, of a case to
            which nothing has happened; copied, never changed.
    """

    model: Model
    workflow: Workflow
    object: BusinessObject
    fields: Mapping[str, Field]
    places: Mapping[str, Place]
    ways: Mapping[str, tuple[Way, ...]]
    rights: Mapping[str, tuple[Right, ...]]
    always: Mapping[str, Compiled]
    askings: Mapping[str, Asking]
    runnings: Mapping[str, Running]
    book: RuleBook
    versions: Mapping[str, str]
    personal_inputs: Mapping[str, frozenset[str]]
    duties: Mapping[str, Duty]
    conditions: tuple[Condition, ...]
    gauges: Mapping[str, tuple[Gauge, ...]]
    carriers: Mapping[str, tuple[str, ...]]
    objectives: tuple[str, ...]
    personal: frozenset[str]
    scope: Scope
    blank: Mapping[str, Any]

    @property
    def first(self) -> str:
        """Return the step that begins a case."""
        return self.workflow.steps[0].id


@dataclass(frozen=True, slots=True)
class Program:
    """A whole model made ready. version: the model's.

    hears: whether a value leads some message to its case.
    """

    model: Model
    version: str
    workflows: Mapping[str, WorkflowProgram]
    hears: bool


@dataclass(frozen=True, slots=True)
class _Ruled:
    """The rules of a model made ready, for every workflow alike."""

    book: RuleBook
    versions: Mapping[str, str]
    personal: Mapping[str, frozenset[str]]


def compile_model(model: Model) -> Program:
    """Make a checked model ready to decide.

    Raises: UnsoundModelError, when an expression does not compile, which the check refuses.
    """
    rules = _ruled(model)
    compiled = {
        name: _compile_workflow(model, item, rules) for name, item in model.workflows.items()
    }
    hears = any(
        awaited.by is not None
        for workflow in model.workflows.values()
        for step in workflow.all_steps()
        if isinstance(step, Wait)
        for awaited in step.messages
    )
    return Program(model, version(model), compiled, hears)


def _ruled(model: Model) -> _Ruled:
    book = RuleBook(model)
    broken = next((name for name in model.rules if not book.has(name)), None)
    if broken is not None:
        faults = book.faults.get(broken)
        why = f"{faults[0].site.name}: {faults[0].message}" if faults else "it needs itself"
        raise UnsoundModelError(f"rule `{broken}` does not compile: {why}")
    versions = {name: rule_version(book.rules.with_needs(name)) for name in model.rules}
    return _Ruled(book, versions, personal_inputs(book.rules))


def _compile_workflow(model: Model, workflow: Workflow, rules: _Ruled) -> WorkflowProgram:
    business_object = model.objects[workflow.object]
    called = rules.book.rules.called()
    cases = {**called, **case_scope(model, workflow)}
    records = {**called, **record_scope(model, business_object)}
    return WorkflowProgram(
        model=model,
        workflow=workflow,
        object=business_object,
        fields={field.id: field for field in business_object.fields},
        places=_places(workflow),
        ways=_ways(workflow, cases),
        rights=_rights(model, workflow, cases),
        always={
            state.id: _truth(state.always, records)
            for state in business_object.states
            if state.always is not None
        },
        askings=dict(_askings(model, workflow, cases)),
        runnings=dict(_runnings(model, workflow, cases)),
        book=rules.book,
        versions=rules.versions,
        personal_inputs=rules.personal,
        duties=_duties(model, workflow, cases),
        conditions=tuple(_conditions(model, workflow, cases)),
        gauges=_gauges(model, workflow, cases),
        carriers=_carriers(model),
        objectives=objectives_of(model, workflow.id),
        personal=personal_fields(business_object),
        scope=cases,
        blank=blank_values(workflow, business_object),
    )


def in_order(elements: Mapping[str, _Element]) -> list[_Element]:
    """Return elements by id, so that it does not matter how a model is split into files."""
    return [elements[name] for name in sorted(elements)]


def objectives_of(model: Model, workflow: str) -> tuple[str, ...]:
    """Return the objectives that a workflow serves through its streams, and those above them."""
    found: dict[str, None] = {}
    waiting = [
        objective
        for stream in in_order(model.streams)
        if any(workflow in stage.workflows for stage in stream.stages)
        for objective in stream.serves
    ]
    while waiting:
        objective = waiting.pop(0)
        if objective not in found and objective in model.objectives:
            found[objective] = None
            waiting.extend(model.objectives[objective].parents)
    return tuple(found)


def _compiled(text: str, scope: Scope, expects: Type | None = None) -> Compiled:
    result = compile_expression(text, scope, expects)
    if not isinstance(result, Compiled):
        raise UnsoundModelError(f"`{text}` does not compile: {result[0].message}")
    return result


def _truth(text: str, scope: Scope) -> Compiled:
    return _compiled(text, scope, YesNoType())


def _truth_or_none(text: str | None, scope: Scope) -> Compiled | None:
    return None if text is None else _truth(text, scope)


def _places(workflow: Workflow) -> Mapping[str, Place]:
    places: dict[str, Place] = {}

    def visit(steps: tuple[Step, ...], parallel: str | None, branch: str | None) -> None:
        block = {step.id: step for step in steps}
        for step in steps:
            places[step.id] = Place(step, block, parallel, branch)
            if isinstance(step, Parallel):
                for inner in step.branches:
                    visit(inner.steps, step.id, inner.id)

    visit(workflow.steps, None, None)
    for step in workflow.errands.values():
        places[step.id] = Place(step, {}, None, None)
    return places


def _ways(workflow: Workflow, scope: Scope) -> Mapping[str, tuple[Way, ...]]:
    def compiled(routes: Iterable[Route]) -> tuple[Way, ...]:
        return tuple(Way(route.go, _truth_or_none(route.when, scope)) for route in routes)

    ways: dict[str, tuple[Way, ...]] = {}
    for step in workflow.all_steps():
        ways[step.id] = compiled(step.then)
        if isinstance(step, Decision):
            ways |= {f"{step.id}/{outcome.id}": compiled(outcome.then) for outcome in step.outcomes}
        if isinstance(step, Wait):
            ways |= {f"{step.id}/{item.message}": compiled(item.then) for item in step.messages}
    return ways


def _askings(model: Model, workflow: Workflow, scope: Scope) -> Iterable[tuple[str, Asking]]:
    for step in workflow.all_steps():
        contract = model.interfaces[step.interface].contract if isinstance(step, Call) else None
        if isinstance(step, Call) and contract is not None:
            send = tuple((name, _compiled(text, scope)) for name, text in contract.send)
            yield step.id, Asking(step.interface, contract, send)


def _runnings(model: Model, workflow: Workflow, scope: Scope) -> Iterable[tuple[str, Running]]:
    own = model.objects[workflow.object]
    for step in workflow.all_steps():
        if isinstance(step, Run):
            begun = model.workflows[step.workflow]
            fields = {field.id: field for field in model.objects[begun.object].fields}
            inside = running_scope(model, workflow, step, scope)
            texts = fill_of(workflow, begun, step)
            given = tuple((name, _compiled(text, inside)) for name, text in texts)
            yield step.id, Running(given, own.field(step.each) if step.each else None, fields)


def _rights(model: Model, workflow: Workflow, scope: Scope) -> Mapping[str, tuple[Right, ...]]:
    rights: dict[str, list[Right]] = {}
    for post in in_order(model.posts):
        for grant in post.authority:
            if grant.workflow == workflow.id:
                when = _truth_or_none(grant.when, scope)
                right = Right(post.id, when, grant.allowance, _zone(model, post))
                for outcome in grant.outcomes:
                    rights.setdefault(f"{grant.step}/{outcome}", []).append(right)
    return {key: tuple(found) for key, found in rights.items()}


def _zone(model: Model, post: Post) -> str:
    return model.calendars[model.units[post.unit].calendar].zone


def _duties(model: Model, workflow: Workflow, scope: Scope) -> Mapping[str, Duty]:
    return {
        obligation.id: Duty(
            obligation,
            _truth_or_none(obligation.applies, scope),
            _truth_or_none(obligation.evidence.test, scope),
        )
        for obligation in in_order(model.obligations)
        if any(name == workflow.id for name, _ in obligation.evidence.made_by)
    }


def _conditions(model: Model, workflow: Workflow, scope: Scope) -> Iterable[Condition]:
    for stream in in_order(model.streams):
        for stage in stream.stages:
            if workflow.id in stage.workflows:
                for side, text in (("start", stage.entry), ("end", stage.exit)):
                    if text is not None:
                        yield Condition(stage.id, side, _truth(text, scope))


def _gauges(model: Model, workflow: Workflow, scope: Scope) -> Mapping[str, tuple[Gauge, ...]]:
    gauges: dict[str, tuple[Gauge, ...]] = {}
    for metric in in_order(model.metrics):
        if metric.workflow == workflow.id:
            key = "case" if metric.population is Population.CASE else _gauge_key(metric)
            gauge = Gauge(metric, _truth_or_none(metric.where, scope))
            gauges[key] = (*gauges.get(key, ()), gauge)
    return gauges


def _gauge_key(metric: Metric) -> str:
    return f"{metric.population.value}/{metric.name}"


def _carriers(model: Model) -> Mapping[str, tuple[str, ...]]:
    return {
        role: tuple(sorted(post.id for post in model.posts.values() if role in post.roles))
        for role in model.roles
    }
