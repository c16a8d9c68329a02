"""What each property of the model names: the one list of the references of the language.

A property whose type holds text stands here, or `tests/model` fails: as a reference, as an
expression, or as plain words that name nothing.
"""

# ruff: noqa: ANN401 - a property is looked at whatever its class.

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kingpost.model import assurance, intent, interfaces, objects, organisation, rules, workflow
from kingpost.model.model import Model
from kingpost.model.parts import relations as how
from kingpost.model.parts.expressions import Around, Named, Reads, expression
from kingpost.model.parts.relations import Relation
from kingpost.model.steps.deciding import Override
from kingpost.values import business_time
from kingpost.values.address import address, step_address
from kingpost.values.span import Span


def _nothing(_around: Around, _owner: Any, _value: Any) -> Iterable[Named]:
    return ()


WORDS: Reads = _nothing


def _each(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return value or ()


def _to(kind: str, relation: Relation) -> Reads:
    """Return the reader of a property that holds ids of elements of one kind."""

    def read(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
        return (Named(relation, address(kind, name)) for name in _each(value))

    return read


def _field(relation: Relation) -> Reads:
    return _of_object("field", relation)


def _of_object(noun: str, relation: Relation) -> Reads:
    """Return the reader of a property that holds fields or states of the object around."""

    def read(around: Around, _owner: Any, value: Any) -> Iterator[Named]:
        for name in _each(value):
            for item in around.objects:
                yield Named(relation, address("object", item, noun, name))

    return read


def _step(relation: Relation) -> Reads:
    """Return the reader of a property that holds steps of the workflow around, or `done`."""

    def read(around: Around, _owner: Any, value: Any) -> Iterator[Named]:
        for name in _each(value):
            if name != workflow.DONE and around.workflow:
                yield Named(relation, step_address(around.workflow, name))

    return read


def _within(noun: str, relation: Relation) -> Reads:
    """Return the reader of a property that holds parts of the part around."""

    def read(around: Around, _owner: Any, value: Any) -> Iterator[Named]:
        return (Named(relation, f"{around.part}/{noun}/{name}") for name in _each(value))

    return read


def _addresses(relation: Relation) -> Reads:
    """Return the reader of a property that holds addresses, such as `role/resolver`."""

    def read(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
        return (Named(relation, name) for name in _each(value))

    return read


def _cells(around: Around, owner: rules.Rule, _value: Any) -> Iterator[Named]:
    """Yield what the cells of a table read; its remarks are words."""
    for row in owner.rows:
        yield from expression(around, owner, owner.tests_of(row) + owner.answers_of(row))


def _answered(around: Around, _owner: rules.Output, value: str) -> Iterator[Named]:
    """Yield the field of an output, where it is one."""
    for item in around.objects:
        known = around.model.objects.get(item)
        if known is not None and known.field(value) is not None:
            yield Named(how.ANSWERS, address("object", item, "field", value))


def _granted(_around: Around, owner: organisation.Grant, _value: Any) -> Iterator[Named]:
    step = step_address(owner.workflow, owner.step)
    yield Named(how.MAY_DECIDE, step)
    for name in owner.outcomes:
        yield Named(how.MAY_TAKE, f"{step}/outcome/{name}")


def _evidence_steps(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    return (Named(how.PROVEN_IN, step_address(name, step)) for name, step in value)


def _population(around: Around, owner: intent.Metric, _value: Any) -> Iterator[Named]:
    match owner.population:
        case intent.Population.CASE:
            yield Named(how.COUNTS, address("workflow", owner.workflow))
        case intent.Population.STEP:
            yield Named(how.COUNTS, step_address(owner.workflow, owner.name or ""))
        case intent.Population.OBJECT:
            yield Named(how.COUNTS, address("object", owner.workflow))
        case intent.Population.STATE:
            for item in around.objects:
                yield Named(how.COUNTS, address("object", item, "state", owner.name or ""))


def _moves(around: Around, owner: objects.Move, _value: Any) -> Iterator[Named]:
    item = around.model.objects.get(around.objects[0])
    for state in item.states if item is not None else ():
        if state.id == owner.source or (owner.source == "*" and not state.end):
            source, target = (f"{around.part}/state/{name}" for name in (state.id, owner.target))
            if source != target:
                yield Named(how.MOVES_TO, target, source)


def _sent(around: Around, owner: Any, value: Any) -> Iterator[Named]:
    for _, text in value:
        yield from expression(around, owner, text)


def _received(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    return (Named(how.RECORDS, address("object", item, "field", name)) for _, item, name in value)


def _filled(_around: Around, owner: interfaces.Contract, _value: Any) -> Iterator[Named]:
    return (Named(how.READS, address("object", item, "field", name)) for item, name in owner.filled)


def _brought(around: Around, owner: Any, value: Any) -> Iterator[Named]:
    """Yield the fields here that a case fills, and the fields there from which."""
    begun = around.model.workflows.get(owner.workflow)
    for here, there in value:
        yield from _field(how.RECORDS)(around, owner, here)
        item = around.model.objects.get(begun.object) if begun else None
        if item is not None and item.field(there) is not None:
            yield Named(how.READS, address("object", item.id, "field", there))


def _sections(around: Around, owner: Any, value: Any) -> Iterator[Named]:
    for _, names in value:
        yield from _field(how.SHOWS)(around, owner, names)


def _told(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    for name in _each(value):
        if name not in {workflow.SUPERIOR, workflow.AUTHORITY}:
            yield Named(how.TELLS, address("post", name))


_COMMON: Mapping[str, Reads] = MappingProxyType(
    {
        "id": WORDS,
        "title": WORDS,
        "description": WORDS,
        "was": WORDS,
        "and_was": WORDS,
        "takes_over": WORDS,
        "split_from": WORDS,
    }
)
_STEP: Mapping[str, Reads] = MappingProxyType(
    {
        "state": _of_object("state", how.SETS_STATE),
        "discharges": _to("obligation", how.PROVES),
        "role": _to("role", how.DONE_BY),
        "records": _field(how.RECORDS),
        "requires": _field(how.REQUIRES),
        "shows": _field(how.SHOWS),
        "separate_from": _step(how.SEPARATE),
        "rule": _to("rule", how.EVALUATES),
        "named": _within("branch", how.WAITS_FOR),
        "veto": _within("outcome", how.MAY_VETO),
        "interface": _to("interface", how.ASKS),
        "workflow": _to("workflow", how.STARTS),
        "each": _field(how.EACH_OF),
        "given": _sent,
        "brings": _brought,
        "until": _field(how.TIMED_BY),
    }
)

REFERENCES: Mapping[type, Mapping[str, Reads]] = MappingProxyType(
    {
        Model: {"company": WORDS, "zone": WORDS, "currency": WORDS},
        interfaces.Interface: {"begins": _to("workflow", how.BEGINS), "payload": WORDS},
        interfaces.Contract: {
            "method": WORDS,
            "path": _filled,
            "send": _sent,
            "receive": _received,
            "owner": _to("post", how.ANSWERED_BY),
        },
        interfaces.View: {
            "role": _to("role", how.SHOWN_TO),
            "workflow": _to("workflow", how.SHOWS_CASES),
            "columns": _field(how.SHOWS),
            "filter": expression,
            "sections": _sections,
        },
        business_time.Calendar: {"name": WORDS, "zone": WORDS, "country": WORDS},
        Span: {"unit": WORDS},
        organisation.Unit: {
            "calendar": _to("calendar", how.WORKS_HOURS),
            "parent": _to("unit", how.BELONGS_TO),
        },
        organisation.Role: {"incompatible_with": _to("role", how.INCOMPATIBLE)},
        organisation.Post: {
            "unit": _to("unit", how.SITS_IN),
            "reports_to": _to("post", how.REPORTS_TO),
            "roles": _to("role", how.CARRIES),
            "falls_to": _to("post", how.FALLS_TO),
            "answered_for_by": _to("post", how.ANSWERED_BY),
        },
        organisation.Grant: {
            "workflow": WORDS,
            "step": _granted,
            "outcomes": WORDS,
            "when": expression,
        },
        organisation.Allowance: {"currency": WORDS, "of": _field(how.ADDS_UP)},
        intent.Objective: {
            "owner": _to("post", how.ANSWERED_BY),
            "parents": _to("objective", how.SERVES),
        },
        intent.Measure: {"metric": _to("metric", how.MEASURED_BY)},
        intent.Metric: {
            "workflow": _population,
            "name": WORDS,
            "where": expression,
            "group_by": _field(how.GROUPS_BY),
        },
        intent.ValueStream: {
            "serves": _to("objective", how.SERVES),
            "promise": _to("metric", how.PROMISES),
        },
        intent.Stage: {
            "workflows": _to("workflow", how.RUNS),
            "entry": expression,
            "exit": expression,
        },
        objects.BusinessObject: {"custodian": _to("post", how.KEPT_BY)},
        objects.Field: {
            "choices": WORDS,
            "currency": WORDS,
            "target": _to("object", how.REFERS_TO),
        },
        objects.State: {"always": expression},
        objects.Move: {"source": WORDS, "target": _moves},
        rules.Rule: {
            "object": _to("object", how.READS),
            "rows": _cells,
            "annotations": WORDS,
            "value": expression,
            "answers": _to("rule", how.ANSWERS_FOR),
            "given": _to("rule", how.IS_GIVEN),
        },
        rules.Input: {"expression": expression, "values": WORDS},
        rules.Output: {
            "id": _answered,
            "type": expression,
            "values": WORDS,
            "default": expression,
        },
        rules.Parameter: {"type": expression, "values": WORDS},
        rules.Entry: {"expression": expression},
        rules.Sample: {"path": WORDS, "values": WORDS},
        rules.RuleTest: {},
        assurance.Framework: {"edition": WORDS},
        assurance.Obligation: {
            "framework": _to("framework", how.FROM),
            "clause": WORDS,
            "owner": _to("post", how.ANSWERED_BY),
            "applies": expression,
            "starts": _to("workflow", how.STARTS),
            "corrective": _to("workflow", how.STARTS),
        },
        assurance.Evidence: {
            "made_by": _evidence_steps,
            "holds": _field(how.DEMANDS),
            "test": expression,
        },
        assurance.Governance: {
            "part": WORDS,
            "custodian": _to("post", how.KEPT_BY),
            "approvals": _to("post", how.APPROVED_BY),
        },
        workflow.Workflow: {
            "object": _to("object", how.WORKS_ON),
            "owner": _to("post", how.ANSWERED_BY),
            "prefix": WORDS,
            "repaired_by": _to("post", how.ANSWERED_BY),
        },
        workflow.Begin: {
            "form": _field(how.ASKS_FOR),
            "roles": _to("role", how.BEGUN_BY),
            "interfaces": _to("interface", how.BEGUN_BY),
            "schedule": WORDS,
            "workflows": _to("workflow", how.BEGUN_BY),
        },
        workflow.Route: {"go": _step(how.NEXT), "when": expression},
        workflow.Due: {"field": _field(how.TIMED_BY), "spans": WORDS},
        workflow.Addressee: {
            "post": _to("post", how.ADDRESSED_TO),
            "field": _field(how.ADDRESSED_TO),
        },
        workflow.Step: _STEP,
        workflow.Outcome: {"records": _field(how.RECORDS), "requires": _field(how.REQUIRES)},
        workflow.Rung: {"to": _told},
        workflow.Awaited: {
            "message": WORDS,
            "senders": _addresses(how.HEARS),
            "by": _field(how.TOLD_BY),
        },
        Override: {
            "by": _to("post", how.OVERRIDDEN_BY),
            "confirmed_by": _to("post", how.CONFIRMED_BY),
            "reviewed_by": _to("post", how.REVIEWED_BY),
            "outcomes": _within("outcome", how.MAY_OVERRIDE),
        },
        workflow.Errand: {"role": _to("role", how.DONE_BY)},
        objects.Retention: {"unit": WORDS},
        workflow.Branch: {},
        workflow.Ending: {},
        workflow.Exceptional: {
            "raised_by": _to("role", how.RAISED_BY),
            "interfaces": _to("interface", how.RAISED_BY),
            "failing": _step(how.RAISED_BY),
            "steps": _step(how.MAY_STRIKE),
            "divert": _step(how.DIVERTS_TO),
            "state": _of_object("state", how.SETS_STATE),
            "moment": _field(how.TIMED_BY),
        },
    }
)


def reader_of(kind: type, name: str) -> Reads | None:
    """Return what a property of a class names, or None when it is in no list."""
    for ancestor in kind.__mro__:
        found = REFERENCES.get(ancestor, {}).get(name)
        if found is not None:
            return found
    return _COMMON.get(name)


def is_expression(reads: Reads) -> bool:
    """Tell whether a property holds expressions, which are told as they are written."""
    return reads in {expression, _cells}
