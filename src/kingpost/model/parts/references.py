"""What each property of the model names: the one list of the references of the language.

A property whose type holds text stands here, or `tests/model` fails: as a reference, as an
expression, or as plain words that name nothing.
"""

# ruff: noqa: ANN401 - a property is looked at whatever its class.

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from kingpost.model import assurance, intent, interfaces, objects, organisation, rules, workflow
from kingpost.model.model import Model
from kingpost.model.parts import relations as how
from kingpost.model.parts.relations import Relation
from kingpost.model.scope import CHANGED, ENTERED, STATE
from kingpost.values import business_time
from kingpost.values.address import address, step_address
from kingpost.values.span import Span

_WORDS = re.compile(r"(?P<text>\"[^\"]*\"|'[^']*')|(?P<path>[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*)")


@dataclass(frozen=True, slots=True)
class Around:
    """What the ids in a part are looked up in: the workflow and the objects it is about."""

    model: Model
    part: str
    workflow: str | None = None
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A part that a property names. source: the part that names it, when not the one around."""

    relation: Relation
    target: str
    source: str | None = None


Reads: TypeAlias = Callable[[Around, Any, Any], Iterable[Named]]
"""From what is around, the value that has the property, and the property: what it names."""


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


def _expression(around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    """Yield what an expression reads: fields, states it compares with, steps, posts, rules."""
    for text in _texts(value):
        yield from _in_expression(around, text)


def _cells(around: Around, owner: rules.Rule, _value: Any) -> Iterator[Named]:
    """Yield what the cells of a table read; its remarks are words."""
    for row in owner.rows:
        yield from _expression(around, owner, owner.tests_of(row) + owner.answers_of(row))


def _answered(around: Around, _owner: rules.Output, value: str) -> Iterator[Named]:
    """Yield the field of an output, where it is one."""
    for item in around.objects:
        known = around.model.objects.get(item)
        if known is not None and known.field(value) is not None:
            yield Named(how.ANSWERS, address("object", item, "field", value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in cast("tuple[Any, ...]", value):
            yield from _texts(item)


def _in_expression(around: Around, text: str) -> Iterator[Named]:
    found = list(_WORDS.finditer(text))
    paths = [match["path"].split(".") for match in found if match["path"]]
    for path in paths:
        yield from _in_path(around, path)
    literals = {match["text"][1:-1] for match in found if match["text"]}
    for item in dict.fromkeys(path[0] for path in paths if path[1:2] == [STATE]):
        known = around.model.objects.get(item)
        for state in known.states if known else ():
            if state.id in literals:
                yield Named(how.READS, address("object", item, "state", state.id))
    for name in sorted(literals & around.model.posts.keys()):
        if any(_is_post(around.model, path) for path in paths):
            yield Named(how.READS, address("post", name))


def _in_path(around: Around, path: list[str]) -> Iterator[Named]:
    first, second = path[0], path[1] if len(path) > 1 else ""
    item = around.model.objects.get(first)
    if item is not None:
        name = _field_in(item, path[1:])
        if name:
            yield Named(how.READS, address("object", first, "field", name))
    elif first in {ENTERED, CHANGED} and around.workflow is not None:
        yield from _in_counts(around, around.model.workflows[around.workflow], path)
    elif first in around.model.rules and not second:
        yield Named(how.READS, address("rule", first))


def _in_counts(around: Around, here: workflow.Workflow, path: list[str]) -> Iterator[Named]:
    """Yield the step behind `entered.STEP`, or the field behind `changed.FIELD`."""
    second = path[1] if len(path) > 1 else ""
    if path[0] == ENTERED:
        name = _longest(second, lambda name: here.step(name) is not None)
        yield Named(how.COUNTS_VISITS, step_address(here.id, name or second))
        return
    item = around.model.objects.get(here.object)
    name = _field_in(item, path[1:]) if item else ""
    yield Named(how.READS, address("object", here.object, "field", name or second))


def _field_in(item: objects.BusinessObject, path: list[str]) -> str:
    """Return the field that a path begins with, also one in a group."""
    for length in range(len(path), 0, -1):
        name = _longest(".".join(path[:length]), lambda name: item.field(name) is not None)
        if name:
            return name
    return ""


def _longest(name: str, known: Callable[[str], bool]) -> str:
    """Return the longest known name that a text begins with: what follows is subtracted."""
    words = name.split("-")
    names = ("-".join(words[:length]) for length in range(len(words), 0, -1))
    return next((found for found in names if known(found)), "")


def _is_post(model: Model, path: list[str]) -> bool:
    item = model.objects.get(path[0])
    field = item.field(_field_in(item, path[1:])) if item else None
    return field is not None and field.type is objects.FieldType.POST


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
    item = around.model.objects[around.objects[0]]
    for state in item.states:
        if state.id == owner.source or (owner.source == "*" and not state.end):
            source, target = (f"{around.part}/state/{name}" for name in (state.id, owner.target))
            if source != target:
                yield Named(how.MOVES_TO, target, source)


def _sent(around: Around, owner: Any, value: Any) -> Iterator[Named]:
    for _, text in value:
        yield from _expression(around, owner, text)


def _received(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    return (Named(how.RECORDS, address("object", item, "field", name)) for _, item, name in value)


def _sections(around: Around, owner: Any, value: Any) -> Iterator[Named]:
    for _, names in value:
        yield from _field(how.SHOWS)(around, owner, names)


def _told(_around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    if value != workflow.SUPERIOR:
        yield Named(how.TELLS, address("post", value))


_COMMON: Mapping[str, Reads] = MappingProxyType(
    {"id": WORDS, "title": WORDS, "description": WORDS, "was": WORDS}
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
        "until": _field(how.TIMED_BY),
    }
)

REFERENCES: Mapping[type, Mapping[str, Reads]] = MappingProxyType(
    {
        Model: {"company": WORDS, "zone": WORDS, "currency": WORDS},
        interfaces.Interface: {"begins": _to("workflow", how.BEGINS), "payload": WORDS},
        interfaces.Contract: {
            "method": WORDS,
            "path": WORDS,
            "send": _sent,
            "receive": _received,
            "owner": _to("post", how.ANSWERED_BY),
        },
        interfaces.View: {
            "role": _to("role", how.SHOWN_TO),
            "workflow": _to("workflow", how.SHOWS_CASES),
            "columns": _field(how.SHOWS),
            "filter": _expression,
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
            "when": _expression,
        },
        intent.Objective: {
            "owner": _to("post", how.ANSWERED_BY),
            "parents": _to("objective", how.SERVES),
        },
        intent.Measure: {"metric": _to("metric", how.MEASURED_BY)},
        intent.Metric: {
            "workflow": _population,
            "name": WORDS,
            "where": _expression,
            "group_by": _field(how.GROUPS_BY),
        },
        intent.ValueStream: {
            "serves": _to("objective", how.SERVES),
            "promise": _to("metric", how.PROMISES),
        },
        intent.Stage: {
            "workflows": _to("workflow", how.RUNS),
            "entry": _expression,
            "exit": _expression,
        },
        objects.BusinessObject: {"custodian": _to("post", how.KEPT_BY)},
        objects.Field: {
            "choices": WORDS,
            "currency": WORDS,
            "target": _to("object", how.REFERS_TO),
        },
        objects.State: {"always": _expression},
        objects.Move: {"source": WORDS, "target": _moves},
        rules.Rule: {
            "object": _to("object", how.READS),
            "rows": _cells,
            "annotations": WORDS,
            "value": _expression,
            "answers": _to("rule", how.ANSWERS_FOR),
            "given": _to("rule", how.IS_GIVEN),
        },
        rules.Input: {"expression": _expression, "values": WORDS},
        rules.Output: {
            "id": _answered,
            "type": _expression,
            "values": WORDS,
            "default": _expression,
        },
        rules.Parameter: {"type": _expression, "values": WORDS},
        rules.Entry: {"expression": _expression},
        rules.Sample: {"path": WORDS, "values": WORDS},
        rules.RuleTest: {},
        assurance.Framework: {"edition": WORDS},
        assurance.Obligation: {
            "framework": _to("framework", how.FROM),
            "clause": WORDS,
            "owner": _to("post", how.ANSWERED_BY),
            "applies": _expression,
            "starts": _to("workflow", how.STARTS),
            "corrective": _to("workflow", how.STARTS),
        },
        assurance.Evidence: {
            "made_by": _evidence_steps,
            "holds": _field(how.DEMANDS),
            "test": _expression,
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
        },
        workflow.Begin: {
            "form": _field(how.ASKS_FOR),
            "roles": _to("role", how.BEGUN_BY),
            "interfaces": _to("interface", how.BEGUN_BY),
            "schedule": WORDS,
            "workflows": _to("workflow", how.BEGUN_BY),
        },
        workflow.Route: {"go": _step(how.NEXT), "when": _expression},
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
    return reads in {_expression, _cells}
